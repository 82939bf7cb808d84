//! Rules about outbound messages: how a mail server may be spoken to, and when a message is tried again.

pub mod delivery;
pub mod server;
