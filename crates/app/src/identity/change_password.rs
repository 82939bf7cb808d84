//! Changes the own password (AU-7).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::{Action, Ownership};
use serde_json::json;

use super::access_view::{ChangePassword, PasswordChanged};
use super::account::Account;
use super::{store_session, store_wrong_password};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::Answer;
use crate::messaging::{Letter, enqueue};

impl App {
    /// Changes the own password (AU-7). The other sessions end with it where that is asked for, in the same transaction,
    /// and this one stays (ASVS 7.4.3). Wrong passwords that were counted are forgotten: they were for another one.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] when the current password is another one, [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; [`AppError::Validation`] for a new one that cannot be
    /// accepted; faults of the store.
    pub fn change_password(&self, actor: &Actor, request: ChangePassword) -> Answer<PasswordChanged> {
        let ChangePassword { current, password: new, end_others } = request;
        let id = actor.person.account;
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        let account = self.prove(actor, &current)?;
        let password_standing = self.check_own(&account, &new)?;
        // Outside of the transaction, which nothing slow may hold up.
        let password_hash = self.hash_password(&new)?;
        let entry = self.entry_before(&account, &password_hash, password_standing, &new)?;
        let told = match &account.email {
            Some(address) => Some(self.mail(address, self.password_letter(&account, actor))?),
            None => None,
        };
        let command = json!({"id": id, "end_others": end_others});
        let action_id = ActionId(self.new_id()?);
        let act = self.act(
            Op::ChangePassword,
            Action::ManageOwnSession,
            action_id,
            "account.change_password",
            &command,
        )?;
        let changed = self.transact(actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let (account, _) = tx.get::<Account>(id.0)?;
            tx.about(id.0, account.subject(), None);
            tx.put(&Account { password_hash, password_standing, ..account })?;
            store_wrong_password::forget(tx.conn(), id)?;
            if let Some(mail) = &told {
                enqueue(tx.conn(), mail)?;
            }
            let ended = match end_others {
                true => store_session::end_all_but(tx.conn(), id, Some(actor.session), tx.now)?,
                false => 0,
            };
            Ok(PasswordChanged { ended: u32::try_from(ended).unwrap_or(u32::MAX) })
        })?;
        self.settle_in(id, entry.as_ref());
        Ok(changed)
    }

    fn password_letter(&self, account: &Account, actor: &Actor) -> Letter {
        let name = account.given_names.clone();
        Letter::PasswordChanged { name, device: actor.device.clone(), at: self.now() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Store, StoreKey};
    use crate::error::AppError;
    use crate::identity::device::Device;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use clinic_domain::id::SessionId;
    use clinic_domain::validation::FieldRule;

    const NEW: &str = "grey bicycle under pier";

    fn change(clinic: &Clinic, actor: &Actor, current: &str, password: &str) -> Answer<PasswordChanged> {
        let request = ChangePassword { current: current.into(), password: password.into(), end_others: true };
        clinic.app.change_password(actor, request)
    }

    fn elsewhere(clinic: &Clinic, actor: &Actor) -> SessionId {
        let (account, _) = clinic.load(actor.person.account);
        let device = Device::another(&clinic.app, "laptop");
        clinic.app.open_session(&device, &account, None).unwrap().session
    }

    fn is_live(clinic: &Clinic, session: SessionId) -> bool {
        clinic.read(|conn| store_session::live(conn, session, clinic.app.now())).is_some()
    }

    /// P4 of the security reference.
    #[test]
    fn the_other_sessions_die_at_once_and_stay_dead_after_a_restart() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let others = [elsewhere(&clinic, &ada), elsewhere(&clinic, &ada)];
        assert!(others.iter().all(|session| is_live(&clinic, *session)));
        assert_eq!(change(&clinic, &ada, PASSWORD, NEW).unwrap(), PasswordChanged { ended: 2 });
        let dead = |clinic: &Clinic| others.iter().all(|session| !is_live(clinic, *session));
        assert!(dead(&clinic) && is_live(&clinic, ada.session));
        clinic.app.actor().unwrap();
        let again = Store::open(clinic.app.store().unwrap().path(), &StoreKey::new([7; 32])).unwrap();
        clinic.app.use_store(again);
        assert!(dead(&clinic));
        assert_eq!(clinic.sign_in("ada", PASSWORD).unwrap_err(), AppError::WrongCredentials);
        clinic.sign_in("ada", NEW).unwrap();
    }

    #[test]
    fn the_other_sessions_stay_where_nobody_wants_them_ended() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let other = elsewhere(&clinic, &ada);
        let request = ChangePassword { current: PASSWORD.into(), password: NEW.into(), end_others: false };
        assert_eq!(clinic.app.change_password(&ada, request).unwrap(), PasswordChanged { ended: 0 });
        assert!(is_live(&clinic, other));
    }

    #[test]
    fn without_the_current_password_nothing_changes_and_the_tries_are_counted() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        for _ in 0..4 {
            assert_eq!(change(&clinic, &ada, "something else", NEW).unwrap_err(), AppError::WrongCredentials);
        }
        assert_eq!(
            change(&clinic, &ada, PASSWORD, NEW).unwrap_err(),
            AppError::Throttled { wait_seconds: 1 }
        );
        assert_eq!(clinic.ops().iter().filter(|op| **op == Op::ProofFailed).count(), 4);
        clinic.wait(1);
        change(&clinic, &ada, PASSWORD, NEW).unwrap();
    }

    #[test]
    fn a_new_password_is_one_that_is_accepted() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        for (password, rule) in [
            ("short", FieldRule::TooShort),
            ("passwordpassword", FieldRule::CommonPassword),
            ("riverside kvass blurt", FieldRule::ContextPassword),
        ] {
            let refusal = change(&clinic, &ada, PASSWORD, password).unwrap_err();
            let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
            assert!(fields.iter().any(|field| field.field == "password" && field.rule == rule), "{password}");
        }
        clinic.sign_in("ada", PASSWORD).unwrap();
    }

    #[test]
    fn the_change_is_written_down_and_told_by_mail_without_either_password() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        change(&clinic, &ada, PASSWORD, NEW).unwrap();
        let entry = clinic.audit().pop().unwrap();
        assert_eq!((entry.op, entry.subject_id), (Op::ChangePassword, Some(ada.person.account.0)));
        assert_eq!(entry.changes, []);
        let (letters, texts): (Vec<String>, Vec<String>) = clinic.read(|conn| {
            let mut letters = conn.prepare("SELECT template FROM mail")?;
            let mut texts = conn.prepare(
                "SELECT body || words FROM audit UNION ALL SELECT args FROM outbox UNION ALL SELECT letter FROM mail",
            )?;
            let letters = letters.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let texts = texts.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            Ok((letters, texts))
        });
        assert_eq!(letters, ["password_changed"]);
        assert!(
            !texts
                .iter()
                .any(|text| text.contains(NEW) || text.contains(PASSWORD) || text.contains("argon2"))
        );
    }
}
