//! Registering with an e-mailed code (AU-3): who may, with what, and for how long a registration waits. It is no account
//! before the address was proved. Keeps nothing and sends nothing.

use chrono::TimeDelta;

use super::role::Role;
use crate::directory::contact::check_email;
use crate::time::Instant;
use crate::validation::{FieldError, FieldErrors, FieldRule, check_line};

/// How long a registration waits for its code, however often that is sent.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// What a person types to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Patient or doctor; nobody registers as anything else.
    pub role: Role,
    /// Given names, 1 to 80 characters.
    pub given_names: String,
    /// Family name, 1 to 80 characters.
    pub family_name: String,
    /// E-mail address, which the code proves.
    pub email: String,
}

/// A registration as it is kept: trimmed, NFC, the address in lower case.
///
/// # Errors
/// Every field that cannot be accepted.
pub fn check_registration(typed: &Registration) -> Result<Registration, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    let checked = Registration {
        role: typed.role,
        given_names: errors.take(check_line("given_names", &typed.given_names, 1, 80)),
        family_name: errors.take(check_line("family_name", &typed.family_name, 1, 80)),
        email: errors.take(check_email("email", &typed.email)),
    };
    if typed.email.trim().is_empty() {
        errors.add("email", FieldRule::Required);
    }
    if !matches!(typed.role, Role::Patient | Role::Doctor) {
        errors.add("role", FieldRule::Unknown);
    }
    errors.into_result(checked)
}

/// Whether an account that has just been proved may be signed in to. Whoever says to be a doctor would see every patient:
/// somebody at the clinic makes sure first. A patient sees nothing but the own account.
pub const fn is_open_at_once(role: Role) -> bool {
    matches!(role, Role::Patient)
}

/// Whether a registration still waits: from its first moment on, until half an hour is over.
pub fn waits(begun: Instant, now: Instant) -> bool {
    begun <= now && now - begun < LIFETIME
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::policy::{Action, Reach, reach};
    use proptest::prelude::*;

    fn typed(role: Role) -> Registration {
        Registration {
            role,
            given_names: " Beatriz ".into(),
            family_name: "Ferreira".into(),
            email: " B.Ferreira@Mail.example ".into(),
        }
    }

    #[test]
    fn patients_and_doctors_register_and_nobody_else() {
        for role in Role::ALL {
            let checked = check_registration(&typed(role));
            assert_eq!(checked.is_ok(), matches!(role, Role::Patient | Role::Doctor), "{role:?}");
        }
        let checked = check_registration(&typed(Role::Patient)).unwrap();
        assert_eq!((checked.given_names.as_str(), &*checked.email), ("Beatriz", "b.ferreira@mail.example"));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let empty = Registration {
            role: Role::Admin,
            given_names: String::new(),
            family_name: "\u{7}".into(),
            email: " ".into(),
        };
        let errors = check_registration(&empty).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["given_names", "family_name", "email", "role"]);
    }

    #[test]
    fn whoever_is_open_at_once_reaches_nothing_but_the_own_account() {
        for role in Role::ALL.into_iter().filter(|role| is_open_at_once(*role)) {
            for action in Action::ALL {
                let expected = if action == Action::ManageOwnSession { Reach::Own } else { Reach::Never };
                assert_eq!(reach(role, action), expected, "{role:?} {action:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_registration_waits_for_half_an_hour_to_the_second(after in -10..4_000_i64) {
            let begun: Instant = "2026-11-24T12:00:00Z".parse().unwrap();
            prop_assert_eq!(waits(begun, begun + TimeDelta::seconds(after)), (0..1800).contains(&after));
        }
    }
}
