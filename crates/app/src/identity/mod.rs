//! Accounts, sign-in and sessions, and the state in which the program starts.

pub mod access_view;
pub mod account;
pub mod ask_reset;
pub mod change_password;
pub mod change_store_key;
pub mod check_password;
pub mod close_store;
mod closed_desk;
mod closed_tries;
mod code;
#[cfg(test)]
mod code_tests;
pub mod confirm_registration;
pub mod create_account;
pub mod create_store;
mod delete_account;
pub mod demo;
pub mod desk;
#[cfg(test)]
mod desk_tests;
mod device;
pub mod edit_account;
pub mod edit_profile;
pub mod edit_security_policy;
pub mod end_account_session;
pub mod end_session;
#[cfg(test)]
mod factor_grace_tests;
#[cfg(test)]
pub(crate) mod fixture;
pub mod forget_device;
mod forget_registration;
mod form;
pub(crate) mod hash_cost;
mod hash_turn;
pub mod hashing;
pub mod import_accounts;
mod import_table;
pub mod import_view;
mod imported_hash;
mod key;
pub mod keystore;
pub mod list_accounts;
pub mod list_devices;
pub mod list_notices;
pub mod list_registrations;
pub mod list_sessions;
pub mod lock;
pub mod make_recovery_key;
#[cfg(test)]
mod many_codes_tests;
pub mod notice;
pub(crate) mod number;
mod open_by_person;
mod open_session;
pub mod open_store;
mod person_key;
pub mod pin;
pub mod prove_reset;
mod qr;
pub mod read_account_access;
pub mod reauthenticate;
pub mod recover_store;
mod recovery;
mod recovery_code;
pub mod recovery_view;
pub mod register;
#[cfg(test)]
mod register_tests;
pub mod registration_view;
pub mod replace_password;
pub mod reset_password;
pub mod reset_second_factor;
#[cfg(test)]
mod reset_tests;
pub mod reset_view;
pub mod revoke_device;
mod second_factor;
#[cfg(test)]
mod second_factor_tests;
pub mod second_factor_view;
mod second_step;
#[cfg(test)]
mod security_policy_tests;
pub mod security_policy_view;
pub mod send_reset;
pub mod session_state;
pub mod set_account_active;
pub mod set_preferences;
pub mod sign_in;
pub mod sign_out;
pub(crate) mod staff;
mod staff_keys;
pub mod start;
mod store_account;
mod store_accounts;
mod store_device;
mod store_one_time_code;
mod store_registration;
mod store_second_factor;
pub(crate) mod store_security_policy;
mod store_session;
mod store_wrong_password;
pub mod switch_user;
pub mod throttle;
#[cfg(test)]
mod throttle_tests;
#[cfg(test)]
mod timing_tests;
pub mod touch;
pub mod unlock;
pub mod unlock_account;
pub mod verify_account;
pub mod view;
pub mod watch_clock;
mod whole_step;
