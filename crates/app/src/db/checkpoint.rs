//! Checkpoints of the audit chain outside the store (TR-4): lines of `seq hash` in a file beside it that only grows.
//!
//! A chain alone cannot tell that its end was cut off, nor that somebody who holds the key made it anew; the file can.
//! It is evidence, not data: a fault in writing it is logged and stops nobody's work.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::audit::Head;

/// A line is written each time the chain has grown by so many entries.
pub(super) const EVERY: i64 = 100;
/// And with the first entry so long after the last line, in milliseconds.
pub(super) const AT_LEAST_EVERY_MS: i64 = 5 * 60 * 1000;
/// Name of the file.
const FILE: &str = "audit.checkpoint";

/// What the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Checkpoints {
    /// The entries it names, in the order of its lines.
    pub heads: Vec<Head>,
    /// The number named before the first line that cannot be read; 0 when it is the first one.
    pub unreadable_after: Option<i64>,
}

/// The file that belongs to a store.
pub(crate) fn path_of(store: &Path) -> PathBuf {
    store.with_file_name(FILE)
}

/// Adds a line.
///
/// # Errors
/// Faults of the disk.
pub(super) fn write(path: &Path, head: &Head) -> std::io::Result<()> {
    let text = std::fs::read(path).unwrap_or_default();
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut file = open(path)?;
    if whole < text.len() {
        // A power cut tore this line while it was written.
        file.set_len(whole as u64)?;
    }
    file.write_all(format!("{} {}\n", head.seq, hex::encode(head.hash)).as_bytes())?;
    file.sync_data()
}

/// Reads the file. A torn last line was never a checkpoint; neither is a file that is not there.
pub(super) fn read(path: &Path) -> Checkpoints {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut found = Checkpoints::default();
    for line in whole.lines() {
        match parse(line) {
            Some(head) => found.heads.push(head),
            None if found.unreadable_after.is_none() => {
                found.unreadable_after = Some(found.heads.last().map_or(0, |head| head.seq));
            }
            None => {}
        }
    }
    found
}

fn parse(line: &str) -> Option<Head> {
    let (seq, hash) = line.split_once(' ')?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(hash, &mut bytes).ok()?;
    Some(Head { seq: seq.parse().ok()?, hash: bytes })
}

#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(seq: i64) -> Head {
        Head { seq, hash: [u8::try_from(seq % 251).unwrap(); 32] }
    }

    #[test]
    fn what_was_written_is_read_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_of(&folder.path().join("store.db"));
        assert_eq!(read(&path), Checkpoints::default());
        for seq in [100, 200, 150] {
            write(&path, &head(seq)).unwrap();
        }
        let found = read(&path);
        assert_eq!(found, Checkpoints { heads: [100, 200, 150].map(head).into(), unreadable_after: None });
    }

    #[test]
    fn a_torn_last_line_is_no_checkpoint_and_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_of(&folder.path().join("store.db"));
        write(&path, &head(100)).unwrap();
        let mut file = open(&path).unwrap();
        file.write_all(b"200 0a0b").unwrap();
        assert_eq!(read(&path), Checkpoints { heads: vec![head(100)], unreadable_after: None });
        write(&path, &head(300)).unwrap();
        assert_eq!(read(&path), Checkpoints { heads: [100, 300].map(head).into(), unreadable_after: None });
    }

    #[test]
    fn a_line_that_was_made_unreadable_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_of(&folder.path().join("store.db"));
        std::fs::write(&path, "100 zz\n").unwrap();
        assert_eq!(read(&path).unreadable_after, Some(0));
    }
}
