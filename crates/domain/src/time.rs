//! Local rules and absolute facts: minutes of a wall clock, ticks of a day, and the way between them.
//!
//! Facts are UTC instants, rules are wall times in the clinic's IANA zone, intervals are half-open. A wall time that
//! daylight saving skips has no instant; one that happens twice has two and the caller must choose.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use specta::Type;

pub use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A UTC instant.
pub type Instant = DateTime<Utc>;

/// A half-open span of wall-clock minutes of one day, `0..=1440`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First minute inside.
    pub start: u16,
    /// First minute outside.
    pub end: u16,
}

impl Span {
    /// A span from `start` up to but not including `end`.
    pub const fn new(start: u16, end: u16) -> Self {
        Self { start, end }
    }

    /// Whether both spans share at least one minute.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Minutes inside.
    pub const fn minutes(self) -> u16 {
        self.end.saturating_sub(self.start)
    }
}

/// Which of the two instants of a wall time that happens twice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// The first one, before the clocks go back.
    Earlier,
    /// The second one, after the clocks went back.
    Later,
}

/// Why a wall time is not one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WallTimeError {
    /// Daylight saving skips it.
    Skipped,
    /// It happens twice and no [`Fold`] was given.
    Twice,
}

/// The instant of a wall time in a zone. `minute` is `0..=1440`; 1440 is the next midnight.
///
/// # Errors
/// [`WallTimeError`] when daylight saving skips the time, or repeats it and `fold` is `None`.
pub fn instant_of(
    date: NaiveDate,
    minute: u16,
    fold: Option<Fold>,
    zone: Tz,
) -> Result<Instant, WallTimeError> {
    use chrono::{LocalResult, TimeDelta, TimeZone};
    let wall = date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    match (zone.from_local_datetime(&wall), fold) {
        (LocalResult::Single(at), _) => Ok(at.to_utc()),
        (LocalResult::Ambiguous(early, _), Some(Fold::Earlier)) => Ok(early.to_utc()),
        (LocalResult::Ambiguous(_, late), Some(Fold::Later)) => Ok(late.to_utc()),
        (LocalResult::Ambiguous(..), None) => Err(WallTimeError::Twice),
        (LocalResult::None, _) => Err(WallTimeError::Skipped),
    }
}

/// The wall-clock date and minute of an instant in a zone.
pub fn wall_of(at: Instant, zone: Tz) -> (NaiveDate, u16) {
    use chrono::Timelike;
    let local = at.with_timezone(&zone);
    (local.date_naive(), (local.hour() * 60 + local.minute()) as u16)
}

/// The first instant of a local day: midnight, or the first time that exists where daylight saving skips midnight. A day
/// that the calendar skips (Samoa, 30 December 2011) starts with the day after it.
pub fn day_start(date: NaiveDate, zone: Tz) -> Instant {
    (0..=1440)
        .step_by(15)
        .find_map(|minute| instant_of(date, minute, Some(Fold::Earlier), zone).ok())
        .unwrap_or_else(|| date.and_time(chrono::NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Tz {
        name.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn instant(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn spans_are_half_open() {
        let span = Span::new(540, 600);
        assert!(
            !span.overlaps(Span::new(600, 660)) && !Span::new(600, 660).overlaps(span),
            "neighbours share nothing"
        );
        assert!(span.overlaps(Span::new(599, 600)));
        assert!(span.contains(span) && !span.contains(Span::new(540, 601)));
        assert_eq!((span.minutes(), Span::new(10, 5).minutes()), (60, 0));
    }

    #[test]
    fn a_wall_time_has_one_instant_none_or_two() {
        let new_york = zone("America/New_York");
        let at = |day: &str, minute, fold| instant_of(date(day), minute, fold, new_york);
        assert_eq!(at("2026-11-24", 600, None), Ok(instant("2026-11-24T15:00:00Z")));
        assert_eq!(at("2026-03-08", 150, Some(Fold::Later)), Err(WallTimeError::Skipped));
        assert_eq!(at("2026-11-01", 90, None), Err(WallTimeError::Twice));
        assert_eq!(at("2026-11-01", 90, Some(Fold::Earlier)), Ok(instant("2026-11-01T05:30:00Z")));
        assert_eq!(at("2026-11-01", 90, Some(Fold::Later)), Ok(instant("2026-11-01T06:30:00Z")));
        assert_eq!(
            at("2026-11-24", 600, Some(Fold::Later)),
            at("2026-11-24", 600, None),
            "a fold that is not needed"
        );
        assert_eq!(at("2026-11-24", 1440, None), at("2026-11-25", 0, None), "1440 is the next midnight");
    }

    #[test]
    fn a_day_starts_with_the_first_time_that_exists() {
        let cases = [
            ("America/New_York", "2026-11-24", "2026-11-24T05:00:00Z"),
            ("America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00Z"),
            ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ];
        for (name, day, start) in cases {
            assert_eq!(day_start(date(day), zone(name)), instant(start), "{name} {day}");
        }
    }

    proptest! {
        #[test]
        fn every_instant_is_one_of_those_of_its_wall_time(
            minutes in 0i64..10_000_000,
            name in prop::sample::select(vec!["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]),
        ) {
            let at = instant("2010-01-01T00:00:00Z") + chrono::TimeDelta::minutes(minutes);
            let (day, minute) = wall_of(at, zone(name));
            let found = [Fold::Earlier, Fold::Later].map(|fold| instant_of(day, minute, Some(fold), zone(name)));
            prop_assert!(found.contains(&Ok(at)));
            prop_assert!(day_start(day, zone(name)) <= at);
        }
    }
}
