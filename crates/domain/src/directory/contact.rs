//! Phone numbers and e-mail addresses: how they are read, kept and shown (PE-2).
//!
//! A phone is judged by its length alone, not by whether the number is given out: numbers kept free for fiction, such
//! as +1 555 014 2288, and ranges newer than the tables are accepted.

use chrono_tz::Tz;

use crate::validation::FieldError;

/// The country whose national spelling a phone number without a country code is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(phonenumber::country::Id);

impl Region {
    /// The country of an IANA zone, United States where the table does not know it.
    pub fn of_zone(zone: Tz) -> Self {
        let _ = zone;
        todo!()
    }
}

/// A phone number as E.164 (`+15550142288`); empty stays empty.
///
/// # Errors
/// `too_short` (bound: digits that are missing), `too_long` (bound: digits that are too many), `bad_character`,
/// `malformed` (unknown country code).
pub fn check_phone(field: &str, text: &str, region: Region) -> Result<String, FieldError> {
    let _ = (field, text, region);
    todo!()
}

/// A stored number as it is written for people: `+1 555-014-2288`. What is no number is returned as it is.
pub fn display_phone(e164: &str) -> String {
    let _ = e164;
    todo!()
}

/// The digits of a text, in order; Arabic-Indic and Persian digits as ASCII.
pub fn digits(text: &str) -> String {
    let _ = text;
    todo!()
}

/// The last four digits, or empty when there are fewer.
pub fn phone_tail(e164: &str) -> String {
    let _ = e164;
    todo!()
}

/// An e-mail address (RFC 5321, up to 254 bytes) in lower case with a dot in its domain; empty stays empty.
///
/// # Errors
/// `malformed`, with a suggestion where one can be guessed; `too_long`.
pub fn check_email(field: &str, text: &str) -> Result<String, FieldError> {
    let _ = (field, text);
    todo!()
}
