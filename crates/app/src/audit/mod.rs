//! The audit log (AD-6, TR-4): entries are written by the write door only; here they are listed, verified and
//! taken along.

pub mod compare_audit;
pub mod export_audit;
pub mod list_audit;
mod recompute;
mod store;
pub mod verify_audit;
#[cfg(test)]
mod verify_audit_tests;
pub mod view;
mod watch_audit;

/// How a file of the log is checked, by whoever got one.
pub use clinic_wire::audit_file;
