//! What the interface reads and sends about the clinic, its patients and its doctors.

use clinic_domain::directory::doctor::DoctorForm;
pub use clinic_domain::directory::duplicate::SameField;
use clinic_domain::directory::patient::{Alert, PatientForm, Sex, Validation};
use clinic_domain::id::{ActionId, DoctorId, ExceptionId, PatientId, SpecialtyId};
use clinic_domain::scheduling::hours::{Exception, ExceptionKind};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Instant, NaiveDate, Span};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::paging::Paging;

/// A patient found while typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PatientHit {
    /// Who.
    pub id: PatientId,
    /// Account number, `PAT` + 8 digits.
    pub public_id: String,
    /// "Surname, Given".
    pub name: String,
    /// Which characters of `name` matched, in UTF-16 units as the webview counts.
    pub matched: Vec<Span>,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Whole years today.
    pub age: u16,
    /// Last four digits of the phone, or empty.
    pub phone_tail: String,
    /// Has an alert.
    pub alert: bool,
}

/// A person who looks like the one being added.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DuplicateHit {
    /// Who.
    pub id: PatientId,
    /// Account number.
    pub public_id: String,
    /// "Surname, Given".
    pub name: String,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Phone as written for people.
    pub phone: String,
    /// Surely the same: name, birth date and phone agree.
    pub exact: bool,
    /// What agrees, in codes the interface has words for.
    pub same: Vec<SameField>,
}

/// Adds a patient (PE-1).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AddPatient {
    /// Made by the interface once per form, so that a double Enter adds one patient.
    pub request_id: ActionId,
    /// The record.
    pub form: PatientForm,
    /// Add although somebody looks alike.
    pub accept_duplicates: bool,
}

/// Edits a patient's record.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditPatient {
    /// Who.
    pub id: PatientId,
    /// Revision that was edited.
    pub rev: u32,
    /// The whole record as it shall be.
    pub form: PatientForm,
}

/// Archives a patient or brings one back.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ArchivePatient {
    /// Who.
    pub id: PatientId,
    /// Revision that was seen.
    pub rev: u32,
    /// True archives, false brings back.
    pub archived: bool,
}

/// What came of a change to a patient.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PatientChanged {
    /// The act, for undo.
    pub action_id: ActionId,
    /// The record as it is now.
    pub patient: PatientView,
}

/// The record of a patient.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PatientView {
    /// Who.
    pub id: PatientId,
    /// Account number.
    pub public_id: String,
    /// Revision, to be sent back with a change.
    pub rev: u32,
    /// The record itself.
    pub form: PatientForm,
    /// "Surname, Given".
    pub name: String,
    /// Whole years today.
    pub age: u16,
    /// How far the record has been checked.
    pub validation: Validation,
    /// When it was archived.
    pub archived_at: Option<Instant>,
    /// The usual doctor's full name.
    pub doctor_name: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
    /// Who changed it last.
    pub changed_by: String,
    /// Appointments in all.
    pub appointments: u32,
    /// No-shows among them.
    pub no_shows: u32,
    /// Number of the own account, if the patient has one (AU-3).
    pub account: Option<String>,
}

/// A row of the list of patients.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PatientRow {
    /// Who.
    pub id: PatientId,
    /// Account number.
    pub public_id: String,
    /// "Surname, Given".
    pub name: String,
    /// Gender.
    pub sex: Sex,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Whole years today.
    pub age: u16,
    /// Phone as written for people.
    pub phone: String,
    /// The usual doctor's short name.
    pub doctor: Option<String>,
    /// Date of the last visit.
    pub last_seen: Option<NaiveDate>,
    /// The next appointment.
    pub next: Option<NextVisit>,
    /// How far the record has been checked.
    pub validation: Validation,
    /// Alerts to show.
    pub alerts: Vec<Alert>,
    /// Archived.
    pub archived: bool,
    /// The record is closed to the reader: last and next visit and alerts are left out.
    pub closed: bool,
}

/// When a patient comes next.
#[derive(Debug, Clone, Serialize, Type)]
pub struct NextVisit {
    /// Date.
    pub date: NaiveDate,
    /// Wall-clock minute.
    pub minute: u16,
    /// Where it stands.
    pub status: Status,
}

/// Which patients a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct PatientFilter {
    /// As in the search; empty shows all.
    pub query: String,
    /// Only those of this doctor.
    pub doctor_id: Option<DoctorId>,
    /// Only those with this state.
    pub validation: Option<Validation>,
    /// Only those with an alert.
    pub with_alert: bool,
    /// Archived ones instead of the others.
    pub archived: bool,
}

