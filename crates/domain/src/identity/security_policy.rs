//! What a clinic decides about security (AU-9, AU-16, AU-18, AU-22), within what the standards leave open: pure values,
//! their bounds, and what follows from them for a role. Keeps nothing and knows no clock.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::password::PasswordPolicy;
use super::role::Role;
use super::throttle::Limits;
use crate::time::Instant;
use crate::validation::{FieldError, FieldRule};

/// What a clinic decides about security. [`SecurityPolicy::default`] holds until it decides anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SecurityPolicy {
    /// Least characters of a password that is the only factor, 15 to 64 (SP 800-63B-4 §3.1.1.2).
    pub password_least: u16,
    /// Least characters of a password beside which a second factor is asked for, 8 to 64 and no more than
    /// `password_least`.
    pub password_least_with_factor: u16,
    /// Asks for a lower-case and an upper-case letter, a digit and another character (AU-9). Weaker than the standard,
    /// which forbids to ask for it.
    pub composition: bool,
    /// Roles that must have a second factor (AU-18), each once.
    pub second_factor_roles: Vec<Role>,
    /// Days in which whoever must have one may still work without, 0 to 30.
    pub factor_grace_days: u16,
    /// Wrong passwords in a row after which the next one may follow at once, 1 to 10.
    pub free_tries: u16,
    /// Longest wait between two tries in minutes, 1 to 60 (SP 800-63B-4 §3.2.2).
    pub longest_wait_minutes: u16,
    /// Wrong passwords in a row of which the administrators are told, 3 to 50.
    pub told_after: u16,
    /// Wrong passwords an hour from devices that do not know the person, over all names, after which they are slowed
    /// down, 20 to 1000.
    pub untrusted_per_hour: u16,
    /// Hours that a session lives at most, 1 to 24 (SP 800-63B-4 §2.2.3). Holds for sessions that begin from now on.
    pub session_hours: u16,
    /// Minutes without a touch after which a desk locks itself, 1 to 60 (§2.2.3).
    pub idle_minutes: u16,
    /// The same where the front desk works, which others walk past, 1 to 60.
    pub idle_minutes_front_desk: u16,
}

impl Default for SecurityPolicy {
    fn default() -> Self {
        Self {
            password_least: 15,
            password_least_with_factor: 8,
            composition: false,
            second_factor_roles: Vec::new(),
            factor_grace_days: 7,
            free_tries: 3,
            longest_wait_minutes: 15,
            told_after: 10,
            untrusted_per_hour: 200,
            session_hours: 12,
            idle_minutes: 15,
            idle_minutes_front_desk: 5,
        }
    }
}

/// What a clinic asks of a person about a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Nothing: a patient reaches nothing but the own account.
    Nothing,
    /// It is recommended.
    Recommended,
    /// There must be one from this instant on.
    From(Instant),
}

impl SecurityPolicy {
    /// Minutes without a touch after which a desk where this role works locks itself.
    pub const fn idle_minutes(&self, role: Role) -> u16 {
        match role {
            Role::FrontDesk => self.idle_minutes_front_desk,
            Role::Admin | Role::Doctor | Role::Patient => self.idle_minutes,
        }
    }

    /// What a new clinic begins with: administrators and doctors must have a second factor (F5 of the security reference;
    /// ASVS 6.3.3).
    pub fn of_new_clinic() -> Self {
        Self { second_factor_roles: vec![Role::Admin, Role::Doctor], ..Self::default() }
    }

    /// What is asked of somebody who is in this role since `in_role_since`, where the clinic has demanded it of the role
    /// since `demanded_since`. The days of grace are counted from whichever is later.
    pub fn factor_demand(&self, role: Role, demanded_since: Instant, in_role_since: Instant) -> Demand {
        let grace = TimeDelta::days(i64::from(self.factor_grace_days));
        match role {
            _ if self.demands_second_factor(role) => Demand::From(demanded_since.max(in_role_since) + grace),
            Role::Patient => Demand::Nothing,
            Role::Admin | Role::FrontDesk | Role::Doctor => Demand::Recommended,
        }
    }

    /// What a password must be. The shorter length holds only beside a second factor that is asked for, and not where one
    /// is merely demanded; a short password is replaced when the factor goes ([`super::duty::Standing`]).
    pub fn password(&self, has_factor: bool) -> PasswordPolicy {
        let least = match has_factor {
            true => self.password_least_with_factor,
            false => self.password_least,
        };
        PasswordPolicy {
            least: u32::from(least),
            composition: self.composition,
            ..PasswordPolicy::SINGLE_FACTOR
        }
    }

