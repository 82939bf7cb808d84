//! What was acknowledged stays (TR-3): through a hundred kills, and through a full disk.

mod full_disk;
mod guesses;
mod key_changes;
mod kills;
mod ledger;
mod writer;
