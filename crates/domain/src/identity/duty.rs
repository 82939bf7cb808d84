//! What a person must do before anything else: choose a password of their own (ASVS 6.4.1), set up a second factor
//! (AU-18). Pure decisions from what is known of the account; locking and leaving are always open.

use serde::{Deserialize, Serialize};

use super::letters;
use super::password::PasswordPolicy;
use super::secret::Secret;
use super::security_policy::Demand;
use crate::time::Instant;

/// How long a password is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Until its owner changes it.
    #[default]
    Lasting,
    /// As long as a second factor is asked for: it is too short to be the only one.
    WithFactor,
    /// For one sign-in: somebody else knows it.
    Temporary,
}

/// What comes before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Choosing a password of one's own.
    Password,
    /// Setting up a second factor.
    SecondFactor,
}

impl Standing {
    /// Of a password that its owner chose: shorter than `least_alone` characters, it is good beside a second factor only.
    pub const fn of_own(length: u32, least_alone: u32) -> Self {
        if length < least_alone { Self::WithFactor } else { Self::Lasting }
    }

    /// Whether it has to be replaced before anything else.
    pub const fn is_over(self, has_factor: bool) -> bool {
        match self {
            Self::Lasting => false,
            Self::WithFactor => !has_factor,
            Self::Temporary => true,
        }
    }
}

/// What a person must do first at `now`; the password before the factor that stands beside it.
pub fn decide_duty(standing: Standing, has_factor: bool, demand: Demand, now: Instant) -> Option<Duty> {
    if standing.is_over(has_factor) {
        return Some(Duty::Password);
    }
    match demand {
        Demand::From(from) if !has_factor && now >= from => Some(Duty::SecondFactor),
        Demand::Nothing | Demand::Recommended | Demand::From(_) => None,
    }
}

/// Bytes that [`first_password`] is made of.
pub const FIRST_PASSWORD_BYTES: usize = 52;
/// Least groups of a first password: sixteen letters, 80 bits.
const LEAST_GROUPS: usize = 4;

/// A first password as an administrator hands it over: groups of four letters that cannot be taken for one another, as
/// many as the policy asks for. `random` has to be bytes that cannot be guessed. Whether every kind of character that the
/// policy may ask for is in it is chance: the caller checks, and asks again.
pub fn first_password(random: &[u8; FIRST_PASSWORD_BYTES], policy: &PasswordPolicy) -> Secret {
    let least = usize::try_from(policy.least).unwrap_or(usize::MAX);
    let count = (least.saturating_add(1).div_ceil(5).max(LEAST_GROUPS) * 4).min(FIRST_PASSWORD_BYTES);
    let groups = random[..count].chunks(4).enumerate().map(|(nth, bytes)| {
        let group: String = bytes.iter().map(|byte| letters::letter(*byte)).collect();
        if policy.composition && nth % 2 == 0 { group } else { group.to_lowercase() }
    });
    groups.collect::<Vec<_>>().join("-").into()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::super::password::check_password;
    use super::*;

    #[test]
    fn every_standing_factor_and_demand_leads_where_it_was_agreed() {
        use Duty::{Password, SecondFactor};
        let (now, moment) = (Instant::UNIX_EPOCH, TimeDelta::milliseconds(1));
        // Nothing is demanded; before the end of the grace, at it, after it.
        let [before, at, after] = [now + moment, now, now - moment].map(Demand::From);
        let demands = [Demand::Nothing, Demand::Recommended, before, at, after];
        let table: [(Standing, bool, [Option<Duty>; 5]); 6] = [
            (Standing::Lasting, true, [None; 5]),
            (Standing::Lasting, false, [None, None, None, Some(SecondFactor), Some(SecondFactor)]),
            (Standing::WithFactor, true, [None; 5]),
            (Standing::WithFactor, false, [Some(Password); 5]),
            (Standing::Temporary, true, [Some(Password); 5]),
            (Standing::Temporary, false, [Some(Password); 5]),
        ];
        for (standing, has_factor, expected) in table {
            let decided = demands.map(|demand| decide_duty(standing, has_factor, demand, now));
            assert_eq!(decided, expected, "{standing:?} {has_factor}");
        }
    }

    #[test]
    fn a_short_password_is_one_below_the_length_that_it_needs_alone() {
        assert_eq!(Standing::of_own(14, 15), Standing::WithFactor);
        assert_eq!(Standing::of_own(15, 15), Standing::Lasting);
    }

    proptest! {
        #[test]
        fn a_first_password_is_long_enough_and_easily_read_out(
            random: [u8; FIRST_PASSWORD_BYTES], least in 8_u32..=64, composition: bool
        ) {
            let policy = PasswordPolicy { least, composition, ..PasswordPolicy::SINGLE_FACTOR };
            let password = first_password(&random, &policy);
            let report = check_password(&password, &[], &policy);
            let password = password.expose();
            prop_assert!(report.length >= least.max(19) && report.length <= 64, "{}", password);
            prop_assert!(password.split('-').all(|group| group.len() == 4));
            prop_assert!(!password.to_lowercase().contains(['o', 'i', 'l', 'u']), "{}", password);
            prop_assert!(report.acceptable || composition || report.common, "{}", password);
        }
    }
}
