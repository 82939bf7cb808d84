//! The life cycle of an appointment (AP-4) as a table of lawful steps.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::refusal::Refusal;
use crate::time::Instant;

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

impl Status {
    /// Every status, in the order of a visit.
    pub const ALL: [Status; 8] = [
        Status::Scheduled,
        Status::Confirmed,
        Status::Arrived,
        Status::InRoom,
        Status::Completed,
        Status::Cancelled,
        Status::NoShow,
        Status::NeedsRebooking,
    ];

    /// Whether an appointment in this status keeps others from its slot.
    pub const fn holds_slot(self) -> bool {
        !matches!(self, Status::Cancelled | Status::NoShow | Status::NeedsRebooking)
    }

    /// The status one step earlier, for a step taken by mistake; `None` where undo is the only way back.
    pub const fn step_back(self) -> Option<Status> {
        todo!()
    }

    /// Whether an appointment in this status may be moved or resized. One in a room or over may not; one that lost its
    /// slot is meant to be.
    pub const fn reschedulable(self) -> bool {
        todo!()
    }

    /// The status after a move: one that lost its slot is scheduled again; a confirmation holds only for the time it was
    /// given for.
    pub const fn after_reschedule(self, start_moved: bool) -> Status {
        let _ = start_moved;
        todo!()
    }
}

/// Whether the step forward is in the table.
pub fn lawful(from: Status, to: Status) -> bool {
    next(from).contains(&to)
}

/// The steps forward from a status, likeliest first.
pub const fn next(from: Status) -> &'static [Status] {
    let _ = from;
    todo!()
}

/// Whether a step takes a slot that the appointment did not hold: the caller must then ask
/// [`super::booking::decide_slot`] as well.
pub const fn takes_slot(from: Status, to: Status) -> bool {
    !from.holds_slot() && to.holds_slot()
}

/// Decides a step forward or one step back. `start` is the appointment's.
///
/// # Errors
/// [`Refusal::UnlawfulStep`]; [`Refusal::TooEarly`] for a no-show before the start and an arrival before the local day
/// of the visit.
pub fn decide_status(
    from: Status,
    to: Status,
    start: Instant,
    zone: Tz,
    now: Instant,
) -> Result<(), Refusal> {
    let _ = (from, to, start, zone, now);
    todo!()
}
