//! What the interface reads and sends about the clinic and its settings.

use clinic_domain::id::{ActionId, AppointmentTypeId, SpecialtyId};
use clinic_domain::scheduling::hours::{ClosedDay, WeeklyHours};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The clinic as every screen needs it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClinicView {
    /// What may be edited.
    pub profile: ClinicProfile,
    /// Weekly opening hours.
    pub hours: WeeklyHours,
    /// Minutes of one slot.
    pub slot_minutes: u16,
    /// Days on which the clinic is closed, soonest first.
    pub closed_days: Vec<ClosedDay>,
    /// Kinds of appointment in the order of their keys.
    pub appointment_types: Vec<AppointmentTypeView>,
    /// Managed list of specialties, by name.
    pub specialties: Vec<SpecialtyView>,
    /// Minutes of waiting after which an arrival counts as late.
    pub late_after_minutes: u16,
    /// A store filled with invented people: marked so on screen.
    pub is_demo: bool,
    /// Revision, to be sent back with a change.
    pub rev: u32,
}

/// Name, address and look of the clinic (AU-20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ClinicProfile {
    /// Full name, 1 to 80 characters.
    pub name: String,
    /// Short name, up to 24 characters.
    pub short_name: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// Post code.
    pub post_code: String,
    /// Phone.
    pub phone: String,
    /// IANA zone, for example `America/New_York`.
    pub time_zone: String,
    /// Language of the interface as BCP 47.
    pub language: String,
    /// The clinic's colour as `#rrggbb`.
    pub colour: String,
}

/// A kind of appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AppointmentTypeView {
    /// Its id.
    pub id: AppointmentTypeId,
    /// Its name.
    pub name: String,
    /// Its usual length.
    pub minutes: u16,
}

/// An entry of the managed list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SpecialtyView {
    /// Its id.
    pub id: SpecialtyId,
    /// Its name.
    pub name: String,
}

/// A change to the clinic's settings. Every part is replaced as it stands here.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditClinic {
    /// Revision that was edited.
    pub rev: u32,
    /// Name, address and look.
    pub profile: ClinicProfile,
    /// Weekly opening hours.
    pub hours: WeeklyHours,
    /// Minutes of one slot: 5, 10, 15, 20, 30 or 60.
    pub slot_minutes: u16,
    /// Days on which the clinic is closed.
    pub closed_days: Vec<ClosedDay>,
    /// Kinds of appointment; one without id is new, one left out is retired.
    pub appointment_types: Vec<AppointmentTypeForm>,
    /// Minutes of waiting after which an arrival counts as late, 1 to 240.
    pub late_after_minutes: u16,
}

/// A kind of appointment as it is edited.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AppointmentTypeForm {
    /// `None` makes a new one.
    pub id: Option<AppointmentTypeId>,
    /// Its name, 1 to 40 characters, unique.
    pub name: String,
    /// Its usual length, a multiple of 5, up to 480.
    pub minutes: u16,
}

/// What came of a change to the settings.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClinicChanged {
    /// The act, for undo.
    pub action_id: ActionId,
    /// The settings as they are now.
    pub clinic: ClinicView,
}
