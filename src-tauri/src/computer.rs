//! What the services are given of this computer: its clocks, its randomness, its name. Nothing else reads them.

use std::time::Duration;

use clinic_app::{Answer, AppError, Clock, Random};

/// The instant that the wall clock shall show at start, such as `2026-11-23T14:00:00Z`. Debug builds only: for tests in
/// the real window, which must not depend on the day they run.
const NOW_VARIABLE: &str = "CLINIC_DESK_NOW";

/// The clocks of this computer.
pub struct Clocks {
    #[cfg(not(target_os = "linux"))]
    start: std::time::Instant,
    /// How far the wall clock of a test is ahead of the computer's.
    ahead: chrono::TimeDelta,
}

impl Clocks {
    /// Clocks from now on.
    #[must_use]
    pub fn new() -> Self {
        let wanted = std::env::var(NOW_VARIABLE).ok().filter(|_| cfg!(debug_assertions));
        let wanted = wanted.and_then(|text| text.parse::<clinic_domain::time::Instant>().ok());
        Self {
            #[cfg(not(target_os = "linux"))]
            start: std::time::Instant::now(),
            ahead: wanted.map(|wanted| wanted - chrono::Utc::now()).unwrap_or_default(),
        }
    }
}

impl Default for Clocks {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for Clocks {
    fn now(&self) -> clinic_domain::time::Instant {
        chrono::Utc::now() + self.ahead
    }

    /// Time since boot, sleep included: a laptop that was closed for an hour was idle for an hour.
    #[cfg(target_os = "linux")]
    fn elapsed(&self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
        Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
    }

    /// Windows counts sleep here, macOS does not: a Mac that wakes up locks the desk one idle time later.
    #[cfg(not(target_os = "linux"))]
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// The random numbers of the operating system.
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        getrandom::fill(bytes).map_err(|fault| AppError::internal(&fault))
    }
}

/// Name of this computer, as sessions and the audit log call it.
#[must_use]
pub fn name() -> String {
    #[cfg(target_os = "linux")]
    let found = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(target_os = "linux"))]
    let found =
        ["COMPUTERNAME", "HOSTNAME"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    let found: String = found.chars().filter(|letter| !letter.is_control()).take(64).collect();
    if found.is_empty() { "this computer".to_owned() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_only_goes_forward() {
        let clocks = Clocks::new();
        let first = clocks.elapsed();
        assert!(clocks.elapsed() >= first);
    }

    #[test]
    fn randomness_fills_the_whole_buffer_and_differs() {
        let mut buffers = [[0_u8; 32]; 2];
        for buffer in &mut buffers {
            OsRandom.fill(buffer).unwrap();
        }
        assert_ne!(buffers[0], buffers[1]);
        assert!(buffers.iter().all(|buffer| buffer[16..] != [0; 16]));
    }

    #[test]
    fn the_computer_has_a_name() {
        assert!(!name().is_empty());
    }
}
