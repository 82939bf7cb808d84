//! A hundred times the program is killed while it books.

use std::collections::BTreeSet;

use super::ledger::Program;
use super::writer::{Acknowledge, Writer};

/// More half hours than a process books before it is killed.
const APART: u32 = 40;

/// What was acknowledged and is not there, after so many kills; and what does not fit together.
fn kill(cycles: u32, when: Acknowledge) -> (usize, BTreeSet<u32>, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    drop(Program::first(folder.path()));
    let mut acknowledged = BTreeSet::new();
    for cycle in 0..cycles {
        let count = 1 + usize::try_from(cycle % 5).unwrap();
        acknowledged.extend(Writer::start(folder.path(), cycle * APART, when).kill_after(count));
    }
    let program = Program::again(folder.path(), u64::from(cycles * APART) + 2);
    let booked = program.booked(cycles * APART);
    let lost = acknowledged.difference(&booked).copied().collect();
    (acknowledged.len(), lost, program.fault(cycles * APART))
}

#[test]
fn a_hundred_kills_lose_nothing_that_was_acknowledged_and_leave_nothing_half_done() {
    let (acknowledged, lost, fault) = kill(100, Acknowledge::Committed);
    println!("100 kills, {acknowledged} acknowledged, {} lost", lost.len());
    assert!(acknowledged >= 300, "only {acknowledged} bookings were acknowledged");
    assert_eq!(lost, BTreeSet::new());
    assert_eq!(fault, None);
}

#[test]
fn an_acknowledgement_before_the_commit_would_be_found() {
    let (acknowledged, lost, fault) = kill(10, Acknowledge::Early);
    assert!(
        !lost.is_empty(),
        "{acknowledged} early acknowledgements and none was lost: the kills prove nothing"
    );
    assert_eq!(fault, None, "even then nothing is half done");
}
