//! The application without a window: its first run, and what it finds when it starts.

mod alerts;
mod audit_file;
mod bus;
mod closed_tries;
#[cfg(target_os = "linux")]
mod computer_lock;
mod first_run;
mod hash_floor;
#[cfg(target_os = "linux")]
mod keyring;
mod recovery;
mod registration;
mod settings;
#[cfg(target_os = "linux")]
mod sign_in_memory;
mod staff_desk;
mod staff_keys;
mod start;
mod store_key;
