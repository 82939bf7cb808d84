//! What a decision must be, by looking at one minute after the other.

use chrono::{TimeDelta, TimeZone, Timelike};
use clinic_domain::scheduling::booking::Busy;
use clinic_domain::scheduling::booking::{DoctorDay, WallPlace};
use clinic_domain::scheduling::hours::{Exception, ExceptionKind};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::time::{Datelike, Fold, Instant, NaiveDate, Span};

use crate::world::World;

/// Instants that a wall time has, earliest first: by looking at every minute around it.
pub(crate) fn instants(world: &World, date: NaiveDate, minute: u16) -> Vec<Instant> {
    let utc = date.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(minute.into());
    (-16 * 4..=16 * 4)
        .map(|quarters| utc + TimeDelta::minutes(quarters * 15))
        .filter(|at| wall(world, *at) == (date, minute))
        .collect()
}

pub(crate) fn wall(world: &World, at: Instant) -> (NaiveDate, u16) {
    let local = world.policy.zone.from_utc_datetime(&at.naive_utc());
    (local.date_naive(), (local.hour() * 60 + local.minute()) as u16)
}

pub(crate) fn inside(span: Span, minute: u16) -> bool {
    span.start <= minute && minute < span.end
}

/// The first rule, in the documented order, that this one minute breaks; its place in the order.
pub(crate) fn broken(world: &World, doctor: &DoctorDay, at: Instant, date: NaiveDate) -> Option<u8> {
    let (day, minute) = wall(world, at);
    let covers = |change: &&Exception| {
        change.from <= date && date <= change.until && change.span.is_none_or(|span| inside(span, minute))
    };
    let hours = &world.policy.clinic_hours.0[date.weekday().num_days_from_monday() as usize];
    let schedule = &doctor.schedule.0[date.weekday().num_days_from_monday() as usize];
    let extra = |change: &Exception| change.kind == ExceptionKind::ExtraHours;
    if day == date && doctor.exceptions.iter().filter(covers).any(extra) {
        // Extra hours stand above the templates, not above who may work at all.
        return people(doctor, date).filter(|_| true);
    }
    let clinic = day == date
        && hours.open
        && inside(hours.hours, minute)
        && !hours.breaks.iter().any(|b| inside(*b, minute));
    let closed =
        world.policy.closed_days.iter().any(|c| c.date == date && c.span.is_none_or(|s| inside(s, minute)));
    let broken = [
        (1, !clinic),
        (2, closed),
        (3, !doctor.active),
        (4, !(schedule.open && inside(schedule.hours, minute))),
        (5, schedule.breaks.iter().any(|b| inside(*b, minute))),
        (6, doctor.exceptions.iter().filter(covers).any(|change| !extra(change))),
        (7, doctor.licence_until.is_some_and(|until| until < date)),
    ];
    broken.into_iter().find(|(_, broken)| *broken).map(|(rule, _)| rule)
}

pub(crate) fn people(doctor: &DoctorDay, date: NaiveDate) -> Option<u8> {
    if !doctor.active { Some(3) } else { doctor.licence_until.is_some_and(|until| until < date).then_some(7) }
}

/// What the decision must be: the instants, or the name of the rule.
pub(crate) fn oracle(
    world: &World,
    doctor: usize,
    place: &WallPlace,
) -> Result<(Instant, Instant), &'static str> {
    let policy = &world.policy;
    if place.minutes == 0 || place.minutes > policy.longest_minutes {
        return Err("bad_length");
    }
    if !place.minutes.is_multiple_of(5) || !place.start.is_multiple_of(policy.slot_minutes) {
        return Err("not_aligned");
    }
    let start = match (&instants(world, place.date, place.start)[..], place.fold) {
        ([], _) => return Err("time_skipped"),
        ([only], _) => *only,
        ([_, _], None) => return Err("time_twice"),
        ([first, ..], Some(Fold::Earlier)) => *first,
        ([.., last], _) => *last,
    };
    if start + TimeDelta::minutes(policy.slot_minutes.into()) <= world.now {
        return Err("in_past");
    }
    let minutes = || (0..place.minutes).map(|minute| start + TimeDelta::minutes(minute.into()));
    let rule = minutes().filter_map(|at| broken(world, &world.doctors[doctor], at, place.date)).min();
    let names = [
        "clinic_closed",
        "closed_day",
        "doctor_inactive",
        "outside_schedule",
        "break",
        "time_off",
        "licence_ended",
    ];
    if let Some(rule) = rule {
        return Err(names[usize::from(rule) - 1]);
    }
    if world.patient_archived {
        return Err("patient_archived");
    }
    let meets = |busy: &Busy| minutes().any(|at| busy.start <= at && at < busy.end);
    if world.patient_busy.iter().any(meets) {
        return Err("patient_busy");
    }
    if world.busy[doctor].iter().any(meets) {
        return Err("taken");
    }
    Ok((start, start + TimeDelta::minutes(place.minutes.into())))
}

/// The name of a refusal as it crosses to the interface.
pub(crate) fn name(refusal: &Refusal) -> String {
    serde_json::to_value(refusal).unwrap()["rule"].as_str().unwrap().to_owned()
}

/// Every start that is accepted for a length on a day, earliest first.
pub(crate) fn accepted(
    world: &World,
    doctor: usize,
    date: NaiveDate,
    minutes: u16,
) -> Vec<(Instant, u16, Option<Fold>)> {
    let mut found = Vec::new();
    for start in (0..1440).step_by(5) {
        let decide = |fold| world.decide(doctor, &WallPlace { date, start, minutes, fold });
        let folds = match decide(None) {
            Err(Refusal::TimeTwice) => vec![Some(Fold::Earlier), Some(Fold::Later)],
            _ => vec![None],
        };
        found
            .extend(folds.into_iter().filter_map(|fold| decide(fold).ok().map(|at| (at.start, start, fold))));
    }
    found.sort_by_key(|(at, ..)| *at);
    found
}
