//! Changes an account: names, role, doctor (AD-4).

use clinic_domain::identity::account::decide_deactivation;
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::role::Role;
use rusqlite::Connection;
use serde_json::json;

use super::account::Account;
use super::{form, number, store_account, store_accounts};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountChanged, EditAccount};

impl App {
    /// Changes an account. Another role brings another account number; the old one is never given out again.
    ///
    /// # Errors
    /// [`AppError::Validation`] with paths `form.<field>`; [`AppError::Stale`]; [`AppError::LastAdministrator`] when
    /// the only administrator would get another role; [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn edit_account(&self, actor: &Actor, request: EditAccount) -> Answer<AccountChanged> {
        let action_id = clinic_domain::id::ActionId(self.new_id()?);
        let command = json!({"id": request.id, "rev": request.rev, "form": request.form});
        let act = self.act(Op::EditAccount, Action::ManageAccounts, action_id, "account.edit", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            let (account, rev) = tx.get::<Account>(request.id.0)?;
            check_rev(tx.conn(), &account, rev, request.rev)?;
            let details = form::check(tx.conn(), Some(&account), &request.form, "form.")?
                .map_err(|fields| AppError::Validation { fields })?;
            let (old_role, old_number) = (account.role, account.public_id.clone());
            if account.active && details.role != Role::Admin {
                keep_an_admin(tx.conn(), account.role)?;
            }
            let mut account = account.with(details);
            if account.role != old_role {
                account.public_id = number::free(self, tx.conn(), account.role)?;
                store_account::retire_number(tx.conn(), &old_number)?;
                account.in_role_since = tx.now;
            }
            tx.about(account.id.0, account.subject(), None);
            tx.put(&account)?;
            Ok(AccountChanged { action_id, account: store_accounts::row(tx.conn(), account.id, tx.now)? })
        })
    }
}

/// Whether an account is still as it was when somebody looked at it.
///
/// # Errors
/// [`AppError::Stale`], naming who changed it last.
pub(super) fn check_rev(conn: &Connection, account: &Account, rev: u32, seen: u32) -> Answer<()> {
    if rev == seen {
        return Ok(());
    }
    Err(AppError::Stale { by: store_account::last_changed_by(conn, account.id)? })
}

/// Whether somebody of this role may be deactivated or get another role.
///
/// # Errors
/// [`AppError::LastAdministrator`].
pub(super) fn keep_an_admin(conn: &Connection, role: Role) -> Answer<()> {
    decide_deactivation(role, store_account::active_admins(conn)?).map_err(|_| AppError::LastAdministrator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;
    use crate::identity::view::AccountForm;
    use clinic_domain::id::AccountId;
    use clinic_domain::validation::FieldRule;

    fn edit(clinic: &Clinic, id: AccountId, change: impl FnOnce(&mut AccountForm)) -> EditAccount {
        let (account, rev) = clinic.load(id);
        let mut form = account.form();
        change(&mut form);
        EditAccount { id, rev, form }
    }

    #[test]
    fn a_change_is_written_down_field_by_field_without_the_hash() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let admin = clinic.admin();
        let request = edit(&clinic, noor, |form| form.family_name = "Abadi".into());
        let changed = clinic.app.edit_account(&admin, request).unwrap();
        assert_eq!((changed.account.name.as_str(), changed.account.rev), ("Abadi, noor", 2));
        let entry = clinic.audit().pop().unwrap();
        let fields: Vec<_> = entry.changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!((entry.op, fields), (Op::EditAccount, vec!["family_name"]));
    }

    #[test]
    fn whoever_edits_what_somebody_else_changed_is_told_who() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let admin = clinic.admin();
        let late = edit(&clinic, noor, |form| form.family_name = "Late".into());
        let early = edit(&clinic, noor, |form| form.family_name = "Early".into());
        clinic.app.edit_account(&admin, early).unwrap();
        let refusal = clinic.app.edit_account(&admin, late).unwrap_err();
        assert_eq!(refusal, AppError::Stale { by: Some("ada Test".into()) });
        assert_eq!(clinic.load(noor).0.family_name, "Early");
    }

    #[test]
    fn another_role_brings_another_number_and_the_old_one_is_gone_for_good() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let old = clinic.load(noor).0.public_id;
        let request = edit(&clinic, noor, |form| form.role = Role::Admin);
        let changed = clinic.app.edit_account(&clinic.admin(), request).unwrap();
        assert!(changed.account.public_id.starts_with("ADM"), "{}", changed.account.public_id);
        assert!(clinic.read(|conn| store_account::is_number_used(conn, &old)));
    }

    #[test]
    fn the_only_administrator_stays_one() {
        let clinic = Clinic::new();
        let admin = clinic.admin();
        let ada = admin.person.account;
        let request = edit(&clinic, ada, |form| form.role = Role::FrontDesk);
        assert_eq!(
            clinic.app.edit_account(&admin, request.clone()).unwrap_err(),
            AppError::LastAdministrator
        );
        clinic.account("sofia", Role::Admin, None);
        clinic.app.edit_account(&admin, request).unwrap();
        assert_eq!(clinic.app.actor().unwrap().person.role, Role::FrontDesk, "from the next command on");
    }

    #[test]
    fn an_address_that_somebody_has_is_refused_and_the_own_one_is_not() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let admin = clinic.admin();
        clinic.app.edit_account(&admin, edit(&clinic, noor, |_| ())).unwrap();
        let request = edit(&clinic, noor, |form| form.email = " ADA@example.org".into());
        let refusal = clinic.app.edit_account(&admin, request).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        let fields: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.rule)).collect();
        assert_eq!(fields, [("form.email", FieldRule::Taken)]);
    }
}
