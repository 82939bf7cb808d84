//! How strong a password is (AU-9). Keeps nothing.

use clinic_domain::identity::password::{self, PasswordPolicy};
use clinic_domain::validation::FieldError;
use zeroize::Zeroizing;

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::{CheckPassword, PasswordReport};

/// What a password at this desk must be: it is the only factor.
const POLICY: PasswordPolicy = PasswordPolicy::SINGLE_FACTOR;

impl App {
    /// How strong a password is (AU-9). Keeps nothing.
    ///
    /// # Errors
    /// None.
    pub fn check_password(&self, request: CheckPassword) -> Answer<PasswordReport> {
        let password = Zeroizing::new(request.password);
        let context: Vec<_> = request.context.iter().map(String::as_str).collect();
        let report = password::check_password(&password, &context, &POLICY);
        Ok(PasswordReport {
            length: report.length,
            least: report.least,
            common: report.common,
            context: report.context,
            score: report.score,
            acceptable: report.acceptable,
        })
    }
}

/// Why a new password cannot be accepted, for the field of this path; empty when it can be.
pub(crate) fn errors(field: &str, password: &str, context: &[&str]) -> Vec<FieldError> {
    password::check_password(password, context, &POLICY).errors(field, &POLICY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;

    fn check(password: &str, context: &[&str]) -> PasswordReport {
        let context = context.iter().map(|&word| word.to_owned()).collect();
        Clinic::new().app.check_password(CheckPassword { password: password.into(), context }).unwrap()
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
        assert_eq!(errors("password", "lovelace kvass blurt", &["Ada Lovelace"]).len(), 1);
    }
}
