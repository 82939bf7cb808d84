//! What the interface asks for and reads as lists of appointments and of free slots; named through [`super::view`].

use clinic_domain::id::{DoctorId, PatientId, SpecialtyId};
use clinic_domain::time::{Instant, NaiveDate};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::view::AppointmentBox;

/// Asks for the next free slots over doctors and days (AP-3, FD-4).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct NextFree {
    /// From this day on.
    pub from: NaiveDate,
    /// From this wall-clock minute on, on the first day.
    pub from_minute: u16,
    /// At least this long.
    pub minutes: u16,
    /// Which doctors; empty means all that can be booked.
    pub doctor_ids: Vec<DoctorId>,
    /// Only doctors with this specialty.
    pub specialty_id: Option<SpecialtyId>,
    /// How many, 1 to 50.
    pub limit: u32,
    /// How many days ahead, 1 to 366.
    pub days: u16,
}

/// Asks for a page of a patient's appointments, latest first.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListAppointments {
    /// Whose; `None` with a doctor lists the doctor's.
    pub patient_id: Option<PatientId>,
    /// With whom.
    pub doctor_id: Option<DoctorId>,
    /// Which page, from 0; 50 rows each.
    pub page: u32,
}

/// A page of appointments.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AppointmentPage {
    /// The rows.
    pub rows: Vec<AppointmentRow>,
    /// How many there are.
    pub total: u32,
}

/// An appointment in a list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AppointmentRow {
    /// As the grid draws it.
    pub summary: AppointmentBox,
    /// "Dr Given Surname".
    pub doctor: String,
    /// What was done last.
    pub last_op: Option<crate::audit::view::Op>,
    /// By whom.
    pub last_by: String,
    /// When.
    pub last_at: Option<Instant>,
}