    /// Whether people of this role must have a second factor (AU-18).
    pub fn demands_second_factor(&self, role: Role) -> bool {
        self.second_factor_roles.contains(&role)
    }

    /// How often a password may be tried.
    pub fn limits(&self) -> Limits {
        Limits {
            free: u32::from(self.free_tries),
            longest_wait: TimeDelta::minutes(i64::from(self.longest_wait_minutes)),
            told: u32::from(self.told_after),
            untrusted_per_hour: i32::from(self.untrusted_per_hour.cast_signed()),
        }
    }

    /// How long a session lives at most.
    pub fn session_lifetime(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.session_hours))
    }
}

/// Each number with the least and the most that it may be.
fn bounds(policy: &SecurityPolicy) -> [(&'static str, u16, u16, u16); 10] {
    [
        ("password_least", policy.password_least, 15, 64),
        ("password_least_with_factor", policy.password_least_with_factor, 8, 64),
        ("factor_grace_days", policy.factor_grace_days, 0, 30),
        ("free_tries", policy.free_tries, 1, 10),
        ("longest_wait_minutes", policy.longest_wait_minutes, 1, 60),
        ("told_after", policy.told_after, 3, 50),
        ("untrusted_per_hour", policy.untrusted_per_hour, 20, 1000),
        ("session_hours", policy.session_hours, 1, 24),
        ("idle_minutes", policy.idle_minutes, 1, 60),
        ("idle_minutes_front_desk", policy.idle_minutes_front_desk, 1, 60),
    ]
}

/// The policy as it is to be stored: the roles in their order.
///
/// # Errors
/// `out_of_range` with the nearest number that is allowed, `duplicate` for a role that is named twice.
pub fn check_security_policy(policy: &SecurityPolicy) -> Result<SecurityPolicy, Vec<FieldError>> {
    let out_of_range =
        |field, bound: u16| FieldError::new(field, FieldRule::OutOfRange).bound(u32::from(bound));
    let mut wrong: Vec<_> = bounds(policy)
        .into_iter()
        .filter(|(_, value, least, most)| !(least..=most).contains(&value))
        .map(|(field, value, least, most)| out_of_range(field, value.clamp(least, most)))
        .collect();
    if wrong.is_empty() && policy.password_least_with_factor > policy.password_least {
        wrong.push(out_of_range("password_least_with_factor", policy.password_least));
    }
    let roles: Vec<_> =
        Role::ALL.into_iter().filter(|role| policy.second_factor_roles.contains(role)).collect();
    if roles.len() != policy.second_factor_roles.len() {
        wrong.push(FieldError::new("second_factor_roles", FieldRule::Duplicate));
    }
    if wrong.is_empty() {
        Ok(SecurityPolicy { second_factor_roles: roles, ..policy.clone() })
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changed(change: impl FnOnce(&mut SecurityPolicy)) -> SecurityPolicy {
        let mut policy = SecurityPolicy::default();
        change(&mut policy);
        policy
    }

    fn refused(change: impl FnOnce(&mut SecurityPolicy)) -> Vec<(String, FieldRule, Option<u32>)> {
        let wrong = check_security_policy(&changed(change)).unwrap_err();
        wrong.into_iter().map(|error| (error.field, error.rule, error.bound)).collect()
    }

    #[test]
    fn what_holds_until_anything_is_decided_is_within_the_bounds() {
        let first = SecurityPolicy::default();
        assert_eq!(check_security_policy(&first), Ok(first.clone()));
        for role in Role::ALL {
            assert!(!first.demands_second_factor(role));
        }
        assert_eq!(first.password(false), PasswordPolicy::SINGLE_FACTOR);
        assert_eq!(first.limits(), Limits::default());
    }

    #[test]
    fn every_number_has_its_bounds_and_the_nearest_one_is_named() {
        type Field = fn(&mut SecurityPolicy) -> &mut u16;
        let fields: [(&str, Field, u16, u16); 10] = [
            ("password_least", |policy| &mut policy.password_least, 15, 64),
            ("password_least_with_factor", |policy| &mut policy.password_least_with_factor, 8, 64),
            ("free_tries", |policy| &mut policy.free_tries, 1, 10),
            ("longest_wait_minutes", |policy| &mut policy.longest_wait_minutes, 1, 60),
            ("factor_grace_days", |policy| &mut policy.factor_grace_days, 0, 30),
            ("told_after", |policy| &mut policy.told_after, 3, 50),
            ("untrusted_per_hour", |policy| &mut policy.untrusted_per_hour, 20, 1000),
            ("session_hours", |policy| &mut policy.session_hours, 1, 24),
            ("idle_minutes", |policy| &mut policy.idle_minutes, 1, 60),
            ("idle_minutes_front_desk", |policy| &mut policy.idle_minutes_front_desk, 1, 60),
        ];
        for (name, field, least, most) in fields {
            let wide = |value| {
                changed(|policy| {
                    policy.password_least = 64;
                    *field(policy) = value;
                    if name == "password_least" {
                        policy.password_least_with_factor = 8;
                    }
                })
            };
            for value in [least, most] {
                assert!(check_security_policy(&wide(value)).is_ok(), "{name} {value}");
            }
            for (value, bound) in
                [(0, least), (least.saturating_sub(1), least), (most + 1, most), (u16::MAX, most)]
            {
                if value >= least && value <= most {
                    continue;
                }
                let wrong = check_security_policy(&wide(value)).unwrap_err();
                let expected = FieldError::new(name, FieldRule::OutOfRange).bound(u32::from(bound));
                assert_eq!(wrong, [expected], "{name} {value}");
            }
        }
    }

    #[test]
    fn nobody_needs_a_longer_password_because_of_a_second_factor() {
        let expected = [("password_least_with_factor".to_owned(), FieldRule::OutOfRange, Some(15))];
        assert_eq!(refused(|policy| policy.password_least_with_factor = 16), expected);
    }

    #[test]
    fn roles_are_named_once_and_kept_in_their_order() {
        let twice = refused(|policy| policy.second_factor_roles = vec![Role::Admin, Role::Admin]);
        assert_eq!(twice, [("second_factor_roles".to_owned(), FieldRule::Duplicate, None)]);
        let typed = changed(|policy| policy.second_factor_roles = vec![Role::Doctor, Role::Admin]);
        assert_eq!(check_security_policy(&typed).unwrap().second_factor_roles, [Role::Admin, Role::Doctor]);
    }

    #[test]
    fn a_new_clinic_demands_a_factor_of_administrators_and_doctors_and_recommends_it_to_the_front_desk() {
        let policy = SecurityPolicy::of_new_clinic();
        assert_eq!(check_security_policy(&policy), Ok(policy.clone()));
        let monday = Instant::UNIX_EPOCH + TimeDelta::days(20_000);
        let of = |role| policy.factor_demand(role, monday, monday);
        let in_a_week = Demand::From(monday + TimeDelta::days(7));
        assert_eq!(Role::ALL.map(of), [in_a_week, Demand::Recommended, in_a_week, Demand::Nothing]);
    }

    #[test]
    fn the_days_of_grace_begin_with_the_demand_or_the_role_whichever_is_later() {
        let policy = changed(|policy| {
            policy.second_factor_roles = vec![Role::FrontDesk];
            policy.factor_grace_days = 3;
        });
        let day = |n: i64| Instant::UNIX_EPOCH + TimeDelta::days(20_000 + n);
        let of = |demanded, in_role| policy.factor_demand(Role::FrontDesk, day(demanded), day(in_role));
        assert_eq!([of(0, 0), of(0, 5), of(5, 0)], [day(3), day(8), day(8)].map(Demand::From));
        let none = SecurityPolicy { factor_grace_days: 0, ..policy.clone() };
        assert_eq!(none.factor_demand(Role::FrontDesk, day(0), day(2)), Demand::From(day(2)));
    }

    #[test]
    fn the_shorter_password_is_for_whom_a_second_factor_is_asked() {
        let policy = changed(|policy| {
            policy.second_factor_roles = Role::ALL.to_vec();
            policy.password_least_with_factor = 12;
            policy.composition = true;
        });
        assert_eq!((policy.password(true).least, policy.password(false).least), (12, 15));
        assert!(policy.password(false).composition);
    }

    proptest! {
        #[test]
        fn whatever_was_checked_is_accepted_as_it_is(
            least in 15_u16..80, with_factor in 8_u16..80, free: u16, hours in 0_u16..30
        ) {
            let typed = changed(|policy| {
                policy.password_least = least;
                policy.password_least_with_factor = with_factor;
                policy.free_tries = free;
                policy.session_hours = hours;
            });
            if let Ok(checked) = check_security_policy(&typed) {
                prop_assert_eq!(check_security_policy(&checked), Ok(checked.clone()));
                prop_assert!(checked.password(true).least >= 8 && checked.password(false).least >= 15);
            }
        }
    }
}
