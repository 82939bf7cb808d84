//! Growing delays after wrong passwords (AU-16; OWASP's device cookies; SP 800-63B-4 §3.2.2). Tries from a device that
//! knows the person are counted apart from those from everywhere else, so that nobody can shut a person out of the own
//! desk from outside, and nobody else at that desk waits at all.
//!
//! Knows no clock and counts nothing itself: the caller keeps what [`decide_try`] answers, *before* the password is
//! looked at, so that neither a crash nor a restart gives a try back.

use chrono::TimeDelta;

use crate::time::Instant;

/// Wrong passwords in a row after which the next one may follow at once.
pub const FREE: u32 = 3;
/// The longest wait between two tries.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// Wrong passwords in a row of which the administrators are told.
pub const TOLD: u32 = 10;
/// Wrong passwords in a row, wherever they were typed, after which a password is closed (SP 800-63B-4 §3.2.2).
pub const MOST: u32 = 100;
/// How many of them may come from devices that do not know the person. Fewer than [`MOST`], so that nobody closes a
/// password on the person's own devices from outside (ASVS 6.1.1).
pub const MOST_UNTRUSTED: u32 = 50;
/// Wrong passwords an hour from devices that do not know the person, over all names, after which they are slowed down.
pub const BUDGET: i32 = 200;
/// The wait between two of them then. It holds for names that nobody tried before, too, and is therefore short.
pub const SLOWED_WAIT: TimeDelta = TimeDelta::seconds(1);

/// For how long one try is remembered by the budget.
const PER_TRY: TimeDelta = TimeDelta::seconds(3600 / BUDGET as i64);
/// How much the budget remembers before it slows anything down.
const FULL: TimeDelta = TimeDelta::seconds(PER_TRY.num_seconds() * BUDGET as i64);
/// The time between two alarms about the budget.
const ALARM_EVERY: TimeDelta = TimeDelta::hours(1);

/// Whether a device knows a person: one full sign-in there made it so, and nobody took it back (AU-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trust {
    /// It does; its tries have a counter of their own.
    Trusted,
    /// It does not; all such devices share one counter for each name.
    Untrusted,
}

/// Whether the person is told of a sign-in (AU-15): one from a device that does not know them, unless it is their first
/// one anywhere.
pub const fn is_new_device(trust: Trust, signed_in_before: bool) -> bool {
    matches!(trust, Trust::Untrusted) && signed_in_before
}

/// Wrong passwords for one name in one place, since the last right one there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counter {
    /// How many.
    pub failures: u32,
    /// When the last one was; never later than now.
    pub last: Option<Instant>,
}

/// What is remembered of wrong passwords from devices that do not know the person, over all names: a bucket that leaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// What was in it at the last try.
    pub filled: TimeDelta,
    /// When that was; never later than now.
    pub last: Option<Instant>,
    /// When the administrators were told last.
    pub alarmed: Option<Instant>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { filled: TimeDelta::zero(), last: None, alarmed: None }
    }
}

impl Budget {
    fn filled_at(&self, now: Instant) -> TimeDelta {
        (self.filled - since(self.last, now)).max(TimeDelta::zero())
    }

    /// The same after the password turned out to be right: a right one is no guess.
    #[must_use]
    pub fn given_back(self) -> Self {
        Self { filled: (self.filled - PER_TRY).max(TimeDelta::zero()), ..self }
    }
}

/// All that a try is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether the device knows the person. A name that is no account's is known nowhere.
    pub trust: Trust,
    /// The counter of this place.
    pub here: Counter,
    /// Wrong passwords for this name since the last right one anywhere, those here included.
    pub in_a_row: u32,
    /// The budget.
    pub budget: Budget,
    /// An administrator who can open the password again would be left. The last one's is slowed down on devices that know
    /// them, but never closed there: nobody could ever open it. From outside it closes like any other, so that nobody
    /// learns there who that is.
    pub can_be_reopened: bool,
}

/// Why the password is not even looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Too soon: the next try is open after so long.
    Wait(TimeDelta),
    /// Too many: an administrator has to open the password again.
    Closed,
}

/// Something that the administrators are told when the try turns out to be wrong (AU-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// [`TOLD`] wrong passwords in a row for one name.
    ManyFailures,
    /// The password has just been closed, here or everywhere.
    Closed,
    /// Many wrong passwords for many names: somebody tries one password on everybody.
    Spraying,
}

