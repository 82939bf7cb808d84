//! The decision about a booking or a move (AP-1, AP-2, AP-6). The desk and the hub both ask here and nowhere else.
//!
//! Rules are asked in this order and the first that says no is the answer: length, alignment, daylight saving, past,
//! clinic hours, closed day, doctor active, doctor's schedule, break, time off, licence, patient archived, patient busy,
//! slot taken.
//!
//! The start is a multiple of the clinic's slot on the wall clock; the length is a multiple of five minutes, a slot or
//! not, because types of 15 or 45 minutes live on a 30-minute grid. The length is elapsed time, also across a change of
//! the clocks. The slot that is running now can still be booked, for a walk-in.

use chrono_tz::Tz;

use super::hours::{ClosedDay, Exception, WeeklyHours};
use super::refusal::Refusal;
use super::status::Status;
use crate::id::{AppointmentId, DoctorId};
use crate::time::{Fold, Instant, NaiveDate};

/// The longest visit when the clinic has not said otherwise, in minutes.
pub const LONGEST_MINUTES: u16 = 480;

/// The clinic's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingPolicy {
    /// IANA zone of the clinic.
    pub zone: Tz,
    /// Minutes of one slot: one of [`super::hours::SLOT_LENGTHS`].
    pub slot_minutes: u16,
    /// Longest visit in minutes; [`LONGEST_MINUTES`] by default.
    pub longest_minutes: u16,
    /// Weekly opening hours.
    pub clinic_hours: WeeklyHours,
    /// Days on which the clinic is closed; any order.
    pub closed_days: Vec<ClosedDay>,
}

/// What the rules need to know about a doctor. Not about one day only: exceptions of other days may be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorDay {
    /// Works here.
    pub active: bool,
    /// Last day of the licence.
    pub licence_until: Option<NaiveDate>,
    /// Weekly schedule.
    pub schedule: WeeklyHours,
    /// Dated changes; any order.
    pub exceptions: Vec<Exception>,
}

/// An appointment that holds its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy {
    /// Which one.
    pub id: AppointmentId,
    /// With whom.
    pub doctor: DoctorId,
    /// First instant inside.
    pub start: Instant,
    /// First instant outside.
    pub end: Instant,
}

/// A slot as a person points at it; the doctor is given by the facts beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallPlace {
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute of the start, `0..1440`.
    pub start: u16,
    /// Length in minutes of elapsed time.
    pub minutes: u16,
    /// Which of the two when the start happens twice; ignored otherwise.
    pub fold: Option<Fold>,
}

/// What is known about the two parties when a booking is decided.
#[derive(Debug, Clone, Copy)]
pub struct BookingFacts<'a> {
    /// The doctor.
    pub doctor: &'a DoctorDay,
    /// The doctor's appointments that hold a slot, at least those that touch the place.
    pub doctor_busy: &'a [Busy],
    /// The patient's appointments that hold a slot, with any doctor, at least those that touch the place.
    pub patient_busy: &'a [Busy],
    /// The patient's record is archived.
    pub patient_archived: bool,
}

/// The instants of an accepted booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// First instant inside.
    pub start: Instant,
    /// First instant outside.
    pub end: Instant,
}

/// Decides a booking.
///
/// # Errors
/// The first rule that says no, in the order of this module's head.
pub fn decide_booking(
    place: &WallPlace,
    policy: &BookingPolicy,
    facts: &BookingFacts<'_>,
    now: Instant,
) -> Result<Booked, Refusal> {
    let _ = (place, policy, facts, now);
    todo!()
}

/// The appointment that is to be moved, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub id: AppointmentId,
    /// Where it stands.
    pub status: Status,
    /// Its start.
    pub start: Instant,
}

/// Decides a move or a change of length. The facts may contain the appointment itself; it is left out. A start that
/// stays where it is may lie in the past: a visit that runs late can be made longer.
///
/// # Errors
/// [`Refusal::UnlawfulStep`] when the status does not allow it (see [`Status::reschedulable`]), then as for a booking.
pub fn decide_reschedule(
    current: &Standing,
    place: &WallPlace,
    policy: &BookingPolicy,
    facts: &BookingFacts<'_>,
    now: Instant,
) -> Result<Booked, Refusal> {
    let _ = (current, place, policy, facts, now);
    todo!()
}

/// Whether a slot can be taken (again) by the appointment `id`: nobody else of the doctor's or the patient's is there.
/// For undo and for steps that [`super::status::takes_slot`].
///
/// # Errors
/// [`Refusal::PatientBusy`] or [`Refusal::Taken`].
pub fn decide_slot(
    id: AppointmentId,
    slot: &Booked,
    doctor_busy: &[Busy],
    patient_busy: &[Busy],
) -> Result<(), Refusal> {
    let _ = (id, slot, doctor_busy, patient_busy);
    todo!()
}
