//! What may stand in the clinic's settings.

use std::collections::HashSet;

use chrono_tz::Tz;
use clinic_domain::directory::contact::{Region, check_phone};
use clinic_domain::directory::patient::check_language;
use clinic_domain::scheduling::booking::LONGEST_MINUTES;
use clinic_domain::scheduling::hours::{SLOT_LENGTHS, WeeklyHours, check_weekly};
use clinic_domain::validation::{FieldError, FieldRule, check_line};

use super::view::{AppointmentTypeForm, ClinicProfile};

/// Most kinds of appointment a clinic may have.
const MOST_TYPES: usize = 24;

/// The profile as it is to be stored, or what is wrong with it, with paths below `field`.
///
/// # Errors
/// Every field that cannot be accepted.
pub(crate) fn profile(field: &str, typed: &ClinicProfile) -> Result<ClinicProfile, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut line = |name: &str, text: &str, least, most| {
        check_line(&format!("{field}.{name}"), text, least, most).unwrap_or_else(|error| {
            wrong.push(error);
            String::new()
        })
    };
    let mut checked = ClinicProfile {
        name: line("name", &typed.name, 1, 80),
        short_name: line("short_name", &typed.short_name, 0, 24),
        street: line("street", &typed.street, 0, 120),
        city: line("city", &typed.city, 0, 80),
        post_code: line("post_code", &typed.post_code, 0, 16),
        phone: String::new(),
        time_zone: typed.time_zone.clone(),
        language: String::new(),
        colour: typed.colour.to_lowercase(),
    };
    let zone: Option<Tz> = typed.time_zone.parse().ok();
    if zone.is_none() {
        wrong.push(FieldError::new(format!("{field}.time_zone"), FieldRule::Unknown));
    }
    let region = Region::of_zone(zone.unwrap_or_default());
    match check_phone(&format!("{field}.phone"), &typed.phone, region) {
        Ok(phone) => checked.phone = phone,
        Err(error) => wrong.push(error),
    }
    match check_language(&format!("{field}.language"), &typed.language) {
        Ok(language) => checked.language = language,
        Err(error) => wrong.push(error),
    }
    if !is_colour(&checked.colour) {
        wrong.push(FieldError::new(format!("{field}.colour"), FieldRule::Malformed).suggest("#0b5c57"));
    }
    if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
}

/// `#rrggbb` in lower case.
fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What is wrong with the opening hours and the length of a slot.
pub(crate) fn hours(hours: &WeeklyHours, slot_minutes: u16) -> Vec<FieldError> {
    let mut wrong = check_weekly("hours", hours, slot_minutes.max(1));
    if !SLOT_LENGTHS.contains(&slot_minutes) {
        let nearest = SLOT_LENGTHS.iter().min_by_key(|length| length.abs_diff(slot_minutes));
        wrong.push(
            FieldError::new("slot_minutes", FieldRule::OutOfRange)
                .bound(nearest.copied().map_or(30, u32::from)),
        );
    }
    wrong
}

/// What is wrong with a number of minutes that must lie within bounds.
pub(crate) fn minutes(field: &str, minutes: u16, least: u16, most: u16) -> Option<FieldError> {
    let nearest = minutes.clamp(least, most);
    (nearest != minutes).then(|| FieldError::new(field, FieldRule::OutOfRange).bound(u32::from(nearest)))
}

/// The kinds of appointment with their names as they are to be stored, or what is wrong with them.
///
/// # Errors
/// Every field that cannot be accepted.
pub(crate) fn types(typed: &[AppointmentTypeForm]) -> Result<Vec<AppointmentTypeForm>, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut seen = HashSet::new();
    if typed.is_empty() {
        wrong.push(FieldError::new("appointment_types", FieldRule::Required));
    }
    if typed.len() > MOST_TYPES {
        wrong.push(FieldError::new("appointment_types", FieldRule::TooLong).bound(MOST_TYPES as u32));
    }
    let mut checked = Vec::with_capacity(typed.len());
    for (i, kind) in typed.iter().enumerate().take(MOST_TYPES) {
        let path = |name: &str| format!("appointment_types.{i}.{name}");
        match check_line(&path("name"), &kind.name, 1, 40) {
            Ok(name) if !seen.insert(name.to_lowercase()) => {
                wrong.push(FieldError::new(path("name"), FieldRule::Duplicate));
            }
            Ok(name) => checked.push(AppointmentTypeForm { name, ..kind.clone() }),
            Err(error) => wrong.push(error),
        }
        wrong.extend(minutes(&path("minutes"), kind.minutes, 5, LONGEST_MINUTES));
        if !kind.minutes.is_multiple_of(5) {
            wrong.push(FieldError::new(path("minutes"), FieldRule::NotAligned).bound(5));
        }
    }
    if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn northgate() -> ClinicProfile {
        ClinicProfile {
            name: "  Northgate   Clinic ".to_owned(),
            short_name: "Northgate".to_owned(),
            street: "3 Northgate Plaza".to_owned(),
            city: "Northgate".to_owned(),
            post_code: "10463".to_owned(),
            phone: "+1 555 010 0100".to_owned(),
            time_zone: "America/New_York".to_owned(),
            language: "en".to_owned(),
            colour: "#0B5C57".to_owned(),
        }
    }

    #[test]
    fn a_profile_is_stored_trimmed_and_in_one_spelling() {
        let checked = profile("profile", &northgate()).unwrap();
        assert_eq!(checked.name, "Northgate Clinic");
        assert_eq!(checked.phone, "+15550100100");
        assert_eq!(checked.colour, "#0b5c57");
    }

    #[test]
    fn each_bad_field_of_a_profile_is_named() {
        let bad = ClinicProfile {
            name: String::new(),
            time_zone: "Mars/Olympus".to_owned(),
            colour: "teal".to_owned(),
            phone: "12".to_owned(),
            ..northgate()
        };
        let fields: Vec<_> = profile("profile", &bad).unwrap_err().into_iter().map(|e| e.field).collect();
        for field in ["profile.name", "profile.time_zone", "profile.colour", "profile.phone"] {
            assert!(fields.iter().any(|found| found == field), "{field} is wrong, got {fields:?}");
        }
    }

    #[test]
    fn two_kinds_of_appointment_cannot_have_one_name() {
        let kind = |name: &str| AppointmentTypeForm { id: None, name: name.to_owned(), minutes: 30 };
        let wrong = types(&[kind("Check-up"), kind("check-up ")]).unwrap_err();
        assert_eq!(wrong, [FieldError::new("appointment_types.1.name", FieldRule::Duplicate)]);
    }

    #[test]
    fn a_slot_is_one_of_the_lengths_a_clock_can_be_cut_into() {
        let wrong = hours(&clinic_domain::scheduling::hours::default_week(), 7);
        assert_eq!(wrong, [FieldError::new("slot_minutes", FieldRule::OutOfRange).bound(5)]);
    }
}
