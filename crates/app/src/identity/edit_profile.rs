//! Changes the own profile (AU-21).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::{Action, Ownership};
use serde_json::json;

use super::account::Account;
use super::form;
use super::session_state::me;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountForm, EditProfile, Me};

impl App {
    /// Changes the own names, e-mail address and user name (AU-21). Role and doctor are an administrator's to change.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] when the current password is another one, [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; [`AppError::Validation`]; faults of the store.
    pub fn edit_profile(&self, actor: &Actor, request: EditProfile) -> Answer<Me> {
        let id = actor.person.account;
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        // Before the form is looked at, so that nobody else learns from this desk which addresses are taken.
        let account = self.prove(actor, &request.password)?;
        let form = AccountForm {
            given_names: request.given_names,
            family_name: request.family_name,
            email: request.email,
            user_name: request.user_name,
            role: account.role,
            doctor_id: account.doctor_id,
        };
        let command = json!({"id": id, "form": form});
        let action_id = ActionId(self.new_id()?);
        let act =
            self.act(Op::EditProfile, Action::ManageOwnSession, action_id, "account.edit_profile", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let (account, _) = tx.get::<Account>(id.0)?;
            // Role and doctor as they are now: an administrator may have changed them since.
            let form = AccountForm { role: account.role, doctor_id: account.doctor_id, ..form.clone() };
            let details = form::check(tx.conn(), Some(&account), &form, "")?
                .map_err(|fields| AppError::Validation { fields })?;
            let account = account.with(details);
            tx.about(id.0, account.subject(), None);
            tx.put(&account)?;
            Ok(me(&account))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use clinic_domain::identity::role::Role;
    use clinic_domain::validation::FieldRule;

    fn profile(user_name: &str, password: &str) -> EditProfile {
        EditProfile {
            given_names: "Ada".into(),
            family_name: "Lovelace".into(),
            email: String::new(),
            user_name: user_name.into(),
            password: password.into(),
        }
    }

    #[test]
    fn the_own_names_change_with_the_own_password() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let me = clinic.app.edit_profile(&ada, profile("countess", PASSWORD)).unwrap();
        assert_eq!((me.name.as_str(), me.initials.as_str(), me.role), ("Ada Lovelace", "AL", Role::Admin));
        assert_eq!(clinic.app.actor().unwrap().name, "Ada Lovelace", "from the next command on");
        clinic.sign_in("countess", PASSWORD).unwrap();
        assert_eq!(clinic.sign_in("ada@example.org", PASSWORD).unwrap_err(), AppError::WrongCredentials);
    }

    #[test]
    fn without_the_password_nothing_changes() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let refusal = clinic.app.edit_profile(&ada, profile("countess", "something else")).unwrap_err();
        assert_eq!(refusal, AppError::WrongCredentials);
        assert_eq!(clinic.load(ada.person.account).0.user_name.as_deref(), Some("ada"));
    }

    #[test]
    fn a_user_name_that_somebody_has_is_refused() {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        let refusal = clinic.app.edit_profile(&clinic.admin(), profile("Noor", PASSWORD)).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        let fields: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.rule)).collect();
        assert_eq!(fields, [("user_name", FieldRule::Taken)]);
    }
}
