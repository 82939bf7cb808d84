//! What a person types to find a patient (FD-3). Loads nothing: the store finds candidates by its keys.

use super::contact;
pub use super::dates::{DateParts, dates_in};
use super::dates::{numeric, worded};
use super::name::tokens;
pub use super::ranking::{Candidate, matched_spans, score, within_one_edit_prefix};

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

/// Name parts beyond these are ignored, so that no text makes the ranking slow.
pub(super) const MOST_TOKENS: usize = 8;

impl PatientQuery {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<_> =
            lower.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
        let mut query = Self::default();
        let mut digits = String::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let numeric = numeric(word, &[1900, 2000]);
            if let Some((number, taken)) = account_number(&words[at..]) {
                query.number = Some(number);
                at += taken;
            } else if !numeric.is_empty() {
                query.births.extend(numeric);
                at += 1;
            } else if let Some((births, taken)) = worded(&words[at..], &[1900, 2000]) {
                query.births.extend(births);
                at += taken;
            } else {
                if is_phone_part(word) {
                    digits.push_str(&contact::digits(word));
                } else {
                    query.name_tokens.extend(tokens(word));
                }
                at += 1;
            }
        }
        query.name_tokens.truncate(MOST_TOKENS);
        query.digits = Some(digits).filter(|digits| !digits.is_empty());
        query
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A prefix with digits right after it, or with at least five in the next word: `Pat 1988` is a name and a year.
fn account_number(words: &[&str]) -> Option<(String, usize)> {
    let first = words.first()?;
    let prefix = ["pat", "doc", "stf", "adm"].into_iter().find(|prefix| first.starts_with(prefix))?;
    let rest = first[prefix.len()..].trim_start_matches('-');
    let (digits, taken) = match words.get(1) {
        Some(next) if rest.is_empty() && next.len() >= 5 => (*next, 2),
        _ => (rest, 1),
    };
    let good = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    good.then(|| (format!("{}{digits}", prefix.to_uppercase()), taken))
}

fn is_phone_part(word: &str) -> bool {
    let digits = contact::digits(word).chars().count();
    digits > 0 && word.chars().filter(|c| !"+-./()".contains(*c)).count() == digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> PatientQuery {
        PatientQuery::parse(text)
    }

    fn parts(year: i32, month: u32, day: u32) -> DateParts {
        DateParts { year: Some(year), month: Some(month), day: Some(day) }
    }

    #[test]
    fn each_part_of_a_query_is_told_apart() {
        let read = query("O'Brien, josé +1 (555) 014");
        assert_eq!(read.name_tokens, ["obrien", "jose"]);
        assert_eq!(read.digits.as_deref(), Some("1555014"));
        assert!(read.births.is_empty() && read.number.is_none());
        assert_eq!(query("pat-0043 smith").number.as_deref(), Some("PAT0043"));
        assert_eq!(query("PAT 00431207").number.as_deref(), Some("PAT00431207"));
        assert_eq!(query("Pat 1988").name_tokens, ["pat"]);
        assert_eq!(query("Pat 1988").digits.as_deref(), Some("1988"));
        assert!(query(" , ").is_empty());
    }

    #[test]
    fn birth_dates_are_read_in_several_spellings() {
        for text in ["12.3.1988", "1988-03-12", "12 mar 1988", "March 12, 1988"] {
            assert_eq!(query(text).births, [parts(1988, 3, 12)], "{text}");
        }
        assert_eq!(query("3/12/1988").births, [parts(1988, 12, 3), parts(1988, 3, 12)]);
        assert_eq!(
            query("smith mar 1988").births,
            [DateParts { year: Some(1988), month: Some(3), day: None }]
        );
        assert_eq!(query("june smith").name_tokens, ["june", "smith"]);
        assert_eq!(query("555-014-2288").digits.as_deref(), Some("5550142288"));
    }
}
