//! Replaces a password that is good for nothing else: one that somebody else gave (ASVS 6.4.1), or one that is too short
//! since the second factor beside it is gone.

use clinic_domain::id::ActionId;
use clinic_domain::identity::duty::Duty;
use clinic_domain::identity::policy::{Action, Ownership};
use serde_json::json;

use super::account::Account;
use super::desk::Present;
use super::reset_view::ResetPassword;
use super::{store_session, store_wrong_password};
use crate::app::App;
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

impl App {
    /// Replaces the own password, as whoever gets no further before it is done. The other sessions of the person end.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`]; [`AppError::WrongState`] where nothing has to be replaced: that is
    /// what changing a password is for; [`AppError::ReauthenticationRequired`]; [`AppError::Validation`]; faults of the
    /// store.
    pub fn replace_password(&self, request: ResetPassword) -> Answer<SessionState> {
        let ResetPassword { password } = request;
        let (account, actor) = match self.present()? {
            Present::Held(account, actor, Duty::Password) => (account, actor),
            Present::Nobody => return Err(AppError::NotSignedIn),
            Present::Locked(..) => return Err(AppError::Locked),
            Present::Held(..) | Present::Here(..) => return Err(AppError::WrongState),
        };
        let actor = self.freshly_proven(actor)?;
        let password_standing = self.check_own(&account, &password)?;
        // Outside of the transaction, which nothing slow may hold up.
        let password_hash = self.hash_password(&password)?;
        let id = account.id;
        let entry = self.entry_before(&account, &password_hash, password_standing, &password)?;
        let action_id = ActionId(self.new_id()?);
        let act = self.act(
            Op::ReplacePassword,
            Action::ManageOwnSession,
            action_id,
            "account.replace_password",
            &json!({"id": id}),
        )?;
        self.transact(&actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let (account, _) = tx.get::<Account>(id.0)?;
            tx.about(id.0, account.subject(), None);
            tx.put(&Account { password_hash, password_standing, ..account })?;
            store_wrong_password::forget(tx.conn(), id)?;
            store_session::end_all_but(tx.conn(), id, Some(actor.session), tx.now)
        })?;
        self.settle_in(id, entry.as_ref());
        self.session_state()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Actor;
    use crate::identity::access_view::{CheckPassword, Reauthenticate};
    use crate::identity::device::Device;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::reset_view::NewPasswordReason;
    use crate::identity::view::Unlock;
    use clinic_domain::id::AccountId;
    use clinic_domain::identity::duty::Standing;
    use clinic_domain::identity::role::Role;
    use clinic_domain::validation::{FieldError, FieldRule};

    const OWN: &str = "grey bicycle under pier";

    /// Noor, whose password was given to her.
    fn given() -> (Clinic, AccountId) {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        clinic.change(noor, |account| account.password_standing = Standing::Temporary);
        (clinic, noor)
    }

    fn replace(clinic: &Clinic, password: &str) -> Answer<SessionState> {
        clinic.app.replace_password(ResetPassword { password: password.into() })
    }

    fn elsewhere(clinic: &Clinic, id: AccountId) -> Actor {
        let laptop = Device::another(&clinic.app, "laptop");
        clinic.app.open_session(&laptop, &clinic.load(id).0, None).unwrap()
    }

    #[test]
    fn a_first_password_leads_to_an_own_one_and_nowhere_else() {
        let (clinic, noor) = given();
        let state = clinic.sign_in("noor", PASSWORD).unwrap();
        let SessionState::NewPassword { reason, sessions, .. } = &state else { panic!("{state:?}") };
        assert_eq!((*reason, *sessions), (NewPasswordReason::Temporary, 0));
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NewPasswordDemanded);
        assert_eq!(clinic.app.enrolling_actor().unwrap_err(), AppError::NewPasswordDemanded);
        assert!(matches!(clinic.app.lock().unwrap(), SessionState::Locked { .. }), "it can be locked");
        assert_eq!(replace(&clinic, OWN).unwrap_err(), AppError::Locked);
        let state = clinic.app.unlock(Unlock { password: PASSWORD.into() }).unwrap();
        assert!(matches!(state, SessionState::NewPassword { .. }), "unlocking leads no further: {state:?}");
        let SessionState::SignedIn { me, .. } = replace(&clinic, OWN).unwrap() else { panic!() };
        assert_eq!(me.account_id, noor);
        clinic.app.actor().unwrap();
        assert_eq!(clinic.sign_in("noor", PASSWORD).unwrap_err(), AppError::WrongCredentials);
        assert!(matches!(clinic.sign_in("noor", OWN).unwrap(), SessionState::SignedIn { .. }));
    }

    #[test]
    fn the_first_password_itself_and_what_the_clinic_refuses_are_no_own_one() {
        let (clinic, noor) = given();
        clinic.sign_in("noor", PASSWORD).unwrap();
        for (password, rule) in [
            (PASSWORD, FieldRule::Duplicate),
            ("passwordpassword", FieldRule::CommonPassword),
            ("noor kvass blurt fjord", FieldRule::ContextPassword),
        ] {
            let fields = vec![FieldError::new("password", rule)];
            assert_eq!(
                replace(&clinic, password).unwrap_err(),
                AppError::Validation { fields },
                "{password}"
            );
        }
        assert_eq!(clinic.load(noor).0.password_standing, Standing::Temporary);
    }

    #[test]
    fn it_is_written_down_and_the_other_sessions_end() {
        let (clinic, noor) = given();
        let other = elsewhere(&clinic, noor);
        clinic.sign_in("noor", PASSWORD).unwrap();
        replace(&clinic, OWN).unwrap();
        let now = clinic.app.now();
        assert!(clinic.read(|conn| store_session::live(conn, other.session, now)).is_none());
        let entry = clinic.audit().pop().unwrap();
        assert_eq!((entry.op, entry.subject_id), (Op::ReplacePassword, Some(noor.0)));
        assert_eq!(entry.changes, [], "neither password nor hash");
    }

    #[test]
    fn a_proof_that_is_too_long_ago_is_asked_for_again() {
        let (clinic, _) = given();
        clinic.sign_in("noor", PASSWORD).unwrap();
        clinic.wait(4 * 60);
        clinic.app.touch().unwrap();
        clinic.wait(60);
        assert_eq!(replace(&clinic, OWN).unwrap_err(), AppError::ReauthenticationRequired);
        let actor = clinic.app.held_actor().unwrap();
        clinic.app.reauthenticate(&actor, Reauthenticate { password: PASSWORD.into() }).unwrap();
        replace(&clinic, OWN).unwrap();
    }

    #[test]
    fn a_password_that_need_not_be_replaced_is_changed_with_the_current_one() {
        let clinic = Clinic::new();
        assert_eq!(replace(&clinic, OWN).unwrap_err(), AppError::NotSignedIn);
        clinic.admin();
        assert_eq!(replace(&clinic, OWN).unwrap_err(), AppError::WrongState);
    }

    #[test]
    fn the_strength_is_told_while_it_is_typed() {
        let (clinic, _) = given();
        clinic.sign_in("noor", PASSWORD).unwrap();
        let request = CheckPassword { password: OWN.into(), context: Vec::new(), own: true };
        assert!(clinic.app.check_password(request).unwrap().acceptable);
    }
}
