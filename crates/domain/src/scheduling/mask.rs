//! A set of the five-minute ticks of a day, as the store keeps it.
//!
//! Which axis the ticks are on, its maker says: elapsed time since the local midnight ([`DayClock`] knows the way), or
//! the wall clock of a day (tick 0 is 00:00, 288 ticks).

pub use super::clock::DayClock;
use crate::time::Span;

/// Minutes of one tick.
pub const TICK_MINUTES: u16 = 5;

/// Ticks on the wall clock of a day.
pub(super) const WALL_TICKS: u16 = 1440 / TICK_MINUTES;

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
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
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
        if self.count() < len {
            return Self::EMPTY;
        }
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
        let word = |index: usize| self.0.get(index).map_or(0, |word| u128::from(*word));
        // The lower half of two words side by side, moved together.
        Self(std::array::from_fn(|i| ((word(i + words + 1) << 64 | word(i + words)) >> bits) as u64))
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
pub(crate) const fn whole_wall() -> DayMask {
    DayMask([!0, !0, !0, !0, (1 << (WALL_TICKS - 256)) - 1])
}

/// The wall-clock ticks whose minute is a multiple of `minutes`.
pub(super) fn wall_grid(minutes: u16) -> DayMask {
    let mut grid = DayMask::of_range(0, 1);
    let mut reached = (minutes / TICK_MINUTES).max(1);
    while reached < WALL_TICKS {
        grid = grid.or(grid.later(reached));
        reached *= 2;
    }
    grid.and(whole_wall())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    pub(in super::super) fn mask(ticks: &BTreeSet<u16>) -> DayMask {
        ticks.iter().fold(DayMask::EMPTY, |mut mask, tick| {
            mask.set(*tick, tick + 1);
            mask
        })
    }

    pub(in super::super) fn ticks() -> impl Strategy<Value = BTreeSet<u16>> {
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
}
