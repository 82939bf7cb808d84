//! The record of a doctor (PE-5) and the rules for what may be written in it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::contact::{Region, check_email, check_phone};
use crate::id::SpecialtyId;
use crate::scheduling::hours::{WeeklyHours, check_weekly};
use crate::time::NaiveDate;
use crate::validation::{FieldError, FieldErrors, FieldRule, check_line};

/// What a person types about a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DoctorForm {
    /// Family name, 1 to 80 characters.
    pub family_name: String,
    /// Given names, 1 to 80 characters.
    pub given_names: String,
    /// What stands above the column, 1 to 14 characters; empty takes the family name.
    pub short_name: String,
    /// Specialties, the first one is shown; up to 8.
    pub specialty_ids: Vec<SpecialtyId>,
    /// Licence number; checked against the clinic's pattern when there is one.
    pub licence_number: String,
    /// Last day of the licence.
    pub licence_until: Option<NaiveDate>,
    /// Phone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// When the doctor works, inside the clinic's hours or beyond them.
    pub schedule: WeeklyHours,
}

/// The form as it is to be stored: trimmed, NFC, phone as E.164, licence in the spelling of the pattern; an empty short
/// name is filled from the family name.
///
/// `licence_pattern`: `9` stands for a digit, `A` for a letter, anything else for itself, a backslash takes the next
/// character as it is; `None` or empty accepts every number and none. `slot_minutes` is the clinic's. Whether the licence
/// has ended is not asked: a doctor whose licence has ended stays on record.
///
/// # Errors
/// Every field that cannot be accepted, in the order of the form.
pub fn check_doctor(
    form: &DoctorForm,
    licence_pattern: Option<&str>,
    slot_minutes: u16,
    region: Region,
) -> Result<DoctorForm, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    let family_name = errors.take(check_line("family_name", &form.family_name, 1, 80));
    let given_names = errors.take(check_line("given_names", &form.given_names, 1, 80));
    let short_name = errors.take(check_line("short_name", &form.short_name, 0, SHORT_NAME_LENGTH));
    let specialty_ids = check_specialties(&form.specialty_ids, &mut errors);
    let licence_number = errors.take(check_licence("licence_number", &form.licence_number, licence_pattern));
    let phone = errors.take(check_phone("phone", &form.phone, region));
    let email = errors.take(check_email("email", &form.email));
    errors.0.extend(check_weekly("schedule", &form.schedule, slot_minutes));
    let checked = DoctorForm {
        short_name: if short_name.is_empty() { default_short_name(&family_name) } else { short_name },
        family_name,
        given_names,
        specialty_ids,
        licence_number,
        licence_until: form.licence_until,
        phone,
        email,
        schedule: form.schedule.clone(),
    };
    errors.into_result(checked)
}

/// Characters that fit above a column.
const SHORT_NAME_LENGTH: u32 = 14;

/// What stands above the column when nobody said otherwise: the family name, at most 14 characters.
pub fn default_short_name(family_name: &str) -> String {
    let cut: String = family_name.trim().chars().take(SHORT_NAME_LENGTH as usize).collect();
    cut.trim_end_matches(|c: char| c.is_whitespace() || c == '-').to_owned()
}

fn check_specialties(ids: &[SpecialtyId], errors: &mut FieldErrors) -> Vec<SpecialtyId> {
    if ids.len() > 8 {
        errors.0.push(FieldError::new("specialty_ids", FieldRule::TooLong).bound(8));
    }
    for (index, id) in ids.iter().enumerate() {
        if ids[..index].contains(id) {
            errors.add(format!("specialty_ids.{index}"), FieldRule::Duplicate);
        }
    }
    ids.to_vec()
}

/// A licence number in the spelling of the pattern (see [`check_doctor`]). Letters are in upper case; blanks and
/// punctuation may be left out or typed otherwise.
///
/// # Errors
/// `required` when there is a pattern and no number, `malformed`, `too_long` (40 characters), `bad_character`.
pub fn check_licence(field: &str, text: &str, pattern: Option<&str>) -> Result<String, FieldError> {
    let number = check_line(field, text, 0, 40)?.to_uppercase();
    let Some(pattern) = pattern.map(str::trim).filter(|pattern| !pattern.is_empty()) else {
        return Ok(number);
    };
    if number.is_empty() {
        return Err(FieldError::new(field, FieldRule::Required));
    }
    spelled_by(pattern, &number).ok_or_else(|| FieldError::new(field, FieldRule::Malformed))
}

/// The number in the pattern's spelling, or nothing when it does not fit.
fn spelled_by(pattern: &str, number: &str) -> Option<String> {
    let mut typed = number.chars().filter(|c| c.is_alphanumeric()).peekable();
    let mut spelled = String::new();
    let mut places = pattern.chars();
    while let Some(place) = places.next() {
        let wanted: char = match place {
            '9' => typed.next_if(char::is_ascii_digit)?,
            'A' => typed.next_if(|c| c.is_alphabetic())?,
            '\\' => literal(places.next()?, &mut typed)?,
            other => literal(other, &mut typed)?,
        };
        spelled.push(wanted);
    }
    typed.next().is_none().then_some(spelled)
}