/// Asks for a page of patients. Sorts: `name`, `born`, `id`, `changed`.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListPatients {
    /// Which ones.
    pub filter: PatientFilter,
    /// Which page.
    pub paging: Paging,
}

/// A page of patients.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PatientPage {
    /// The rows.
    pub rows: Vec<PatientRow>,
    /// How many match.
    pub total: u32,
    /// How many there are without a filter, archived or not as it was asked.
    pub all: u32,
}

/// A row of the list of doctors.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DoctorRow {
    /// Who.
    pub id: DoctorId,
    /// Account number, `DOC` + 8 digits.
    pub public_id: String,
    /// "Surname, Given".
    pub name: String,
    /// What stands above the column.
    pub short_name: String,
    /// First specialty's name.
    pub specialty: String,
    /// Last day of the licence.
    pub licence_until: Option<NaiveDate>,
    /// Days until then; negative when it has ended.
    pub licence_days: Option<i32>,
    /// Works here.
    pub active: bool,
}

/// Asks for a page of doctors. Sorts: `name`, `specialty`, `licence`, `id`.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListDoctors {
    /// Part of the name, id or licence; empty shows all.
    pub query: String,
    /// Only those with this specialty.
    pub specialty_id: Option<SpecialtyId>,
    /// Those who no longer work here as well.
    pub with_inactive: bool,
    /// Which page.
    pub paging: Paging,
}

/// A page of doctors.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DoctorPage {
    /// The rows.
    pub rows: Vec<DoctorRow>,
    /// How many match.
    pub total: u32,
}

/// The record of a doctor.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DoctorView {
    /// Who.
    pub id: DoctorId,
    /// Account number.
    pub public_id: String,
    /// Revision, to be sent back with a change.
    pub rev: u32,
    /// The record itself.
    pub form: DoctorForm,
    /// "Dr Given Surname".
    pub name: String,
    /// Works here.
    pub active: bool,
    /// Dated changes from today on, soonest first.
    pub exceptions: Vec<ExceptionView>,
    /// Patients who have this doctor as theirs.
    pub patients: u32,
    /// Appointments from now on.
    pub booked: u32,
    /// Appointments after the licence ends.
    pub booked_after_licence: u32,
}

/// A dated change with what follows from it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ExceptionView {
    /// The change.
    pub exception: Exception,
    /// When it was entered.
    pub entered_at: Instant,
    /// Appointments that now lie in time off.
    pub to_rebook: u32,
}

/// Adds a doctor.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AddDoctor {
    /// Made by the interface once per form.
    pub request_id: ActionId,
    /// The record.
    pub form: DoctorForm,
    /// Specialties that are not on the list yet; they are added to it and to the doctor.
    pub new_specialties: Vec<String>,
}

/// Edits a doctor's record.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditDoctor {
    /// Who.
    pub id: DoctorId,
    /// Revision that was edited.
    pub rev: u32,
    /// The whole record as it shall be.
    pub form: DoctorForm,
    /// Specialties that are not on the list yet.
    pub new_specialties: Vec<String>,
    /// Works here.
    pub active: bool,
}

/// Enters a dated change (time off or extra hours).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AddException {
    /// Made by the interface once per form.
    pub request_id: ActionId,
    /// Whose.
    pub doctor_id: DoctorId,
    /// What it does.
    pub kind: ExceptionKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive; at most 366 days.
    pub until: NaiveDate,
    /// The part of each day; `None` is the whole day. Extra hours need one.
    pub span: Option<Span>,
    /// Why, up to 120 characters.
    pub reason: String,
}

/// Takes a dated change back.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RemoveException {
    /// Whose.
    pub doctor_id: DoctorId,
    /// Which one.
    pub exception_id: ExceptionId,
}

/// What came of a change to a doctor.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DoctorChanged {
    /// The act, for undo.
    pub action_id: ActionId,
    /// The record as it is now.
    pub doctor: DoctorView,
}

/// What the palette found.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Found {
    /// Patients, best first.
    pub patients: Vec<PatientHit>,
    /// Doctors, best first.
    pub doctors: Vec<DoctorHit>,
    /// Dates the text can mean, likeliest first.
    pub dates: Vec<NaiveDate>,
}

/// A doctor found while typing.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DoctorHit {
    /// Who.
    pub id: DoctorId,
    /// "Dr Given Surname".
    pub name: String,
    /// Which characters matched, in UTF-16 units.
    pub matched: Vec<Span>,
    /// First specialty's name.
    pub specialty: String,
}

/// A text to search for and how many answers are wanted (1 to 50).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What was typed, up to 120 characters.
    pub query: String,
    /// At most this many.
    pub limit: u32,
}
