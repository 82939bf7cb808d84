//! The way between the ticks of a local day and its wall clock.
//!
//! Ticks count elapsed time since the local midnight: a day of 25 hours has 300 of them, one of 23 hours 276.

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::mask::{DayMask, TICK_MINUTES, WALL_TICKS, wall_grid, whole_wall};
use crate::time::{Fold, Instant, NaiveDate, Span, day_start, wall_of};

/// A local day in a zone: when it starts, how long it is, and what its wall clock shows at each tick.
///
/// Zones of today move their clocks at most once a day and by a multiple of five minutes; a day that breaks this is
/// read as if it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayClock {
    date: NaiveDate,
    start: Instant,
    ticks: u16,
    /// The wall clock at tick 0, in ticks: 0 but where daylight saving skips midnight.
    first_wall: u16,
    /// The tick at which the clocks move, and the wall clock from there, in ticks.
    change: Option<(u16, u16)>,
}

impl DayClock {
    /// The day of a date in a zone.
    pub fn new(date: NaiveDate, zone: Tz) -> Self {
        let start = day_start(date, zone);
        let end = date.succ_opt().map_or(start, |next| day_start(next, zone));
        let ticks = ticks_between(start, end).clamp(0, i64::from(DayMask::BITS)) as u16;
        let wall = |tick: u16| wall_of(start + minutes(tick), zone).1 / TICK_MINUTES;
        let first_wall = if ticks == 0 { 0 } else { wall(0) };
        let steady = |tick: u16| wall(tick) == first_wall + tick;
        // A day that begins at midnight and is as long as most has no change in it: that is seen without looking.
        let plain = first_wall == 0 && ticks == WALL_TICKS;
        let change = if plain || ticks == 0 || steady(ticks - 1) {
            None
        } else {
            // Steady before the change and never after it, so halving finds it.
            let (mut before, mut after) = (0, ticks - 1);
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                if steady(middle) { before = middle } else { after = middle }
            }
            Some((after, wall(after)))
        };
        Self { date, start, ticks, first_wall, change }
    }

    /// Which day.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// Its first instant.
    pub fn start(&self) -> Instant {
        self.start
    }

    /// How many ticks it has: 288 on most days, none where the calendar skips the day.
    pub fn ticks(&self) -> u16 {
        self.ticks
    }

    /// All ticks of the day.
    pub fn whole(&self) -> DayMask {
        DayMask::of_range(0, self.ticks)
    }

    /// The instant at which a tick begins.
    pub fn instant(&self, tick: u16) -> Instant {
        self.start + minutes(tick)
    }

    /// The tick an instant lies in; `None` outside the day.
    pub fn tick(&self, at: Instant) -> Option<u16> {
        u16::try_from(ticks_between(self.start, at)).ok().filter(|tick| *tick < self.ticks)
    }

    /// The wall-clock minute at which a tick begins, and which of the two it is where that minute happens twice.
    pub fn wall(&self, tick: u16) -> (u16, Option<Fold>) {
        let (wall, fold) = match self.change {
            Some((at, wall_at)) if tick >= at => {
                let repeated_until = self.first_wall + at;
                let wall = wall_at + (tick - at);
                (wall, (wall < repeated_until).then_some(Fold::Later))
            }
            Some((_, wall_at)) => {
                let wall = self.first_wall + tick;
                (wall, (wall >= wall_at).then_some(Fold::Earlier))
            }
            None => (self.first_wall + tick, None),
        };
        (wall * TICK_MINUTES, fold)
    }

    /// The ticks that the intervals touch, clipped to the day: what the store keeps as the day's mask.
    pub fn mask_of(&self, intervals: impl IntoIterator<Item = (Instant, Instant)>) -> DayMask {
        let clipped = |ticks: i64| ticks.clamp(0, i64::from(self.ticks)) as u16;
        intervals.into_iter().filter(|(start, end)| start < end).fold(
            DayMask::EMPTY,
            |mut mask, (start, end)| {
                let (first, beyond) = (ticks_between(self.start, start), -ticks_between(end, self.start));
                mask.set(clipped(first), clipped(beyond));
                mask
            },
        )
    }

    /// Whether ticks and wall clock are the same: no change of the clocks today.
    fn is_plain(&self) -> bool {
        self.change.is_none() && self.first_wall == 0 && self.ticks == WALL_TICKS
    }

    /// A set on the wall clock's axis as ticks of elapsed time: what is skipped is left out, what repeats is there
    /// twice.
    pub fn ticks_of_wall(&self, wall: DayMask) -> DayMask {
        let wall = wall.and(whole_wall());
        if self.is_plain() {
            return wall;
        }
        let head = wall.earlier(self.first_wall);
        match self.change {
            None => head.and(self.whole()),
            Some((at, wall_at)) => {
                let tail = wall.and(DayMask::of_range(wall_at, WALL_TICKS));
                let tail = if wall_at >= at { tail.earlier(wall_at - at) } else { tail.later(at - wall_at) };
                head.and(DayMask::of_range(0, at)).or(tail).and(self.whole())
            }
        }
    }

    /// A set of ticks on the wall clock's axis. A minute that happens twice is in when either is.
    pub fn wall_of_ticks(&self, ticks: DayMask) -> DayMask {
        let ticks = ticks.and(self.whole());
        match self.change {
            None => ticks.later(self.first_wall),
            Some((at, wall_at)) => {
                let head = ticks.and(DayMask::of_range(0, at)).later(self.first_wall);
                let tail = ticks.and(DayMask::of_range(at, DayMask::BITS));
                head.or(if wall_at >= at { tail.later(wall_at - at) } else { tail.earlier(at - wall_at) })
            }
        }
    }

    /// A set of ticks as wall-clock spans, in order, without overlaps. A minute that happens twice is in when either
    /// is.
    pub fn wall_spans(&self, ticks: DayMask) -> Vec<Span> {
        self.wall_of_ticks(ticks)
            .runs()
            .map(|(from, to)| Span::new(from * TICK_MINUTES, to * TICK_MINUTES))
            .collect()
    }

    /// The ticks whose wall-clock minute is a multiple of `minutes`.
    pub fn aligned(&self, minutes: u16) -> DayMask {
        self.ticks_of_wall(wall_grid(minutes))
    }
}

