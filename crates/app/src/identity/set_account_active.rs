//! Deactivates an account, which ends its sessions, or activates it again (AU-23).

use clinic_domain::identity::policy::Action;
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule};
use serde_json::json;

use super::account::Account;
use super::edit_account::{check_rev, keep_an_admin};
use super::{store_accounts, store_session};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountChanged, SetAccountActive};

impl App {
    /// Deactivates an account, which ends its sessions in the same transaction, or activates it again (AU-23).
    ///
    /// # Errors
    /// [`AppError::LastAdministrator`]; [`AppError::Validation`] for a doctor without a doctor; [`AppError::Forbidden`] for the own account; [`AppError::Stale`];
    /// [`AppError::NotFound`]; faults of the store.
    pub fn set_account_active(&self, actor: &Actor, request: SetAccountActive) -> Answer<AccountChanged> {
        let action_id = clinic_domain::id::ActionId(self.new_id()?);
        let op = if request.active { Op::ReactivateAccount } else { Op::DeactivateAccount };
        let command = json!({"id": request.id, "rev": request.rev, "active": request.active});
        let act = self.act(op, Action::ManageAccounts, action_id, "account.set_active", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            let (account, rev) = tx.get::<Account>(request.id.0)?;
            check_rev(tx.conn(), &account, rev, request.rev)?;
            if account.active && !request.active {
                keep_an_admin(tx.conn(), account.role)?;
                if account.id == actor.person.account {
                    return Err(AppError::Forbidden);
                }
                store_session::end_all_but(tx.conn(), account.id, None, tx.now)?;
            }
            if request.active && account.role == Role::Doctor && account.doctor_id.is_none() {
                // One who registered: without a column of their own they would be nobody's colleague.
                let fields = vec![FieldError::new("form.doctor_id", FieldRule::Required)];
                return Err(AppError::Validation { fields });
            }
            if account.active != request.active {
                tx.about(account.id.0, account.subject(), None);
                let in_role_since = if request.active { tx.now } else { account.in_role_since };
                tx.put(&Account { active: request.active, in_role_since, ..account })?;
            }
            Ok(AccountChanged { action_id, account: store_accounts::row(tx.conn(), request.id, tx.now)? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};

    #[test]
    fn deactivating_ends_the_sessions_at_once_and_lets_nobody_in() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        clinic.sign_in("noor", PASSWORD).unwrap();
        let at_desk = clinic.app.actor().unwrap();
        assert_eq!(at_desk.person.account, noor);
        let request = SetAccountActive { id: noor, rev: 1, active: false };
        let changed = clinic.app.set_account_active(&ada, request).unwrap();
        assert!(!changed.account.active);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
        let live =
            clinic.read(|conn| store_session::list_active(conn, noor, at_desk.session, clinic.app.now()));
        assert_eq!(live.len(), 0);
        assert_eq!(clinic.sign_in("noor", PASSWORD).unwrap_err(), AppError::WrongCredentials);
        let back = SetAccountActive { id: noor, rev: 2, active: true };
        clinic.app.set_account_active(&ada, back).unwrap();
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn, "the old session stays ended");
        clinic.sign_in("noor", PASSWORD).unwrap();
        let ops = clinic.ops();
        assert!(ops.contains(&Op::DeactivateAccount) && ops.contains(&Op::ReactivateAccount), "{ops:?}");
    }

    /// P7 of the security reference.
    #[test]
    fn no_command_that_begins_after_a_deactivation_is_carried_out() {
        use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        clinic.sign_in("noor", PASSWORD).unwrap();
        let (gone, before, after) = (AtomicBool::new(false), AtomicU32::new(0), AtomicU32::new(0));
        let app = &clinic.app;
        let command = || {
            let began_after = gone.load(Ordering::SeqCst);
            let carried_out = app.actor().and_then(|actor| app.list_sessions(&actor)).is_ok();
            let counter = if began_after { &after } else { &before };
            counter.fetch_add(u32::from(carried_out), Ordering::SeqCst);
            began_after
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| while !command() {});
                scope.spawn(|| (0..100).filter(|_| command()).count());
            }
            while before.load(Ordering::SeqCst) < 100 {
                std::thread::yield_now();
            }
            let request = SetAccountActive { id: noor, rev: 1, active: false };
            app.set_account_active(&ada, request).unwrap();
            gone.store(true, Ordering::SeqCst);
        });
        assert_eq!((0..100).filter(|_| command()).count(), 100, "each of them began after");
        assert_eq!(after.into_inner(), 0);
    }

    #[test]
    fn the_last_administrator_stays_and_nobody_shuts_out_themselves() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let own = SetAccountActive { id: ada.person.account, rev: 1, active: false };
        assert_eq!(
            clinic.app.set_account_active(&ada, own.clone()).unwrap_err(),
            AppError::LastAdministrator
        );
        let sofia = clinic.account("sofia", Role::Admin, None);
        assert_eq!(clinic.app.set_account_active(&ada, own.clone()).unwrap_err(), AppError::Forbidden);
        clinic.app.set_account_active(&clinic.person(sofia), own).unwrap();
        let last = SetAccountActive { id: sofia, rev: 1, active: false };
        assert_eq!(clinic.app.set_account_active(&ada, last).unwrap_err(), AppError::LastAdministrator);
    }

    #[test]
    fn the_front_desk_deactivates_nobody() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let other = clinic.account("lena", Role::FrontDesk, None);
        let request = SetAccountActive { id: other, rev: 1, active: false };
        let refusal = clinic.app.set_account_active(&clinic.person(noor), request).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
        assert!(clinic.load(other).0.active);
    }
}
