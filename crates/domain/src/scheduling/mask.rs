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
