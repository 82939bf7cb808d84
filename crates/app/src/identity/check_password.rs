//! How strong a password is (AU-9). Keeps nothing.

use clinic_domain::identity::duty::Standing;
use clinic_domain::identity::password::{self, PasswordPolicy};
use clinic_domain::identity::secret::Secret;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::account::Account;
use super::reset_password::words_of;
use super::{hashing, store_second_factor, store_security_policy};
use crate::app::App;
use crate::clinic::store as clinic;
use crate::error::{Answer, AppError};
use crate::identity::access_view::{CheckPassword, PasswordReport};

impl App {
    /// How strong a password is (AU-9). Keeps nothing.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn check_password(&self, request: CheckPassword) -> Answer<PasswordReport> {
        let context: Vec<_> = request.context.iter().map(String::as_str).collect();
        let policy = self.password_policy(request.own)?;
        let report = password::check_password(&request.password, &context, &policy);
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

    /// What a password must be: the own one of whoever is here or chooses another one, or that of an account beside which
    /// no second factor is asked for; so it is, too, where nothing is set up yet.
    fn password_policy(&self, own: bool) -> Answer<PasswordPolicy> {
        let Ok(store) = self.store() else { return Ok(PasswordPolicy::SINGLE_FACTOR) };
        let whose = match self.held_actor() {
            _ if !own => None,
            Ok(actor) => Some(actor.person.account),
            Err(_) => self.proven()?.map(|account| account.id),
        };
        store.read(|conn| {
            let has_factor = whose.map_or(Ok(false), |id| store_second_factor::is_on(conn, id))?;
            Ok(store_security_policy::load(conn)?.0.password(has_factor))
        })
    }

    /// Judges the password that somebody chooses for the own account. Answers how long it will be good.
    ///
    /// # Errors
    /// [`AppError::Validation`] with the path `password`; faults of the store.
    pub(super) fn check_own(&self, account: &Account, password: &Secret) -> Answer<Standing> {
        let (clinic, policy, has_factor) = self.store()?.read(|conn| {
            let clinic = clinic::load(conn)?.0.profile.name;
            let policy = store_security_policy::load(conn)?.0;
            Ok((clinic, policy, store_second_factor::is_on(conn, account.id)?))
        })?;
        let context = words_of(account, &clinic);
        let policy_here = policy.password(has_factor);
        let report =
            password::check_password(password, &context.each_ref().map(String::as_str), &policy_here);
        let mut fields = report.errors("password", &policy_here);
        let is_given = account.password_standing == Standing::Temporary;
        if fields.is_empty() && is_given && hashing::verify(password, &account.password_hash) {
            fields.push(FieldError::new("password", FieldRule::Duplicate));
        }
        match fields.is_empty() {
            true => Ok(Standing::of_own(report.length, u32::from(policy.password_least))),
            false => Err(AppError::Validation { fields }),
        }
    }
}

/// Why a new password cannot be accepted where no second factor stands beside it, for the field of this path; empty when it
/// can be.
///
/// # Errors
/// Faults of the store.
pub(crate) fn errors(
    conn: &Connection,
    field: &str,
    password: &Secret,
    context: &[&str],
) -> Answer<Vec<FieldError>> {
    let policy = store_security_policy::load(conn)?.0.password(false);
    Ok(password::check_password(password, context, &policy).errors(field, &policy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;

    fn check(password: &str, context: &[&str]) -> PasswordReport {
        let context = context.iter().map(|&word| word.to_owned()).collect();
        let request = CheckPassword { password: password.into(), context, own: true };
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
            .read(|conn| errors(conn, "password", &"lovelace kvass blurt".into(), &["Ada Lovelace"]));
        assert_eq!(refused.len(), 1);
    }
}
