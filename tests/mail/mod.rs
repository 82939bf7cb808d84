//! Mail, sent to a real server on this computer: what arrives, what is tried again and when, and what is never sent.

mod background;
pub mod postbox;
mod queue;
mod settings;
mod store;
mod way;