fn minutes(ticks: u16) -> TimeDelta {
    TimeDelta::minutes(i64::from(ticks) * i64::from(TICK_MINUTES))
}

/// Whole ticks from one instant to another, rounded down also where the other comes first. To the nanosecond: rounding
/// towards zero would let an interval that ends at midnight touch the day after it.
pub(super) fn ticks_between(from: Instant, to: Instant) -> i64 {
    let delta = to - from;
    let nanoseconds = i128::from(delta.num_seconds()) * 1_000_000_000 + i128::from(delta.subsec_nanos());
    // A tick is 3 * 10^11 nanoseconds; the quotient of any two instants fits.
    nanoseconds.div_euclid(i128::from(TICK_MINUTES) * 60_000_000_000) as i64
}

#[cfg(test)]
mod tests {
    use super::super::mask::tests::{mask, ticks};
    use super::*;
    use crate::time::instant_of;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Days on which the clocks move, and one on which they do not.
    const DAYS: [(&str, &str, u16); 12] = [
        ("America/New_York", "2026-11-24", 288),
        ("America/New_York", "2026-03-08", 276),
        ("America/New_York", "2026-11-01", 300),
        ("Europe/London", "2026-03-29", 276),
        ("Europe/London", "2026-10-25", 300),
        ("Australia/Lord_Howe", "2026-10-04", 282),
        ("Australia/Lord_Howe", "2026-04-05", 294),
        ("Africa/Casablanca", "2026-02-15", 300),
        ("Africa/Casablanca", "2026-03-22", 276),
        ("America/Sao_Paulo", "2017-10-15", 276),
        ("America/Sao_Paulo", "2018-02-17", 300),
        ("Pacific/Apia", "2011-12-30", 0),
    ];

    fn clocks() -> impl Iterator<Item = (DayClock, Tz)> {
        DAYS.into_iter().map(|(zone, date, _)| {
            let zone = zone.parse().unwrap();
            (DayClock::new(date.parse().unwrap(), zone), zone)
        })
    }

