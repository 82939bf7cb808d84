//! The record of a doctor (PE-5) and the rules for what may be written in it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::id::SpecialtyId;
use crate::scheduling::hours::WeeklyHours;
use crate::time::NaiveDate;

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
