//! What the interface reads and sends about appointments. Times are wall-clock minutes of a local day, so that the
//! interface does no arithmetic with zones.

pub use super::view_lists::{AppointmentPage, AppointmentRow, ListAppointments, NextFree};
use clinic_domain::directory::patient::{Alert, Sex};
use clinic_domain::id::{ActionId, AppointmentId, AppointmentTypeId, DoctorId, PatientId, SpecialtyId};
pub use clinic_domain::scheduling::availability::ClosedKind;
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Fold, Instant, NaiveDate, Span};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A free slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Opening {
    /// With whom.
    pub doctor_id: DoctorId,
    /// The doctor's short name.
    pub doctor: String,
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute at which it starts.
    pub start: u16,
    /// Free minutes from there.
    pub minutes: u16,
}

/// An appointment as the grid draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AppointmentBox {
    /// Which one.
    pub id: AppointmentId,
    /// Revision, to be sent back with a change.
    pub rev: u32,
    /// With whom.
    pub doctor_id: DoctorId,
    /// For whom.
    pub patient_id: PatientId,
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute of the start.
    pub start: u16,
    /// Wall-clock minute of the end.
    pub end: u16,
    /// Where it stands.
    pub status: Status,
    /// Surname.
    pub surname: String,
    /// "Surname, I."
    pub short_name: String,
    /// "Given Surname".
    pub full_name: String,
    /// Kind of appointment.
    pub type_name: String,
    /// The room, when the patient is in one.
    pub room: String,
    /// When the patient arrived.
    pub arrived_at: Option<Instant>,
    /// Minutes waited when the view was made; the interface counts on from there.
    pub waited: Option<u16>,
    /// The patient has an alert.
    pub alert: bool,
}

/// A closed part of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ClosedSpan {
    /// Wall-clock span.
    pub span: Span,
    /// Why.
    pub kind: ClosedKind,
    /// The reason or name that was entered, or empty.
    pub words: String,
}

/// One doctor on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Column {
    /// Who.
    pub doctor_id: DoctorId,
    /// Local date.
    pub date: NaiveDate,
    /// What is closed, in order, without overlaps.
    pub closed: Vec<ClosedSpan>,
    /// What can be booked from now on: open, free and not past, in order.
    pub free: Vec<Span>,
    /// Bookable minutes of the day, free or not.
    pub open_minutes: u16,
    /// Minutes that are booked.
    pub booked_minutes: u16,
    /// The doctor is away all day.
    pub away: bool,
}

/// A doctor as the grid's head shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DoctorHead {
    /// Who.
    pub id: DoctorId,
    /// What stands above the column.
    pub short_name: String,
    /// "Dr Given Surname".
    pub name: String,
    /// First specialty's name.
    pub specialty: String,
    /// First specialty.
    pub specialty_id: Option<SpecialtyId>,
}

/// How many appointments of a day have a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct StatusCount {
    /// The status.
    pub status: Status,
    /// How many.
    pub count: u32,
}

/// The clock of the clinic at the moment a view was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ClinicClock {
    /// Today in the clinic's zone.
    pub today: NaiveDate,
    /// Wall-clock minute.
    pub minute: u16,
    /// Seconds into that minute.
    pub second: u16,
    /// The instant.
    pub instant: Instant,
}

/// Asks for days of the schedule: one day, or a week of one or several doctors.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ViewSchedule {
    /// First day.
    pub from: NaiveDate,
    /// How many days, 1 to 7.
    pub days: u8,
    /// Which doctors; empty means those the signed-in person sees by default (a doctor: the own schedule).
    pub doctor_ids: Vec<DoctorId>,
}

/// Days of the schedule, everything a day or week view draws.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ScheduleView {
    /// First day.
    pub from: NaiveDate,
    /// The clock.
    pub clock: ClinicClock,
    /// First minute worth drawing on any of these days, on the hour.
    pub first_minute: u16,
    /// Last minute worth drawing, on the hour.
    pub last_minute: u16,
    /// Minutes of one slot.
    pub slot_minutes: u16,
    /// Minutes of waiting after which an arrival counts as late.
    pub late_after_minutes: u16,
    /// The doctors in their order.
    pub doctors: Vec<DoctorHead>,
    /// One for each doctor and day, doctors first.
    pub columns: Vec<Column>,
    /// All appointments of these days, cancelled ones included, in order of their start.
    pub appointments: Vec<AppointmentBox>,
    /// How many of each status.
    pub counts: Vec<StatusCount>,
    /// Patients waiting now, today, longest first.
    pub waiting: Vec<AppointmentBox>,
    /// First ten openings of these doctors from now on, one slot long or longer.
    pub openings: Vec<Opening>,
}

/// Asks for a month as counts.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ViewMonth {
    /// Any day of the month.
    pub month: NaiveDate,
    /// Which doctors; empty as for [`ViewSchedule`].
    pub doctor_ids: Vec<DoctorId>,
}

