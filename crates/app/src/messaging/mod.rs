//! Outbound mail (NO-4): rows that are written with whatever causes them and worked off later, so that a clinic without
//! a network goes on and its mail leaves when there is one again.
//!
//! Slices above write a mail with [`App::mail`](crate::App) and [`enqueue`] inside their own transaction. This slice
//! knows nothing of why; it must not look into accounts, patients or appointments.

mod compose;
#[cfg(test)]
mod compose_tests;
pub mod edit_mail;
pub(crate) mod enqueue;
#[cfg(test)]
mod fixture;
mod form;
pub mod letter;
mod password;
mod queue;
pub mod read_mail;
pub mod retry_mail;
pub mod send_test_mail;
pub(crate) mod settings;
pub mod smtp;
pub(crate) mod store;
#[cfg(test)]
mod store_tests;
mod template;
#[cfg(test)]
mod template_tests;
pub mod view;
pub mod work_mail;

pub(crate) use enqueue::enqueue;
pub(crate) use letter::Letter;
pub(crate) use store::forget_secret;
