//! A local day as a set of five-minute ticks, and the way between its ticks and its wall clock.
//!
//! Ticks count elapsed time since the local midnight: a day of 25 hours has 300 of them, one of 23 hours 276. The same
//! set type serves for the wall clock of a day (tick 0 is 00:00, 288 ticks); which axis a mask is on, its maker says.

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::time::{Fold, Instant, NaiveDate, Span, day_start, wall_of};

/// Minutes of one tick.
pub const TICK_MINUTES: u16 = 5;

/// Ticks on the wall clock of a day.
const WALL_TICKS: u16 = 1440 / TICK_MINUTES;

/// A set of ticks of one day, `0..320`. The store keeps it as 40 bytes, little-endian words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DayMask([u64; 5]);

impl DayMask {
    /// Ticks a mask can hold.
    pub const BITS: u16 = 320;
    /// No tick.
    pub const EMPTY: Self = Self([0; 5]);

    /// From the store's bytes.
    pub fn from_bytes(bytes: &[u8; 40]) -> Self {
        let mut words = [0; 5];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = chunk.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        Self(words)
    }

    /// As the store keeps it.
    pub fn to_bytes(self) -> [u8; 40] {
        let mut bytes = [0; 40];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// The ticks `from..to`; what lies beyond 320 is left out.
    pub fn of_range(from: u16, to: u16) -> Self {
        let mut words = [0; 5];
        for (word, base) in words.iter_mut().zip((0..Self::BITS).step_by(64)) {
            let low = from.clamp(base, base + 64) - base;
            let high = to.clamp(base, base + 64) - base;
            if low < high {
                *word = (u64::MAX >> (64 - (high - low))) << low;
            }
        }
        Self(words)
    }

    /// Adds the ticks `from..to`; what lies beyond 320 is ignored.
    pub fn set(&mut self, from: u16, to: u16) {
        *self = self.or(Self::of_range(from, to));
    }

    /// Takes the ticks `from..to` out.
    pub fn clear(&mut self, from: u16, to: u16) {
        *self = self.and_not(Self::of_range(from, to));
    }

    /// Whether a tick is in the set.
    pub fn has(self, tick: u16) -> bool {
        self.0.get(usize::from(tick / 64)).is_some_and(|word| word >> (tick % 64) & 1 == 1)
    }

    /// Whether all of `from..to` is in the set. Never for what lies beyond 320.
    pub fn has_all(self, from: u16, to: u16) -> bool {
        from >= to || (to <= Self::BITS && Self::of_range(from, to).and_not(self).is_empty())
    }

    /// Ticks in either set.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.with(other, |a, b| a | b)
    }

