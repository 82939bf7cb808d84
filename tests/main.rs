//! Journeys across crates: what no single crate can show about itself.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be prepared is a failed test")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a test says its figures")]

mod app;
mod architecture;
mod durability;
mod ipc;
mod mail;
mod repository;
mod window;
