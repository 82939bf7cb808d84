//! Memory that belongs to a program and its web view alone: private pages, summed over the processes.

use std::fs;
use std::path::{Path, PathBuf};

/// Processes whose environment names this path: the application, for the driver starts it with a folder of its own.
pub fn process_with(mark: &str, program: &Path) -> Option<u32> {
    let program = fs::canonicalize(program).ok()?;
    all().into_iter().find(|pid| {
        let folder = PathBuf::from(format!("/proc/{pid}"));
        let runs = fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == program);
        runs && fs::read(folder.join("environ"))
            .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(mark))
    })
}

/// Private bytes and processes of the application whose store lies in this folder.
pub fn private_of(data: &Path) -> (u64, usize) {
    let pid = process_with(&data.to_string_lossy(), &crate::process::program()).unwrap();
    private_from(pid)
}

/// Private bytes and number of a process and of everything that it started.
pub fn private_from(pid: u32) -> (u64, usize) {
    let mut tree = vec![pid];
    let parents: Vec<(u32, u32)> = all().into_iter().filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut next = 0;
    while let Some(&one) = tree.get(next) {
        tree.extend(parents.iter().filter(|(_, parent)| *parent == one).map(|(pid, _)| *pid));
        next += 1;
    }
    (tree.iter().filter_map(|pid| private(*pid)).sum(), tree.len())
}

fn private(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let kib = |line: &str| line.split_whitespace().nth(1)?.parse::<u64>().ok();
    Some(text.lines().filter(|line| line.starts_with("Private_")).filter_map(kib).sum::<u64>() * 1024)
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

/// What stands behind the name of a process, which may hold anything.
pub fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(") ")?.1.split(' ').map(str::to_owned).collect())
}

fn all() -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}
