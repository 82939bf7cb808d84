//! How a rule says that a field is wrong. The words a person reads are the interface's; here are only codes.

use serde::{Deserialize, Serialize};
use specta::Type;
use unicode_normalization::UnicodeNormalization;

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
    /// Fewer characters or minutes than `bound`; for a phone number `bound` is how many digits are still missing.
    TooShort,
    /// More characters or entries than `bound`; for a phone number `bound` is how many digits are too many.
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
    /// A password without one of the kinds of characters that this clinic asks for.
    PasswordKinds,
    /// The same entry twice.
    Duplicate,
    /// It was chosen once and other records hang on it.
    Fixed,
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
/// `required` when empty and `least` is not zero, `too_short`, `too_long`, or `bad_character` for control and
/// text-direction characters.
pub fn check_line(field: &str, text: &str, least: u32, most: u32) -> Result<String, FieldError> {
    let composed: String = text.trim().nfc().collect();
    if composed.chars().any(is_forbidden) {
        return Err(FieldError::new(field, FieldRule::BadCharacter));
    }
    let line = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    check_length(field, line, least, most)
}

/// Several lines as they are to be stored: NFC, trimmed, line ends as `\n`.
///
/// # Errors
/// As for [`check_line`]; line ends and tabs are allowed.
pub fn check_lines(field: &str, text: &str, least: u32, most: u32) -> Result<String, FieldError> {
    let lines: String = text.replace("\r\n", "\n").replace('\r', "\n").trim().nfc().collect();
    if lines.chars().any(|c| is_forbidden(c) && c != '\n' && c != '\t') {
        return Err(FieldError::new(field, FieldRule::BadCharacter));
    }
    check_length(field, lines, least, most)
}

fn check_length(field: &str, text: String, least: u32, most: u32) -> Result<String, FieldError> {
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if length == 0 && least > 0 {
        Err(FieldError::new(field, FieldRule::Required))
    } else if length < least {
        Err(FieldError::new(field, FieldRule::TooShort).bound(least))
    } else if length > most {
        Err(FieldError::new(field, FieldRule::TooLong).bound(most))
    } else {
        Ok(text)
    }
}

/// Control characters, and the invisible ones that turn the direction of what follows: a name that holds one can
/// make a whole row read as something else (Unicode TR 36).
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Collects what is wrong with the fields of one form.
///
/// A field that fails keeps an empty or default value; nobody sees it, because [`FieldErrors::into_result`] then
/// refuses the form.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(pub(crate) Vec<FieldError>);

impl FieldErrors {
    /// The value, or a default after noting the error.
    pub(crate) fn take<T: Default>(&mut self, result: Result<T, FieldError>) -> T {
        result.unwrap_or_else(|error| {
            self.0.push(error);
            T::default()
        })
    }

    /// Notes an error.
    pub(crate) fn add(&mut self, field: impl Into<String>, rule: FieldRule) {
        self.0.push(FieldError::new(field, rule));
    }

    /// The form when nothing was noted.
    pub(crate) fn into_result<T>(self, form: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() { Ok(form) } else { Err(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_trimmed_composed_and_single_spaced() {
        assert_eq!(check_line("f", "  Jose\u{301}   Mari\u{301}a ", 1, 80).unwrap(), "José María");
    }

    #[test]
    fn the_length_of_a_line_is_counted_in_characters() {
        assert!(check_line("f", &"é".repeat(80), 1, 80).is_ok());
        let error = check_line("f", &"é".repeat(81), 1, 80).unwrap_err();
        assert_eq!((error.rule, error.bound), (FieldRule::TooLong, Some(80)));
        assert_eq!(check_line("f", " \t ", 1, 80).unwrap_err().rule, FieldRule::Required);
        assert_eq!(check_line("f", "ab", 3, 80).unwrap_err().bound, Some(3));
        assert_eq!(check_line("f", "", 0, 80).unwrap(), "");
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        for bad in ["a\u{0}b", "a\u{7f}b", "a\nb", "a\u{202e}b", "a\u{2067}b", "a\u{2028}b"] {
            assert_eq!(check_line("f", bad, 1, 80).unwrap_err().rule, FieldRule::BadCharacter, "{bad:?}");
        }
        assert_eq!(check_lines("f", "a\u{0}b", 0, 80).unwrap_err().rule, FieldRule::BadCharacter);
    }

    #[test]
    fn several_lines_keep_their_line_ends_in_one_spelling() {
        assert_eq!(check_lines("f", " one\r\ntwo\rthree\n", 0, 80).unwrap(), "one\ntwo\nthree");
    }

    proptest! {
        #[test]
        fn an_accepted_line_is_accepted_unchanged_the_second_time(text in "\\PC{0,90}") {
            if let Ok(line) = check_line("f", &text, 0, 80) {
                prop_assert_eq!(check_line("f", &line, 0, 80), Ok(line));
            }
        }
    }
}
