//! Invented appointments around today, each in a slot that the rules allow and at a stage that the time of day explains:
//! what is over is completed, what is on is in a room, who comes next has arrived, what lies ahead is booked.

use std::collections::HashMap;

use chrono::TimeDelta;
use clinic_domain::id::{AppointmentId, AppointmentTypeId, DoctorId, PatientId};
use clinic_domain::scheduling::availability::open_ticks;
use clinic_domain::scheduling::booking::{BookingPolicy, DoctorDay};
use clinic_domain::scheduling::mask::DayClock;
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Days, Instant, NaiveDate, wall_of};

use super::dice::Dice;
use crate::scheduling::appointment::Appointment;
use crate::scheduling::view::CancelReason;

/// Days before and after today that have appointments.
const REACH: u64 = 14;
/// Open slots of a hundred that are taken on the fullest day, and on the others.
const FULL: usize = 52;
const SPARSE: usize = 9;
/// Visits that a patient may have on one day.
const VISITS: usize = 2;
/// Minutes of one tick.
const TICK: u16 = 5;

const REASONS: [&str; 10] = [
    "Blood pressure, new tablets since October",
    "Rash on forearm, second visit",
    "Knee pain after a fall",
    "Yearly check-up",
    "Results of the blood test",
    "Cough for three weeks",
    "Travel vaccination",
    "Headaches in the morning",
    "Follow-up after the operation",
    "",
];

/// What the calendar is made for.
pub(super) struct Facts<'a> {
    /// The clinic's rules.
    pub policy: &'a BookingPolicy,
    /// The doctors with their schedules, in the order of their columns.
    pub doctors: &'a [(DoctorId, DoctorDay)],
    /// The patients.
    pub patients: &'a [PatientId],
    /// Kinds of appointment with their lengths.
    pub types: &'a [(AppointmentTypeId, u16)],
    /// The moment at which the data is made.
    pub now: Instant,
    /// By whom, for "booked by".
    pub by: &'a str,
}

/// The appointments, in order of their days.
pub(super) fn appointments(dice: &mut Dice, facts: &Facts<'_>) -> Vec<Appointment> {
    let today = wall_of(facts.now, facts.policy.zone).0;
    let first = today.checked_sub_days(Days::new(REACH)).unwrap_or(today);
    let fullest = first_open(facts, today);
    let days = first.iter_days().take(2 * REACH as usize + 1);
    days.flat_map(|date| a_day(dice, facts, date, if Some(date) == fullest { FULL } else { SPARSE }))
        .collect()
}

/// The day on which somebody who opens the demo finds most: today, or the next day on which anybody works.
fn first_open(facts: &Facts<'_>, today: NaiveDate) -> Option<NaiveDate> {
    today.iter_days().take(REACH as usize).find(|date| {
        let clock = DayClock::new(*date, facts.policy.zone);
        facts.doctors.iter().any(|(_, doctor)| !open_ticks(&clock, facts.policy, doctor).is_empty())
    })
}

fn a_day(dice: &mut Dice, facts: &Facts<'_>, date: NaiveDate, percent: usize) -> Vec<Appointment> {
    let clock = DayClock::new(date, facts.policy.zone);
    let mut visits: HashMap<PatientId, Vec<(Instant, Instant)>> = HashMap::new();
    let mut made = Vec::new();
    for (doctor, day) in facts.doctors {
        let mut free = open_ticks(&clock, facts.policy, day);
        let starts: Vec<u16> = free.and(clock.aligned(facts.policy.slot_minutes)).ticks().collect();
        for start in starts {
            let Some(&(kind, minutes)) = dice.pick(facts.types) else { continue };
            let end = start + minutes / TICK;
            if !dice.chance(percent) || !free.has_all(start, end) {
                continue;
            }
            let span = (clock.instant(start), clock.instant(end));
            let Some(patient) = somebody_free(dice, facts.patients, &visits, span) else { continue };
            free.clear(start, end);
            visits.entry(patient).or_default().push(span);
            made.push(appointment(dice, facts, (*doctor, patient, kind), span));
        }
    }
    made
}

/// A patient without another visit at that time; a few tries, so that a full day ends.
fn somebody_free(
    dice: &mut Dice,
    patients: &[PatientId],
    visits: &HashMap<PatientId, Vec<(Instant, Instant)>>,
    (start, end): (Instant, Instant),
) -> Option<PatientId> {
    (0..12).find_map(|_| {
        let patient = *dice.pick(patients)?;
        let taken = visits.get(&patient).map_or(&[][..], Vec::as_slice);
        let clashes = taken.iter().any(|&(from, until)| start < until && from < end);
        (taken.len() < VISITS && !clashes).then_some(patient)
    })
}

fn appointment(
    dice: &mut Dice,
    facts: &Facts<'_>,
    (doctor_id, patient_id, kind): (DoctorId, PatientId, AppointmentTypeId),
    (start, end): (Instant, Instant),
) -> Appointment {
    let status = stage(dice, start, end, facts.now);
    let cancelled = status == Status::Cancelled;
    let here = matches!(status, Status::Arrived | Status::InRoom | Status::Completed);
    // Nobody arrives after the moment at which the data is made.
    let early = TimeDelta::minutes(1 + dice.below(19) as i64);
    let arrived = start.min(facts.now) - early;
    let booked = start.min(facts.now) - TimeDelta::hours(24 * (2 + dice.below(40) as i64));
    let created_ms = u64::try_from(booked.timestamp_millis()).unwrap_or_default();
    Appointment {
        id: AppointmentId(dice.id(created_ms)),
        doctor_id,
        patient_id,
        type_id: Some(kind),
        start,
        end,
        zone: facts.policy.zone,
        status,
        reason: dice.pick(&REASONS).copied().unwrap_or_default().to_owned(),
        cancel_reason: cancelled
            .then(|| dice.pick(&[CancelReason::PatientAsked, CancelReason::PatientIll]).copied())
            .flatten(),
        cancel_note: String::new(),
        room: if status == Status::InRoom { (1 + dice.below(12)).to_string() } else { String::new() },
        arrived_at: here.then_some(arrived),
        created_at: booked,
        created_by: facts.by.to_owned(),
    }
}

/// Where an appointment stands at `now`.
fn stage(dice: &mut Dice, start: Instant, end: Instant, now: Instant) -> Status {
    let roll = dice.below(100);
    if end <= now {
        return match roll {
            0..=5 => Status::NoShow,
            6..=12 => Status::Cancelled,
            _ => Status::Completed,
        };
    }
    if start <= now {
        return if roll < 80 { Status::InRoom } else { Status::Arrived };
    }
    match roll {
        _ if start - now <= TimeDelta::minutes(30) && roll < 45 => Status::Arrived,
        0..=4 => Status::Cancelled,
        5..=58 => Status::Confirmed,
        _ => Status::Scheduled,
    }
}
