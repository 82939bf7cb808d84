//! Password hashing with Argon2id (RFC 9106, AU-8). How much work a hash is, [`super::hash_cost`] knows; when and in which
//! memory one is computed, [`super::hash_turn`].

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use clinic_domain::identity::password::normalise;
use clinic_domain::identity::secret::Secret;
use zeroize::Zeroizing;

pub use super::hash_cost::Cost;
pub use super::hash_turn::give_back_memory;

use super::hash_turn::Turn;
use super::imported_hash;
use crate::app::Random;
use crate::error::{Answer, AppError};

/// Bytes of a salt (RFC 9106, section 3.1).
pub(super) const SALT_BYTES: usize = 16;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;
/// The most memory that a stored hash may ask for.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// The most memory times passes that a stored hash may ask for: four times what the program begins with.
const MOST_WORK_KIB: u64 = 4 * 3 * 64 * 1024;

/// Hashes a password with a salt of its own; the answer is a PHC string.
///
/// # Errors
/// The computer gives no randomness or no memory.
pub(crate) fn hash(random: &dyn Random, cost: Cost, password: &Secret) -> Answer<String> {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt)?;
    let hash = derive(&cost.argon2(HASH_BYTES)?, password, &salt)?;
    phc(cost, &salt, Some(hash.as_ref()))
}

/// Salt and work for a set of secrets that are hashed alike: a PHC string without a hash. The secrets are random and long,
/// so that the least work that is enough for a password is enough for each of ten.
///
/// # Errors
/// The computer gives no randomness.
pub(crate) fn new_set(random: &dyn Random, cost: Cost) -> Answer<String> {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt)?;
    phc(if cost.is_enough() { Cost::FLOOR } else { cost }, &salt, None)
}

fn phc(cost: Cost, salt: &[u8], hash: Option<&[u8]>) -> Answer<String> {
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(cost.argon2(HASH_BYTES)?.params()).map_err(fault)?,
        salt: Some(Salt::new(salt).map_err(fault)?),
        hash: hash.map(Output::new).transpose().map_err(fault)?,
    };
    Ok(phc.to_string())
}

/// Hashes a secret as one of a set.
///
/// # Errors
/// The set cannot be read, is less work than `least` or more than is bearable; the computer gives no memory.
pub(crate) fn hash_in_set(set: &str, least: Cost, secret: &Secret) -> Answer<[u8; HASH_BYTES]> {
    let set = PasswordHash::new(set).map_err(fault)?;
    let params = Params::try_from(&set).map_err(fault)?;
    let cost = Cost { memory_kib: params.m_cost(), passes: params.t_cost() };
    let is_sound = cost.reaches(least) && is_bearable(cost.memory_kib, cost.passes);
    let salt = set.salt.filter(|_| is_sound).ok_or(AppError::StoreUnreadable)?;
    derive(&cost.argon2(HASH_BYTES)?, secret, salt.as_ref()).map(|hash| *hash)
}

/// Whether a password belongs to a hash, of this program or of one that accounts were imported from (AU-8). A hash that
/// cannot be read fits no password, nor does one that is more work than a desk can be made to wait for.
pub(crate) fn verify(password: &Secret, hash: &str) -> bool {
    if imported_hash::is_bcrypt(hash) {
        let _turn = Turn::take();
        return imported_hash::verify(password, hash);
    }
    let Ok(kept) = PasswordHash::new(hash) else { return false };
    let (Ok(params), Some(salt), Some(expected)) = (Params::try_from(&kept), kept.salt, kept.hash) else {
        return false;
    };
    let algorithm = Algorithm::try_from(kept.algorithm.as_str());
    let version = kept.version.map_or(Ok(Version::V0x13), Version::try_from);
    let is_bearable = is_bearable(params.m_cost(), params.t_cost());
    let (Ok(algorithm), Ok(version), true) = (algorithm, version, is_bearable) else { return false };
    let password = normalise(password);
    let mut output = Zeroizing::new(vec![0; expected.len()]);
    let mut turn = Turn::take();
    #[cfg(test)]
    tests::count(&params);
    let argon2 = Argon2::new(algorithm, version, params);
    turn.hash(&argon2, password.expose().as_bytes(), salt.as_ref(), &mut output).is_ok()
        // Compared in constant time, as the library does.
        && Output::new(&output).is_ok_and(|output| output == expected)
}

/// Whether an account can come with this hash: a whole one of Argon2id that is bearable work.
pub(crate) fn is_usable(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is_whole = hash.salt.is_some() && hash.hash.is_some();
    is_whole
        && hash.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(&hash).is_ok_and(|params| is_bearable(params.m_cost(), params.t_cost()))
}