/// A try that may be made: what has to be kept before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// As if it were wrong already.
    pub standing: Standing,
    /// What to tell when it is.
    pub alarms: Vec<Alarm>,
}

/// Decides whether a password may be looked at now, and counts it as wrong until it turns out to be right.
///
/// # Errors
/// See [`Refused`]. A refused try is not counted: whoever knocks without end makes nothing worse.
pub fn decide_try(standing: Standing, now: Instant) -> Result<Counted, Refused> {
    if is_closed(&standing) {
        return Err(Refused::Closed);
    }
    let wait = wait(&standing, now);
    if wait > TimeDelta::zero() {
        return Err(Refused::Wait(wait));
    }
    let failures = standing.here.failures.saturating_add(1);
    let mut counted = Standing {
        here: Counter { failures, last: Some(now) },
        in_a_row: standing.in_a_row.saturating_add(1),
        ..standing
    };
    let mut alarms = Vec::new();
    if standing.trust == Trust::Untrusted {
        let filled = standing.budget.filled_at(now) + PER_TRY;
        let due = standing.budget.alarmed.is_none_or(|told| now - told >= ALARM_EVERY);
        let alarm = filled >= FULL && due;
        alarms.extend(alarm.then_some(Alarm::Spraying));
        let alarmed = if alarm { Some(now) } else { standing.budget.alarmed };
        counted.budget = Budget { filled: filled.min(FULL), last: Some(now), alarmed };
    }
    alarms.extend((counted.in_a_row == TOLD).then_some(Alarm::ManyFailures));
    alarms.extend(is_closed(&counted).then_some(Alarm::Closed));
    Ok(Counted { standing: counted, alarms })
}

/// Whether the password is closed for this place.
pub const fn is_closed(standing: &Standing) -> bool {
    let used_up = match standing.trust {
        Trust::Trusted => false,
        Trust::Untrusted => standing.here.failures >= MOST_UNTRUSTED,
    };
    used_up || (standing.can_be_reopened && standing.in_a_row >= MOST)
}

/// How long the next try has to wait from now on; zero when it need not.
pub fn wait(standing: &Standing, now: Instant) -> TimeDelta {
    let own = left(delay_after(standing.here.failures), standing.here.last, now);
    let slowed = standing.trust == Trust::Untrusted && standing.budget.filled_at(now) + PER_TRY > FULL;
    let shared = if slowed { left(SLOWED_WAIT, standing.budget.last, now) } else { TimeDelta::zero() };
    own.max(shared)
}

/// The wait after so many wrong passwords in a row: none after the first three, then one second, doubled with each.
pub fn delay_after(failures: u32) -> TimeDelta {
    let Some(doublings) = failures.checked_sub(FREE + 1) else { return TimeDelta::zero() };
    // Longer than the longest from here on.
    let seconds = 1_i64 << doublings.min(16);
    TimeDelta::seconds(seconds).min(LONGEST_WAIT)
}

fn left(delay: TimeDelta, last: Option<Instant>, now: Instant) -> TimeDelta {
    match last {
        Some(_) => (delay - since(last, now)).max(TimeDelta::zero()),
        None => TimeDelta::zero(),
    }
}

/// How long ago something was. A clock that was set back makes it no longer ago than just now.
fn since(last: Option<Instant>, now: Instant) -> TimeDelta {
    last.map_or(TimeDelta::MAX, |last| (now - last).max(TimeDelta::zero()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let seconds: Vec<_> = (0..16).map(|failures| delay_after(failures).num_seconds()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(delay_after(u32::MAX), LONGEST_WAIT);
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
        assert_eq!(counted.standing.budget.given_back().filled, TimeDelta::zero());
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
            failures: u32, in_a_row: u32, ago in 0_i64..2_000, filled in 0_i64..4_000, trusted: bool
        ) {
            let trust = if trusted { Trust::Trusted } else { Trust::Untrusted };
            let budget = Budget { filled: TimeDelta::seconds(filled), last: Some(at(-ago)), alarmed: None };
            let here = Counter { failures, last: Some(at(-ago)) };
            let standing = Standing { trust, here, in_a_row, budget, can_be_reopened: false };
            let wait = wait(&standing, at(0));
            prop_assert!(wait >= TimeDelta::zero() && wait <= LONGEST_WAIT);
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
}
