//! Opens an account that wrong passwords have locked (AU-16).

use clinic_domain::identity::policy::Action;

use super::access_view::UnlockAccount;
use super::account::Account;
use super::{store_accounts, store_wrong_password};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::identity::view::AccountRow;

impl App {
    /// Forgets the wrong passwords that were counted for an account, on every device and while the store was closed. An administrator makes sure first
    /// who it is that asks: this stands in for binding a password anew (SP 800-63B-4 §3.2.2). Where nothing was counted
    /// there is nothing to do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`]; faults of the store.
    pub fn unlock_account(&self, actor: &Actor, request: UnlockAccount) -> Answer<AccountRow> {
        let (id, now) = (request.id, self.now());
        let (account, row, counted) = self.read(actor, Action::ManageAccounts, |conn, _| {
            let (account, _) = Account::load(conn, id.0)?.ok_or(AppError::NotFound)?;
            Ok((account, store_accounts::row(conn, id, now)?, store_wrong_password::is_counted(conn, id)?))
        })?;
        if counted || self.closed_tries().is_some_and(|tries| tries.are_of(&row)) {
            let entry = Entry {
                subject_id: Some(id.0),
                subject: account.subject(),
                ..actor.entry(Op::UnlockAccount, now)
            };
            self.store()?.keep(Some(&entry), |conn| store_wrong_password::forget(conn, id))?;
        }
        self.forget_closed_tries(id)?;
        self.store()?.read(|conn| store_accounts::row(conn, id, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access_view::{AccountLock, LockState};
    use crate::identity::device::Device;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use clinic_domain::id::AccountId;
    use clinic_domain::identity::account::Login;
    use clinic_domain::identity::role::Role;

    fn lock(clinic: &Clinic, id: AccountId) -> Option<AccountLock> {
        clinic.read(|conn| store_wrong_password::lock(conn, id, clinic.app.now()))
    }

    fn locked() -> (Clinic, AccountId) {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        clinic.sign_in("noor", PASSWORD).unwrap();
        for _ in 0..4 {
            clinic.sign_in("noor", "another password").unwrap_err();
        }
        (clinic, noor)
    }

    #[test]
    fn an_administrator_sees_until_when_an_account_waits_and_opens_it() {
        let (clinic, noor) = locked();
        let ada = clinic.admin();
        let until = clinic.app.now() + chrono::TimeDelta::seconds(1);
        let seen =
            AccountLock { failures: 4, device: Some("test desk".into()), state: LockState::Waits { until } };
        assert_eq!(lock(&clinic, noor), Some(seen));
        let row = clinic.app.unlock_account(&ada, UnlockAccount { id: noor }).unwrap();
        assert_eq!((row.id, row.lock), (noor, None));
        let entry = clinic.audit().pop().unwrap();
        assert_eq!((entry.op, entry.subject_id), (Op::UnlockAccount, Some(noor.0)));
        clinic.sign_in("noor", PASSWORD).unwrap();
    }

    #[test]
    fn a_closed_password_opens_again_and_the_worst_of_several_places_is_shown() {
        let (clinic, noor) = locked();
        let outside = Device::another(&clinic.app, "somewhere");
        let login = Login::parse("noor");
        let noor_types = |password: &str| clinic.app.authenticate(&outside, &login, &password.into(), None);
        let guess = || noor_types("a wrong password").err().unwrap();
        for _ in 0..50 {
            clinic.wait(900);
            assert_eq!(guess(), AppError::WrongCredentials);
        }
        let closed = AccountLock { failures: 50, device: None, state: LockState::ClosedOutside };
        assert_eq!(lock(&clinic, noor), Some(closed));
        assert_eq!(guess(), AppError::PasswordClosed);
        clinic.app.unlock_account(&clinic.admin(), UnlockAccount { id: noor }).unwrap();
        noor_types(PASSWORD).unwrap();
    }

    #[test]
    fn where_nothing_was_counted_nothing_is_written_down() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let before = clinic.ops().len();
        let own = UnlockAccount { id: ada.person.account };
        assert_eq!(clinic.app.unlock_account(&ada, own).unwrap().lock, None);
        assert_eq!(clinic.ops().len(), before);
        let nobody = UnlockAccount { id: AccountId(clinic.request().0) };
        assert_eq!(clinic.app.unlock_account(&ada, nobody).unwrap_err(), AppError::NotFound);
    }

    #[test]
    fn the_front_desk_opens_nothing() {
        let (clinic, noor) = locked();
        let refusal =
            clinic.app.unlock_account(&clinic.person(noor), UnlockAccount { id: noor }).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
        assert!(lock(&clinic, noor).is_some());
    }
}
