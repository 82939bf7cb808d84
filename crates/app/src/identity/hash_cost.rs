//! How much work a password hash is: found out once for a clinic, on the computer where it is set up, and kept in the
//! store. Whoever types a password waits between a quarter and half a second; whoever guesses at a stolen hash, each time.

use clinic_domain::identity::secret::Secret;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use rusqlite::{Connection, OptionalExtension};

use super::hashing;
use crate::app::{App, Parts};
use crate::error::{Answer, AppError};

/// A hash takes this long at least, as far as [`MOST_PASSES`] go.
const LEAST: Duration = Duration::from_millis(250);
/// A hash takes this long at most, as far as [`Cost::FLOOR`] allows.
pub(super) const MOST: Duration = Duration::from_millis(500);
/// The most that a fast computer asks of the slower ones that open the same clinic.
const MOST_PASSES: u32 = 12;

/// How much work one hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB. OWASP's floor is 19 MiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Cost {
    /// What a clinic begins with: the second choice of RFC 9106, on one lane.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// The least that OWASP's Password Storage Cheat Sheet accepts.
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2 };

    /// Whether this is as much work as the floor asks for.
    pub const fn is_enough(self) -> bool {
        self.reaches(Self::FLOOR)
    }

    /// Whether this is at least as much memory and as many passes as another.
    pub(super) const fn reaches(self, least: Self) -> bool {
        self.memory_kib >= least.memory_kib && self.passes >= least.passes
    }

    /// Argon2id that is this much work and answers so many bytes.
    ///
    /// # Errors
    /// A cost that Argon2id does not take.
    pub(super) fn argon2(self, bytes: usize) -> Answer<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, 1, Some(bytes))
            .map_err(|error| AppError::internal(&error))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// The work for a computer on which this much of it took so long: more passes on a fast one, and on a slow one fewer,
    /// then less memory. A clock that did not go says nothing.
    fn for_computer(self, taken: Duration) -> Self {
        let passes_within =
            |time: Duration| time.as_nanos() * u128::from(self.passes) / taken.as_nanos().max(1);
        if taken < LEAST && !taken.is_zero() {
            let passes = u32::try_from(passes_within(LEAST) + 1).unwrap_or(MOST_PASSES);
            Self { passes: passes.clamp(self.passes, MOST_PASSES.max(self.passes)), ..self }
        } else if taken > MOST {
            let passes = u32::try_from(passes_within(MOST)).unwrap_or_default().max(Self::FLOOR.passes);
            // What two passes over less memory cost together.
            let memory = u128::from(self.memory_kib) * passes_within(MOST * 1000) / (2 * 1000);
            let memory = u32::try_from(memory).unwrap_or(self.memory_kib);
            Self { memory_kib: memory.clamp(Self::FLOOR.memory_kib, self.memory_kib), passes }
        } else {
            self
        }
    }
}

impl App {
    /// How much work a password hash is in this clinic; that of the program where there is no store or none was found out.
    /// What no computer finds out is not believed of a store, either: less than the floor would be a gift to whoever
    /// guesses, and more than a desk can be made to wait for would make hashes that fit nothing.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn hash_cost(&self) -> Answer<Cost> {
        let Ok(store) = self.store() else { return Ok(self.parts.hashing) };
        let Some(found) = store.read(find)? else { return Ok(self.parts.hashing) };
        if found.reaches(self.least_hash_cost()) && hashing::is_bearable(found.memory_kib, found.passes) {
            return Ok(found);
        }
        tracing::error!(memory_kib = found.memory_kib, passes = found.passes, "no work for a password hash");
        Ok(self.parts.hashing)
    }

    /// The least work that a hash of this program is, whatever a store says: the floor. A program that begins with less
    /// is one of a test.
    pub(super) fn least_hash_cost(&self) -> Cost {
        let (begins, floor) = (self.parts.hashing, Cost::FLOOR);
        Cost { memory_kib: begins.memory_kib.min(floor.memory_kib), passes: begins.passes.min(floor.passes) }
    }

    /// Hashes a password for this clinic; the answer is a PHC string. Slow: not to be called inside a transaction.
    ///
    /// # Errors
    /// The computer gives no randomness or no memory; faults of the store.
    pub(crate) fn hash_password(&self, password: &Secret) -> Answer<String> {
        hashing::hash(&*self.parts.random, self.hash_cost()?, password)
    }
}

