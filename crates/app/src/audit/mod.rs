//! The audit log (AD-6, TR-4): entries are written by the write door only; here they are listed and verified.

pub mod list_audit;
mod store;
pub mod verify_audit;
pub mod view;
