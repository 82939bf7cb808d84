//! Outbound mail (NO-4): rows that are written with whatever causes them and worked off later, so that a clinic without
//! a network goes on and its mail leaves when there is one again.
//!
//! Slices above write a mail with [`App::mail`](crate::App) and [`enqueue`] inside their own transaction. This slice
//! knows nothing of why; it must not look into accounts, patients or appointments.

pub(crate) mod enqueue;
pub mod letter;
pub(crate) mod store;

pub(crate) use enqueue::enqueue;
pub(crate) use letter::Letter;
