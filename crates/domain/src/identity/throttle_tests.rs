//! The waits after wrong passwords, by tables and properties.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::throttle::*;
use crate::time::Instant;

fn at(seconds: i64) -> Instant {
    Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn fresh(trust: Trust) -> Standing {
    Standing {
        trust,
        here: Counter::default(),
        in_a_row: 0,
        budget: Budget::default(),
        can_be_reopened: true,
        limits: Limits::default(),
    }
}

/// Somebody who tries every second: when each wrong password was looked at, and what was told.
fn knock(mut standing: Standing, seconds: i64) -> (Vec<i64>, Vec<(i64, Alarm)>, Standing) {
    let (mut looked_at, mut alarms) = (Vec::new(), Vec::new());
    for second in 0..seconds {
        // As often as it is let in within one second.
        while let Ok(counted) = decide_try(standing, at(second)) {
            looked_at.push(second);
            alarms.extend(counted.alarms.into_iter().map(|alarm| (second, alarm)));
            standing = counted.standing;
        }
    }
    (looked_at, alarms, standing)
}

#[test]
fn three_are_free_and_then_the_wait_doubles_up_to_fifteen_minutes() {
    let seconds: Vec<_> =
        (0..16).map(|failures| delay_after(&Limits::default(), failures).num_seconds()).collect();
    assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    assert_eq!(delay_after(&Limits::default(), u32::MAX), TimeDelta::minutes(15));
}

#[test]
fn a_hundred_guesses_at_a_desk_that_knows_the_person_take_twenty_two_hours_and_then_end() {
    let (looked_at, alarms, standing) = knock(fresh(Trust::Trusted), 48 * 3600);
    assert_eq!(looked_at.len(), 100);
    assert_eq!(looked_at[..6], [0, 0, 0, 0, 1, 3]);
    let hours = looked_at[99] / 3600;
    assert!(hours >= 21, "{hours} h");
    let told: Vec<_> = alarms.iter().map(|(_, alarm)| *alarm).collect();
    assert_eq!(told, [Alarm::ManyFailures, Alarm::Closed]);
    assert_eq!(decide_try(standing, at(400 * 86_400)), Err(Refused::Closed), "time does not open it");
}

#[test]
fn from_outside_it_ends_at_half_and_the_own_desk_stays_open() {
    let (looked_at, alarms, outside) = knock(fresh(Trust::Untrusted), 48 * 3600);
    assert_eq!(looked_at.len(), 50);
    assert_eq!(alarms.last().unwrap().1, Alarm::Closed);
    let own = Standing { in_a_row: outside.in_a_row, budget: outside.budget, ..fresh(Trust::Trusted) };
    assert_eq!(wait(&own, at(48 * 3600)), TimeDelta::zero());
    decide_try(own, at(48 * 3600)).unwrap();
}

#[test]
fn the_last_administrator_is_slowed_down_but_never_closed() {
    let last = Standing { can_be_reopened: false, ..fresh(Trust::Trusted) };
    let (looked_at, alarms, _) = knock(last, 48 * 3600);
    assert!(looked_at.len() > 150 && looked_at.len() < 250, "{}", looked_at.len());
    assert_eq!(alarms.len(), 1);
    let outside = Standing { can_be_reopened: false, ..fresh(Trust::Untrusted) };
    assert_eq!(knock(outside, 48 * 3600).0.len(), 50, "from outside it looks like any other");
}

#[test]
fn who_waits_is_told_how_long_and_knocking_makes_it_no_longer() {
    let here = Counter { failures: 7, last: Some(at(0)) };
    let standing = Standing { here, in_a_row: 7, ..fresh(Trust::Trusted) };
    assert_eq!(decide_try(standing, at(3)), Err(Refused::Wait(TimeDelta::seconds(5))));
    assert_eq!(decide_try(standing, at(7)), Err(Refused::Wait(TimeDelta::seconds(1))));
    decide_try(standing, at(8)).unwrap();
    assert_eq!(
        decide_try(standing, at(-500)),
        Err(Refused::Wait(TimeDelta::seconds(8))),
        "a clock set back makes the wait no longer than it is"
    );
}

#[test]
fn spraying_is_told_within_two_hundred_names_and_slows_the_next_ones_by_a_second_at_most() {
    let mut budget = Budget::default();
    let mut told = Vec::new();
    for nth in 1..=10_000 {
        let name = Standing { budget, ..fresh(Trust::Untrusted) };
        match decide_try(name, at(0)) {
            Ok(counted) => {
                told.extend(counted.alarms.into_iter().map(|alarm| (nth, alarm)));
                budget = counted.standing.budget;
            }
            Err(refused) => assert_eq!(refused, Refused::Wait(SLOWED_WAIT)),
        }
    }
    assert_eq!(told, [(200, Alarm::Spraying)]);
    let trusted = Standing { budget, ..fresh(Trust::Trusted) };
    assert_eq!(wait(&trusted, at(0)), TimeDelta::zero(), "devices that know the person are unaffected");
    decide_try(Standing { budget, ..fresh(Trust::Untrusted) }, at(1)).unwrap();
}

#[test]
fn a_day_of_spraying_at_one_a_second_is_told_every_hour() {
    let (mut budget, mut told) = (Budget::default(), 0);
    for second in 0..86_400 {
        if let Ok(counted) = decide_try(Standing { budget, ..fresh(Trust::Untrusted) }, at(second)) {
            told += counted.alarms.len();
            budget = counted.standing.budget;
        }
    }
    assert_eq!(told, 24);
}

#[test]
fn two_hundred_people_who_mistype_once_within_an_hour_slow_nobody() {
    let mut budget = Budget::default();
    for nth in 0..200 {
        let counted = decide_try(Standing { budget, ..fresh(Trust::Untrusted) }, at(nth * 18)).unwrap();
        assert_eq!(counted.alarms, []);
        budget = counted.standing.budget;
    }
    assert_eq!(wait(&Standing { budget, ..fresh(Trust::Untrusted) }, at(3600)), TimeDelta::zero());
}

#[test]
fn a_right_password_costs_no_budget() {
    let counted = decide_try(fresh(Trust::Untrusted), at(0)).unwrap();
    assert_eq!(counted.standing.budget.given_back(&Limits::default()).filled, TimeDelta::zero());
}

#[test]
fn a_clinic_decides_when_waiting_begins_how_long_it_gets_and_when_it_is_told() {
    let limits = Limits { free: 5, longest_wait: TimeDelta::minutes(1), told: 4, untrusted_per_hour: 20 };
    let seconds: Vec<_> = (4..15).map(|failures| delay_after(&limits, failures).num_seconds()).collect();
    assert_eq!(seconds, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    let (looked_at, alarms, _) = knock(Standing { limits, ..fresh(Trust::Trusted) }, 48 * 3600);
    assert_eq!(looked_at.len(), 100, "the hundred of SP 800-63B-4 is nobody's to change");
    assert_eq!(alarms[0], (0, Alarm::ManyFailures));
    let mut budget = Budget::default();
    let mut told = Vec::new();
    for nth in 1..=50 {
        let name = Standing { budget, limits, ..fresh(Trust::Untrusted) };
        let Ok(counted) = decide_try(name, at(0)) else { continue };
        told.extend(counted.alarms.into_iter().map(|alarm| (nth, alarm)));
        budget = counted.standing.budget;
    }
    assert_eq!(told, [(20, Alarm::Spraying)]);
}

#[test]
fn a_device_is_new_to_whoever_signed_in_elsewhere_before() {
    let cases = [
        (Trust::Untrusted, true),
        (Trust::Untrusted, false),
        (Trust::Trusted, true),
        (Trust::Trusted, false),
    ];
    assert_eq!(cases.map(|(trust, before)| is_new_device(trust, before)), [true, false, false, false]);
}

proptest! {
    #[test]
    fn no_wait_is_longer_than_the_longest_and_none_outlasts_itself(
        failures: u32, in_a_row: u32, ago in 0_i64..2_000, filled in 0_i64..4_000, trusted: bool,
        free in 1_u32..=10, longest in 1_i64..=60
    ) {
        let trust = if trusted { Trust::Trusted } else { Trust::Untrusted };
        let budget = Budget { filled: TimeDelta::seconds(filled), last: Some(at(-ago)), alarmed: None };
        let here = Counter { failures, last: Some(at(-ago)) };
        let limits = Limits { free, longest_wait: TimeDelta::minutes(longest), ..Limits::default() };
        let standing = Standing { trust, here, in_a_row, budget, can_be_reopened: false, limits };
        let wait = wait(&standing, at(0));
        prop_assert!(wait >= TimeDelta::zero() && wait <= limits.longest_wait);
        prop_assert!(is_closed(&standing) || decide_try(standing, at(0) + wait).is_ok());
    }

    #[test]
    fn a_counted_try_never_makes_anything_smaller(failures in 0_u32..200, more in 0_u32..200, trusted: bool) {
        let trust = if trusted { Trust::Trusted } else { Trust::Untrusted };
        let here = Counter { failures, last: None };
        let standing = Standing { trust, here, in_a_row: failures + more, ..fresh(trust) };
        if let Ok(Counted { standing: after, .. }) = decide_try(standing, at(0)) {
            prop_assert_eq!((after.here.failures, after.in_a_row), (failures + 1, failures + more + 1));
            prop_assert!(after.budget.filled >= standing.budget.filled);
        }
    }
}
