//! Tokens: how a session proves itself over a wire (AU-10, AU-11, AU-13, AU-14). They are the hub's; a desk on its own
//! has no use for them (`docs/adr/0010-a-desk-has-no-tokens.md`).
//!
//! Access tokens are JSON Web Tokens (RFC 7519, by the book of RFC 8725) that live for minutes. Refresh tokens are opaque,
//! kept as hashes, and belong to a family that dies when an old one comes back (RFC 9700, section 4.14.2). Nothing here
//! keeps anything, tells the time or makes randomness: all three are the caller's.

pub mod access;
mod eddsa;
pub mod keys;
pub mod refresh;
pub mod service;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod service_tests;
