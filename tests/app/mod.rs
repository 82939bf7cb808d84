//! The application without a window: its first run, and what it finds when it starts.

mod alerts;
mod audit_file;
mod first_run;
mod recovery;
mod registration;
mod settings;
mod start;
mod store_key;