/// A character of the pattern that stands for itself; letters and digits must have been typed, the rest need not.
fn literal(wanted: char, typed: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> Option<char> {
    if wanted.is_alphanumeric() {
        typed.next_if(|c| wanted.to_uppercase().eq(c.to_uppercase()))?;
    }
    Some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::hours::default_week;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn specialty(number: u128) -> SpecialtyId {
        SpecialtyId(Uuid::from_u128(number))
    }

    fn form() -> DoctorForm {
        DoctorForm {
            family_name: "Lee".into(),
            given_names: "Grace".into(),
            short_name: "Lee".into(),
            specialty_ids: vec![specialty(1), specialty(2)],
            licence_number: "MD-123456".into(),
            licence_until: NaiveDate::from_ymd_opt(2027, 6, 30),
            phone: "+15550142288".into(),
            email: "lee@example.org".into(),
            schedule: default_week(),
        }
    }

    fn check(form: &DoctorForm) -> Result<DoctorForm, Vec<FieldError>> {
        check_doctor(form, Some("AA-999999"), 30, Region::US)
    }

    #[test]
    fn a_good_form_is_stored_as_it_is_and_a_sloppy_one_tidied() {
        assert_eq!(check(&form()), Ok(form()));
        let sloppy = DoctorForm {
            family_name: " Lee".into(),
            short_name: " ".into(),
            licence_number: "md 123456".into(),
            phone: "555 014 2288".into(),
            email: "LEE@example.org".into(),
            ..form()
        };
        assert_eq!(check(&sloppy), Ok(form()));
    }

    #[test]
    fn each_limit_is_kept() {
        type Change = fn(&mut DoctorForm);
        let cases: [(Change, &str, FieldRule); 9] = [
            (|f| f.family_name.clear(), "family_name", FieldRule::Required),
            (|f| f.given_names = "x".repeat(81), "given_names", FieldRule::TooLong),
            (|f| f.short_name = "x".repeat(15), "short_name", FieldRule::TooLong),
            (|f| f.specialty_ids = (0..9).map(specialty).collect(), "specialty_ids", FieldRule::TooLong),
            (|f| f.specialty_ids.push(specialty(1)), "specialty_ids.2", FieldRule::Duplicate),
            (|f| f.licence_number = "MD-12345".into(), "licence_number", FieldRule::Malformed),
            (|f| f.licence_number.clear(), "licence_number", FieldRule::Required),
            (|f| f.phone = "1".into(), "phone", FieldRule::TooShort),
            (|f| f.schedule.0[2].hours.end = 0, "schedule.2.hours", FieldRule::EndBeforeStart),
        ];
        for (change, field, rule) in cases {
            let mut changed = form();
            change(&mut changed);
            let errors: Vec<_> =
                check(&changed).unwrap_err().into_iter().map(|e| (e.field, e.rule)).collect();
            assert_eq!(errors, [(field.to_owned(), rule)]);
        }
    }

    #[test]
    fn a_licence_is_spelled_as_the_pattern_says() {
        let cases = [
            (Some("AA-999999"), "md123456", Some("MD-123456")),
            (Some("AA-999999"), "MD.123 456", Some("MD-123456")),
            (Some("AA-999999"), "M1-123456", None),
            (Some("AA-999999"), "MD-1234567", None),
            (Some("GMC 9999999"), "gmc7654321", Some("GMC 7654321")),
            (Some("GMC 9999999"), "7654321", None),
            (Some("\\A9/99"), "a1-23", Some("A1/23")),
            (Some("\\A9/99"), "b1-23", None),
            (None, " any thing ", Some("ANY THING")),
            (Some(" "), "", Some("")),
        ];
        for (pattern, typed, stored) in cases {
            assert_eq!(check_licence("l", typed, pattern).ok().as_deref(), stored, "{typed} by {pattern:?}");
        }
    }

    #[test]
    fn a_short_name_is_cut_from_the_family_name() {
        assert_eq!(default_short_name("Lee"), "Lee");
        assert_eq!(default_short_name("Papadopoulos-Konstantinou"), "Papadopoulos-K");
        assert_eq!(default_short_name("Van der Bergen Wit"), "Van der Bergen");
        assert_eq!(default_short_name("Abcdefghijklm-Nop"), "Abcdefghijklm");
    }

    proptest! {
        #[test]
        fn a_number_made_from_the_pattern_fits_it(digits in "[0-9]{6}", letters in "[A-Za-z]{2}") {
            let typed = format!("{letters}{digits}");
            let stored = check_licence("l", &typed, Some("AA-999999"));
            prop_assert_eq!(stored, Ok(format!("{}-{digits}", letters.to_uppercase())));
        }
    }
}
