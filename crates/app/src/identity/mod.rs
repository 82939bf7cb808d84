//! Accounts, sign-in and sessions, and the state in which the program starts.

pub mod view;
