//! What was acknowledged stays (TR-3): through a hundred kills, and through a full disk.

mod full_disk;
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
    let clock = TurnedClock::at(MONDAY_MORNING);
    clock.wait_minutes(cycle * 60);
    App::new(Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(clock),
        random: Box::new(RepeatingRandom::from_seed(cycle.wrapping_mul(0x0100_0001) + 1)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    })
}
