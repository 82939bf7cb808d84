//! What the interface reads and sends about emergency access.

use clinic_domain::directory::patient::Sex;
use clinic_domain::id::{ActionId, EmergencyId, PatientId};
use clinic_domain::identity::emergency::EmergencyReason;
use clinic_domain::time::{Instant, NaiveDate};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::audit::view::Op;
use crate::paging::Paging;

/// What is shown of a patient whose record is closed to the reader: enough to know who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ClosedRecord {
    /// Who.
    pub id: PatientId,
    /// Account number.
    pub public_id: String,
    /// "Given Surname".
    pub name: String,
    /// Gender.
    pub sex: Sex,
    /// Whole years today.
    pub age: u16,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// "Dr Given Surname" of the usual doctor.
    pub doctor_name: Option<String>,
    /// The usual doctor has an account, and would be told.
    pub doctor_told: bool,
    /// For how many minutes a record is opened in an emergency.
    pub minutes: u16,
    /// When it would close if it were opened now.
    pub until: Instant,
}

/// Opens the record of somebody else's patient in an emergency.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct OpenInEmergency {
    /// Made by the interface once per dialog, so that a double Enter opens it once.
    pub request_id: ActionId,
    /// Whose.
    pub patient_id: PatientId,
    /// Why.
    pub reason: EmergencyReason,
    /// In the doctor's words, 12 to 500 characters.
    pub words: String,
}

/// Prolongs an emergency access, once.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ExtendEmergency {
    /// Which one.
    pub id: EmergencyId,
    /// Why it takes longer.
    pub reason: EmergencyReason,
    /// In the doctor's words, 12 to 500 characters.
    pub words: String,
}

/// Closes a record that was opened in an emergency.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EndEmergency {
    /// Which one.
    pub id: EmergencyId,
}

/// The emergency access that runs in this session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RunningEmergency {
    /// Which one.
    pub id: EmergencyId,
    /// Whose record.
    pub patient_id: PatientId,
    /// "Given Surname".
    pub patient: String,
    /// Why.
    pub reason: EmergencyReason,
    /// In the doctor's words.
    pub words: String,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Seconds until it closes by itself.
    pub seconds_left: u32,
    /// Seconds that it lasts in all.
    pub seconds: u32,
    /// There may be more time, with a second reason.
    pub may_extend: bool,
    /// What was read, the latest first, up to 50.
    pub opened: Vec<EmergencyRead>,
    /// Who was told.
    pub told: Vec<EmergencyTold>,
}

/// Something that was read in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct EmergencyRead {
    /// When.
    pub at: Instant,
    /// What.
    pub op: Op,
}

/// Somebody who was told of an emergency access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct EmergencyTold {
    /// "Given Surname".
    pub name: String,
    /// When.
    pub at: Instant,
    /// When they read it.
    pub read_at: Option<Instant>,
}

/// Asks for a page of emergency accesses. Sorts: `from`, `who`, `patient`.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListEmergencies {
    /// Only those that nobody has looked at.
    pub unreviewed: bool,
    /// Which page.
    pub paging: Paging,
}

/// A page of emergency accesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct EmergencyPage {
    /// The rows.
    pub rows: Vec<EmergencyRow>,
    /// How many match.
    pub total: u32,
    /// How many nobody has looked at.
    pub unreviewed: u32,
}

/// An emergency access for whoever reviews it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct EmergencyRow {
    /// Which one.
    pub id: EmergencyId,
    /// Who opened it: "Given Surname".
    pub by: String,
    /// Account number of that person.
    pub by_public_id: String,
    /// On which device.
    pub device: String,
    /// Whose record.
    pub patient_id: PatientId,
    /// "Surname, Given".
    pub patient: String,
    /// Account number of the patient.
    pub patient_public_id: String,
    /// Why.
    pub reason: EmergencyReason,
    /// In the doctor's words.
    pub words: String,
    /// Why it was prolonged.
    pub second_reason: Option<EmergencyReason>,
    /// In the doctor's words.
    pub second_words: String,
    /// Since when.
    pub from: Instant,
    /// When it was, or will be, over.
    pub over: Instant,
    /// It is open now.
    pub open: bool,
    /// What was read, the latest first, up to 50.
    pub opened: Vec<EmergencyRead>,
    /// What became of it.
    pub review: Option<EmergencyReview>,
}

/// An administrator has looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct EmergencyReview {
    /// When.
    pub at: Instant,
    /// Who: "Given Surname".
    pub by: String,
    /// What they remarked, or empty.
    pub remark: String,
}

/// Writes down that an emergency access was looked at.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ReviewEmergency {
    /// Which one.
    pub id: EmergencyId,
    /// A remark, up to 500 characters, or empty.
    pub remark: String,
}
