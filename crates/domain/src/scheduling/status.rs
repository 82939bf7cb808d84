//! The life cycle of an appointment (AP-4) as a table of lawful steps.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::refusal::Refusal;
use crate::time::{Instant, wall_of};

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
    ///
    /// An arrival goes back to confirmed even when nobody had confirmed it: who was here had the appointment in mind.
    pub const fn step_back(self) -> Option<Status> {
        match self {
            Status::Confirmed | Status::NoShow => Some(Status::Scheduled),
            Status::Arrived => Some(Status::Confirmed),
            Status::InRoom => Some(Status::Arrived),
            Status::Completed => Some(Status::InRoom),
            Status::Scheduled | Status::Cancelled | Status::NeedsRebooking => None,
        }
    }

    /// Whether an appointment in this status may be moved or resized. One in a room or over may not; one that lost its
    /// slot is meant to be.
    pub const fn reschedulable(self) -> bool {
        matches!(self, Status::Scheduled | Status::Confirmed | Status::Arrived | Status::NeedsRebooking)
    }

    /// The status after a move: one that lost its slot is scheduled again; a confirmation holds only for the time it was
    /// given for.
    pub const fn after_reschedule(self, start_moved: bool) -> Status {
        match self {
            Status::NeedsRebooking => Status::Scheduled,
            Status::Confirmed if start_moved => Status::Scheduled,
            other => other,
        }
    }
}

/// Whether the step forward is in the table.
pub fn lawful(from: Status, to: Status) -> bool {
    next(from).contains(&to)
}

/// The steps forward from a status, likeliest first. Nothing follows a completed or cancelled one; one that needs
/// rebooking goes on by being moved.
pub const fn next(from: Status) -> &'static [Status] {
    use Status::{Arrived, Cancelled, Completed, Confirmed, InRoom, NeedsRebooking, NoShow, Scheduled};
    match from {
        Scheduled => &[Confirmed, Arrived, Cancelled, NoShow],
        Confirmed => &[Arrived, Cancelled, NoShow],
        Arrived => &[InRoom, Completed, Cancelled],
        InRoom => &[Completed],
        // A no-show is a guess of the clock; a patient at the desk is a fact.
        NoShow => &[Arrived],
        NeedsRebooking => &[Cancelled],
        Completed | Cancelled => &[],
    }
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
    if from.step_back() == Some(to) {
        return Ok(());
    }
    if !lawful(from, to) {
        return Err(Refusal::UnlawfulStep { from, to });
    }
    let too_early = match to {
        Status::NoShow => now < start,
        Status::Arrived => wall_of(now, zone).0 < wall_of(start, zone).0,
        _ => false,
    };
    if too_early { Err(Refusal::TooEarly) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use chrono_tz::America::New_York;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_is_the_one_that_was_agreed() {
        use Status::{Arrived, Cancelled, Completed, Confirmed, InRoom, NeedsRebooking, NoShow, Scheduled};
        let agreed = [
            (Scheduled, Confirmed),
            (Scheduled, Arrived),
            (Scheduled, Cancelled),
            (Scheduled, NoShow),
            (Confirmed, Arrived),
            (Confirmed, Cancelled),
            (Confirmed, NoShow),
            (Arrived, InRoom),
            (Arrived, Completed),
            (Arrived, Cancelled),
            (InRoom, Completed),
            (NoShow, Arrived),
            (NeedsRebooking, Cancelled),
        ];
        for from in Status::ALL {
            for to in Status::ALL {
                assert_eq!(lawful(from, to), agreed.contains(&(from, to)), "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn a_step_back_leads_to_where_the_step_was_lawful() {
        for status in Status::ALL {
            if let Some(before) = status.step_back() {
                assert!(lawful(before, status), "{before:?} to {status:?} and back");
            }
        }
    }

    #[test]
    fn no_step_leads_in_a_circle_but_through_a_step_back() {
        fn reaches(from: Status, to: Status, depth: u8) -> bool {
            depth > 0 && next(from).iter().any(|step| *step == to || reaches(*step, to, depth - 1))
        }
        for status in Status::ALL {
            assert!(!reaches(status, status, 8), "{status:?}");
        }
    }

    #[test]
    fn only_what_will_not_happen_frees_its_slot() {
        let free: Vec<_> = Status::ALL.into_iter().filter(|status| !status.holds_slot()).collect();
        assert_eq!(free, [Status::Cancelled, Status::NoShow, Status::NeedsRebooking]);
        assert!(takes_slot(Status::NoShow, Status::Arrived));
        assert!(!takes_slot(Status::Scheduled, Status::Arrived));
        assert!(!takes_slot(Status::Scheduled, Status::NoShow));
    }

    #[test]
    fn a_no_show_waits_for_the_start() {
        let start = at("2026-11-24T15:00:00Z");
        let decide = |now| decide_status(Status::Scheduled, Status::NoShow, start, New_York, now);
        assert_eq!(decide(start - TimeDelta::seconds(1)), Err(Refusal::TooEarly));
        assert_eq!(decide(start), Ok(()));
    }

    #[test]
    fn an_arrival_waits_for_the_local_day() {
        // 24 November 08:00 in New York; the UTC date is the same, the local midnight is 05:00 UTC.
        let start = at("2026-11-24T13:00:00Z");
        let decide = |now| decide_status(Status::Scheduled, Status::Arrived, start, New_York, now);
        assert_eq!(decide(at("2026-11-24T04:59:59Z")), Err(Refusal::TooEarly));
        assert_eq!(decide(at("2026-11-24T05:00:00Z")), Ok(()));
        assert_eq!(decide(at("2026-11-25T13:00:00Z")), Ok(()), "late is late, not unlawful");
    }

    #[test]
    fn a_completed_visit_goes_nowhere_but_one_step_back() {
        let start = at("2026-11-24T15:00:00Z");
        for to in Status::ALL {
            let expected = match to {
                Status::InRoom => Ok(()),
                _ => Err(Refusal::UnlawfulStep { from: Status::Completed, to }),
            };
            assert_eq!(decide_status(Status::Completed, to, start, New_York, start), expected, "{to:?}");
        }
    }

    #[test]
    fn a_move_keeps_the_status_unless_it_says_something_about_the_time() {
        for status in Status::ALL {
            let moved = match status {
                Status::Confirmed | Status::NeedsRebooking => Status::Scheduled,
                other => other,
            };
            assert_eq!(status.after_reschedule(true), moved);
        }
        assert_eq!(Status::Confirmed.after_reschedule(false), Status::Confirmed);
        assert!(!Status::InRoom.reschedulable() && !Status::Completed.reschedulable());
        assert!(!Status::Cancelled.reschedulable() && !Status::NoShow.reschedulable());
        assert!(Status::NeedsRebooking.reschedulable());
    }
}
