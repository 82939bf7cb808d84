//! What tests are built from: a clinic in a temporary folder, clocks that are turned by hand, randomness that repeats,
//! a keystore in memory, and people with as few words as possible. For tests only: what goes wrong here panics.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made is a failed test")]

pub mod clinic;
pub mod computer;
pub mod forms;

pub use clinic::{MONDAY, MONDAY_MORNING, TestClinic};
pub use computer::{MemoryKeystore, RepeatingRandom, TurnedClock};
