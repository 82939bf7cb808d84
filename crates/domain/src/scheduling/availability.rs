//! When a doctor can be booked: open times of a day, free starts, and the next free slots over doctors and days
//! (AP-3, FD-4).
//!
//! Open is: weekly template ∩ clinic hours, without breaks, closed days and time off, and then extra hours added; never
//! for a doctor who is inactive or whose licence has ended. White is bookable: what this module calls free is exactly
//! what [`super::booking::decide_booking`] accepts.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::booking::{BookingPolicy, DoctorDay};
use super::mask::{DayClock, DayMask};
use crate::id::DoctorId;
use crate::time::{Fold, Instant, NaiveDate, Span};

/// Why part of a column is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClosedKind {
    /// The clinic is not open.
    ClinicClosed,
    /// The doctor does not work.
    OutsideSchedule,
    /// The doctor has a break.
    Break,
    /// The doctor is away.
    TimeOff,
}

/// A closed part of a doctor's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSpan {
    /// Wall-clock span.
    pub span: Span,
    /// Why.
    pub kind: ClosedKind,
    /// The name of the closed day or the reason of the time off, or empty.
    pub words: String,
}

/// The ticks of a day in which a doctor can be booked, booked or not.
pub fn open_ticks(clock: &DayClock, policy: &BookingPolicy, doctor: &DoctorDay) -> DayMask {
    let _ = (clock, policy, doctor);
    todo!()
}

/// The closed parts of a day, in order, without overlaps: with the open ones they make up 0..1440.
pub fn closed_spans(clock: &DayClock, policy: &BookingPolicy, doctor: &DoctorDay) -> Vec<ClosedSpan> {
    let _ = (clock, policy, doctor);
    todo!()
}

/// Whether the doctor is away all day: there would be open time, and time off takes all of it.
pub fn away_all_day(clock: &DayClock, policy: &BookingPolicy, doctor: &DoctorDay) -> bool {
    let _ = (clock, policy, doctor);
    todo!()
}

/// The ticks that lie ahead: those a booking may start in. The running slot counts as ahead, for a walk-in.
pub fn ahead(clock: &DayClock, slot_minutes: u16, now: Instant) -> DayMask {
    let _ = (clock, slot_minutes, now);
    todo!()
}

/// The ticks at which an appointment of `minutes` may start in `free` (open, not booked, ahead): on the slot grid and
/// long enough.
pub fn starts(clock: &DayClock, free: DayMask, minutes: u16, slot_minutes: u16) -> DayMask {
    let _ = (clock, free, minutes, slot_minutes);
    todo!()
}

/// What can be booked of a day, as wall-clock spans: open, not booked, from the first slot ahead, each span beginning on
/// the slot grid.
pub fn free_spans(
    clock: &DayClock,
    open: DayMask,
    booked: DayMask,
    slot_minutes: u16,
    now: Instant,
) -> Vec<Span> {
    let _ = (clock, open, booked, slot_minutes, now);
    todo!()
}

/// A free slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opening {
    /// With whom.
    pub doctor: DoctorId,
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute at which it starts, on the slot grid.
    pub start: u16,
    /// Which of the two when that minute happens twice.
    pub fold: Option<Fold>,
    /// Free minutes from there.
    pub minutes: u16,
}

/// A search for free slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSearch {
    /// From this day on.
    pub from: NaiveDate,
    /// From this wall-clock minute on, on the first day.
    pub from_minute: u16,
    /// How many days, the first included.
    pub days: u16,
    /// At least this long, in minutes; a multiple of five.
    pub minutes: u16,
    /// How many at most.
    pub limit: usize,
}

/// The first free slots of several doctors, by time and then in the doctors' order. `booked` is asked once for each
/// doctor and day that has to be looked at, in that order of days, and no further than needed.
///
/// # Errors
/// Those of `booked`.
pub fn next_free<E>(
    search: &FreeSearch,
    policy: &BookingPolicy,
    doctors: &[(DoctorId, &DoctorDay)],
    now: Instant,
    booked: impl FnMut(DoctorId, NaiveDate) -> Result<DayMask, E>,
) -> Result<Vec<Opening>, E> {
    let _ = (search, policy, doctors, now, booked);
    todo!()
}

/// Openings sorted by their distance from a wanted time, nearest first, at most `limit`; of two equally far ones the
/// earlier.
pub fn nearest(openings: Vec<Opening>, date: NaiveDate, minute: u16, limit: usize) -> Vec<Opening> {
    let _ = (openings, date, minute, limit);
    todo!()
}
