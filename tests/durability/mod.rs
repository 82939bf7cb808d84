//! What was acknowledged stays (TR-3): through a hundred kills, and through a full disk.

mod full_disk;
mod guesser;
mod guesses;
mod key_changes;
mod kills;
mod ledger;
mod writer;

use std::path::Path;

use clinic_app::{App, Parts};
use clinic_testkit::clinic::{CHEAP, MONDAY_MORNING};
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock};

/// The program, an hour later in each cycle.
fn program(folder: &Path, cycle: u64) -> App {
    App::new(parts(folder, cycle, &clock(cycle)))
}

fn clock(cycle: u64) -> TurnedClock {
    let clock = TurnedClock::at(MONDAY_MORNING);
    clock.wait_minutes(cycle * 60);
    clock
}

/// What it is made of.
fn parts(folder: &Path, cycle: u64, clock: &TurnedClock) -> Parts {
    Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(clock.clone()),
        random: Box::new(RepeatingRandom::from_seed(cycle.wrapping_mul(0x0100_0001) + 1)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    }
}

/// How often something is done: a number of `make soak` where it sets one.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}
