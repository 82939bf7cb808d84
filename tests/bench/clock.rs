//! What the measured application stands on: a clock that stands still and randomness that repeats itself, so that two
//! runs measure the same work.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clinic_app::identity::keystore::Keystore;
use clinic_app::{Answer, AppError, Clock, Random};

/// It is always Monday 23 November 2026, 09:00 in New York.
pub struct StandingClock(Instant);

impl StandingClock {
    /// A clock.
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for StandingClock {
    fn now(&self) -> clinic_domain::time::Instant {
        clinic_domain::time::Instant::from_timestamp(1_795_442_400, 0).unwrap_or_default()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014). Never for secrets.
pub struct Repeating(AtomicU64);

impl Repeating {
    /// One that repeats no other of this process, nor of the process before: ids in a clinic that is kept are made once.
    pub fn another() -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let nth = MADE.fetch_add(1, Ordering::Relaxed);
        Self(AtomicU64::new(u64::from(std::process::id()) << 32 | nth))
    }
}

impl Random for Repeating {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        for chunk in bytes.chunks_mut(8) {
            let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            for (byte, new) in chunk.iter_mut().zip((mixed ^ (mixed >> 31)).to_le_bytes()) {
                *byte = new;
            }
        }
        Ok(())
    }
}

/// The key of an invented clinic lies in a file.
pub struct NoKeystore;

impl Keystore for NoKeystore {
    fn available(&self) -> bool {
        false
    }

    fn get(&self, _: &str) -> Answer<Option<zeroize::Zeroizing<Vec<u8>>>> {
        Err(AppError::NoKeystore)
    }

    fn set(&self, _: &str, _: &[u8]) -> Answer<()> {
        Err(AppError::NoKeystore)
    }

    fn remove(&self, _: &str) -> Answer<()> {
        Err(AppError::NoKeystore)
    }
}
