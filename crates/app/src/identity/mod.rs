//! Accounts, sign-in and sessions, and the state in which the program starts.

pub mod access_view;
pub mod account;
pub mod check_password;
pub mod create_account;
pub mod create_store;
pub mod demo;
pub mod desk;
mod device;
pub mod edit_account;
pub mod edit_profile;
pub mod end_session;
#[cfg(test)]
pub(crate) mod fixture;
mod form;
pub mod hashing;
mod key;
pub mod keystore;
pub mod list_accounts;
pub mod list_sessions;
pub mod lock;
pub mod make_recovery_key;
pub mod notice;
pub(crate) mod number;
pub mod open_store;
pub mod recover_store;
mod recovery;
pub mod recovery_view;
mod open_session;
pub mod session_state;
pub mod set_account_active;
pub mod set_preferences;
pub mod sign_in;
pub mod sign_out;
pub mod start;
mod store_account;
mod store_accounts;
mod store_session;
pub mod touch;
pub mod unlock;
pub mod view;
mod store_device;
mod store_wrong_password;
pub mod throttle;
#[cfg(test)]
mod throttle_tests;
pub mod unlock_account;
