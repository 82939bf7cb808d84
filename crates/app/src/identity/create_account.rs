//! Makes an account for a colleague (AD-4).

use clinic_domain::id::AccountId;
use clinic_domain::identity::duty::{self, FIRST_PASSWORD_BYTES, Standing};
use clinic_domain::identity::password::check_password;
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::secret::Secret;
use rusqlite::Connection;
use serde_json::json;
use zeroize::Zeroizing;

use super::account::{Account, draft};
use super::{check_password as judge, form, number, store_account, store_accounts, store_security_policy};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::store;
use crate::db::Act;
use crate::error::{Answer, AppError};
use crate::identity::access_view::AccountCreated;
use crate::identity::view::CreateAccount;

impl App {
    /// Makes an account with a first password, which is good for one sign-in (ASVS 6.4.1); where none is given, the program
    /// makes one and shows it this once. The same request sent again answers with the account it made.
    ///
    /// # Errors
    /// [`AppError::Validation`] with paths `form.<field>` and `password`; [`AppError::Forbidden`]; faults of the store.
    pub fn create_account(&self, actor: &Actor, request: CreateAccount) -> Answer<AccountCreated> {
        let action_id = request.request_id;
        let (form, typed) = (request.form, request.password);
        let made = typed.is_none();
        let first = self.read(actor, Action::ManageAccounts, |conn, _| {
            // What was made already is not checked against itself.
            if store_account::is_act(conn, action_id)? {
                return Ok(None);
            }
            let checked = form::check(conn, None, &form, "form.")?;
            let clinic = store::load(conn)?.0.profile;
            let names = [&form.given_names, &form.family_name, &form.user_name, &clinic.name];
            let names = names.map(String::as_str);
            let mut wrong = checked.err().unwrap_or_default();
            let password = match typed {
                Some(typed) => {
                    wrong.extend(judge::errors(conn, "password", &typed, &names)?);
                    typed
                }
                None => self.first_password(conn, &names)?,
            };
            if wrong.is_empty() { Ok(Some(password)) } else { Err(AppError::Validation { fields: wrong }) }
        })?;
        // Outside of the transaction, which nothing slow may hold up.
        let hash = match &first {
            Some(password) => self.hash_password(password)?,
            None => String::new(),
        };
        let id = AccountId(self.new_id()?);
        let command = json!({"id": id, "form": form});
        let act =
            self.act(Op::CreateAccount, Action::ManageAccounts, action_id, "account.create", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            if let Some(id) = tx.earlier(action_id)? {
                let account = store_accounts::row(tx.conn(), AccountId(id), tx.now)?;
                return Ok(AccountCreated { action_id, account, first_password: None });
            }
            // Again, because somebody may have taken a name in the meantime.
            let details = form::check(tx.conn(), None, &form, "form.")?
                .map_err(|fields| AppError::Validation { fields })?;
            let public_id = number::free(self, tx.conn(), details.role)?;
            let account = draft(id, public_id, details, hash, tx.now);
            let account = Account { password_standing: Standing::Temporary, ..account };
            tx.about(id.0, account.subject(), None);
            tx.put(&account)?;
            let account = store_accounts::row(tx.conn(), id, tx.now)?;
            let first_password = first.filter(|_| made).map(Secret::disclose);
            Ok(AccountCreated { action_id, account, first_password })
        })
    }

    /// A password that nobody chose and that the clinic accepts.
    fn first_password(&self, conn: &Connection, context: &[&str]) -> Answer<Secret> {
        let policy = store_security_policy::load(conn)?.0.password(false);
        loop {
            let mut random = Zeroizing::new([0; FIRST_PASSWORD_BYTES]);
            self.parts.random.fill(&mut *random)?;
            let made = duty::first_password(&random, &policy);
            if check_password(&made, context, &policy).acceptable {
                return Ok(made);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::reset_view::ResetPassword;
    use crate::identity::view::{AccountForm, SessionState};
    use clinic_domain::id::DoctorId;
    use clinic_domain::identity::role::Role;
    use clinic_domain::validation::FieldRule;

    fn request(clinic: &Clinic, user_name: &str, role: Role, doctor_id: Option<DoctorId>) -> CreateAccount {
        CreateAccount {
            request_id: clinic.request(),
            form: AccountForm {
                given_names: "Noor".into(),
                family_name: "Abadi".into(),
                email: String::new(),
                user_name: user_name.into(),
                role,
                doctor_id,
            },
            password: Some("zwerg otter falter winde".into()),
        }
    }

    fn refusals(clinic: &Clinic, request: CreateAccount) -> Vec<(String, FieldRule)> {
        let refusal = clinic.app.create_account(&clinic.admin(), request).map(drop).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        fields.into_iter().map(|field| (field.field, field.rule)).collect()
    }

    #[test]
    fn a_colleague_signs_in_with_the_first_password_and_chooses_another() {
        let clinic = Clinic::new();
        let made = clinic
            .app
            .create_account(&clinic.admin(), request(&clinic, "Noor", Role::FrontDesk, None))
            .unwrap();
        let number = made.account.public_id;
        assert!(number.starts_with("STF") && number.len() == 11, "{number}");
        assert_eq!((made.account.name.as_str(), made.account.rev), ("Abadi, Noor", 1));
        assert!(made.first_password.is_none(), "whoever typed it knows it");
        let state = clinic.sign_in("noor", "zwerg otter falter winde").unwrap();
        assert!(matches!(state, SessionState::NewPassword { .. }), "{state:?}");
        let state = clinic.app.replace_password(ResetPassword { password: PASSWORD.into() }).unwrap();
        let SessionState::SignedIn { me, .. } = state else { panic!("{state:?}") };
        assert_eq!((me.account_id, me.role), (made.account.id, Role::FrontDesk));
    }

    #[test]
    fn the_program_makes_a_first_password_and_shows_it_once() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let request = request(&clinic, "noor", Role::FrontDesk, None);
        let id = request.request_id;
        let without = |form| CreateAccount { request_id: id, form, password: None };
        let made = clinic.app.create_account(&ada, without(request.form.clone())).unwrap();
        let first = made.first_password.unwrap();
        let first = first.expose();
        assert_eq!((first.len(), first.split('-').count()), (19, 4), "{first}");
        let again = clinic.app.create_account(&ada, without(request.form)).unwrap();
        assert!(again.account.id == made.account.id && again.first_password.is_none());
        let state = clinic.sign_in("noor", first).unwrap();
        assert!(matches!(state, SessionState::NewPassword { .. }), "{state:?}");
    }

    #[test]
    fn neither_password_nor_hash_are_written_down_anywhere() {
        let clinic = Clinic::new();
        let id = clinic
            .app
            .create_account(&clinic.admin(), request(&clinic, "noor", Role::FrontDesk, None))
            .unwrap()
            .account
            .id;
        let hash = clinic.load(id).0.password_hash;
        let texts = clinic.read(|conn| {
            let mut texts =
                conn.prepare("SELECT body || words FROM audit UNION ALL SELECT args FROM outbox")?;
            Ok(texts.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        assert!(texts.iter().any(|text| text.contains("Abadi")));
        assert!(
            !texts
                .iter()
                .any(|text| text.contains(&hash) || text.contains("zwerg") || text.contains("argon2"))
        );
    }

    #[test]
    fn the_same_request_twice_makes_one_account() {
        let clinic = Clinic::new();
        let admin = clinic.admin();
        let first = request(&clinic, "noor", Role::FrontDesk, None);
        let request_id = first.request_id;
        let again = CreateAccount { request_id, ..request(&clinic, "noor", Role::FrontDesk, None) };
        let first = clinic.app.create_account(&admin, first).unwrap();
        let second = clinic.app.create_account(&admin, again).unwrap();
        assert_eq!(first.account.id, second.account.id);
        assert_eq!(clinic.ops().iter().filter(|op| **op == Op::CreateAccount).count(), 1);
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let clinic = Clinic::new();
        let mut wrong = request(&clinic, "ADA", Role::Patient, None);
        wrong.form.given_names.clear();
        wrong.form.email = " Ada@Example.org ".into();
        wrong.password = Some("short".into());
        let mut found = refusals(&clinic, wrong);
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let expected = [
            ("form.email", FieldRule::Taken),
            ("form.given_names", FieldRule::Required),
            ("form.role", FieldRule::Unknown),
            ("form.user_name", FieldRule::Taken),
            ("password", FieldRule::TooShort),
        ];
        assert_eq!(
            found.iter().map(|(field, rule)| (field.as_str(), *rule)).collect::<Vec<_>>()[..5],
            expected
        );
    }

    #[test]
    fn a_password_with_ones_own_name_is_refused() {
        let clinic = Clinic::new();
        let mut wrong = request(&clinic, "noor", Role::FrontDesk, None);
        wrong.password = Some("abadi kvass blurt fjord".into());
        assert_eq!(refusals(&clinic, wrong), [("password".to_owned(), FieldRule::ContextPassword)]);
    }

    #[test]
    fn a_doctors_account_needs_a_doctor_who_has_none() {
        let clinic = Clinic::new();
        let doctor = clinic.doctor();
        let missing = request(&clinic, "haddad", Role::Doctor, None);
        assert_eq!(refusals(&clinic, missing), [("form.doctor_id".to_owned(), FieldRule::Required)]);
        let nobody = request(&clinic, "haddad", Role::Doctor, Some(DoctorId(clinic.request().0)));
        assert_eq!(refusals(&clinic, nobody), [("form.doctor_id".to_owned(), FieldRule::Unknown)]);
        let made = request(&clinic, "haddad", Role::Doctor, Some(doctor));
        let made = clinic.app.create_account(&clinic.admin(), made).unwrap();
        assert_eq!(made.account.form.doctor_id, Some(doctor));
        let again = request(&clinic, "haddad2", Role::Doctor, Some(doctor));
        assert_eq!(refusals(&clinic, again), [("form.doctor_id".to_owned(), FieldRule::Taken)]);
    }

    #[test]
    fn the_front_desk_makes_no_accounts() {
        let clinic = Clinic::new();
        clinic.account("lena", Role::FrontDesk, None);
        clinic.sign_in("lena", PASSWORD).unwrap();
        let lena = clinic.app.actor().unwrap();
        let refusal = clinic
            .app
            .create_account(&lena, request(&clinic, "noor", Role::Admin, None))
            .map(drop)
            .unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
        assert_eq!(clinic.ops().last(), Some(&Op::Denied));
    }
}
