//! Why a booking, move or change of status is refused. One cause at a time: the first rule that says no.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::status::Status;
use crate::id::{AppointmentId, DoctorId};
use crate::time::{NaiveDate, Span};

/// The rule that says no, with the facts a person needs to understand it (AP-2, AP-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Refusal {
    /// The start lies in the past, before the slot that is running now.
    InPast,
    /// Daylight saving skips this time.
    TimeSkipped,
    /// Daylight saving repeats this time: say which of the two.
    TimeTwice,
    /// The start is no multiple of the clinic's slot, or the length no multiple of five minutes.
    NotAligned {
        /// The grid that was missed, in minutes: the slot for the start, 5 for the length.
        slot_minutes: u16,
    },
    /// It is longer than a visit may be, or has no length.
    BadLength {
        /// The longest allowed, in minutes.
        longest: u16,
    },
    /// The clinic is closed on this weekday or at this time of day.
    ClinicClosed {
        /// The hours of that day, if it has any.
        hours: Option<Span>,
    },
    /// The clinic is closed on this date.
    ClosedDay {
        /// The name of the day.
        name: String,
    },
    /// The doctor does not work then.
    OutsideSchedule {
        /// The doctor's hours of that day, if any.
        hours: Option<Span>,
    },
    /// The doctor has a break.
    Break {
        /// The break.
        span: Span,
    },
    /// The doctor is away.
    TimeOff {
        /// The part of the day; `None` is the whole day.
        span: Option<Span>,
        /// Last day of it.
        until: NaiveDate,
        /// Why.
        reason: String,
    },
    /// The doctor no longer works here.
    DoctorInactive,
    /// The doctor's licence has ended by then.
    LicenceEnded {
        /// Last day of the licence.
        until: NaiveDate,
    },
    /// The record of this patient is archived.
    PatientArchived,
    /// Another appointment holds the slot.
    Taken {
        /// Which one.
        by: AppointmentId,
    },
    /// The patient has another appointment at that time.
    PatientBusy {
        /// Which one.
        by: AppointmentId,
        /// With whom.
        doctor: DoctorId,
    },
    /// The step is not lawful from where the appointment stands.
    UnlawfulStep {
        /// Where it stands.
        from: Status,
        /// Where it should go.
        to: Status,
    },
    /// It is too early for this step, for example a no-show before the start.
    TooEarly,
}
