//! What a password must be (AU-9; NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2): long enough and not on the list of common
//! ones. No composition rules. Hashing is not done here.

use crate::validation::FieldError;

/// Bounds of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Least length in characters after [`normalise`]. SP 800-63B-4 asks for 15 where the password is the only factor.
    pub least: u32,
    /// Most bytes accepted, so that nobody can make the host hash a book. At least 64 characters must fit.
    pub most_bytes: u32,
}

impl PasswordPolicy {
    /// Password only: 15 characters.
    pub const SINGLE_FACTOR: Self = Self { least: 15, most_bytes: 256 };
    /// Password and a second factor: 8 characters.
    pub const WITH_SECOND_FACTOR: Self = Self { least: 8, most_bytes: 256 };
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::SINGLE_FACTOR
    }
}

/// What was found out about a password. Holds nothing of the password itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordReport {
    /// Characters after [`normalise`].
    pub length: u32,
    /// Least length of the policy.
    pub least: u32,
    /// More bytes than the policy accepts.
    pub too_long: bool,
    /// On the list of common passwords, or guessed within a million tries.
    pub common: bool,
    /// Contains a word of the context.
    pub context: bool,
    /// zxcvbn's advice from 0 (weak) to 4 (strong); never a reason to refuse.
    pub score: u8,
    /// May be used: long enough, not too long, neither common nor of the context.
    pub acceptable: bool,
}

/// The form in which a password is measured, hashed and compared: Unicode NFC (SP 800-63B-4 §3.1.1.2), nothing trimmed.
pub fn normalise(password: &str) -> String {
    let _ = password;
    todo!()
}

/// Judges a password. `context` are names the password must not contain: the person's, the clinic's, the login; words
/// of fewer than four letters are ignored.
pub fn check_password(password: &str, context: &[&str], policy: &PasswordPolicy) -> PasswordReport {
    let _ = (password, context, policy);
    todo!()
}

impl PasswordReport {
    /// The reasons to refuse, for the field of this path; empty when acceptable.
    pub fn errors(&self, field: &str, policy: &PasswordPolicy) -> Vec<FieldError> {
        let _ = (field, policy);
        todo!()
    }
}
