//! The record of a patient (PE-1, PE-2) and the rules for what may be written in it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::birth::check_birth_date;
use super::contact::{Region, check_email, check_phone};
use crate::id::DoctorId;
use crate::time::NaiveDate;
use crate::validation::{FieldError, FieldErrors, FieldRule, check_line, check_lines};

/// Administrative gender, FHIR R4 `AdministrativeGender`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Other.
    Other,
    /// Not asked, or not told.
    Unknown,
}

/// How the clinic may reach a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ContactChannel {
    /// A call.
    Call,
    /// A text message.
    Sms,
    /// A letter by e-mail.
    Email,
    /// Not at all.
    None,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// An allergy.
    Allergy,
    /// A clinical risk.
    Risk,
    /// What the patient needs to come in: a step-free room, an interpreter.
    Access,
    /// Anything else the desk must see.
    Note,
}

/// Shown on every screen that shows the patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// In words, 1 to 200 characters.
    pub text: String,
}

/// Whom to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EmergencyContact {
    /// Full name.
    pub name: String,
    /// What they are to the patient.
    pub relation: String,
    /// Phone number.
    pub phone: String,
}

/// How far a record has been checked (PE-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Validation {
    /// Nobody has checked it.
    Pending,
    /// A doctor has.
    DoctorValidated,
    /// A doctor and the desk have.
    FullValidated,
    /// It was found wrong.
    Rejected,
}

/// What a person types about a patient. Required: both names and the birth date; everything else may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct PatientForm {
    /// Family name, 1 to 80 characters.
    pub family_name: String,
    /// Given names, 1 to 80 characters.
    pub given_names: String,
    /// The name the patient goes by, or empty.
    pub called: String,
    /// Birth date, not in the future and not before 1880.
    pub birth_date: Option<NaiveDate>,
    /// Administrative gender.
    pub sex: Sex,
    /// Pregnant; `None` when not asked.
    pub is_pregnant: Option<bool>,
    /// Phone, stored as E.164.
    pub phone: String,
    /// A second phone.
    pub phone_other: String,
    /// E-mail address.
    pub email: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// Post code.
    pub post_code: String,
    /// Preferred language as BCP 47, for example `en` or `ig`; empty when unknown.
    pub language: String,
    /// Preferred channel.
    pub channel: ContactChannel,
    /// Whom to call; up to 5.
    pub emergency_contacts: Vec<EmergencyContact>,
    /// Alerts; up to 20.
    pub alerts: Vec<Alert>,
    /// The doctor who usually sees the patient.
    pub doctor_id: Option<DoctorId>,
    /// Remarks for the desk, up to 2000 characters.
    pub notes: String,
}

pub use super::birth::{EARLIEST_BIRTH_YEAR, age_on};
pub use super::duplicate::{Alike, PersonFacts, SameField, looks_alike};

/// The form as it is to be stored: trimmed, inner blanks single, NFC, phones as E.164, e-mail in lower case.
///
/// # Errors
/// Every field that cannot be accepted, in the order of the form. A birth date in the future suggests the same date a
/// century earlier.
pub fn check_patient(
    form: &PatientForm,
    today: NaiveDate,
    region: Region,
) -> Result<PatientForm, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    let checked = PatientForm {
        family_name: errors.take(check_line("family_name", &form.family_name, 1, 80)),
        given_names: errors.take(check_line("given_names", &form.given_names, 1, 80)),
        called: errors.take(check_line("called", &form.called, 0, 80)),
        birth_date: errors.take(check_birth_date("birth_date", form.birth_date, today)),
        sex: form.sex,
        is_pregnant: form.is_pregnant,
        phone: errors.take(check_phone("phone", &form.phone, region)),
        phone_other: errors.take(check_phone("phone_other", &form.phone_other, region)),
        email: errors.take(check_email("email", &form.email)),
        street: errors.take(check_line("street", &form.street, 0, 120)),
        city: errors.take(check_line("city", &form.city, 0, 80)),
        post_code: errors.take(check_line("post_code", &form.post_code, 0, 16)),
        language: errors.take(check_language("language", &form.language)),
        channel: form.channel,
        emergency_contacts: check_emergency_contacts(&form.emergency_contacts, region, &mut errors),
        alerts: check_alerts(&form.alerts, &mut errors),
        doctor_id: form.doctor_id,
        notes: errors.take(check_lines("notes", &form.notes, 0, 2000)),
    };
    errors.into_result(checked)
}

