//! The services of a clinic, in process, over an encrypted SQLite store.
//!
//! [`App`] is the table of contents: one method per use case, each in a file named by its verb. This crate knows
//! neither Tauri nor the network; which thread a use case runs on is the shell's concern.

pub mod audit;
pub mod directory;
pub mod error;
pub mod identity;
pub mod scheduling;

pub use error::{Answer, AppError};