/// Whether somebody may be made to wait for this much work.
pub(super) fn is_bearable(memory_kib: u32, passes: u32) -> bool {
    memory_kib <= MOST_MEMORY_KIB && u64::from(memory_kib) * u64::from(passes) <= MOST_WORK_KIB
}

/// A key that a password gives with this salt, for sealing something (K2).
///
/// # Errors
/// [`AppError::StoreUnreadable`] for work that Argon2id does not take or a desk cannot be made to wait for; the computer gives
/// no memory.
pub(crate) fn derive_key(cost: Cost, password: &Secret, salt: &[u8]) -> Answer<Zeroizing<[u8; HASH_BYTES]>> {
    if !is_bearable(cost.memory_kib, cost.passes) {
        return Err(AppError::StoreUnreadable);
    }
    let argon2 = cost.argon2(HASH_BYTES).map_err(|_| AppError::StoreUnreadable)?;
    derive(&argon2, password, salt)
}

/// A hash that no password fits, as much work as one that does: for a name that is no account's, so that it takes no other
/// time. Each name has a salt of its own, as each account has: where Argon2id reads its memory depends on it, and so does
/// its time, by a hundredth.
///
/// # Errors
/// A cost that Argon2id does not take.
pub(crate) fn of_nobody(cost: Cost, salt: &[u8; SALT_BYTES]) -> Answer<String> {
    phc(cost, salt, Some(&[0; HASH_BYTES]))
}

/// Whether the hash that a password fits was made with other settings than those in use, or by another program, so that
/// it is made anew at the next sign-in.
pub(crate) fn needs_rehash(password: &Secret, hash: &str, cost: Cost) -> bool {
    if imported_hash::is_bcrypt(hash) {
        return imported_hash::says_all(password);
    }
    let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
    params.is_none_or(|params| (params.m_cost(), params.t_cost()) != (cost.memory_kib, cost.passes))
}

fn derive(argon2: &Argon2<'_>, password: &Secret, salt: &[u8]) -> Answer<Zeroizing<[u8; HASH_BYTES]>> {
    let password = normalise(password);
    let mut output = Zeroizing::new([0; HASH_BYTES]);
    let mut turn = Turn::take();
    #[cfg(test)]
    tests::count(argon2.params());
    turn.hash(argon2, password.expose().as_bytes(), salt, output.as_mut()).map_err(fault)?;
    Ok(output)
}

