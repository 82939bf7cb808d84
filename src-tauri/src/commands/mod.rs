//! The typed commands of the interface, one adapter for each use case.

pub mod access;
pub mod audit;
pub mod clinic;
pub mod directory;
pub mod emergency;
pub mod history;
pub mod identity;
pub mod messaging;
pub mod registration;
pub mod reset;
pub mod scheduling;
pub mod second_factor;
pub mod security;
pub mod setup;
pub mod window;
