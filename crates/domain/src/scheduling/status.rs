//! The life cycle of an appointment (AP-4) as a table of lawful steps.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where an appointment stands. FHIR R4 `AppointmentStatus` has an equal for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Booked, nobody has confirmed it.
    Scheduled,
    /// The patient or the desk confirmed it.
    Confirmed,
    /// The patient is here and waits.
    Arrived,
    /// The patient is with the doctor.
    InRoom,
    /// The visit is over.
    Completed,
    /// It will not happen; its slot is free again.
    Cancelled,
    /// The patient did not come; its slot is free again.
    NoShow,
    /// It lost its slot to another booking and waits for a new one; it holds no slot.
    NeedsRebooking,
}
