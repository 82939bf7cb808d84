//! Signs in with account number, e-mail address or user name (AU-2).

use clinic_domain::id::AccountId;
use clinic_domain::identity::account::Login;
use clinic_domain::identity::role::Role;
use zeroize::Zeroizing;

use super::account::Account;
use super::{hashing, store_account};
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::identity::view::{SessionState, SignIn};

impl App {
    /// Signs in with account number, e-mail address or user name (AU-2). Whoever was signed in here before is signed
    /// out.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for an unknown name, a wrong password, a deactivated account and a role that has
    /// no desk, each after the same work; faults of the store.
    pub fn sign_in(&self, request: SignIn) -> Answer<SessionState> {
        let password = Zeroizing::new(request.password);
        let login = Login::parse(&request.login);
        let account = self.store()?.read(|conn| store_account::by_login(conn, &login))?;
        let fits = match &account {
            Some(account) => hashing::verify(&password, &account.password_hash),
            None => {
                hashing::verify_nobody(self.parts.hashing, &password);
                false
            }
        };
        match account.filter(|account| fits && account.active && account.role != Role::Patient) {
            Some(account) => {
                self.rehash(&account, &password)?;
                self.sign_in_as(account.id)
            }
            None => Err(self.failed(&login)),
        }
    }

    /// Writes down a failure. What was typed is kept only where it is an account number or names somebody: people type
    /// their password into the wrong field.
    fn failed(&self, login: &Login) -> AppError {
        let noted = self.store().and_then(|store| {
            let account = store.read(|conn| store_account::by_login(conn, login))?;
            let typed = match login {
                Login::Number(number) => number.to_string(),
                Login::Email(_) | Login::UserName(_) => String::new(),
            };
            let subject_id: Option<AccountId> = account.as_ref().map(|account| account.id);
            store.note(&Entry {
                at_ms: crate::db::sql::ms(self.now()),
                op: Op::SignInFailed,
                actor_id: None,
                actor: String::new(),
                actor_public_id: String::new(),
                session_id: None,
                device: self.parts.device.clone(),
                action: None,
                subject_id: subject_id.map(|id| id.0),
                subject: account.map_or(typed, |account| account.subject()),
                patient_id: None,
                changes: Vec::new(),
                reason: String::new(),
            })
        });
        match noted {
            Ok(()) => AppError::WrongCredentials,
            Err(error) => error,
        }
    }

    /// Hashes the password anew where the hash was made with less or other work than today's.
    fn rehash(&self, account: &Account, password: &str) -> Answer<()> {
        if !hashing::needs_rehash(&account.password_hash, self.parts.hashing) {
            return Ok(());
        }
        let hash = hashing::hash(&self.parts, password)?;
        self.store()?
            .keep(None, |conn| store_account::rehash(conn, account.id, &account.password_hash, &hash))
    }
}
