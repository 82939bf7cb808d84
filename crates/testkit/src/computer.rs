//! A computer that does the same in every run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use clinic_app::identity::keystore::Keystore;
use clinic_app::{Answer, AppError, Clock, Random};
use clinic_domain::time::Instant;
use zeroize::Zeroizing;

/// The wall clock and the monotonic one, turned by hand. Clones are the same clocks.
#[derive(Debug, Clone)]
pub struct TurnedClock(Arc<Mutex<(Instant, Duration)>>);

impl TurnedClock {
    /// Clocks that stand still at `now`, an instant such as `2026-11-23T14:00:00Z`.
    pub fn at(now: &str) -> Self {
        Self(Arc::new(Mutex::new((now.parse().unwrap(), Duration::from_secs(1_000)))))
    }

    /// Lets time go by on both clocks.
    pub fn wait(&self, time: Duration) {
        let mut clocks = self.0.lock().unwrap();
        *clocks = (clocks.0 + time, clocks.1 + time);
    }

    /// Lets so many minutes go by on both clocks.
    pub fn wait_minutes(&self, minutes: u64) {
        self.wait(Duration::from_secs(minutes * 60));
    }

    /// Sets the wall clock by so many minutes, as a person may; the monotonic one stands still.
    pub fn set_by_minutes(&self, minutes: i64) {
        self.0.lock().unwrap().0 += TimeDelta::minutes(minutes);
    }

    /// Sets the wall clock.
    pub fn set(&self, now: &str) {
        self.0.lock().unwrap().0 = now.parse().unwrap();
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Instant {
        self.0.lock().unwrap().0
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().1
    }

    fn wait_until(&self, elapsed: Duration) {
        let mut clocks = self.0.lock().unwrap();
        clocks.1 = clocks.1.max(elapsed);
    }
}

/// Bytes that look random and are the same in every run (SplitMix64). Clones go on with one sequence.
#[derive(Debug, Clone)]
pub struct RepeatingRandom(Arc<AtomicU64>);

impl RepeatingRandom {
    /// The sequence of a seed.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed)))
    }
}

impl Random for RepeatingRandom {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A keystore in memory that can be closed and forget. Clones are the same keystore.
#[derive(Clone, Default)]
pub struct MemoryKeystore {
    kept: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    closed: Arc<AtomicBool>,
}

impl MemoryKeystore {
    /// Closes it, as before somebody unlocks it, or opens it.
    pub fn set_closed(&self, closed: bool) {
        self.closed.store(closed, Ordering::Relaxed);
    }

    /// Loses everything it kept.
    pub fn forget(&self) {
        self.kept.lock().unwrap().clear();
    }

    /// How many entries it keeps.
    pub fn entries(&self) -> usize {
        self.kept.lock().unwrap().len()
    }

    fn open(&self) -> Answer<()> {
        if self.closed.load(Ordering::Relaxed) { Err(AppError::NoKeystore) } else { Ok(()) }
    }
}

impl Keystore for MemoryKeystore {
    fn available(&self) -> bool {
        self.open().is_ok()
    }

    fn get(&self, name: &str) -> Answer<Option<Zeroizing<Vec<u8>>>> {
        self.open()?;
        Ok(self.kept.lock().unwrap().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Answer<()> {
        self.open()?;
        self.kept.lock().unwrap().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn remove(&self, name: &str) -> Answer<()> {
        self.open()?;
        self.kept.lock().unwrap().remove(name);
        Ok(())
    }
}
