//! The rules of booking against an oracle that looks at one minute after the other, over random templates, dated
//! changes, bookings and days on which the clocks move (AP-2, AP-3, FD-4).
//!
//! The oracle shares no code with the rules but the types: it has no masks, no ticks and no order of evaluation to share
//! a mistake with.

use chrono::{TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use clinic_domain::id::{AppointmentId, DoctorId, ExceptionId};
use clinic_domain::scheduling::availability::{
    ClosedKind, FreeSearch, Opening, ahead, away_all_day, closed_spans, free_spans, nearest, next_free,
    open_ticks, starts,
};
use clinic_domain::scheduling::booking::{
    Booked, BookingFacts, BookingPolicy, Busy, DoctorDay, Standing, WallPlace, decide_booking,
    decide_reschedule, decide_slot,
};
use clinic_domain::scheduling::hours::{
    ClosedDay, DayHours, Exception, ExceptionKind, SLOT_LENGTHS, WeeklyHours, default_week,
};
use clinic_domain::scheduling::mask::{DayClock, DayMask};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Datelike, Days, Fold, Instant, NaiveDate, Span};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A clinic, a doctor and their bookings around a day.
#[derive(Debug, Clone)]
struct World {
    policy: BookingPolicy,
    doctors: Vec<DoctorDay>,
    busy: Vec<Vec<Busy>>,
    patient_busy: Vec<Busy>,
    patient_archived: bool,
    date: NaiveDate,
    now: Instant,
}

impl World {
    fn facts(&self, doctor: usize) -> BookingFacts<'_> {
        BookingFacts {
            doctor: &self.doctors[doctor],
            doctor_busy: &self.busy[doctor],
            patient_busy: &self.patient_busy,
            patient_archived: self.patient_archived,
        }
    }

    /// The same without what only concerns a patient: what free time is about.
    fn without_patient(mut self) -> Self {
        self.patient_busy.clear();
        self.patient_archived = false;
        self
    }

    fn booked(&self, doctor: usize, clock: &DayClock) -> DayMask {
        clock.mask_of(self.busy[doctor].iter().map(|busy| (busy.start, busy.end)))
    }

    fn decide(&self, doctor: usize, place: &WallPlace) -> Result<Booked, Refusal> {
        decide_booking(place, &self.policy, &self.facts(doctor), self.now)
    }
}

