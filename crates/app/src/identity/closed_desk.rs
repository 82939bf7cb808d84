//! The file `store.desk`: what a desk must know while its store is closed (K2). What stands on the sign-in screen, and the
//! wrong passwords, which are counted on the disk before they are looked at (AU-16). It is sealed by the secret of the
//! computer, names nobody, and holds nothing of a patient. Lost or damaged, it is begun anew.

use std::collections::BTreeMap;
use std::path::Path;

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use chrono::TimeDelta;
use clinic_domain::identity::throttle::{self, Alarm, Budget, Counter, Limits, Refused, Standing, Trust};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::key;
use crate::app::Random;
use crate::db::{StoreKey, sql};
use crate::error::{Answer, AppError};

const FILE: &str = "store.desk";
/// Keeps what is sealed here apart from anything else that is made from the secret of the computer.
const PURPOSE: &str = "clinic desk closed desk 1";
/// Names whose wrong passwords are remembered; the one least recently tried is forgotten for the next.
const MOST_NAMES: usize = 2_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    nonce: String,
    sealed: String,
}

/// What the file holds.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosedDesk {
    /// Name of the clinic.
    pub clinic: String,
    /// A demo store.
    pub is_demo: bool,
    /// What the clinic decided about wrong passwords; `None` until the store was open once.
    limits: Option<Kept>,
    /// By [`super::person_key::name_tag`].
    tried: BTreeMap<String, Tried>,
    /// Over all names.
    guessing: Guessing,
    /// Many names were tried, and the administrators do not know it yet.
    sprayed: bool,
}

/// [`Limits`] as far as they hold here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    free: u32,
    longest_wait_s: i64,
    per_hour: i32,
}

/// [`Budget`], as it is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guessing {
    filled_ms: i64,
    last_ms: Option<i64>,
    alarmed_ms: Option<i64>,
}

impl From<Budget> for Guessing {
    fn from(budget: Budget) -> Self {
        let (last_ms, alarmed_ms) = (budget.last.map(sql::ms), budget.alarmed.map(sql::ms));
        Self { filled_ms: budget.filled.num_milliseconds(), last_ms, alarmed_ms }
    }
}

impl From<Guessing> for Budget {
    fn from(kept: Guessing) -> Self {
        let (last, alarmed) = (kept.last_ms.map(sql::instant), kept.alarmed_ms.map(sql::instant));
        Self { filled: TimeDelta::milliseconds(kept.filled_ms), last, alarmed }
    }
}

/// Wrong passwords for a name since the last right one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tried {
    failures: u32,
    last_ms: i64,
    /// How many of them the audit log does not have yet.
    pub untold: u32,
}