/// A language tag by the shape of RFC 5646: a language of two or three letters, then subtags of up to eight letters or
/// digits. Whether the tag is registered is not asked.
///
/// # Errors
/// `malformed`; empty stays empty.
pub fn check_language(field: &str, text: &str) -> Result<String, FieldError> {
    let tag = text.trim();
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let well_formed = (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
        && tag.len() <= 35;
    if tag.is_empty() || well_formed {
        Ok(tag.to_owned())
    } else {
        Err(FieldError::new(field, FieldRule::Malformed))
    }
}

fn check_emergency_contacts(
    contacts: &[EmergencyContact],
    region: Region,
    errors: &mut FieldErrors,
) -> Vec<EmergencyContact> {
    if contacts.len() > 5 {
        errors.0.push(FieldError::new("emergency_contacts", FieldRule::TooLong).bound(5));
        return Vec::new();
    }
    let mut checked: Vec<EmergencyContact> = Vec::new();
    for (index, contact) in contacts.iter().enumerate() {
        let path = |part: &str| format!("emergency_contacts.{index}.{part}");
        if contact.phone.trim().is_empty() {
            errors.add(path("phone"), FieldRule::Required);
        }
        let contact = EmergencyContact {
            name: errors.take(check_line(&path("name"), &contact.name, 1, 80)),
            relation: errors.take(check_line(&path("relation"), &contact.relation, 0, 40)),
            phone: errors.take(check_phone(&path("phone"), &contact.phone, region)),
        };
        if checked.contains(&contact) {
            errors.add(path("name"), FieldRule::Duplicate);
        }
        checked.push(contact);
    }
    checked
}

fn check_alerts(alerts: &[Alert], errors: &mut FieldErrors) -> Vec<Alert> {
    if alerts.len() > 20 {
        errors.0.push(FieldError::new("alerts", FieldRule::TooLong).bound(20));
        return Vec::new();
    }
    let mut checked: Vec<Alert> = Vec::new();
    for (index, alert) in alerts.iter().enumerate() {
        let path = format!("alerts.{index}.text");
        let alert = Alert { kind: alert.kind, text: errors.take(check_line(&path, &alert.text, 1, 200)) };
        if !alert.text.is_empty() && checked.contains(&alert) {
            errors.add(path, FieldRule::Duplicate);
        }
        checked.push(alert);
    }
    checked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn form() -> PatientForm {
        PatientForm {
            family_name: "Okafor".into(),
            given_names: "Ngozi".into(),
            called: String::new(),
            birth_date: Some(date("1988-03-12")),
            sex: Sex::Female,
            is_pregnant: None,
            phone: "+15550142288".into(),
            phone_other: String::new(),
            email: "ngozi@example.org".into(),
            street: "1 Main Street".into(),
            city: "Springfield".into(),
            post_code: "12345".into(),
            language: "ig".into(),
            channel: ContactChannel::Sms,
            emergency_contacts: vec![contact("Ada")],
            alerts: vec![alert("Penicillin")],
            doctor_id: None,
            notes: "Prefers mornings.\nAsks for Lee.".into(),
        }
    }

    fn contact(name: &str) -> EmergencyContact {
        EmergencyContact { name: name.into(), relation: "Sister".into(), phone: "+15550142299".into() }
    }

    fn alert(text: &str) -> Alert {
        Alert { kind: AlertKind::Allergy, text: text.into() }
    }

    fn check(form: &PatientForm) -> Result<PatientForm, Vec<FieldError>> {
        check_patient(form, date("2026-11-24"), Region::US)
    }

    /// The paths and rules of the errors after a change to a good form.
    fn wrong(change: impl FnOnce(&mut PatientForm)) -> Vec<(String, FieldRule)> {
        let mut changed = form();
        change(&mut changed);
        check(&changed).unwrap_err().into_iter().map(|e| (e.field, e.rule)).collect()
    }

    #[test]
    fn a_good_form_is_stored_as_it_is_and_a_sloppy_one_tidied() {
        assert_eq!(check(&form()), Ok(form()));
        let sloppy = PatientForm {
            family_name: "  Okafor ".into(),
            phone: "(555) 014-2288".into(),
            email: "Ngozi@Example.ORG".into(),
            street: "1  Main   Street".into(),
            notes: "Prefers mornings.\r\nAsks for Lee.\n".into(),
            ..form()
        };
        assert_eq!(check(&sloppy), Ok(form()));
    }

    #[test]
    fn both_names_and_the_birth_date_are_required_and_nothing_else() {
        let mut least = form();
        least.phone.clear();
        least.email.clear();
        least.street.clear();
        least.city.clear();
        least.post_code.clear();
        least.language.clear();
        least.notes.clear();
        least.emergency_contacts.clear();
        least.alerts.clear();
        assert_eq!(check(&least), Ok(least.clone()));
        let none = wrong(|f| {
            f.family_name.clear();
            f.given_names = " ".into();
            f.birth_date = None;
        });
        let required = |field: &str| (field.to_owned(), FieldRule::Required);
        assert_eq!(none, [required("family_name"), required("given_names"), required("birth_date")]);
    }

    #[test]
    fn each_limit_is_kept() {
        type Change = fn(&mut PatientForm);
        let cases: [(Change, &str, FieldRule); 15] = [
            (|f| f.family_name = "x".repeat(81), "family_name", FieldRule::TooLong),
            (|f| f.given_names = "a\u{0}b".into(), "given_names", FieldRule::BadCharacter),
            (|f| f.called = "x".repeat(81), "called", FieldRule::TooLong),
            (|f| f.birth_date = NaiveDate::from_ymd_opt(1879, 12, 31), "birth_date", FieldRule::OutOfRange),
            (|f| f.phone = "555".into(), "phone", FieldRule::TooShort),
            (|f| f.phone_other = "call me".into(), "phone_other", FieldRule::BadCharacter),
            (|f| f.email = "ngozi@".into(), "email", FieldRule::Malformed),
            (|f| f.street = "x".repeat(121), "street", FieldRule::TooLong),
            (|f| f.city = "x\ny".into(), "city", FieldRule::BadCharacter),
            (|f| f.post_code = "x".repeat(17), "post_code", FieldRule::TooLong),
            (|f| f.language = "english!".into(), "language", FieldRule::Malformed),
            (|f| f.emergency_contacts[0].phone.clear(), "emergency_contacts.0.phone", FieldRule::Required),
            (|f| f.emergency_contacts = vec![contact("A"); 6], "emergency_contacts", FieldRule::TooLong),
            (|f| f.alerts.push(alert("Penicillin")), "alerts.1.text", FieldRule::Duplicate),
            (|f| f.notes = "x".repeat(2001), "notes", FieldRule::TooLong),
        ];
        for (change, field, rule) in cases {
            assert_eq!(wrong(change), [(field.to_owned(), rule)]);
        }
    }

    #[test]
    fn a_birth_date_in_the_future_suggests_a_century_earlier() {
        let suggestion = |birth: &str| {
            let errors = check(&PatientForm { birth_date: Some(date(birth)), ..form() }).unwrap_err();
            (errors[0].rule, errors[0].suggestion.clone())
        };
        assert_eq!(suggestion("2056-02-29"), (FieldRule::InFuture, Some("1956-02-29".into())));
        assert_eq!(suggestion("2026-11-25"), (FieldRule::InFuture, Some("1926-11-25".into())));
        assert_eq!(suggestion("2156-01-01"), (FieldRule::InFuture, None));
        assert!(check(&PatientForm { birth_date: Some(date("2026-11-24")), ..form() }).is_ok(), "born today");
    }

    #[test]
    fn language_tags_have_the_shape_of_rfc_5646() {
        for good in ["", "en", "ig", "pt-BR", "zh-Hant-TW", "de-CH-1996"] {
            assert_eq!(check_language("l", good).as_deref(), Ok(good));
        }
        for bad in ["e", "engl", "en_US", "en-", "-en", "en-toolongsubtag", "é"] {
            assert_eq!(check_language("l", bad).unwrap_err().rule, FieldRule::Malformed, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_unchanged_the_second_time(
            family in "\\PC{0,20}", notes in "[ -~\n\t]{0,40}", street in "\\PC{0,30}",
        ) {
            let typed = PatientForm { family_name: family, notes, street, ..form() };
            if let Ok(stored) = check(&typed) {
                prop_assert_eq!(check(&stored), Ok(stored.clone()));
            }
        }
    }
}
