//! What the interface sends to set up a clinic.

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::id::ActionId;
use clinic_domain::identity::secret::Secret;
use clinic_domain::scheduling::hours::WeeklyHours;
use serde::Deserialize;
use specta::Type;

use crate::clinic::view::ClinicProfile;
use crate::identity::view::AccountForm;

/// Sets up the clinic and its first administrator (AU-20).
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SetUpClinic {
    /// Made by the interface once, so that a double Enter sets up once.
    pub request_id: ActionId,
    /// The first administrator.
    pub admin: AccountForm,
    /// The administrator's password.
    pub password: Secret,
    /// Name, address and look.
    pub profile: ClinicProfile,
    /// Weekly opening hours.
    pub hours: WeeklyHours,
    /// Minutes of one slot.
    pub slot_minutes: u16,
    /// The first doctors; may be empty. Specialties by name.
    pub doctors: Vec<FirstDoctor>,
    /// Fill with invented people as well (AD-12); the store is then marked as a demo for good.
    pub demo: bool,
}

/// A doctor as the wizard enters one.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct FirstDoctor {
    /// The record; its specialties are empty.
    pub form: DoctorForm,
    /// Name of the specialty, or empty.
    pub specialty: String,
}
