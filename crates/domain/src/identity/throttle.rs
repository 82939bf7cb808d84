//! Growing delays after wrong passwords (AU-16; OWASP's device cookies; SP 800-63B-4 §3.2.2). Tries from a device that
//! knows the person are counted apart from those from everywhere else, so that nobody can shut a person out of the own
//! desk from outside, and nobody else at that desk waits at all.
//!
//! Knows no clock and counts nothing itself: the caller keeps what [`decide_try`] answers, *before* the password is
//! looked at, so that neither a crash nor a restart gives a try back.

use chrono::TimeDelta;

use crate::time::Instant;

/// Wrong passwords in a row, wherever they were typed, after which a password is closed (SP 800-63B-4 §3.2.2).
pub const MOST: u32 = 100;
/// How many of them may come from devices that do not know the person. Fewer than [`MOST`], so that nobody closes a
/// password on the person's own devices from outside (ASVS 6.1.1).
pub const MOST_UNTRUSTED: u32 = 50;
/// The wait between two of them then. It holds for names that nobody tried before, too, and is therefore short.
pub const SLOWED_WAIT: TimeDelta = TimeDelta::seconds(1);

/// The time between two alarms about the budget.
const ALARM_EVERY: TimeDelta = TimeDelta::hours(1);

/// What a clinic may decide about wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wrong passwords in a row after which the next one may follow at once.
    pub free: u32,
    /// The longest wait between two tries.
    pub longest_wait: TimeDelta,
    /// Wrong passwords in a row of which the administrators are told.
    pub told: u32,
    /// Wrong passwords an hour from devices that do not know the person, over all names, after which they are slowed
    /// down; more than zero.
    pub untrusted_per_hour: i32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { free: 3, longest_wait: TimeDelta::minutes(15), told: 10, untrusted_per_hour: 200 }
    }
}

impl Limits {
    /// For how long one try is remembered by the budget.
    fn per_try(&self) -> TimeDelta {
        TimeDelta::hours(1) / self.untrusted_per_hour.max(1)
    }

    /// How much the budget remembers before it slows anything down.
    fn full(&self) -> TimeDelta {
        self.per_try() * self.untrusted_per_hour
    }
}

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
    pub fn given_back(self, limits: &Limits) -> Self {
        Self { filled: (self.filled - limits.per_try()).max(TimeDelta::zero()), ..self }
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
    /// What the clinic decided.
    pub limits: Limits,
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
    /// [`Limits::told`] wrong passwords in a row for one name.
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
        let (full, per_try) = (standing.limits.full(), standing.limits.per_try());
        let filled = standing.budget.filled_at(now) + per_try;
        let due = standing.budget.alarmed.is_none_or(|told| now - told >= ALARM_EVERY);
        let alarm = filled >= full && due;
        alarms.extend(alarm.then_some(Alarm::Spraying));
        let alarmed = if alarm { Some(now) } else { standing.budget.alarmed };
        counted.budget = Budget { filled: filled.min(full), last: Some(now), alarmed };
    }
    alarms.extend((counted.in_a_row == standing.limits.told).then_some(Alarm::ManyFailures));
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
    let limits = &standing.limits;
    let own = left(delay_after(limits, standing.here.failures), standing.here.last, now);
    let filled = standing.budget.filled_at(now) + limits.per_try();
    let slowed = standing.trust == Trust::Untrusted && filled > limits.full();
    let shared = if slowed { left(SLOWED_WAIT, standing.budget.last, now) } else { TimeDelta::zero() };
    own.max(shared)
}

/// The wait after so many wrong passwords in a row: none after the free ones, then one second, doubled with each.
pub fn delay_after(limits: &Limits, failures: u32) -> TimeDelta {
    let Some(doublings) = failures.checked_sub(limits.free.saturating_add(1)) else {
        return TimeDelta::zero();
    };
    // Longer than the longest from here on.
    let seconds = 1_i64 << doublings.min(16);
    TimeDelta::seconds(seconds).min(limits.longest_wait)
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
