//! Laws that hold in every world.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use clinic_domain::id::AppointmentId;
use clinic_domain::scheduling::availability::{ahead, closed_spans, free_spans, open_ticks, starts};
use clinic_domain::scheduling::booking::{Busy, Standing, WallPlace, decide_reschedule, decide_slot};
use clinic_domain::scheduling::hours::ExceptionKind;
use clinic_domain::scheduling::mask::DayClock;
use clinic_domain::scheduling::openings::{Day, FreeSearch, Week, next_free};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::scheduling::status::Status;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use crate::oracle::{accepted, name, oracle, wall};
use crate::world::{World, doctor_id, place, world};

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
        let slot = world.policy.slot_minutes;
        let white = free_spans(&clock, open.and_not(booked).and(ahead(&clock, slot, world.now)), slot);

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
    fn many_days_of_many_doctors_say_what_one_day_says(world in world()) {
        for date in world.date.iter_days().take(3) {
            let (clock, day) = (DayClock::new(date, world.policy.zone), Day::new(date, &world.policy, world.now));
            prop_assert_eq!(day.clock(), &clock);
            prop_assert_eq!(day.ahead(), ahead(&clock, world.policy.slot_minutes, world.now));
            for doctor in &world.doctors {
                let week = Week::new(&world.policy, doctor);
                prop_assert_eq!(week.open(&day), open_ticks(&clock, &world.policy, doctor));
                let mut back = doctor.clone();
                back.exceptions.retain(|change| change.kind != ExceptionKind::TimeOff);
                let with = open_ticks(&clock, &world.policy, doctor).is_empty();
                let without = open_ticks(&clock, &world.policy, &back).is_empty();
                prop_assert_eq!(week.is_away(&day), with && !without);
            }
        }
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
        world in world().prop_map(World::without_patient), minutes in (1u16..30).prop_map(|n| n * 5),
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
        let found = next_free(&search, &world.policy, &doctors, world.now, |date, free| {
            asked.push(date);
            let clock = DayClock::new(date, world.policy.zone);
            for (doctor, free) in free.iter_mut().enumerate() {
                *free = free.and_not(world.booked(doctor, &clock));
            }
            Ok::<_, ()>(())
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
        prop_assert!(asked.is_sorted_by(|before, next| before < next), "day by day, each once");
        if let Some(last) = found.last().filter(|_| found.len() == limit) {
            prop_assert!(asked.iter().all(|date| *date <= last.date), "no further than needed");
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
