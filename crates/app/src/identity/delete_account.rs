//! Deletes an account to which nobody ever signed in (AD-4), such as one that was made by mistake. Whoever has worked here is
//! deactivated instead, so that the audit log can name them for good. Of whom it was meant for the log keeps the number.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;

use super::account::Account;
use super::edit_account::{check_rev, keep_an_admin};
use super::{store_account, store_session};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::access_view::DeleteAccount;

impl App {
    /// Deletes an account to which nobody ever signed in (AD-4). Its number is never given out again.
    ///
    /// # Errors
    /// [`AppError::AccountInUse`] once somebody has signed in; [`AppError::LastAdministrator`]; [`AppError::Stale`];
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn delete_account(&self, actor: &Actor, request: DeleteAccount) -> Answer<()> {
        let action_id = ActionId(self.new_id()?);
        let act =
            self.act(Op::DeleteAccount, Action::ManageAccounts, action_id, "account.delete", &request)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            let (account, rev) = tx.get::<Account>(request.id.0)?;
            check_rev(tx.conn(), &account, rev, request.rev)?;
            if store_session::had_one(tx.conn(), account.id)? {
                return Err(AppError::AccountInUse);
            }
            if account.active {
                keep_an_admin(tx.conn(), account.role)?;
            }
            tx.about(account.id.0, account.public_id.to_string(), None);
            store_account::retire_number(tx.conn(), &account.public_id)?;
            tx.take::<Account>(account.id.0)?;
            tx.erase(account.id.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use clinic_domain::id::AccountId;
    use clinic_domain::identity::role::Role;

    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::import_view::ImportAccounts;

    fn delete(clinic: &Clinic, id: AccountId) -> Answer<()> {
        let rev = clinic.load(id).1;
        clinic.app.delete_account(&clinic.admin(), DeleteAccount { id, rev })
    }

    #[test]
    fn an_account_that_nobody_used_goes_with_all_that_was_kept_of_it_but_its_number() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let number = clinic.load(noor).0.public_id;
        for _ in 0..12 {
            clinic.wait(3_600);
            clinic.sign_in("noor", "a wrong password").unwrap_err();
        }
        assert_eq!(clinic.count("notice WHERE about_id IS NOT NULL"), 1, "the administrator was told");
        delete(&clinic, noor).unwrap();
        assert_eq!(clinic.sign_in("noor", PASSWORD).unwrap_err(), AppError::WrongCredentials);
        assert!(clinic.read(|conn| store_account::is_number_used(conn, &number)));
        assert!(clinic.ops().contains(&Op::DeleteAccount));
        let again = clinic.account("noor", Role::FrontDesk, None);
        assert_ne!(again, noor, "the name is free");
    }

    /// L6: who it was goes out of the log, what was done and by whom stays, and the chain holds.
    #[test]
    fn of_a_thousand_accounts_made_by_mistake_the_log_keeps_the_numbers_and_still_verifies() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let hash = clinic.load(ada.person.account).0.password_hash;
        let line = |n| format!("front_desk,Zyx{n},Mistake,zyx{n},zyx{n}@mistake.example,\"{hash}\"\n");
        let head = "role,given name,family name,user name,e-mail,password hash\n";
        let text = head.to_owned() + &(0..1_000).map(line).collect::<String>();
        clinic.app.import_accounts(&ada, ImportAccounts { request_id: clinic.request(), text }).unwrap();
        let made = clinic.audit().into_iter().filter(|entry| entry.op == Op::CreateAccount);
        let made: Vec<_> = made.map(|entry| AccountId(entry.subject_id.unwrap())).collect();
        let logged = || clinic.count("audit WHERE lower(body || coalesce(words, '')) LIKE '%zyx%'");
        assert_eq!((made.len(), logged()), (1_000, 1_000), "the control: they are there");
        for id in made {
            clinic.app.delete_account(&ada, DeleteAccount { id, rev: 1 }).unwrap();
        }
        assert_eq!(logged(), 0);
        let gone = clinic.audit().pop().unwrap();
        assert!(gone.actor == "ada Test" && gone.subject.starts_with("STF"), "{gone:?}");
        let report = clinic.app.verify_audit(&ada).unwrap();
        assert_eq!((report.broken_at, report.checkpoint_broken), (None, None));
    }

    #[test]
    fn whoever_has_signed_in_stays_to_be_named() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        clinic.sign_in("noor", PASSWORD).unwrap();
        clinic.app.sign_out().unwrap();
        assert_eq!(delete(&clinic, noor), Err(AppError::AccountInUse));
        clinic.change(noor, |account| account.active = false);
        assert_eq!(delete(&clinic, noor), Err(AppError::AccountInUse), "not even after it was deactivated");
    }

    #[test]
    fn the_last_administrator_is_not_deleted_and_nobody_else_deletes() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let sofia = clinic.account("sofia", Role::Admin, None);
        clinic.change(ada.person.account, |account| account.active = false);
        let request = DeleteAccount { id: sofia, rev: 1 };
        assert_eq!(clinic.app.delete_account(&ada, request.clone()), Err(AppError::LastAdministrator));
        let noor = clinic.account("noor", Role::FrontDesk, None);
        assert_eq!(clinic.app.delete_account(&clinic.person(noor), request), Err(AppError::Forbidden));
        assert!(clinic.load(sofia).0.active);
    }
}
