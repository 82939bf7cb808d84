//! A local day as a set of five-minute ticks, and the way between its ticks and its wall clock.
//!
//! Ticks count elapsed time since the local midnight: a day of 25 hours has 300 of them, one of 23 hours 276. The same
//! set type serves for the wall clock of a day (tick 0 is 00:00, 288 ticks); which axis a mask is on, its maker says.

use chrono_tz::Tz;

use crate::time::{Fold, Instant, NaiveDate, Span};

/// Minutes of one tick.
pub const TICK_MINUTES: u16 = 5;

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
        let _ = bytes;
        todo!()
    }

    /// As the store keeps it.
    pub fn to_bytes(self) -> [u8; 40] {
        todo!()
    }

    /// Adds the ticks `from..to`; what lies beyond 320 is ignored.
    pub fn set(&mut self, from: u16, to: u16) {
        let _ = (from, to, self.0);
        todo!()
    }

    /// Takes the ticks `from..to` out.
    pub fn clear(&mut self, from: u16, to: u16) {
        let _ = (from, to);
        todo!()
    }

    /// Whether a tick is in the set.
    pub fn has(self, tick: u16) -> bool {
        let _ = tick;
        todo!()
    }

    /// Whether all of `from..to` is in the set.
    pub fn has_all(self, from: u16, to: u16) -> bool {
        let _ = (from, to);
        todo!()
    }

    /// Ticks in either set.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let _ = other;
        todo!()
    }

    /// Ticks in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let _ = other;
        todo!()
    }

    /// Ticks in this set and not in the other.
    #[must_use]
    pub fn and_not(self, other: Self) -> Self {
        let _ = other;
        todo!()
    }

    /// How many ticks are in the set.
    pub fn count(self) -> u16 {
        todo!()
    }

    /// No tick is in the set.
    pub fn is_empty(self) -> bool {
        todo!()
    }

    /// The first tick at or after `from` that is in the set.
    pub fn first(self, from: u16) -> Option<u16> {
        let _ = from;
        todo!()
    }

    /// The ticks at which a run of `len` ticks begins that lies wholly in the set.
    #[must_use]
    pub fn runs_of(self, len: u16) -> Self {
        let _ = len;
        todo!()
    }

    /// The first start at or after `from` and a multiple of `step` of a run of `len` ticks.
    pub fn first_run(self, from: u16, len: u16, step: u16) -> Option<u16> {
        let _ = (from, len, step);
        todo!()
    }

    /// The ticks in the set, ascending.
    pub fn ticks(self) -> impl Iterator<Item = u16> {
        std::iter::empty()
    }

    /// The longest runs of ticks in the set as `from..to`, ascending.
    pub fn runs(self) -> impl Iterator<Item = (u16, u16)> {
        std::iter::empty()
    }
}

/// A local day in a zone: when it starts, how long it is, and what its wall clock shows at each tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayClock {
    date: NaiveDate,
}

impl DayClock {
    /// The day of a date in a zone.
    pub fn new(date: NaiveDate, zone: Tz) -> Self {
        let _ = (date, zone);
        todo!()
    }

    /// Which day.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// Its first instant.
    pub fn start(&self) -> Instant {
        todo!()
    }

    /// How many ticks it has: 288 on most days.
    pub fn ticks(&self) -> u16 {
        todo!()
    }

    /// The instant at which a tick begins.
    pub fn instant(&self, tick: u16) -> Instant {
        let _ = tick;
        todo!()
    }

    /// The tick an instant lies in; `None` outside the day.
    pub fn tick(&self, at: Instant) -> Option<u16> {
        let _ = at;
        todo!()
    }

    /// The wall-clock minute at which a tick begins, and which of the two it is where that minute happens twice.
    pub fn wall(&self, tick: u16) -> (u16, Option<Fold>) {
        let _ = tick;
        todo!()
    }

    /// The ticks that the intervals touch, clipped to the day: what the store keeps as the day's mask.
    pub fn mask_of(&self, intervals: impl IntoIterator<Item = (Instant, Instant)>) -> DayMask {
        let _ = intervals;
        todo!()
    }

    /// A set on the wall clock's axis as ticks of elapsed time: what is skipped is left out, what repeats is there twice.
    pub fn ticks_of_wall(&self, wall: DayMask) -> DayMask {
        let _ = wall;
        todo!()
    }

    /// A set of ticks as wall-clock spans, in order, without overlaps. A minute that happens twice is in when either is.
    pub fn wall_spans(&self, ticks: DayMask) -> Vec<Span> {
        let _ = ticks;
        todo!()
    }

    /// The ticks whose wall-clock minute is a multiple of `minutes`.
    pub fn aligned(&self, minutes: u16) -> DayMask {
        let _ = minutes;
        todo!()
    }
}
