//! Who may do what: roles, the policy table, account numbers, sign-in names, passwords and how often one may be
//! tried, and emergency access.

pub mod account;
pub mod duty;
pub mod emergency;
mod letters;
pub mod one_time_code;
pub mod password;
pub mod pin;
pub mod policy;
pub mod recovery_key;
pub mod registration;
pub mod role;
pub mod second_factor;
pub mod secret;
pub mod security_policy;
pub mod throttle;
#[cfg(test)]
mod throttle_tests;
