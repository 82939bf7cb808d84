//! Chooses another password after the proof by mail (AU-5, AU-6).

use clinic_domain::id::{ActionId, SessionId};
use clinic_domain::identity::policy::{Action, Ownership};
use serde_json::json;

use super::account::Account;
use super::notice::{self, NoticeKind};
use super::reset_view::ResetPassword;
use super::store_one_time_code as codes;
use super::{store_session, store_wrong_password};
use crate::app::App;
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;
use crate::messaging::{Letter, enqueue};

impl App {
    /// Chooses another password. Every session of the account ends with it, every other code for it is closed, wrong
    /// passwords that were counted are forgotten, and the person is told by mail and at the next sign-in. Nobody is signed
    /// in by it: the second factor is still asked for (ASVS 6.4.3).
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] when the proof is too long ago; [`AppError::Validation`] for a password that cannot be
    /// accepted; faults of the store.
    pub fn reset_password(&self, request: ResetPassword) -> Answer<SessionState> {
        let ResetPassword { password } = request;
        let account = self.proven()?.ok_or(AppError::NotSignedIn)?;
        let password_standing = self.check_own(&account, &password)?;
        // Outside of the transaction, which nothing slow may hold up.
        let password_hash = self.hash_password(&password)?;
        // The person acts, in no session: this id is the one of the act alone.
        let actor = account.actor(SessionId(self.new_id()?), &self.parts.device);
        let (id, device) = (account.id, actor.device.clone());
        let letter = Letter::PasswordChanged { name: account.given_names.clone(), device, at: self.now() };
        let told = self.mail(account.email.as_deref().unwrap_or_default(), letter)?;
        let action_id = ActionId(self.new_id()?);
        let command = json!({"id": id});
        let act = self.act(
            Op::ResetPassword,
            Action::ManageOwnSession,
            action_id,
            "account.reset_password",
            &command,
        )?;
        self.transact(&actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let (account, _) = tx.get::<Account>(id.0)?;
            tx.about(id.0, account.subject(), None);
            tx.put(&Account { password_hash, password_standing, ..account })?;
            store_wrong_password::forget(tx.conn(), id)?;
            store_session::end_all_but(tx.conn(), id, None, tx.now)?;
            codes::close(tx.conn(), id.0, tx.now)?;
            notice::leave(self, tx.conn(), id, NoticeKind::PasswordReset, &tx.actor.device, None)?;
            enqueue(tx.conn(), &told)
        })?;
        self.end_own_session()?;
        self.session_state()
    }
}

/// Words that the password of somebody must not contain.
pub(super) fn words_of(account: &Account, clinic: &str) -> [String; 5] {
    [
        account.given_names.clone(),
        account.family_name.clone(),
        account.user_name.clone().unwrap_or_default(),
        account.public_id.clone(),
        clinic.to_owned(),
    ]
}
