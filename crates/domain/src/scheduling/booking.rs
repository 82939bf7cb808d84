//! The decision about a booking or a move (AP-1, AP-2, AP-6). The desk and the hub both ask here and nowhere else.
//!
//! Rules are asked in this order and the first that says no is the answer: length, alignment, daylight saving, past,
//! clinic hours, closed day, doctor active, doctor's schedule, break, time off, licence, patient archived, patient busy,
//! slot taken.
//!
//! The start is a multiple of the clinic's slot on the wall clock; the length is a multiple of five minutes, a slot or
//! not, because types of 15 or 45 minutes live on a 30-minute grid. The length is elapsed time, also across a change of
//! the clocks. The slot that is running now can still be booked, for a walk-in.

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::day::{DayRules, closed_on, closes, time_off_on};
use super::hours::{ClosedDay, Exception, WeeklyHours};
use super::mask::{DayClock, DayMask, TICK_MINUTES};
use super::refusal::Refusal;
use super::status::Status;
use crate::id::{AppointmentId, DoctorId};
use crate::time::{Datelike, Fold, Instant, NaiveDate, WallTimeError, instant_of};

/// The longest visit when the clinic has not said otherwise, in minutes.
pub const LONGEST_MINUTES: u16 = 480;

/// The clinic's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingPolicy {
    /// IANA zone of the clinic.
    pub zone: Tz,
    /// Minutes of one slot: one of [`super::hours::SLOT_LENGTHS`].
    pub slot_minutes: u16,
    /// Longest visit in minutes, at least two slots; [`LONGEST_MINUTES`] by default.
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
    decide(place, policy, facts, now, None)
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
/// stays where it is may lie in the past and off the grid: a visit that runs late can be made longer, also after the
/// clinic has changed its slots.
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
    if !current.status.reschedulable() {
        let to = current.status.after_reschedule(true);
        return Err(Refusal::UnlawfulStep { from: current.status, to });
    }
    decide(place, policy, facts, now, Some(current))
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
    check_nobody_there(Some(id), slot, doctor_busy, patient_busy)
}

fn decide(
    place: &WallPlace,
    policy: &BookingPolicy,
    facts: &BookingFacts<'_>,
    now: Instant,
    current: Option<&Standing>,
) -> Result<Booked, Refusal> {
    if place.minutes == 0 || place.minutes > policy.longest_minutes {
        return Err(Refusal::BadLength { longest: policy.longest_minutes });
    }
    if !place.minutes.is_multiple_of(TICK_MINUTES) {
        return Err(Refusal::NotAligned { slot_minutes: TICK_MINUTES });
    }
    let start = instant_of(place.date, place.start, place.fold, policy.zone);
    let stays = current.is_some_and(|current| start == Ok(current.start));
    if !stays && !place.start.is_multiple_of(policy.slot_minutes) {
        return Err(Refusal::NotAligned { slot_minutes: policy.slot_minutes });
    }
    let start = start.map_err(|error| match error {
        WallTimeError::Skipped => Refusal::TimeSkipped,
        WallTimeError::Twice => Refusal::TimeTwice,
    })?;
    if !stays && start + minutes(policy.slot_minutes) <= now {
        return Err(Refusal::InPast);
    }
    check_open(place, start, policy, facts.doctor)?;
    if facts.patient_archived {
        return Err(Refusal::PatientArchived);
    }
    let booked = Booked { start, end: start + minutes(place.minutes) };
    check_nobody_there(current.map(|current| current.id), &booked, facts.doctor_busy, facts.patient_busy)?;
    Ok(booked)
}

/// The rules of hours and people: clinic hours, closed day, doctor active, schedule, break, time off, licence.
fn check_open(
    place: &WallPlace,
    start: Instant,
    policy: &BookingPolicy,
    doctor: &DoctorDay,
) -> Result<(), Refusal> {
    let weekday = place.date.weekday();
    let hours_of = |week: &WeeklyHours| week.on(weekday).filter(|day| day.open).map(|day| day.hours);
    let closed = Refusal::ClinicClosed { hours: hours_of(&policy.clinic_hours) };
    let clock = DayClock::new(place.date, policy.zone);
    let Some(tick) = clock.tick(start) else { return Err(closed) };
    let rules = DayRules::of(place.date, policy, doctor);
    // Ticks beyond the end of the day are in no rule's mask, so a visit across midnight fails the first rule.
    let wanted = DayMask::of_range(tick, tick.saturating_add(place.minutes / TICK_MINUTES));
    let regular = wanted.and_not(clock.ticks_of_wall(rules.extra));
    let meets = |wall: DayMask| !regular.and(clock.ticks_of_wall(wall)).is_empty();
    let lies_in = |wall: DayMask| regular.and_not(clock.ticks_of_wall(wall)).is_empty();

    if !lies_in(rules.clinic) {
        return Err(closed);
    }
    if let Some(day) = closed_on(place.date, policy).find(|day| meets(closes(day.span))) {
        return Err(Refusal::ClosedDay { name: day.name.clone() });
    }
    if !doctor.active {
        return Err(Refusal::DoctorInactive);
    }
    if !lies_in(rules.template) {
        return Err(Refusal::OutsideSchedule { hours: hours_of(&doctor.schedule) });
    }
    let breaks = doctor.schedule.on(weekday).map_or(&[][..], |day| &day.breaks);
    if let Some(span) = breaks.iter().find(|span| meets(rules.breaks.and(closes(Some(**span))))) {
        return Err(Refusal::Break { span: *span });
    }
    if let Some(away) = time_off_on(place.date, doctor).find(|away| meets(closes(away.span))) {
        return Err(Refusal::TimeOff { span: away.span, until: away.until, reason: away.reason.clone() });
    }
    match doctor.licence_until {
        Some(until) if place.date > until => Err(Refusal::LicenceEnded { until }),
        _ => Ok(()),
    }
}

/// The patient is asked before the doctor: a patient who is with this doctor at that time is the better answer.
fn check_nobody_there(
    but: Option<AppointmentId>,
    slot: &Booked,
    doctor_busy: &[Busy],
    patient_busy: &[Busy],
) -> Result<(), Refusal> {
    let first_in = |busy: &[Busy]| {
        busy.iter()
            .filter(|other| Some(other.id) != but && other.start < slot.end && slot.start < other.end)
            .min_by_key(|other| (other.start, other.id))
            .copied()
    };
    if let Some(other) = first_in(patient_busy) {
        return Err(Refusal::PatientBusy { by: other.id, doctor: other.doctor });
    }
    match first_in(doctor_busy) {
        Some(other) => Err(Refusal::Taken { by: other.id }),
        None => Ok(()),
    }
}

fn minutes(minutes: u16) -> TimeDelta {
    TimeDelta::minutes(minutes.into())
}