impl ClosedDesk {
    /// What is kept; empty when there is nothing that can be read.
    pub(super) fn load(folder: &Path, device: &StoreKey) -> Self {
        let read = key::read_private(folder, FILE).ok().flatten();
        let opened = read.and_then(|text| unseal(&text, device));
        opened.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// Keeps it; on the disk when this returns.
    ///
    /// # Errors
    /// [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
    pub(super) fn save(&self, random: &dyn Random, folder: &Path, device: &StoreKey) -> Answer<()> {
        let text = Zeroizing::new(serde_json::to_vec(self)?);
        let mut nonce = [0; 24];
        random.fill(&mut nonce)?;
        let sealed = XChaCha20Poly1305::new(&device.derive(PURPOSE).into())
            .encrypt(XNonce::from_slice(&nonce), text.as_slice())
            .map_err(|_| AppError::StoreUnreadable)?;
        let file = Sealed { nonce: hex::encode(nonce), sealed: hex::encode(sealed) };
        key::write_private(folder, FILE, &serde_json::to_string(&file)?)
    }

    /// Takes over what the clinic decided.
    pub(super) fn set_limits(&mut self, limits: &Limits) {
        let (longest_wait_s, per_hour) = (limits.longest_wait.num_seconds(), limits.untrusted_per_hour);
        self.limits = Some(Kept { free: limits.free, longest_wait_s, per_hour });
    }

    /// Counts a try for a name as if it were wrong already. Every name is judged alike, whether it is anybody's or not: by
    /// its own counter, and by the budget of all names, as whoever tries each only once has no other.
    ///
    /// # Errors
    /// As [`throttle::decide_try`].
    pub(super) fn count(&mut self, name: &str, can_be_reopened: bool, now: Instant) -> Result<(), Refused> {
        let counted = throttle::decide_try(self.standing(name, can_be_reopened, now), now)?.standing.here;
        let all = throttle::decide_try(self.over_all_names(now), now)?;
        let untold = self.tried.get(name).map_or(0, |tried| tried.untold).saturating_add(1);
        self.tried.insert(name.into(), Tried { failures: counted.failures, last_ms: sql::ms(now), untold });
        self.guessing = all.standing.budget.into();
        self.sprayed |= all.alarms.contains(&Alarm::Spraying);
        Ok(())
    }

    /// What the next try for one of these names would be judged by: the one with the most wrong passwords; `None` where
    /// none was tried.
    pub(super) fn worst(&self, names: &[String], can_be_reopened: bool, now: Instant) -> Option<Standing> {
        let tried = names.iter().filter(|name| self.tried.contains_key(*name));
        tried.map(|name| self.standing(name, can_be_reopened, now)).max_by_key(|standing| standing.in_a_row)
    }

    fn standing(&self, name: &str, can_be_reopened: bool, now: Instant) -> Standing {
        let before = self.tried.get(name);
        let failures = before.map_or(0, |tried| tried.failures);
        // A clock that was set back makes it no longer ago than just now.
        let last = before.map(|tried| sql::instant(tried.last_ms).min(now));
        Standing {
            trust: Trust::Trusted,
            here: Counter { failures, last },
            in_a_row: failures,
            budget: Budget::default(),
            can_be_reopened,
            limits: self.limits(),
        }
    }

    /// As of a name that nobody has tried, on a device that knows nobody: only the budget is left to judge by.
    fn over_all_names(&self, now: Instant) -> Standing {
        let budget = Budget::from(self.guessing);
        Standing {
            trust: Trust::Untrusted,
            here: Counter::default(),
            in_a_row: 0,
            budget: Budget { last: budget.last.map(|last| last.min(now)), ..budget },
            can_be_reopened: true,
            limits: self.limits(),
        }
    }

    /// Forgets what was tried longest ago, where it is too much; never what was tried for one of these names.
    pub(super) fn forget_oldest(&mut self, kept: &[String]) {
        while self.tried.len() > MOST_NAMES {
            let others = self.tried.iter().filter(|(name, _)| !kept.contains(name));
            let Some(oldest) = others.min_by_key(|(_, tried)| tried.last_ms).map(|(name, _)| name.clone())
            else {
                return;
            };
            self.tried.remove(&oldest);
        }
    }

    /// The password was right, or another one counts from now on: forgets what was counted for these names. Answers
    /// whether anything was.
    pub(super) fn forget(&mut self, names: &[String]) -> bool {
        let before = self.tried.len();
        self.tried.retain(|name, _| !names.contains(name));
        self.tried.len() < before
    }

    /// Takes back the last try for a name: the password was right.
    pub(super) fn right(&mut self, name: &str) {
        if let Some(tried) = self.tried.get_mut(name) {
            tried.untold = tried.untold.saturating_sub(1);
        }
        self.guessing = Budget::from(self.guessing).given_back(&self.limits()).into();
    }

    /// Whether many names were tried since this was last asked.
    pub(super) fn tell_spraying(&mut self) -> bool {
        std::mem::take(&mut self.sprayed)
    }

    /// The tries that the audit log does not have yet, by name, and no others from now on.
    pub(super) fn tell(&mut self) -> Vec<(String, u32)> {
        let untold = self.tried.iter_mut().filter(|(_, tried)| tried.untold > 0);
        untold.map(|(name, tried)| (name.clone(), std::mem::take(&mut tried.untold))).collect()
    }

    fn limits(&self) -> Limits {
        self.limits.map_or_else(Limits::default, |kept| Limits {
            free: kept.free,
            longest_wait: TimeDelta::seconds(kept.longest_wait_s.clamp(0, 86_400)),
            untrusted_per_hour: kept.per_hour,
            ..Limits::default()
        })
    }
}

fn unseal(text: &str, device: &StoreKey) -> Option<Zeroizing<Vec<u8>>> {
    let file: Sealed = serde_json::from_str(text).ok()?;
    let nonce = <[u8; 24]>::try_from(hex::decode(&file.nonce).ok()?).ok()?;
    let sealed = hex::decode(&file.sealed).ok()?;
    XChaCha20Poly1305::new(&device.derive(PURPOSE).into())
        .decrypt(XNonce::from_slice(&nonce), sealed.as_slice())
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;

    fn device() -> StoreKey {
        StoreKey::new([5; 32])
    }

    #[test]
    fn what_is_kept_comes_back_with_the_secret_and_lies_nowhere_in_clear() {
        let (clinic, folder) = (Clinic::new(), tempfile::tempdir().unwrap());
        let mut desk = ClosedDesk { clinic: "Riverside".into(), ..ClosedDesk::default() };
        desk.set_limits(&Limits::default());
        desk.count("tag", true, clinic.app.now()).unwrap();
        desk.save(&*clinic.app.parts.random, folder.path(), &device()).unwrap();
        assert_eq!(ClosedDesk::load(folder.path(), &device()), desk);
        assert_eq!(ClosedDesk::load(folder.path(), &StoreKey::new([6; 32])), ClosedDesk::default());
        let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert!(!text.contains("Riverside") && !text.contains("tag"));
        std::fs::write(folder.path().join(FILE), "damaged").unwrap();
        assert_eq!(ClosedDesk::load(folder.path(), &device()), ClosedDesk::default());
    }

    #[test]
    fn four_are_looked_at_and_then_one_waits_for_each_name_by_itself() {
        let now = Clinic::new().app.now();
        let mut desk = ClosedDesk::default();
        for _ in 0..4 {
            desk.count("a", true, now).unwrap();
        }
        assert_eq!(desk.count("a", true, now), Err(Refused::Wait(TimeDelta::seconds(1))));
        desk.count("b", true, now).unwrap();
        // A clock that is set back gives nothing.
        assert!(desk.count("a", true, now - TimeDelta::days(1)).is_err());
        desk.count("a", true, now + TimeDelta::seconds(1)).unwrap();
        assert!(desk.forget(&["a".into()]));
        desk.count("a", true, now).unwrap();
    }

    #[test]
    fn a_hundred_close_it_where_somebody_can_open_it_again() {
        let mut now = Clinic::new().app.now();
        let mut desk = ClosedDesk::default();
        for _ in 0..100 {
            now += TimeDelta::minutes(16);
            desk.count("a", true, now).unwrap();
        }
        now += TimeDelta::minutes(16);
        assert_eq!(desk.count("a", true, now), Err(Refused::Closed));
        desk.count("a", false, now).unwrap();
    }

    #[test]
    fn of_a_guess_at_each_of_ten_thousand_names_one_a_second_is_looked_at_after_two_hundred() {
        let begun = Clinic::new().app.now();
        let mut desk = ClosedDesk::default();
        let mut at_once = 0;
        for n in 0..10_000 {
            at_once += u32::from(desk.count(&n.to_string(), true, begun).is_ok());
        }
        assert_eq!((at_once, desk.tell_spraying(), desk.tell_spraying()), (200, true, false));
        let second = begun + TimeDelta::seconds(1);
        desk.count("ada", true, second).unwrap();
        assert_eq!(desk.count("noor", true, second), Err(Refused::Wait(throttle::SLOWED_WAIT)));
        assert!(
            desk.count("noor", true, begun - TimeDelta::days(1)).is_err(),
            "a clock set back gives nothing"
        );
        assert!(!desk.tell_spraying(), "once an hour");
        // What is right was no guess.
        desk.right("ada");
        desk.count("noor", true, second).unwrap();
    }

    #[test]
    fn somebodys_counter_is_never_forgotten_for_names_that_are_nobodys() {
        let now = Clinic::new().app.now();
        let mut desk = ClosedDesk::default();
        desk.count("ada", true, now).unwrap();
        for n in 0..=MOST_NAMES {
            // As slowly as the budget asks for.
            let later = TimeDelta::seconds(1 + i64::try_from(n).unwrap());
            desk.count(&n.to_string(), true, now + later).unwrap();
            desk.forget_oldest(&["ada".into()]);
        }
        assert_eq!(desk.tried.len(), MOST_NAMES);
        assert!(desk.tried.contains_key("ada"));
    }
}