/// A month as counts.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MonthView {
    /// The clock.
    pub clock: ClinicClock,
    /// The days of the whole weeks that touch the month, Monday first.
    pub days: Vec<MonthDay>,
    /// Booked in the month itself.
    pub booked: u32,
    /// No-shows in the month itself.
    pub no_shows: u32,
}

/// One day of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MonthDay {
    /// Local date.
    pub date: NaiveDate,
    /// Appointments that hold or held their slot.
    pub booked: u32,
    /// No-shows.
    pub no_shows: u32,
    /// Cancelled ones.
    pub cancelled: u32,
    /// Bookable minutes, free or not.
    pub open_minutes: u32,
    /// Booked minutes.
    pub booked_minutes: u32,
    /// Free slots from now on.
    pub free_slots: u32,
    /// The first of them.
    pub first_free: Option<u16>,
    /// Doctors who are away all day.
    pub away: u16,
    /// The day's name when the clinic is closed on it.
    pub closed: Option<String>,
}

/// One line of an appointment's history.
#[derive(Debug, Clone, Serialize, Type)]
pub struct HistoryLine {
    /// When.
    pub at: Instant,
    /// Wall-clock date of it.
    pub date: NaiveDate,
    /// Wall-clock minute of it.
    pub minute: u16,
    /// What was done.
    pub op: crate::audit::view::Op,
    /// Who did it.
    pub actor: String,
    /// On which device.
    pub device: String,
    /// What changed.
    pub changes: Vec<crate::audit::view::FieldChange>,
}

/// Everything about one appointment, for the drawer.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AppointmentView {
    /// As the grid draws it.
    pub summary: AppointmentBox,
    /// "Dr Given Surname".
    pub doctor: String,
    /// Kind of appointment.
    pub type_id: Option<AppointmentTypeId>,
    /// Reason for the visit; empty where the record is closed to the reader.
    pub reason: String,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
    /// In words; empty where the record is closed to the reader.
    pub cancel_note: String,
    /// Steps that are lawful now.
    pub next: Vec<Status>,
    /// Patient: account number.
    pub public_id: String,
    /// Patient: gender.
    pub sex: Sex,
    /// Patient: whole years.
    pub age: u16,
    /// Patient: birth date.
    pub birth_date: NaiveDate,
    /// Patient: a part of the record; `None` where that is closed to the reader.
    pub record: Option<RecordPart>,
    /// What happened to it, latest first, up to 50; only what and by whom where the record is closed to the reader.
    pub history: Vec<HistoryLine>,
}

/// What of a patient's record stands beside an appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RecordPart {
    /// Phone as written for people.
    pub phone: String,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Preferred language.
    pub language: String,
    /// Remarks for the desk.
    pub notes: String,
    /// Completed visits.
    pub visits: u32,
    /// Date of the last one.
    pub last_visit: Option<NaiveDate>,
    /// No-shows.
    pub no_shows: u32,
}

/// Why an appointment is cancelled (AP-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The patient asked for it.
    PatientAsked,
    /// The patient is ill.
    PatientIll,
    /// The doctor cannot.
    DoctorUnavailable,
    /// It was booked by mistake.
    BookedByMistake,
    /// Anything else, said in the note.
    Other,
}

/// A slot as a person points at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// With whom.
    pub doctor_id: DoctorId,
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute of the start.
    pub start: u16,
    /// Length.
    pub minutes: u16,
    /// Which of the two when the time happens twice.
    pub fold: Option<Fold>,
}

/// Books an appointment (AP-1).
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct BookAppointment {
    /// Made by the interface once per sheet, so that a double Enter books once.
    pub request_id: ActionId,
    /// Where.
    pub place: Place,
    /// For whom.
    pub patient_id: PatientId,
    /// Kind of appointment.
    pub type_id: Option<AppointmentTypeId>,
    /// Reason for the visit, up to 500 characters.
    pub reason: String,
}

/// Moves an appointment, or changes its length (AP-6).
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Reschedule {
    /// Which one.
    pub id: AppointmentId,
    /// Revision that was seen.
    pub rev: u32,
    /// Where to.
    pub place: Place,
}

/// Takes a step of the life cycle (AP-4).
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ChangeStatus {
    /// Which one.
    pub id: AppointmentId,
    /// Revision that was seen.
    pub rev: u32,
    /// Where to.
    pub to: Status,
    /// Needed to cancel, refused otherwise.
    pub cancel_reason: Option<CancelReason>,
    /// In words, up to 200 characters; needed for [`CancelReason::Other`].
    pub note: String,
    /// Room, up to 24 characters, when taken to one.
    pub room: String,
}

/// What came of a change to an appointment.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AppointmentChanged {
    /// The act, for undo.
    pub action_id: ActionId,
    /// What was done.
    pub op: crate::audit::view::Op,
    /// The appointment as it is now.
    pub appointment: AppointmentBox,
    /// The doctor's short name.
    pub doctor: String,
}