    #[test]
    fn a_day_has_as_many_ticks_as_it_is_long() {
        for ((clock, _), (zone, date, ticks)) in clocks().zip(DAYS) {
            assert_eq!(clock.ticks(), ticks, "{zone} {date}");
        }
    }

    #[test]
    fn the_wall_clock_of_every_tick_is_that_of_its_instant() {
        for (clock, zone) in clocks() {
            for tick in 0..clock.ticks() {
                let (minute, fold) = clock.wall(tick);
                assert_eq!((clock.date(), minute), wall_of(clock.instant(tick), zone), "{zone} tick {tick}");
                assert_eq!(
                    instant_of(clock.date(), minute, fold, zone),
                    Ok(clock.instant(tick)),
                    "{zone} tick {tick}"
                );
                let twice = instant_of(clock.date(), minute, None, zone).is_err();
                assert_eq!(fold.is_some(), twice, "{zone} tick {tick}");
                assert_eq!(clock.tick(clock.instant(tick)), Some(tick));
            }
            assert_eq!(clock.tick(clock.instant(clock.ticks())), None, "the next midnight is the next day's");
            assert_eq!(clock.tick(clock.start() - TimeDelta::seconds(1)), None);
        }
    }

    #[test]
    fn the_ticks_of_every_day_of_many_years_follow_one_another() {
        for zone in [
            "America/New_York",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
            "Asia/Kathmandu",
            "America/Havana",
        ] {
            let zone: Tz = zone.parse().unwrap();
            let mut date: NaiveDate = "2024-01-01".parse().unwrap();
            while date < "2030-01-01".parse().unwrap() {
                let (today, next) =
                    (DayClock::new(date, zone), DayClock::new(date.succ_opt().unwrap(), zone));
                assert_eq!(today.instant(today.ticks()), next.start(), "{zone} {date}");
                date = next.date();
            }
        }
    }

    #[test]
    fn an_interval_that_ends_at_midnight_is_not_in_the_day_after_it() {
        for (clock, _) in clocks() {
            let (hour, nanosecond) = (TimeDelta::hours(1), TimeDelta::nanoseconds(1));
            assert_eq!(clock.mask_of([(clock.start() - hour, clock.start())]), DayMask::EMPTY);
            let over = clock.mask_of([(clock.start() - hour, clock.start() + nanosecond)]);
            assert_eq!(over, DayMask::of_range(0, clock.ticks().min(1)));
            let end = clock.instant(clock.ticks());
            assert_eq!(clock.mask_of([(end, end + hour)]), DayMask::EMPTY);
        }
    }

    proptest! {
        #[test]
        fn wall_sets_and_tick_sets_agree_with_the_clock(a in ticks()) {
            for (clock, zone) in clocks() {
                let wall = |tick: u16| clock.wall(tick).0 / TICK_MINUTES;
                let open: BTreeSet<u16> = (0..clock.ticks()).filter(|tick| a.contains(&wall(*tick))).collect();
                prop_assert_eq!(clock.ticks_of_wall(mask(&a)), mask(&open), "{}", zone);
                let shown: BTreeSet<u16> = a.iter().filter(|t| **t < clock.ticks()).map(|t| wall(*t)).collect();
                prop_assert_eq!(clock.wall_of_ticks(mask(&a)), mask(&shown), "{}", zone);
            }
        }

        #[test]
        fn the_grid_is_on_the_wall_clock(step in prop::sample::select(vec![5u16, 10, 15, 20, 30, 60])) {
            for (clock, _) in clocks() {
                let grid = (0..clock.ticks()).filter(|tick| clock.wall(*tick).0 % step == 0).collect();
                prop_assert_eq!(clock.aligned(step), mask(&grid));
            }
        }

        #[test]
        fn intervals_mark_the_ticks_they_touch(from in -2000i64..100_000, seconds in 0i64..20_000) {
            for (clock, _) in clocks() {
                let (start, end) = (clock.start() + TimeDelta::seconds(from), clock.start() + TimeDelta::seconds(from + seconds));
                let touched = (0..clock.ticks()).filter(|t| clock.instant(*t) < end && start < clock.instant(t + 1) && start < end);
                prop_assert_eq!(clock.mask_of([(start, end)]), mask(&touched.collect()));
            }
        }
    }
}
