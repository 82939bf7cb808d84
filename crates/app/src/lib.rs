//! The services of a clinic, in process, over an encrypted SQLite store.
//!
//! [`App`] is the table of contents: one method per use case, each in a file named by its verb. This crate does
//! not know Tauri, and no network but the mail server; which thread a use case runs on is the shell's concern.

pub mod app;
pub mod audit;
pub mod clinic;
pub mod contract;
pub mod db;
pub mod directory;
pub mod error;
mod error_kind;
#[cfg(test)]
mod fixture;
pub mod history;
pub mod identity;
pub mod messaging;
pub mod paging;
pub mod scheduling;
pub mod setup;

pub use app::{Actor, App, Clock, Parts, Random};
pub use error::{Answer, AppError};
