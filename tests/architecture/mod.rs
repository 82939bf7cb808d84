//! The sentences of ARCHITECTURE.md and CONTRIBUTING.md that a program can check. Each check has been red once: beside
//! it stands a planted fault that it must find.

mod configuration;
mod crates;
mod dependencies;
mod interface;
mod migrations;
mod requirements;
mod secrets;
mod size;
mod slices;
mod words;

/// Fails with every fault, one in a line.
#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Fails unless the planted fault was found, and it alone.
#[track_caller]
fn one(faults: &[String]) {
    assert_eq!(faults.len(), 1, "the planted fault must be found, and nothing else: {faults:?}");
}
