//! A small deterministic generator for invented data. It is not random enough for anything that must not be guessed.

/// SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same data on every computer.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A generator that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.bits() >> 33).unwrap_or_default() % bound.max(1)
    }

    /// True `percent` times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items, or `None` when there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// A UUIDv7 of this millisecond, from the generator's bits.
    pub fn id(&mut self, ms: u64) -> uuid::Uuid {
        let (a, b) = (self.bits().to_le_bytes(), self.bits().to_le_bytes());
        let mut random = [0; 10];
        random.iter_mut().zip(a.iter().chain(&b)).for_each(|(to, from)| *to = *from);
        uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_rolls_the_same_numbers() {
        let roll = |seed| (0..50).map(move |_| seed).scan(Dice::new(seed), |dice, _| Some(dice.bits()));
        assert!(roll(7).eq(roll(7)), "one seed, one sequence");
        assert!(!roll(7).eq(roll(8)), "another seed, another sequence");
    }
}
