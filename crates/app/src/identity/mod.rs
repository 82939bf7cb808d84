//! Accounts, sign-in and sessions, and the state in which the program starts.

pub mod check_password;
pub mod create_account;
pub mod create_store;
pub mod desk;
pub mod edit_account;
pub mod edit_profile;
pub mod end_session;
pub mod hashing;
mod key;
pub mod keystore;
pub mod list_accounts;
pub mod list_sessions;
pub mod lock;
pub mod open_store;
pub mod session_state;
pub mod set_account_active;
pub mod set_preferences;
pub mod sign_in;
pub mod sign_out;
pub mod start;
pub mod touch;
pub mod unlock;
pub mod view;
