//! Journeys across crates: what no single crate can show about itself.

mod app;
mod architecture;
mod durability;
mod ipc;
mod repository;
mod window;