    /// Ticks in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.with(other, |a, b| a & b)
    }

    /// Ticks in this set and not in the other.
    #[must_use]
    pub fn and_not(self, other: Self) -> Self {
        self.with(other, |a, b| a & !b)
    }

    fn with(mut self, other: Self, op: impl Fn(u64, u64) -> u64) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word = op(*word, other);
        }
        self
    }

    /// How many ticks are in the set.
    pub fn count(self) -> u16 {
        // At most 320, so the cast keeps it.
        self.0.iter().map(|word| word.count_ones()).sum::<u32>() as u16
    }

    /// No tick is in the set.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// The first tick at or after `from` that is in the set.
    pub fn first(self, from: u16) -> Option<u16> {
        let rest = self.and(Self::of_range(from, Self::BITS));
        let (index, word) = rest.0.iter().enumerate().find(|(_, word)| **word != 0)?;
        Some((index as u32 * 64 + word.trailing_zeros()) as u16)
    }

    /// The ticks at which a run of `len` ticks begins that lies wholly in the set. `len` 0 is taken as 1.
    #[must_use]
    pub fn runs_of(self, len: u16) -> Self {
        // Doubling: a run of 2n is a run of n that is followed by one.
        let mut runs = self;
        let mut reached = 1;
        while reached < len.min(Self::BITS + 1) {
            let step = reached.min(len - reached);
            runs = runs.and(runs.earlier(step));
            reached += step;
        }
        runs
    }

    /// Every tick moved `by` ticks earlier; what falls off the front is lost.
    #[must_use]
    pub fn earlier(self, by: u16) -> Self {
        let (words, bits) = (usize::from(by / 64), u32::from(by % 64));
        let word = |index: usize| self.0.get(index).copied().unwrap_or(0);
        Self(std::array::from_fn(|i| {
            let low = word(i + words) >> bits;
            // A shift by 64 is not a shift: the neighbour gives nothing when `bits` is 0.
            let high = word(i + words + 1).checked_shl(64 - bits).unwrap_or(0);
            low | high
        }))
    }

    /// Every tick moved `by` ticks later; what falls off the end is lost.
    #[must_use]
    pub fn later(self, by: u16) -> Self {
        let (words, bits) = (usize::from(by / 64), u32::from(by % 64));
        let word = |index: Option<usize>| index.and_then(|i| self.0.get(i)).copied().unwrap_or(0);
        Self(std::array::from_fn(|i| {
            let high = word(i.checked_sub(words)) << bits;
            let low = word(i.checked_sub(words + 1)).checked_shr(64 - bits).unwrap_or(0);
            high | low
        }))
    }

    /// The first start at or after `from` and a multiple of `step` of a run of `len` ticks. `step` 0 is taken as 1.
    pub fn first_run(self, from: u16, len: u16, step: u16) -> Option<u16> {
        let step = step.max(1);
        self.runs_of(len).and(Self::of_range(from, Self::BITS)).ticks().find(|tick| tick % step == 0)
    }

    /// The ticks in the set, ascending.
    pub fn ticks(self) -> impl Iterator<Item = u16> {
        let mut next = self.first(0);
        std::iter::from_fn(move || {
            let tick = next?;
            next = self.first(tick + 1);
            Some(tick)
        })
    }

    /// The longest runs of ticks in the set as `from..to`, ascending.
    pub fn runs(self) -> impl Iterator<Item = (u16, u16)> {
        let gaps = Self::of_range(0, Self::BITS).and_not(self);
        let mut at = 0;
        std::iter::from_fn(move || {
            let from = self.first(at)?;
            at = gaps.first(from).unwrap_or(Self::BITS);
            Some((from, at))
        })
    }
}

/// The wall-clock ticks that lie wholly in a span: for what opens time.
pub(crate) fn wall_inside(span: Span) -> DayMask {
    DayMask::of_range(span.start.div_ceil(TICK_MINUTES), (span.end / TICK_MINUTES).min(WALL_TICKS))
}

/// The wall-clock ticks that touch a span: for what closes time.
pub(crate) fn wall_touching(span: Span) -> DayMask {
    if span.start >= span.end {
        return DayMask::EMPTY;
    }
    DayMask::of_range(span.start / TICK_MINUTES, span.end.div_ceil(TICK_MINUTES).min(WALL_TICKS))
}

/// The whole wall clock.
pub(crate) fn whole_wall() -> DayMask {
    DayMask::of_range(0, WALL_TICKS)
}

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
        let change = if ticks == 0 || steady(ticks - 1) {
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
        u16::try_from(ticks_between(self.start, at))
            .ok()
            .filter(|tick| *tick < self.ticks && at >= self.start)
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
                let last = end - TimeDelta::nanoseconds(1);
                mask.set(
                    clipped(ticks_between(self.start, start)),
                    clipped(ticks_between(self.start, last) + 1),
                );
                mask
            },
        )
    }

    /// A set on the wall clock's axis as ticks of elapsed time: what is skipped is left out, what repeats is there
    /// twice.
    pub fn ticks_of_wall(&self, wall: DayMask) -> DayMask {
        let wall = wall.and(whole_wall());
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
        let step = usize::from((minutes / TICK_MINUTES).max(1));
        let mut grid = DayMask::EMPTY;
        for tick in (0..WALL_TICKS).step_by(step) {
            grid.set(tick, tick + 1);
        }
        self.ticks_of_wall(grid)
    }
}

fn minutes(ticks: u16) -> TimeDelta {
    TimeDelta::minutes(i64::from(ticks) * i64::from(TICK_MINUTES))
}

