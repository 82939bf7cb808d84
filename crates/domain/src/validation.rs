//! How a rule says that a field is wrong. The words a person reads are the interface's; here are only codes.

use serde::{Deserialize, Serialize};
use specta::Type;

/// One thing wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldError {
    /// Path of the field as the request spells it, for example `emergency_contacts.0.phone`.
    pub field: String,
    /// What is wrong.
    pub rule: FieldRule,
    /// A value that would be accepted, where one can be guessed.
    pub suggestion: Option<String>,
    /// The bound that was broken: characters, digits or minutes, depending on the rule.
    pub bound: Option<u32>,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FieldRule {
    /// Nothing was given.
    Required,
    /// Fewer characters or digits than `bound`.
    TooShort,
    /// More characters than `bound`.
    TooLong,
    /// Control characters, or characters this field cannot have.
    BadCharacter,
    /// It does not read as what it should be.
    Malformed,
    /// The date lies ahead.
    InFuture,
    /// The date lies behind.
    InPast,
    /// Out of the allowed range; `bound` is the nearest allowed value.
    OutOfRange,
    /// Another record has this value already.
    Taken,
    /// The end does not come after the start.
    EndBeforeStart,
    /// It is not a multiple of `bound`.
    NotAligned,
    /// It names something that does not exist.
    Unknown,
    /// A password on the list of common ones.
    CommonPassword,
    /// A password that contains the person's or clinic's own words.
    ContextPassword,
    /// The same entry twice.
    Duplicate,
}

impl FieldError {
    /// An error without bound or suggestion.
    pub fn new(field: impl Into<String>, rule: FieldRule) -> Self {
        Self { field: field.into(), rule, suggestion: None, bound: None }
    }

    /// The same error with the bound that was broken.
    pub fn bound(mut self, bound: u32) -> Self {
        self.bound = Some(bound);
        self
    }

    /// The same error with a value that would be accepted.
    pub fn suggest(mut self, value: impl Into<String>) -> Self {
        self.suggestion = Some(value.into());
        self
    }
}

/// A single line as it is to be stored: NFC, trimmed, inner blanks single. `least` and `most` count characters.
///
/// # Errors
/// `required`, `too_short`, `too_long`, or `bad_character` for control and text-direction characters.
pub fn check_line(field: &str, text: &str, least: u32, most: u32) -> Result<String, FieldError> {
    let _ = (field, text, least, most);
    todo!()
}

/// Several lines as they are to be stored: NFC, trimmed, line ends as `\n`.
///
/// # Errors
/// As for [`check_line`]; line ends and tabs are allowed.
pub fn check_lines(field: &str, text: &str, least: u32, most: u32) -> Result<String, FieldError> {
    let _ = (field, text, least, most);
    todo!()
}