fn fault(error: impl std::error::Error) -> AppError {
    AppError::internal(&error)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;
    use proptest::prelude::*;
    use std::cell::{Cell, RefCell};

    thread_local! {
        static WORK: Cell<u32> = const { Cell::new(0) };
        static WATCH: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    }

    pub(super) fn count(params: &Params) {
        WORK.set(WORK.get() + params.m_cost() * params.t_cost());
        if let Some(look) = WATCH.take() {
            look();
        }
    }

    /// Looks around while this thread hashes the next time.
    pub(in crate::identity) fn watch(look: impl FnOnce() + 'static) {
        WATCH.set(Some(Box::new(look)));
    }

    /// KiB that this thread filled while hashing. Counted, because a time says little on a busy computer.
    pub(in crate::identity) fn work() -> u32 {
        WORK.get()
    }

    #[test]
    fn a_hash_fits_its_password_and_no_other() {
        let clinic = Clinic::new();
        let phc =
            hash(&*clinic.app.parts.random, clinic.app.parts.hashing, &"kvass blurt fjord".into()).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{phc}");
        assert!(verify(&"kvass blurt fjord".into(), &phc));
        assert!(!verify(&"kvass blurt fjorD".into(), &phc) && !verify(&"".into(), &phc));
        assert!(!verify(&"kvass blurt fjord".into(), "no hash at all"));
    }

    /// Made by argon2-cffi 25.1, which calls the reference implementation of RFC 9106.
    #[test]
    fn hashes_of_the_reference_implementation_are_verified() {
        let long = format!("{}a long tail", "x".repeat(72));
        let unicode = "gr\u{fc}ner Pfad \u{2014} \u{65e5}\u{672c}\u{8a9e} \u{1f6b2}";
        let vectors = [
            ("kvass blurt fjord", "m=64,t=1,p=1$c2FsdCBvZiB2ZWN0b3IwMQ$Vsw5kdeAzP3vhk1y6VDoxA"),
            (unicode, "m=64,t=1,p=1$c2FsdCBvZiB2ZWN0b3IwNQ$8k5nUi4SOR8CQJCeRB1gDMt0LaoWabsWCbcFSvRwTBs"),
            (
                "kvass blurt fjord",
                "m=64,t=2,p=1$c2FsdCBvZiB2ZWN0b3IxMA$SmCZoXSc3gloC4lXB0ATN3uR6Ud87sMLMUWg5Cqv2do",
            ),
            (&long, "m=64,t=2,p=1$c2FsdCBvZiB2ZWN0b3IwOQ$TIgZcpmjpKn4nL2YfijBFA"),
            (unicode, "m=64,t=3,p=1$c2FsdCBvZiB2ZWN0b3IxNA$dbq0r1nKWsNcUDPFYKgvbA"),
            (&long, "m=64,t=3,p=1$c2FsdCBvZiB2ZWN0b3IxOA$HnWCD8BO4UdeWowoEsb6vRY/UzTCIkxZgp3VlPbbD/o"),
        ];
        for (password, rest) in vectors {
            let phc = format!("$argon2id$v=19${rest}");
            assert!(verify(&password.into(), &phc), "{phc}");
            // Every character counts, also those after the 72nd byte.
            let cut: String = password.chars().take(password.chars().count() - 1).collect();
            assert!(
                !verify(&cut.as_str().into(), &phc) && !verify(&format!("{password}!").into(), &phc),
                "{phc}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// P1.
        #[test]
        fn whatever_was_chosen_fits_its_hash_and_with_another_letter_it_does_not(
            password in "\\PC{1,80}",
            salt: [u8; SALT_BYTES],
        ) {
            let cost = Cost { memory_kib: 8, passes: 1 };
            let (right, longer) = (Secret::from(password.as_str()), Secret::from(format!("{password}x")));
            let hash = derive(&cost.argon2(HASH_BYTES).unwrap(), &right, &salt).unwrap();
            let phc = phc(cost, &salt, Some(hash.as_ref())).unwrap();
            prop_assert!(verify(&right, &phc));
            prop_assert!(!verify(&longer, &phc) && !verify(&Secret::default(), &phc));
        }
    }

    #[test]
    fn the_same_password_never_has_the_same_hash_twice() {
        let clinic = Clinic::new();
        let one =
            hash(&*clinic.app.parts.random, clinic.app.parts.hashing, &"kvass blurt fjord".into()).unwrap();
        assert_ne!(
            one,
            hash(&*clinic.app.parts.random, clinic.app.parts.hashing, &"kvass blurt fjord".into()).unwrap()
        );
    }

    #[test]
    fn a_letter_and_its_accent_typed_apart_are_the_same_password() {
        let clinic = Clinic::new();
        let phc = hash(&*clinic.app.parts.random, clinic.app.parts.hashing, &"caf\u{e9} kvass blurt".into())
            .unwrap();
        assert!(verify(&"cafe\u{301} kvass blurt".into(), &phc));
    }

    #[test]
    fn the_program_hashes_with_more_than_the_floor() {
        assert!(Cost::STANDARD.is_enough() && Cost::FLOOR.is_enough());
        assert!(!Cost { memory_kib: 8, passes: 10 }.is_enough());
        assert!(!Cost { memory_kib: 64 * 1024, passes: 1 }.is_enough());
    }

    #[test]
    fn a_hash_of_other_work_is_made_anew() {
        let clinic = Clinic::new();
        let phc =
            hash(&*clinic.app.parts.random, clinic.app.parts.hashing, &"kvass blurt fjord".into()).unwrap();
        assert!(!needs_rehash(&"".into(), &phc, clinic.app.parts.hashing));
        assert!(needs_rehash(&"".into(), &phc, Cost { memory_kib: 16, passes: 1 }));
        assert!(needs_rehash(&"".into(), "no hash at all", clinic.app.parts.hashing));
    }

    #[test]
    fn a_stored_hash_that_asks_for_too_much_work_fits_nothing_and_is_not_computed() {
        let salt_and_hash = "c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let before = work();
        for asked in ["m=4194304,t=1,p=1", "m=262145,t=1,p=1", "m=65536,t=4000000000,p=1", "m=131072,t=7,p=1"]
        {
            assert!(
                !verify(&"kvass blurt fjord".into(), &format!("$argon2id$v=19${asked}${salt_and_hash}")),
                "{asked}"
            );
        }
        assert_eq!(work(), before);
        assert!(is_bearable(64 * 1024, 3) && is_bearable(128 * 1024, 4) && is_bearable(256 * 1024, 3));
    }
}
