//! The real window, driven as a person drives it: WebKit's own driver, its own display, a store of its own for each
//! test. What is read is what is shown.

mod access;
mod audit;
mod axe;
mod codes;
mod demo;
mod desk;
mod emergency;
mod first_password;
mod hostile;
mod import;
mod journey;
mod keys;
mod mail;
mod opening;
mod payloads;
mod policy;
mod prepared;
mod process;
mod screens;
mod secrets;
mod security;
mod staff_keys;
mod start;
mod traces;
