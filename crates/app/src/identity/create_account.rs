//! Makes an account for a colleague (AD-4).

use clinic_domain::id::AccountId;
use clinic_domain::identity::policy::Action;
use serde_json::json;
use zeroize::Zeroizing;

use super::account::draft;
use super::{check_password, form, hashing, number, store_account, store_accounts};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::store;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountChanged, CreateAccount};

impl App {
    /// Makes an account. The same request sent again answers with the account it made.
    ///
    /// # Errors
    /// [`AppError::Validation`] with paths `form.<field>` and `password`; [`AppError::Forbidden`]; faults of the store.
    pub fn create_account(&self, actor: &Actor, request: CreateAccount) -> Answer<AccountChanged> {
        let action_id = request.request_id;
        let password = Zeroizing::new(request.password);
        let form = request.form;
        let checked = self.read(actor, Action::ManageAccounts, |conn, _| {
            // What was made already is not checked against itself.
            if store_account::is_act(conn, action_id)? {
                return Ok(None);
            }
            let checked = form::check(conn, None, &form, "form.")?;
            let clinic = store::load(conn)?.0.profile;
            let names = [&form.given_names, &form.family_name, &form.user_name, &clinic.name];
            let weak = check_password::errors("password", &password, &names.map(String::as_str));
            match checked {
                Ok(details) if weak.is_empty() => Ok(Some(details)),
                Ok(_) => Err(AppError::Validation { fields: weak }),
                Err(mut fields) => {
                    fields.extend(weak);
                    Err(AppError::Validation { fields })
                }
            }
        })?;
        // Outside of the transaction, which nothing slow may hold up.
        let hash = match checked {
            Some(_) => hashing::hash(&self.parts, &password)?,
            None => String::new(),
        };
        let id = AccountId(self.new_id()?);
        let command = json!({"id": id, "form": form});
        let act =
            self.act(Op::CreateAccount, Action::ManageAccounts, action_id, "account.create", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            if let Some(id) = tx.earlier(action_id)? {
                return Ok(AccountChanged { action_id, account: store_accounts::row(tx.conn(), AccountId(id))? });
            }
            // Again, because somebody may have taken a name in the meantime.
            let details = form::check(tx.conn(), None, &form, "form.")?
                .map_err(|fields| AppError::Validation { fields })?;
            let public_id = number::free(self, tx.conn(), details.role)?;
            let account = draft(id, public_id, details, hash, tx.now);
            tx.about(id.0, account.subject(), None);
            tx.put(&account)?;
            Ok(AccountChanged { action_id, account: store_accounts::row(tx.conn(), id)? })
        })
    }
}