/// Finds out how much work a hash should be on this computer. Of two times the shorter counts: the first hash waits for
/// memory, and what else the computer does should not make anybody's password weaker.
///
/// # Errors
/// The computer gives no memory.
pub(crate) fn calibrate(parts: &Parts) -> Answer<Cost> {
    let once = || -> Answer<Duration> {
        let begun = parts.clock.elapsed();
        hashing::derive_key(parts.hashing, &"calibration".into(), &[0; 16])?;
        Ok(parts.clock.elapsed().saturating_sub(begun))
    };
    let cost = parts.hashing.for_computer(once()?.min(once()?));
    tracing::info!(
        memory_kib = cost.memory_kib,
        passes = cost.passes,
        "how much work a password hash is, was found out"
    );
    Ok(cost)
}

/// Keeps what was found out, with everything else that sets a clinic up.
///
/// # Errors
/// Faults of the store.
pub(crate) fn keep(conn: &Connection, cost: Cost) -> Answer<()> {
    conn.execute(
        "INSERT INTO password_hashing (only, memory_kib, passes) VALUES (1, ?1, ?2)",
        (cost.memory_kib, cost.passes),
    )?;
    Ok(())
}

fn find(conn: &Connection) -> Answer<Option<Cost>> {
    let mut query = conn.prepare_cached("SELECT memory_kib, passes FROM password_hashing")?;
    let found = query.query_row([], |row| Ok(Cost { memory_kib: row.get(0)?, passes: row.get(1)? }));
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};

    fn standard_in(ms: u64) -> Cost {
        Cost::STANDARD.for_computer(Duration::from_millis(ms))
    }

    #[test]
    fn a_hash_takes_between_a_quarter_and_half_a_second_wherever_that_is_possible() {
        for ms in 63..=2500 {
            let cost = standard_in(ms);
            let work = |cost: Cost| u64::from(cost.memory_kib) * u64::from(cost.passes);
            let takes = ms * work(cost) / work(Cost::STANDARD);
            assert!((250..=500).contains(&takes), "{ms} ms: {cost:?} takes {takes} ms");
            assert!(cost.is_enough(), "{cost:?}");
        }
    }

    #[test]
    fn no_computer_is_too_slow_for_the_floor_and_none_too_fast_for_the_others() {
        assert_eq!(standard_in(60_000), Cost::FLOOR);
        assert_eq!(standard_in(1), Cost { passes: MOST_PASSES, ..Cost::STANDARD });
        assert_eq!(standard_in(300), Cost::STANDARD);
        assert_eq!(standard_in(0), Cost::STANDARD, "a clock that did not go");
    }

    #[test]
    fn what_was_found_out_is_what_passwords_are_hashed_with_from_then_on() {
        let clinic = Clinic::new();
        clinic.write(|conn| keep(conn, Cost { memory_kib: 16, passes: 2 }));
        assert!(clinic.app.hash_password(&PASSWORD.into()).unwrap().contains("m=16,t=2,p=1"));
        clinic.sign_in("ada", PASSWORD).unwrap();
        let hash = clinic.load(clinic.admin().person.account).0.password_hash;
        assert!(hash.contains("m=16,t=2,p=1"), "made anew: {hash}");
    }

    #[test]
    fn whatever_a_store_says_a_hash_is_no_less_work_than_the_floor_and_no_more_than_a_desk_waits_for() {
        let mut clinic = Clinic::new();
        let ada = clinic.admin().person.account;
        clinic.app.parts.hashing = Cost::STANDARD;
        let say = |memory_kib: u32, passes: u32| {
            clinic.write(|conn| Ok(conn.execute("DELETE FROM password_hashing", [])?));
            clinic.write(|conn| keep(conn, Cost { memory_kib, passes }));
        };
        for (memory, passes) in [(19 * 1024, 2), (19 * 1024, 12), (64 * 1024, 2), (64 * 1024, 12)] {
            say(memory, passes);
            assert_eq!(clinic.app.hash_cost().unwrap(), Cost { memory_kib: memory, passes });
        }
        let (most, much) = (u32::MAX, 4 * 1024 * 1024);
        for (memory, passes) in [
            (19 * 1024 - 1, 2),
            (19 * 1024, 1),
            (19 * 1024, 0),
            (0, 2),
            (most, most),
            (much, 1),
            (19 * 1024, most),
            (8, 1),
        ] {
            say(memory, passes);
            assert_eq!(clinic.app.hash_cost().unwrap(), Cost::STANDARD, "{memory} KiB, {passes} passes");
        }
        clinic.sign_in("ada", PASSWORD).unwrap();
        let hash = clinic.load(ada).0.password_hash;
        assert!(hash.contains("m=65536,t=3,p=1"), "made with what the store says: {hash}");
    }
}