/// Whole ticks from one instant to another, rounded down.
fn ticks_between(from: Instant, to: Instant) -> i64 {
    (to - from).num_milliseconds().div_euclid(i64::from(TICK_MINUTES) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::instant_of;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn mask(ticks: &BTreeSet<u16>) -> DayMask {
        ticks.iter().fold(DayMask::EMPTY, |mut mask, tick| {
            mask.set(*tick, tick + 1);
            mask
        })
    }

    fn ticks() -> impl Strategy<Value = BTreeSet<u16>> {
        // Runs rather than single ticks: days are made of runs.
        prop::collection::vec((0u16..320, 0u16..60), 0..8)
            .prop_map(|runs| runs.into_iter().flat_map(|(from, len)| from..(from + len).min(320)).collect())
    }

    #[test]
    fn the_bytes_are_little_endian_words() {
        let mut mask = DayMask::EMPTY;
        mask.set(0, 1);
        mask.set(71, 73);
        let mut bytes = [0; 40];
        (bytes[0], bytes[8], bytes[9]) = (1, 0x80, 1);
        assert_eq!(mask.to_bytes(), bytes);
    }

    #[test]
    fn what_lies_beyond_the_last_tick_is_never_in_the_set() {
        let mut mask = DayMask::EMPTY;
        mask.set(310, u16::MAX);
        assert_eq!(mask.count(), 10);
        assert!(mask.has(319) && !mask.has(320) && !mask.has(u16::MAX));
        assert!(mask.has_all(310, 320) && !mask.has_all(310, 321));
        assert_eq!(mask.runs_of(11), DayMask::EMPTY);
        assert_eq!(mask.runs_of(u16::MAX), DayMask::EMPTY);
        assert_eq!(mask.earlier(u16::MAX), DayMask::EMPTY);
    }

    proptest! {
        #[test]
        fn a_mask_is_the_set_of_its_ticks(a in ticks(), b in ticks()) {
            let (x, y) = (mask(&a), mask(&b));
            prop_assert_eq!(DayMask::from_bytes(&x.to_bytes()), x);
            prop_assert_eq!(x.ticks().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(usize::from(x.count()), a.len());
            prop_assert_eq!(x.or(y), mask(&(&a | &b)));
            prop_assert_eq!(x.and(y), mask(&(&a & &b)));
            prop_assert_eq!(x.and_not(y), mask(&(&a - &b)));
            prop_assert_eq!(x.is_empty(), a.is_empty());
        }

        #[test]
        fn ranges_behave_like_loops(a in ticks(), from in 0u16..330, to in 0u16..330) {
            let (mut set, mut cleared) = (mask(&a), mask(&a));
            set.set(from, to);
            cleared.clear(from, to);
            let range: BTreeSet<u16> = (from..to.min(320)).collect();
            prop_assert_eq!(set, mask(&(&a | &range)));
            prop_assert_eq!(cleared, mask(&(&a - &range)));
            prop_assert_eq!(mask(&a).has_all(from, to), (from..to).all(|tick| a.contains(&tick)));
            prop_assert_eq!(mask(&a).first(from), a.range(from..).next().copied());
        }

        #[test]
        fn shifts_move_every_tick(a in ticks(), by in 0u16..330) {
            let later = a.iter().map(|t| t + by).filter(|t| *t < 320).collect();
            let earlier = a.iter().filter_map(|t| t.checked_sub(by)).collect();
            prop_assert_eq!(mask(&a).later(by), mask(&later));
            prop_assert_eq!(mask(&a).earlier(by), mask(&earlier));
        }

        #[test]
        fn runs_are_found_as_a_loop_would(a in ticks(), from in 0u16..320, len in 1u16..100, step in 1u16..13) {
            let fits = |start: u16| (start..start + len).all(|tick| a.contains(&tick));
            prop_assert_eq!(mask(&a).runs_of(len), mask(&(0..320).filter(|start| fits(*start)).collect()));
            let first = (from..320).find(|start| start % step == 0 && fits(*start));
            prop_assert_eq!(mask(&a).first_run(from, len, step), first);
            let runs: Vec<_> = mask(&a).runs().collect();
            prop_assert_eq!(runs.iter().flat_map(|(from, to)| *from..*to).collect::<BTreeSet<_>>(), a);
            prop_assert!(runs.windows(2).all(|pair| pair[0].1 < pair[1].0), "runs are as long as can be");
        }
    }

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
                assert_eq!(instant_of(clock.date(), minute, fold, zone), Ok(clock.instant(tick)), "{zone} tick {tick}");
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
        for zone in ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "America/Havana"] {
            let zone: Tz = zone.parse().unwrap();
            let mut date: NaiveDate = "2024-01-01".parse().unwrap();
            while date < "2030-01-01".parse().unwrap() {
                let (today, next) = (DayClock::new(date, zone), DayClock::new(date.succ_opt().unwrap(), zone));
                assert_eq!(today.instant(today.ticks()), next.start(), "{zone} {date}");
                date = next.date();
            }
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
