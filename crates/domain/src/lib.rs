//! The rules and words of a clinic, shared by every program that decides about one.
//!
//! Pure: no input or output, no clock, no randomness, no async. Time and new ids are arguments. A rule that needs
//! the state of the clinic gets it as a value and answers with a decision; it never loads or stores anything.

pub mod audit;
pub mod directory;
pub mod id;
pub mod identity;
pub mod messaging;
pub mod scheduling;
pub mod time;
pub mod validation;
