//! Who may do what: roles, the policy table, account numbers, sign-in names and passwords.

pub mod account;
mod letters;
pub mod password;
pub mod policy;
pub mod recovery_key;
pub mod role;
pub mod second_factor;
