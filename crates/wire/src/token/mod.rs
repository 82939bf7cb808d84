//! Tokens: how a session proves itself over a wire (AU-10, AU-11, AU-13, AU-14), the same code at a desk and in the hub.
//!
//! Access tokens are JSON Web Tokens (RFC 7519, by the book of RFC 8725) that live for minutes. Refresh tokens are opaque,
//! kept as hashes, and belong to a family that dies when an old one comes back (RFC 9700, section 4.14.2). Nothing here
//! keeps anything, tells the time or makes randomness: all three are the caller's.

pub mod access;
mod eddsa;
pub mod keys;
pub mod refresh;

#[cfg(test)]
mod hostile_tests;