fn doctor_id(index: usize) -> DoctorId {
    DoctorId(Uuid::from_u128(index as u128 + 1))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

// ---------------------------------------------------------------------------------------------------- the oracle

/// Instants that a wall time has, earliest first: by looking at every minute around it.
fn instants(world: &World, date: NaiveDate, minute: u16) -> Vec<Instant> {
    let utc = date.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(minute.into());
    (-16 * 4..=16 * 4)
        .map(|quarters| utc + TimeDelta::minutes(quarters * 15))
        .filter(|at| wall(world, *at) == (date, minute))
        .collect()
}

fn wall(world: &World, at: Instant) -> (NaiveDate, u16) {
    let local = world.policy.zone.from_utc_datetime(&at.naive_utc());
    (local.date_naive(), (local.hour() * 60 + local.minute()) as u16)
}

fn inside(span: Span, minute: u16) -> bool {
    span.start <= minute && minute < span.end
}

/// The first rule, in the documented order, that this one minute breaks; its place in the order.
fn broken(world: &World, doctor: &DoctorDay, at: Instant, date: NaiveDate) -> Option<u8> {
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

fn people(doctor: &DoctorDay, date: NaiveDate) -> Option<u8> {
    if !doctor.active { Some(3) } else { doctor.licence_until.is_some_and(|until| until < date).then_some(7) }
}

/// What the decision must be: the instants, or the name of the rule.
fn oracle(world: &World, doctor: usize, place: &WallPlace) -> Result<(Instant, Instant), &'static str> {
    let policy = &world.policy;
    if place.minutes == 0 || place.minutes > policy.longest_minutes {
        return Err("bad_length");
    }
    if place.minutes % 5 != 0 || place.start % policy.slot_minutes != 0 {
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
fn name(refusal: &Refusal) -> String {
    serde_json::to_value(refusal).unwrap()["rule"].as_str().unwrap().to_owned()
}

// ------------------------------------------------------------------------------------------------ random worlds

/// Days on which the clocks move, the days around them, and an ordinary one.
fn days() -> impl Strategy<Value = (Tz, NaiveDate)> {
    let moving = [
        ("America/New_York", "2026-11-24"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Europe/London", "2026-03-29"),
        ("Europe/London", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Africa/Casablanca", "2026-02-15"),
        ("Africa/Casablanca", "2026-03-22"),
        ("America/Sao_Paulo", "2017-10-15"),
        ("America/Sao_Paulo", "2018-02-17"),
    ];
    (prop::sample::select(moving.to_vec()), 0u64..3)
        .prop_map(|((zone, day), back)| (zone.parse().unwrap(), date(day) - Days::new(back / 2)))
}

fn span(from: u16, to: u16) -> impl Strategy<Value = Span> {
    (from / 5..to / 5, 1u16..=120)
        .prop_map(move |(start, ticks)| Span::new(start * 5, (start + ticks).min(to / 5) * 5))
}

fn day_hours() -> impl Strategy<Value = DayHours> {
    let hours =
        prop_oneof![3 => Just(Span::new(0, 1440)), 3 => Just(Span::new(540, 1020)), 4 => span(0, 1440)];
    (prop::bool::weighted(0.9), hours, prop::collection::vec(span(0, 1440), 0..3)).prop_map(
        |(open, hours, breaks)| {
            let breaks = breaks
                .into_iter()
                .filter(|b| hours.contains(*b))
                .map(|b| Span::new(b.start, b.end.min(b.start + 60)));
            DayHours { open, hours, breaks: breaks.collect() }
        },
    )
}

fn week() -> impl Strategy<Value = WeeklyHours> {
    prop::collection::vec(day_hours(), 7).prop_map(WeeklyHours)
}

fn part() -> impl Strategy<Value = Option<Span>> {
    prop_oneof![1 => Just(None), 4 => span(0, 1440).prop_map(Some)]
}

fn exceptions(day: NaiveDate) -> impl Strategy<Value = Vec<Exception>> {
    let change =
        (any::<bool>(), 0u64..3, 0u64..3, part()).prop_map(move |(off, before, after, span)| Exception {
            id: ExceptionId(Uuid::nil()),
            kind: if off { ExceptionKind::TimeOff } else { ExceptionKind::ExtraHours },
            from: day - Days::new(before),
            until: day + Days::new(after) - Days::new(1),
            span,
            reason: "r".into(),
        });
    prop::collection::vec(change, 0..3)
}

fn doctor(day: NaiveDate) -> impl Strategy<Value = DoctorDay> {
    let licence = prop_oneof![6 => Just(None), 1 => Just(Some(day)), 1 => Just(day.pred_opt())];
    (prop::bool::weighted(0.95), licence, week(), exceptions(day)).prop_map(
        |(active, licence_until, schedule, exceptions)| DoctorDay {
            active,
            licence_until,
            schedule,
            exceptions,
        },
    )
}

/// Bookings as the store holds them: on the five-minute grid of instants.
fn bookings(day: NaiveDate) -> impl Strategy<Value = Vec<Busy>> {
    let booking = (-200i64..800, 1i64..30, any::<u16>(), 0usize..2);
    prop::collection::vec(booking, 0..10).prop_map(move |list| {
        let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
        list.into_iter()
            .map(|(start, ticks, id, doctor)| Busy {
                id: AppointmentId(Uuid::from_u128(id.into())),
                doctor: doctor_id(doctor),
                start: midnight + TimeDelta::minutes(start * 5),
                end: midnight + TimeDelta::minutes((start + ticks) * 5),
            })
            .collect()
    })
}

prop_compose! {
    fn world()(at in days())(
        clinic_hours in week(),
        closed in prop::collection::vec((0u64..3, part()), 0..2),
        doctors in prop::collection::vec(doctor(at.1), 2),
        busy in prop::collection::vec(bookings(at.1), 2),
        patient_busy in bookings(at.1),
        patient_archived in prop::bool::weighted(0.05),
        slot_minutes in prop::sample::select(SLOT_LENGTHS.to_vec()),
        longest_minutes in prop_oneof![Just(480u16), Just(60), Just(240)],
        now in prop_oneof![3 => Just(-3000i64), 2 => -600i64..2400],
        seconds in 0i64..60,
        at in Just(at),
    ) -> World {
        let (zone, date) = at;
        let closed_days = closed
            .into_iter()
            .map(|(days, span)| ClosedDay { date: date + Days::new(days), span, name: "n".into() })
            .collect();
        let now = date.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(now) + TimeDelta::seconds(seconds);
        let policy = BookingPolicy { zone, slot_minutes, longest_minutes, clinic_hours, closed_days };
        World { policy, doctors, busy, patient_busy: patient_busy.into_iter().take(2).collect(), patient_archived, date, now }
    }
}

fn place() -> impl Strategy<Value = (u16, u16, Option<Fold>)> {
    let start = prop_oneof![6 => (0u16..48).prop_map(|n| n * 30), 2 => (0u16..288).prop_map(|n| n * 5), 1 => 0u16..1500];
    let minutes = prop_oneof![6 => (1u16..20).prop_map(|n| n * 5), 1 => 0u16..700];
    (start, minutes, prop::sample::select(vec![None, Some(Fold::Earlier), Some(Fold::Later)]))
}

/// Every start that is accepted for a length on a day, earliest first.
fn accepted(
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

// ----------------------------------------------------------------------------------------------------- properties

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_decision_is_that_of_the_oracle(world in world(), places in prop::collection::vec(place(), 24)) {
        for (start, minutes, fold) in places {
            // Times beyond midnight are no wall times; the oracle has no opinion of them.
            let place = WallPlace { date: world.date, start: start.min(1439), minutes, fold };
            let decided = world.decide(0, &place);
            let expected = oracle(&world, 0, &place);
            let named = decided.as_ref().map(|at| (at.start, at.end)).map_err(name);
            prop_assert_eq!(named, expected.map_err(str::to_owned), "{:?} was {:?}", place, decided);
        }
    }

    #[test]
    fn white_is_bookable_and_nothing_else_is(world in world().prop_map(World::without_patient)) {
        let clock = DayClock::new(world.date, world.policy.zone);
        let (open, booked) = (open_ticks(&clock, &world.policy, &world.doctors[0]), world.booked(0, &clock));
        let white = free_spans(&clock, open, booked, world.policy.slot_minutes, world.now);

        // Every minute of every booking that is accepted, in steps of five.
        let mut bookable = vec![false; 1440];
        for (at, start, fold) in accepted(&world, 0, world.date, 5) {
            let longest = (1..=world.policy.longest_minutes / 5)
                .take_while(|n| world.decide(0, &WallPlace { date: world.date, start, minutes: n * 5, fold }).is_ok())
                .last()
                .unwrap_or(0);
            for tick in 0..longest {
                let minute = usize::from(wall(&world, at + TimeDelta::minutes(i64::from(tick) * 5)).1);
                bookable[minute..minute + 5].fill(true);
            }
        }
        let mut drawn = vec![false; 1440];
        for span in &white {
            drawn[usize::from(span.start)..usize::from(span.end)].fill(true);
        }
        prop_assert_eq!(drawn, bookable, "{:?}", white);
        prop_assert!(white.windows(2).all(|pair| pair[0].end < pair[1].start), "in order and apart");
    }

    #[test]
    fn starts_are_where_a_booking_is_accepted(
        world in world().prop_map(World::without_patient), minutes in (1u16..13).prop_map(|n| n * 5),
    ) {
        let clock = DayClock::new(world.date, world.policy.zone);
        let slot = world.policy.slot_minutes;
        let open = open_ticks(&clock, &world.policy, &world.doctors[0]);
        let free = open.and_not(world.booked(0, &clock)).and(ahead(&clock, slot, world.now));
        let found: Vec<_> = starts(&clock, free, minutes, slot).ticks().map(|tick| clock.instant(tick)).collect();
        let expected: Vec<_> = accepted(&world, 0, world.date, minutes).into_iter().map(|(at, ..)| at).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn closed_and_open_parts_make_up_the_day(world in world()) {
        let clock = DayClock::new(world.date, world.policy.zone);
        let open = clock.wall_spans(open_ticks(&clock, &world.policy, &world.doctors[0]));
        let closed = closed_spans(&clock, &world.policy, &world.doctors[0]);
        let mut parts: Vec<_> = open.into_iter().chain(closed.iter().map(|closed| closed.span)).collect();
        parts.sort();
        let mut at = 0;
        for part in parts {
            prop_assert_eq!(part.start, at, "no gap and no overlap");
            prop_assert!(part.end > part.start);
            at = part.end;
        }
        prop_assert_eq!(at, 1440);
        let joined = closed.windows(2).all(|pair| {
            pair[0].span.end < pair[1].span.start || (pair[0].kind, &pair[0].words) != (pair[1].kind, &pair[1].words)
        });
        prop_assert!(joined, "neighbours of one kind are one span: {:?}", closed);
    }

    #[test]
    fn a_free_slot_that_is_booked_is_free_no_more(world in world().prop_map(World::without_patient)) {
        let Some((_, start, fold)) = accepted(&world, 0, world.date, 30).into_iter().next() else { return Ok(()) };
        let place = WallPlace { date: world.date, start, minutes: 30, fold };
        let booked = world.decide(0, &place).unwrap();
        let id = AppointmentId(Uuid::from_u128(u128::MAX));
        let mut after = world.clone();
        after.busy[0].push(Busy { id, doctor: doctor_id(0), start: booked.start, end: booked.end });
        prop_assert_eq!(after.decide(0, &place), Err(Refusal::Taken { by: id }));
        let standing = Standing { id, status: Status::Scheduled, start: booked.start };
        let moved = decide_reschedule(&standing, &place, &after.policy, &after.facts(0), after.now);
        prop_assert_eq!(moved, Ok(booked), "it does not stand in its own way");
        prop_assert_eq!(decide_slot(id, &booked, &after.busy[0], &[]), Ok(()));
        let other = AppointmentId(Uuid::from_u128(u128::MAX - 1));
        prop_assert_eq!(decide_slot(other, &booked, &after.busy[0], &[]), Err(Refusal::Taken { by: id }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_next_free_slots_are_those_of_the_oracle(
        world in world().prop_map(World::without_patient), minutes in (1u16..20).prop_map(|n| n * 5),
        from_minute in 0u16..1440, days in 1u16..4, limit in prop_oneof![Just(usize::MAX), 1usize..12],
    ) {
        let mut expected = Vec::new();
        for (offset, date) in world.date.iter_days().take(days.into()).enumerate() {
            let mut day = Vec::new();
            for doctor in 0..2 {
                let starts = accepted(&world, doctor, date, minutes);
                let starts = starts.into_iter().filter(|(_, start, _)| offset > 0 || *start >= from_minute);
                day.extend(starts.map(|(at, start, fold)| (at, doctor, (doctor_id(doctor), date, start, fold))));
            }
            day.sort_by_key(|(at, doctor, _)| (*at, *doctor));
            expected.extend(day.into_iter().map(|(.., opening)| opening));
        }
        expected.truncate(limit);

        let doctors: Vec<_> = world.doctors.iter().enumerate().map(|(i, doctor)| (doctor_id(i), doctor)).collect();
        let search = FreeSearch { from: world.date, from_minute, days, minutes, limit };
        let mut asked = Vec::new();
        let found = next_free(&search, &world.policy, &doctors, world.now, |id, date| {
            asked.push((id, date));
            let index = usize::from(id == doctor_id(1));
            Ok::<_, ()>(world.booked(index, &DayClock::new(date, world.policy.zone)))
        })
        .unwrap();
        let slots: Vec<_> = found.iter().map(|o| (o.doctor, o.date, o.start, o.fold)).collect();
        prop_assert_eq!(slots, expected);

        for opening in &found {
            let index = usize::from(opening.doctor == doctor_id(1));
            let decide = |minutes| world.decide(index, &WallPlace {
                date: opening.date, start: opening.start, minutes, fold: opening.fold,
            });
            prop_assert!(opening.minutes >= minutes);
            let longest = opening.minutes.min(world.policy.longest_minutes);
            prop_assert!(decide(longest).is_ok(), "as long as it says");
            prop_assert!(decide(opening.minutes + 5).is_err(), "and no longer");
        }
        let days_asked: Vec<_> = asked.iter().map(|(_, date)| *date).collect();
        prop_assert!(days_asked.is_sorted(), "day by day");
        if let Some(last) = found.last().filter(|_| found.len() == limit) {
            prop_assert!(days_asked.iter().all(|date| *date <= last.date), "no further than needed");
        }
    }
}

/// A property over worlds in which nothing can be booked, or everything, would say nothing.
#[test]
fn the_random_worlds_meet_every_rule() {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeMap::<String, u32>::new();
    for _ in 0..400 {
        let (world, places) =
            (world(), prop::collection::vec(place(), 24)).new_tree(&mut runner).unwrap().current();
        for (start, minutes, fold) in places {
            let place = WallPlace { date: world.date, start: start.min(1439), minutes, fold };
            let outcome =
                world.decide(0, &place).map_or_else(|refusal| name(&refusal), |_| "accepted".to_owned());
            *met.entry(outcome).or_default() += 1;
        }
    }
    // Every rule of a booking; the two that are not are those of a step of the life cycle.
    assert_eq!(met.len(), 16, "{met:?}");
    assert!(met.values().all(|count| *count >= 5), "{met:?}");
    assert!(met["accepted"] >= 300, "{met:?}");
}

// ------------------------------------------------------------------------------------------------------- examples

fn clinic() -> World {
    let doctor =
        DoctorDay { active: true, licence_until: None, schedule: default_week(), exceptions: vec![] };
    World {
        policy: BookingPolicy {
            zone: chrono_tz::America::New_York,
            slot_minutes: 30,
            longest_minutes: 480,
            clinic_hours: default_week(),
            closed_days: vec![],
        },
        doctors: vec![doctor.clone(), doctor],
        busy: vec![vec![], vec![]],
        patient_busy: vec![],
        patient_archived: false,
        date: date("2026-11-24"),
        now: "2026-11-23T12:00:00Z".parse().unwrap(),
    }
}

fn at(world: &World, start: u16, minutes: u16) -> WallPlace {
    WallPlace { date: world.date, start, minutes, fold: None }
}

#[test]
fn a_refusal_carries_the_facts_a_person_needs() {
    let mut world = clinic();
    let hours = Some(Span::new(540, 1020));
    let refused = |world: &World, start, minutes| world.decide(0, &at(world, start, minutes)).unwrap_err();
    assert_eq!(refused(&world, 540, 485), Refusal::BadLength { longest: 480 });
    assert_eq!(refused(&world, 545, 30), Refusal::NotAligned { slot_minutes: 30 });
    assert_eq!(refused(&world, 540, 32), Refusal::NotAligned { slot_minutes: 5 });
    assert_eq!(refused(&world, 1020, 30), Refusal::ClinicClosed { hours });
    assert_eq!(refused(&world, 990, 45), Refusal::ClinicClosed { hours }, "the end counts as well");

    let lunch = Span::new(720, 780);
    world.doctors[0].schedule.0[1] = DayHours { open: true, hours: Span::new(600, 960), breaks: vec![lunch] };
    assert_eq!(refused(&world, 540, 30), Refusal::OutsideSchedule { hours: Some(Span::new(600, 960)) });
    assert_eq!(refused(&world, 690, 45), Refusal::Break { span: lunch });

    let away = Exception {
        id: ExceptionId(Uuid::nil()),
        kind: ExceptionKind::TimeOff,
        from: world.date,
        until: world.date + Days::new(2),
        span: Some(Span::new(600, 720)),
        reason: "Conference".into(),
    };
    world.doctors[0].exceptions.push(away);
    let off = Refusal::TimeOff {
        span: Some(Span::new(600, 720)),
        until: date("2026-11-26"),
        reason: "Conference".into(),
    };
    assert_eq!(refused(&world, 600, 30), off);

    world.policy.closed_days.push(ClosedDay { date: world.date, span: None, name: "Founders' Day".into() });
    assert_eq!(refused(&world, 600, 30), Refusal::ClosedDay { name: "Founders' Day".into() });
}

#[test]
fn the_running_slot_can_be_booked_until_it_ends() {
    let mut world = clinic();
    let decide = |world: &World| world.decide(0, &at(world, 600, 30)).map(|_| ());
    world.now = "2026-11-24T15:29:59Z".parse().unwrap();
    assert_eq!(decide(&world), Ok(()), "10:29:59 in New York");
    world.now = "2026-11-24T15:30:00Z".parse().unwrap();
    assert_eq!(decide(&world), Err(Refusal::InPast));
}

#[test]
fn extra_hours_open_what_templates_closed_days_and_time_off_close() {
    let mut world = clinic();
    world.date = date("2026-11-28");
    let change = |kind, span| Exception {
        id: ExceptionId(Uuid::nil()),
        kind,
        from: world.date,
        until: world.date,
        span,
        reason: String::new(),
    };
    let (off, extra) =
        (change(ExceptionKind::TimeOff, None), change(ExceptionKind::ExtraHours, Some(Span::new(480, 600))));
    assert_eq!(
        world.decide(0, &at(&world, 540, 30)),
        Err(Refusal::ClinicClosed { hours: None }),
        "a Saturday"
    );
    world.doctors[0].exceptions = vec![off, extra];
    world.policy.closed_days.push(ClosedDay { date: world.date, span: None, name: "Holiday".into() });
    assert!(world.decide(0, &at(&world, 540, 60)).is_ok());
    assert_eq!(
        world.decide(0, &at(&world, 570, 60)),
        Err(Refusal::ClinicClosed { hours: None }),
        "half of it outside"
    );
}

#[test]
fn a_repeated_hour_is_booked_only_when_it_is_said_which() {
    let mut world = clinic();
    world.date = date("2026-11-01");
    let night = DayHours { open: true, hours: Span::new(0, 1440), breaks: vec![] };
    world.policy.clinic_hours.0[6] = night.clone();
    world.doctors[0].schedule.0[6] = night;
    world.now = "2026-10-01T00:00:00Z".parse().unwrap();
    let decide = |fold| {
        world.decide(0, &WallPlace { fold, ..at(&world, 60, 30) }).map(|booked| booked.start.to_rfc3339())
    };
    assert_eq!(decide(None), Err(Refusal::TimeTwice));
    assert_eq!(decide(Some(Fold::Earlier)).as_deref(), Ok("2026-11-01T05:00:00+00:00"));
    assert_eq!(decide(Some(Fold::Later)).as_deref(), Ok("2026-11-01T06:00:00+00:00"));
    world.date = date("2026-03-08");
    let mut march = world.clone();
    march.now = "2026-03-01T00:00:00Z".parse().unwrap();
    assert_eq!(march.decide(0, &at(&march, 150, 30)), Err(Refusal::TimeSkipped));
}

#[test]
fn a_visit_that_runs_late_can_be_made_longer_but_not_moved_into_the_past() {
    let mut world = clinic();
    world.now = "2026-11-24T16:10:00Z".parse().unwrap();
    let start = "2026-11-24T15:15:00Z".parse().unwrap();
    let standing = Standing { id: AppointmentId(Uuid::from_u128(7)), status: Status::Arrived, start };
    let to = |start, minutes| {
        decide_reschedule(&standing, &at(&world, start, minutes), &world.policy, &world.facts(0), world.now)
    };
    assert!(to(615, 75).is_ok(), "10:15 is off the grid and past, but it stays where it is");
    assert_eq!(to(600, 75), Err(Refusal::InPast));
    assert_eq!(to(675, 30), Err(Refusal::NotAligned { slot_minutes: 30 }));
    for status in [Status::InRoom, Status::Completed, Status::Cancelled, Status::NoShow] {
        let standing = Standing { status, ..standing };
        let moved =
            decide_reschedule(&standing, &at(&world, 720, 30), &world.policy, &world.facts(0), world.now);
        assert!(matches!(moved, Err(Refusal::UnlawfulStep { from, .. }) if from == status));
    }
}

#[test]
fn a_patient_who_is_elsewhere_is_named_before_a_taken_slot() {
    let mut world = clinic();
    let busy = |id: u128, doctor, from: &str, to: &str| Busy {
        id: AppointmentId(Uuid::from_u128(id)),
        doctor: doctor_id(doctor),
        start: from.parse().unwrap(),
        end: to.parse().unwrap(),
    };
    world.busy[0].push(busy(1, 0, "2026-11-24T15:15:00Z", "2026-11-24T15:45:00Z"));
    assert_eq!(
        world.decide(0, &at(&world, 600, 30)),
        Err(Refusal::Taken { by: AppointmentId(Uuid::from_u128(1)) })
    );
    assert!(world.decide(0, &at(&world, 600, 15)).is_ok(), "ends as the other begins");
    world.patient_busy.push(busy(2, 1, "2026-11-24T15:00:00Z", "2026-11-24T15:30:00Z"));
    let refusal = Refusal::PatientBusy { by: AppointmentId(Uuid::from_u128(2)), doctor: doctor_id(1) };
    assert_eq!(world.decide(0, &at(&world, 600, 30)), Err(refusal));
    world.patient_archived = true;
    assert_eq!(world.decide(0, &at(&world, 600, 30)), Err(Refusal::PatientArchived));
}

#[test]
fn a_day_says_why_each_part_of_it_is_closed() {
    let mut world = clinic();
    world.doctors[0].schedule.0[1] =
        DayHours { open: true, hours: Span::new(600, 960), breaks: vec![Span::new(720, 780)] };
    world.doctors[0].exceptions.push(Exception {
        id: ExceptionId(Uuid::nil()),
        kind: ExceptionKind::TimeOff,
        from: world.date,
        until: world.date,
        span: Some(Span::new(900, 1000)),
        reason: "School run".into(),
    });
    let clock = DayClock::new(world.date, world.policy.zone);
    let parts = |world: &World| {
        let closed = closed_spans(&clock, &world.policy, &world.doctors[0]);
        closed.into_iter().map(|c| (c.span.start, c.span.end, c.kind, c.words)).collect::<Vec<_>>()
    };
    use ClosedKind::{Break, ClinicClosed, OutsideSchedule, TimeOff};
    let expected = [
        (0, 540, ClinicClosed, ""),
        (540, 600, OutsideSchedule, ""),
        (720, 780, Break, ""),
        (900, 960, TimeOff, "School run"),
        (960, 1020, OutsideSchedule, ""),
        (1020, 1440, ClinicClosed, ""),
    ];
    assert_eq!(parts(&world), expected.map(|(from, to, kind, words)| (from, to, kind, words.to_owned())));
    assert!(!away_all_day(&clock, &world.policy, &world.doctors[0]));

    world.doctors[0].exceptions[0].span = None;
    assert!(away_all_day(&clock, &world.policy, &world.doctors[0]));
    world.policy.closed_days.push(ClosedDay { date: world.date, span: None, name: "Holiday".into() });
    assert_eq!(parts(&world), [(0, 1440, ClinicClosed, "Holiday".to_owned())]);
    assert!(!away_all_day(&clock, &world.policy, &world.doctors[0]), "the clinic is closed anyway");
}

#[test]
fn a_gap_that_no_slot_begins_in_is_not_shown_as_free() {
    let mut world = clinic();
    let busy = |from: &str, to: &str| Busy {
        id: AppointmentId(Uuid::nil()),
        doctor: doctor_id(0),
        start: from.parse().unwrap(),
        end: to.parse().unwrap(),
    };
    world.busy[0] = vec![
        busy("2026-11-24T14:00:00Z", "2026-11-24T14:45:00Z"),
        busy("2026-11-24T15:00:00Z", "2026-11-24T15:45:00Z"),
    ];
    let clock = DayClock::new(world.date, world.policy.zone);
    let open = open_ticks(&clock, &world.policy, &world.doctors[0]);
    let free = free_spans(&clock, open, world.booked(0, &clock), 30, world.now);
    assert_eq!(free, [Span::new(660, 1020)], "neither 9:45 to 10:00 nor 10:45 to 11:00");
}

#[test]
fn the_nearest_openings_lie_on_both_sides_of_the_wanted_time() {
    let opening = |date_text, start| Opening {
        doctor: doctor_id(0),
        date: date(date_text),
        start,
        fold: None,
        minutes: 30,
    };
    let day = "2026-11-24";
    let all = vec![
        opening("2026-11-23", 1410),
        opening(day, 540),
        opening(day, 570),
        opening(day, 630),
        opening(day, 900),
    ];
    let near = nearest(all, date(day), 600, 3);
    assert_eq!(near.iter().map(|o| o.start).collect::<Vec<_>>(), [570, 630, 540]);
}
