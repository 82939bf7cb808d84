//! Account numbers, sign-in names and the rules for what may be written in an account (AU-1, AU-2).
//!
//! Makes no numbers of its own: random digits are passed in, and whether a number is taken is the store's to say.

use std::fmt;
use std::str::FromStr;

use super::role::Role;
use crate::id::DoctorId;
use crate::validation::FieldError;

/// The human-readable number of an account, patient or doctor: three letters for the role and eight digits (AU-1).
/// Displays as `PAT12345678`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountNumber {
    prefix: Prefix,
    digits: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Prefix {
    Adm,
    Stf,
    Doc,
    Pat,
}

/// The text is no account number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAccountNumber;

impl AccountNumber {
    /// How many numbers there are for one role.
    pub const COUNT: u32 = 100_000_000;

    /// A number from 64 random bits, every one of the 10^8 equally likely (to one part in 10^11), those with leading
    /// zeros included. Whether it is taken, the caller must check.
    pub fn from_random(role: Role, random: u64) -> Self {
        let _ = (role, random);
        todo!()
    }

    /// The role in the prefix.
    pub fn role(self) -> Role {
        todo!()
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = (f, self.prefix, self.digits);
        todo!()
    }
}

impl FromStr for AccountNumber {
    type Err = NotAnAccountNumber;

    /// Reads a number in any case, with blanks or hyphens anywhere: `pat 1234-5678`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let _ = text;
        todo!()
    }
}

/// What a person types to say who they are (AU-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// An account number.
    Number(AccountNumber),
    /// An e-mail address, trimmed and in lower case.
    Email(String),
    /// A user name, trimmed and in lower case. Anything that is nothing else ends up here, so that a mistyped login
    /// fails in the same way as an unknown one.
    UserName(String),
}

impl Login {
    /// Reads what was typed. Never fails: see [`Login::UserName`].
    pub fn parse(text: &str) -> Self {
        let _ = text;
        todo!()
    }
}

/// What a person types about an account. Fields as in the interface's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// Given names, 1 to 80 characters.
    pub given_names: String,
    /// Family name, 1 to 80 characters.
    pub family_name: String,
    /// E-mail address, or empty.
    pub email: String,
    /// User name, or empty.
    pub user_name: String,
    /// Role.
    pub role: Role,
    /// The doctor this account belongs to; required for [`Role::Doctor`], dropped for every other role.
    pub doctor: Option<DoctorId>,
}

/// The details as they are to be stored: trimmed, NFC, e-mail and user name in lower case.
///
/// # Errors
/// Every field that cannot be accepted; paths are those of the form (`doctor_id` for the doctor).
pub fn check_account(details: &AccountDetails) -> Result<AccountDetails, Vec<FieldError>> {
    let _ = details;
    todo!()
}

/// A user name in lower case; empty stays empty.
///
/// # Errors
/// Anything but 3 to 32 ASCII letters, digits, dots and dashes that begins and ends with a letter or digit, and
/// anything that reads as an account number.
pub fn check_user_name(field: &str, text: &str) -> Result<String, FieldError> {
    let _ = (field, text);
    todo!()
}

/// The act would leave the clinic without an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastAdministrator;

/// Whether an active account may be deactivated, removed or given another role (AD-4): never the last administrator.
/// `active_admins` counts the active administrators, the target included.
///
/// # Errors
/// [`LastAdministrator`] when the target is the only one.
pub fn decide_deactivation(target: Role, active_admins: u32) -> Result<(), LastAdministrator> {
    let _ = (target, active_admins);
    todo!()
}
