//! The record of a doctor (PE-5) and the rules for what may be written in it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::contact::Region;
use crate::id::SpecialtyId;
use crate::scheduling::hours::WeeklyHours;
use crate::time::NaiveDate;
use crate::validation::FieldError;

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
/// character as it is; `None` or empty accepts every number and none. `slot_minutes` is the clinic's.
///
/// # Errors
/// Every field that cannot be accepted, in the order of the form.
pub fn check_doctor(
    form: &DoctorForm,
    licence_pattern: Option<&str>,
    slot_minutes: u16,
    region: Region,
) -> Result<DoctorForm, Vec<FieldError>> {
    let _ = (form, licence_pattern, slot_minutes, region);
    todo!()
}

/// What stands above the column when nobody said otherwise: the family name, at most 14 characters.
pub fn default_short_name(family_name: &str) -> String {
    let _ = family_name;
    todo!()
}
