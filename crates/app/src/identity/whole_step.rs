//! An answer whose time could tell who has an account comes at a whole step after asking (T5 of the security reference), so
//! that a name that takes some microseconds more to look up, or another way of hashing, takes no other time.

use std::time::Duration;

use super::hash_cost;
use crate::app::App;
use crate::error::Answer;

/// Where no password is hashed: many times what looking up and writing down takes, but where the disk is slow; less than a
/// blink.
pub(super) const STEP: Duration = Duration::from_millis(50);
/// Where one is: the longest that a hash takes on the computer on which the clinic was set up, and half of it for all else.
pub(super) const STEP_OF_A_HASH: Duration =
    hash_cost::MOST.checked_add(hash_cost::MOST.checked_div(2).unwrap()).unwrap();

impl App {
    /// Does something, and answers at once or, where that could tell, at the next of these steps after asking.
    ///
    /// # Errors
    /// Whatever it answers.
    pub(super) fn at_whole_step<T>(
        &self,
        step: Duration,
        could_tell: impl FnOnce(&Answer<T>) -> bool,
        act: impl FnOnce() -> Answer<T>,
    ) -> Answer<T> {
        let clock = &self.parts.clock;
        let asked = clock.elapsed();
        let answer = act();
        if could_tell(&answer) {
            clock.wait_until(asked + whole_steps(clock.elapsed().saturating_sub(asked), step));
        }
        answer
    }
}

/// The least whole number of steps that is longer than what has gone by.
fn whole_steps(gone: Duration, step: Duration) -> Duration {
    let steps = gone.as_nanos() / step.as_nanos() + 1;
    step * u32::try_from(steps).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use crate::identity::fixture::Clinic;

    #[test]
    fn an_answer_comes_at_the_next_whole_step() {
        let micros = Duration::from_micros;
        for (gone, answered) in [(0, 1), (40, 1), (49_999, 1), (50_000, 2), (50_001, 2), (149_999, 3)] {
            assert_eq!(whole_steps(micros(gone), STEP), STEP * answered, "{gone}");
        }
    }

    #[test]
    fn whoever_learns_nothing_by_it_is_answered_at_once() {
        let clinic = Clinic::new();
        let taken = |answer: Answer<()>| {
            let asked = clinic.app.parts.clock.elapsed();
            let same = clinic.app.at_whole_step(STEP_OF_A_HASH, Result::is_err, || answer.clone());
            assert_eq!(same, answer);
            clinic.app.parts.clock.elapsed() - asked
        };
        assert_eq!(taken(Ok(())), Duration::ZERO);
        assert_eq!(taken(Err(AppError::WrongCredentials)), Duration::from_millis(750));
    }
}
