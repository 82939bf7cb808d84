//! Marks that an administrator made sure who somebody is (AU-23).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use serde_json::json;

use super::access_view::VerifyAccount;
use super::account::Account;
use super::edit_account::check_rev;
use super::store_accounts;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::Answer;
use crate::identity::view::AccountChanged;

impl App {
    /// Marks that an administrator made sure who somebody is and that the e-mail address is theirs, or takes that back.
    /// Another address takes it back by itself.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; [`crate::AppError::Stale`]; [`crate::AppError::NotFound`]; faults of the store.
    pub fn verify_account(&self, actor: &Actor, request: VerifyAccount) -> Answer<AccountChanged> {
        let action_id = ActionId(self.new_id()?);
        let op = if request.verified { Op::VerifyAccount } else { Op::UnverifyAccount };
        let command = json!({"id": request.id, "rev": request.rev, "verified": request.verified});
        let act = self.act(op, Action::ManageAccounts, action_id, "account.verify", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            let (account, rev) = tx.get::<Account>(request.id.0)?;
            check_rev(tx.conn(), &account, rev, request.rev)?;
            if account.verified_at.is_some() != request.verified {
                tx.about(account.id.0, account.subject(), None);
                tx.put(&Account { verified_at: request.verified.then_some(tx.now), ..account })?;
            }
            Ok(AccountChanged { action_id, account: store_accounts::row(tx.conn(), request.id, tx.now)? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use crate::identity::fixture::Clinic;
    use crate::identity::view::{AccountForm, EditAccount};
    use clinic_domain::identity::role::Role;

    #[test]
    fn an_account_is_verified_until_its_address_is_another_one() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        let verify =
            |rev, verified| clinic.app.verify_account(&ada, VerifyAccount { id: noor, rev, verified });
        assert_eq!(verify(1, true).unwrap().account.verified_at, Some(clinic.app.now()));
        assert_eq!(verify(1, false).unwrap_err(), AppError::Stale { by: Some("ada Test".into()) });
        assert_eq!(verify(2, true).unwrap().account.rev, 2, "nothing changed");
        let edit = |rev, email: &str, family_name: &str| {
            let form = clinic.load(noor).0.form();
            let form = AccountForm { email: email.into(), family_name: family_name.into(), ..form };
            clinic.app.edit_account(&ada, EditAccount { id: noor, rev, form }).unwrap().account.verified_at
        };
        assert!(edit(2, " NOOR@example.org", "Abadi").is_some(), "the same address");
        assert_eq!(edit(3, "noor.abadi@example.org", "Abadi"), None);
        let ops = clinic.ops();
        assert_eq!(ops.iter().filter(|op| **op == Op::VerifyAccount).count(), 1);
        let request = VerifyAccount { id: noor, rev: 4, verified: true };
        assert_eq!(
            clinic.app.verify_account(&clinic.person(noor), request).unwrap_err(),
            AppError::Forbidden
        );
        verify(4, true).unwrap();
        assert_eq!(verify(5, false).unwrap().account.verified_at, None);
        assert_eq!(clinic.ops().last(), Some(&Op::UnverifyAccount));
    }
}
