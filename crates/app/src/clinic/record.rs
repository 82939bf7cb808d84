//! The records of the clinic and of its managed lists. Their serialised form is kept in undo and, field by field, in
//! the audit log: add fields with a default, never rename one.

use chrono_tz::Tz;
use clinic_domain::id::{AppointmentTypeId, SpecialtyId};
use clinic_domain::scheduling::hours::{ClosedDay, WeeklyHours};
use clinic_domain::time::{Instant, NaiveDate, wall_of};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::view::ClinicProfile;

/// The clinic and its settings. A store has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clinic {
    /// Its id.
    pub id: Uuid,
    /// Name, address and look.
    #[serde(flatten)]
    pub profile: ClinicProfile,
    /// Weekly opening hours.
    pub hours: WeeklyHours,
    /// Days on which the clinic is closed, soonest first.
    pub closed_days: Vec<ClosedDay>,
    /// Minutes of one slot.
    pub slot_minutes: u16,
    /// Minutes of waiting after which an arrival counts as late.
    pub late_after_minutes: u16,
    /// Pattern of licence numbers, or empty.
    pub licence_pattern: String,
    /// Filled with invented people, for good.
    pub is_demo: bool,
}

impl Clinic {
    /// The clinic's zone. Only zones that exist are ever stored.
    pub fn zone(&self) -> Tz {
        self.profile.time_zone.parse().unwrap_or(Tz::UTC)
    }

    /// The date on the clinic's wall.
    pub fn today(&self, now: Instant) -> NaiveDate {
        wall_of(now, self.zone()).0
    }
}

/// A kind of appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentType {
    /// Its id.
    pub id: AppointmentTypeId,
    /// Its name.
    pub name: String,
    /// Its usual length in minutes.
    pub minutes: u16,
    /// Order of the keys, from 0.
    pub position: u32,
    /// No longer offered; appointments of it keep it.
    pub retired: bool,
}

/// An entry of the managed list of specialties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specialty {
    /// Its id.
    pub id: SpecialtyId,
    /// Its name, unique in whatever case.
    pub name: String,
}
