//! Proves once more who is at the desk, before acts that change accounts, devices, the security policy and where mail goes
//! out, and before the audit log is taken along (S8 of the security reference; ASVS 7.5.1, 7.5.3).

use std::time::Duration;

use super::access_view::Reauthenticate;
use crate::app::{Actor, App};
use crate::error::{Answer, AppError};

/// For how long a proof holds.
const HOLDS: Duration = Duration::from_secs(5 * 60);

impl App {
    /// The same person, if they proved who they are at this desk within the last five minutes: by signing in, by unlocking
    /// with the password, or by [`App::reauthenticate`]. What [`crate::contract`] declares
    /// as proven passes here.
    ///
    /// # Errors
    /// [`AppError::ReauthenticationRequired`].
    pub fn freshly_proven(&self, actor: Actor) -> Answer<Actor> {
        let elapsed = self.parts.clock.elapsed();
        let is_fresh = |proven: Duration| elapsed.saturating_sub(proven) < HOLDS;
        match self.proven_since(actor.session).is_some_and(is_fresh) {
            true => Ok(actor),
            false => Err(AppError::ReauthenticationRequired),
        }
    }

    /// Takes the own password as a proof for the next five minutes.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], which is written down and counted; [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; faults of the store.
    pub fn reauthenticate(&self, actor: &Actor, request: Reauthenticate) -> Answer<()> {
        self.prove(actor, &request.password).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::view::Op;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::view::Unlock;

    const FIVE_MINUTES: u64 = 5 * 60;

    fn prove(clinic: &Clinic, actor: &Actor, password: &str) -> Answer<()> {
        clinic.app.reauthenticate(actor, Reauthenticate { password: password.into() })
    }

    fn is_proven(clinic: &Clinic, actor: &Actor) -> bool {
        match clinic.app.freshly_proven(actor.clone()) {
            Ok(same) => same == *actor,
            Err(refusal) => {
                assert_eq!(refusal, AppError::ReauthenticationRequired);
                false
            }
        }
    }

    #[test]
    fn a_sign_in_is_a_proof_for_five_minutes_and_a_password_for_five_more() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        clinic.wait(FIVE_MINUTES - 1);
        assert!(is_proven(&clinic, &ada));
        clinic.wait(1);
        assert!(!is_proven(&clinic, &ada));
        assert_eq!(prove(&clinic, &ada, "another password").unwrap_err(), AppError::WrongCredentials);
        assert!(!is_proven(&clinic, &ada));
        assert_eq!(clinic.ops().last(), Some(&Op::ProofFailed));
        prove(&clinic, &ada, PASSWORD).unwrap();
        clinic.wait(FIVE_MINUTES - 1);
        assert!(is_proven(&clinic, &ada));
    }

    #[test]
    fn unlocking_with_the_password_is_a_proof_and_being_there_is_none() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        clinic.wait(FIVE_MINUTES);
        clinic.app.touch().unwrap();
        assert!(!is_proven(&clinic, &ada));
        clinic.app.lock().unwrap();
        clinic.app.unlock(Unlock { password: PASSWORD.into() }).unwrap();
        assert!(is_proven(&clinic, &ada));
    }

    #[test]
    fn setting_the_clock_back_prolongs_no_proof() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        clinic.turn(-3600, FIVE_MINUTES);
        assert!(!is_proven(&clinic, &ada));
    }

    #[test]
    fn nobody_proves_anything_for_another_session() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let elsewhere = clinic.person(ada.person.account);
        assert!(!is_proven(&clinic, &elsewhere));
        prove(&clinic, &elsewhere, PASSWORD).unwrap();
        assert!(!is_proven(&clinic, &elsewhere));
        clinic.wait(FIVE_MINUTES);
        assert!(!is_proven(&clinic, &ada));
    }

    #[test]
    fn wrong_passwords_wait_here_as_anywhere() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        for _ in 0..4 {
            prove(&clinic, &ada, "another password").unwrap_err();
        }
        assert_eq!(prove(&clinic, &ada, PASSWORD).unwrap_err(), AppError::Throttled { wait_seconds: 1 });
    }
}
