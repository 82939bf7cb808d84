//! The disk is full: nothing is written, nothing is lost, and work goes on when there is room again.

use std::fs;
use std::path::Path;
use std::process::Command;

use clinic_app::AppError;

use super::ledger::Program;

/// A small file system of its own, gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this user may not mount anything.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a failed test may still have files open.
        let _ended = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        println!(
            "skipped: this user may not mount a small disk; the store's own tests fill one by its page limit"
        );
        return;
    };
    let program = Program::first(disk.path());
    program.book(0).unwrap();
    let filler = disk.path().join("filler");
    fill(&filler);
    let mut booked = 1;
    let error = loop {
        match program.book(booked) {
            Ok(()) => booked += 1,
            Err(error) => break error,
        }
        assert!(booked < 10_000, "the disk is never full");
    };
    assert_eq!(error, AppError::StoreFull);
    assert_eq!(
        program.booked(booked).len(),
        usize::try_from(booked).unwrap(),
        "all that was acknowledged is there"
    );
    assert_eq!(program.book(booked), Err(AppError::StoreFull), "and asking again is answered again");

    fs::remove_file(&filler).unwrap();
    program.book(booked).unwrap();
    assert_eq!(program.fault(booked + 1), None);
    drop(program);
    let again = Program::again(disk.path(), 2);
    assert_eq!(again.booked(booked + 1).len(), usize::try_from(booked + 1).unwrap());
    println!("{booked} booked until the disk was full, none lost");
}

/// Takes all the room but a little.
fn fill(filler: &Path) {
    let block = vec![0_u8; 64 * 1024];
    let mut text = Vec::new();
    loop {
        text.extend_from_slice(&block);
        if fs::write(filler, &text).is_err() {
            break;
        }
    }
    text.truncate(text.len() - 12 * block.len());
    fs::write(filler, &text).unwrap();
}
