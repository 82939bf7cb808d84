//! When the records that were opened in an emergency close again by the clock that nobody can set back, as sessions end
//! (AU-11). In memory only: another process has other sessions, and none of these.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clinic_domain::id::EmergencyId;
use clinic_domain::identity::emergency::LASTS;

/// The ends, by the monotonic clock.
#[derive(Debug, Default)]
pub struct Ends(Mutex<HashMap<EmergencyId, Duration>>);

impl Ends {
    /// One that is opened now.
    pub(super) fn open(&self, id: EmergencyId, elapsed: Duration) {
        self.with(|ends| ends.insert(id, elapsed + lasts()));
    }

    /// One that gets more time.
    pub(super) fn extend(&self, id: EmergencyId) {
        self.with(|ends| {
            if let Some(end) = ends.get_mut(&id) {
                *end += lasts();
            }
        });
    }

    /// Whether the time is not over. Of one that was opened by another process it is.
    pub(super) fn is_ahead(&self, id: EmergencyId, elapsed: Duration) -> bool {
        self.with(|ends| ends.get(&id).is_some_and(|end| elapsed < *end))
    }

    fn with<T>(&self, with: impl FnOnce(&mut HashMap<EmergencyId, Duration>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn lasts() -> Duration {
    LASTS.to_std().unwrap_or_default()
}
