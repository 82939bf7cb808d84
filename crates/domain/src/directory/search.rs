//! What a person types to find a patient or a day, and how well a record answers it (FD-3).
//!
//! Loads nothing: the store finds candidates by its keys, this module reads the query, ranks and marks.

use crate::time::{NaiveDate, Span};

/// A birth date as far as it was typed. Parts that are `None` match anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateParts {
    /// Year.
    pub year: Option<i32>,
    /// Month, 1 to 12.
    pub month: Option<u32>,
    /// Day of the month, 1 to 31.
    pub day: Option<u32>,
}

/// A query for patients. All of its parts must match; within `births` any of the readings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatientQuery {
    /// Folded name parts in the order typed; each must match the start of another part of the name.
    pub name_tokens: Vec<String>,
    /// Digits that were typed bare: part of a phone or account number, or a birth date or year without separators.
    pub digits: Option<String>,
    /// The readings of a birth date that was written as one; empty when none was.
    pub births: Vec<DateParts>,
    /// An account number or the beginning of one, in upper case with its prefix: `PAT1234`.
    pub number: Option<String>,
}

impl PatientQuery {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Self {
        let _ = text;
        todo!()
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a query is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Folded parts of the name, family name first ([`super::name::tokens`]).
    pub name_tokens: &'a [String],
    /// Phones as E.164; empty ones are ignored.
    pub phones: &'a [&'a str],
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Account number, `PAT` + 8 digits.
    pub number: &'a str,
}

/// Whether a word that was typed is the start of a name part, give or take one edit (a letter wrong, missing, too many,
/// or two swapped). Both folded. Words shorter than three letters must match as they are.
pub fn within_one_edit_prefix(query: &str, token: &str) -> bool {
    let _ = (query, token);
    todo!()
}

/// How well a candidate answers a query; larger is better, `None` is not at all. An empty query matches nothing.
pub fn score(query: &PatientQuery, candidate: &Candidate<'_>) -> Option<u32> {
    let _ = (query, candidate);
    todo!()
}

/// Which parts of a displayed name the query matched, in order, without overlaps, in UTF-16 units.
pub fn matched_spans(display_name: &str, query: &PatientQuery) -> Vec<Span> {
    let _ = (display_name, query);
    todo!()
}

/// The dates a text can mean, likeliest first; empty when it is no date. Reads `today`, `tomorrow`, `tue`, `next tue`,
/// `24 nov`, `24.12.`, `3/12`, `2026-12-24`, `+3d`, `+2w`, `+1m`. Names of months and days are English.
pub fn dates_in(text: &str, today: NaiveDate) -> Vec<NaiveDate> {
    let _ = (text, today);
    todo!()
}
