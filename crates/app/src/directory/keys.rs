//! What a patient is found by: the keys of the index that answers while somebody types.
//!
//! A key is one letter for its kind and a text: `n` a folded name part, `d` the end of a phone number, `b` the birth
//! date, `i` the digits of the account number, `a` and `v` what the list filters by. A query becomes ranges of keys.

use std::collections::BTreeSet;

use clinic_domain::directory::contact::digits;
use clinic_domain::directory::name;
use clinic_domain::directory::patient::Validation;
use clinic_domain::time::{Datelike, NaiveDate};

use super::record::Patient;
use crate::db::sql;

/// Folded name parts.
pub(crate) const NAME: char = 'n';
/// Ends of phone numbers.
pub(crate) const PHONE: char = 'd';
/// Birth dates.
pub(crate) const BIRTH: char = 'b';
/// Digits of account numbers.
pub(crate) const NUMBER: char = 'i';
/// Patients with an alert.
pub(crate) const ALERT: char = 'a';
/// How far a record has been checked.
pub(crate) const VALIDATION: char = 'v';

/// Shortest end of a phone number that has a key of its own.
const SHORTEST_PHONE_END: usize = 4;

/// Most name parts that are found when they are typed as one word; as many as the ranking joins.
const MOST_JOINED: usize = 3;

/// Every key of a patient.
pub(crate) fn keys_of(patient: &Patient) -> BTreeSet<String> {
    let form = &patient.form;
    let mut keys = BTreeSet::new();
    for names in [&form.family_name, &form.given_names, &form.called] {
        keys.extend(name_keys(&name::tokens(names)));
    }
    for phone in [&form.phone, &form.phone_other] {
        keys.extend(phone_ends(&digits(phone)));
    }
    if let Some(born) = form.birth_date {
        keys.extend(birth_keys(born));
    }
    keys.insert(format!("{NUMBER}{}", digits(&patient.public_id)));
    let archived = patient.archived_at.is_some();
    if !form.alerts.is_empty() {
        keys.insert(alert_key(archived));
    }
    keys.insert(validation_key(patient.validation, archived));
    keys
}

/// The key of every patient with an alert, archived or not.
pub(crate) fn alert_key(archived: bool) -> String {
    format!("{ALERT}{}", u8::from(archived))
}

/// The key of every record in a state, archived or not.
pub(crate) fn validation_key(validation: Validation, archived: bool) -> String {
    format!("{VALIDATION}{}{}", u8::from(archived), sql::name_of(&validation))
}

/// Under which name the bearers of a key are counted, if they are: name parts as they are, because misspelt ones are
/// compared with them; filters behind a blank, which no name part begins with, because lists tell how many there are.
pub(crate) fn counted_as(key: &str) -> Option<String> {
    match key.chars().next() {
        Some(NAME) => key.strip_prefix(NAME).map(str::to_owned),
        Some(ALERT | VALIDATION) => Some(format!(" {key}")),
        _ => None,
    }
}

/// Each part, and up to three that stand side by side written as one: `vanderberg` for "van der Berg".
fn name_keys(tokens: &[String]) -> impl Iterator<Item = String> + '_ {
    let runs = (1..=MOST_JOINED).flat_map(|count| tokens.windows(count));
    runs.map(|run| format!("{NAME}{}", run.concat()))
}

/// Every end of a number that is long enough, so that digits from anywhere in it are the beginning of a key.
fn phone_ends(digits: &str) -> impl Iterator<Item = String> + '_ {
    let ends = (digits.len() + 1).saturating_sub(SHORTEST_PHONE_END);
    (0..ends).filter_map(|from| digits.get(from..)).map(|end| format!("{PHONE}{end}"))
}

/// The date as ISO 8601 writes it, and once more without its year (`--11-24`), for who types only day and month.
fn birth_keys(born: NaiveDate) -> [String; 2] {
    [format!("{BIRTH}{born}"), format!("{BIRTH}--{:02}-{:02}", born.month(), born.day())]
}
