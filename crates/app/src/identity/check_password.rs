//! How strong a password is (AU-9). Keeps nothing.

use clinic_domain::identity::password::{self, PasswordPolicy};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::FieldError;
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::store_security_policy;
use crate::app::App;
use crate::error::Answer;
use crate::identity::access_view::{CheckPassword, PasswordReport};

impl App {
    /// How strong a password is (AU-9). Keeps nothing.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn check_password(&self, request: CheckPassword) -> Answer<PasswordReport> {
        let password = Zeroizing::new(request.password);
        let context: Vec<_> = request.context.iter().map(String::as_str).collect();
        let policy = self.password_policy(request.role)?;
        let report = password::check_password(&password, &context, &policy);
        Ok(PasswordReport {
            length: report.length,
            least: report.least,
            common: report.common,
            context: report.context,
            composition: report.composition,
            score: report.score,
            acceptable: report.acceptable,
        })
    }

    /// What a password of this role must be, or of whoever is signed in or chooses another one; where nobody is, or nothing
    /// is set up yet, it is the only factor.
    fn password_policy(&self, role: Option<Role>) -> Answer<PasswordPolicy> {
        let Ok(store) = self.store() else { return Ok(PasswordPolicy::SINGLE_FACTOR) };
        let role = match role {
            Some(role) => Some(role),
            None => match self.actor() {
                Ok(actor) => Some(actor.person.role),
                Err(_) => self.proven()?.map(|account| account.role),
            },
        };
        let policy = store.read(|conn| Ok(store_security_policy::load(conn)?.0))?;
        Ok(role.map_or(PasswordPolicy::SINGLE_FACTOR, |role| policy.password(role)))
    }
}

/// Why a new password cannot be accepted for this role, for the field of this path; empty when it can be.
///
/// # Errors
/// Faults of the store.
pub(crate) fn errors(
    conn: &Connection,
    role: Role,
    field: &str,
    password: &str,
    context: &[&str],
) -> Answer<Vec<FieldError>> {
    let policy = store_security_policy::load(conn)?.0.password(role);
    Ok(password::check_password(password, context, &policy).errors(field, &policy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;

    fn check(password: &str, context: &[&str]) -> PasswordReport {
        let context = context.iter().map(|&word| word.to_owned()).collect();
        let request = CheckPassword { password: password.into(), context, role: None };
        Clinic::new().app.check_password(request).unwrap()
    }

    #[test]
    fn fifteen_letters_that_nobody_uses_are_enough() {
        let report = check("kvassblurtfjord", &["Ada Lovelace"]);
        assert!(report.acceptable && report.length == 15 && report.least == 15);
        assert!(!check("kvassblurtfjor", &[]).acceptable);
    }

    #[test]
    fn the_persons_own_name_is_no_password() {
        let report = check("lovelace kvass blurt", &["Ada Lovelace"]);
        assert!(report.context && !report.acceptable);
        let refused = Clinic::new()
            .read(|conn| errors(conn, Role::Admin, "password", "lovelace kvass blurt", &["Ada Lovelace"]));
        assert_eq!(refused.len(), 1);
    }
}
