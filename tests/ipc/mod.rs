//! Commands as a page sends them, on Tauri's mock runtime: no window, but the same way in. Every command, in every role,
//! with every kind of nonsense.

mod access;
mod bad_input;
mod canary;
mod emergency;
mod generated;
mod memory;
pub mod page;
pub mod policy;
mod requests;
pub mod states;
