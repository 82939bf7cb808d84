//! Signs in with account number, e-mail address or user name (AU-2).

use clinic_domain::identity::account::Login;
use clinic_domain::identity::secret::Secret;

use super::account::Account;
use super::device::Device;
use super::open_by_person::Opening;
use super::throttle::{Try, Whose};
use super::whole_step::STEP_OF_A_HASH;
use super::{hashing, store_account, store_second_factor};
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::identity::view::{SessionState, SignIn};

impl App {
    /// Signs in with account number, e-mail address or user name (AU-2). Whoever was signed in here before is signed
    /// out. Who has a second factor is asked for it next ([`App::prove_second_factor`]).
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for an unknown name, a wrong password and a deactivated account, each after the same
    /// work and at a whole step; [`AppError::Throttled`] and [`AppError::PasswordClosed`] after too many of them, for an
    /// unknown name, too; faults of the store.
    pub fn sign_in(&self, request: SignIn) -> Answer<SessionState> {
        let is_wrong = |state: &Answer<_>| matches!(state, Err(AppError::WrongCredentials));
        self.at_whole_step(STEP_OF_A_HASH, is_wrong, || self.enter_or_close(request))
    }

    fn enter_or_close(&self, request: SignIn) -> Answer<SessionState> {
        let state = {
            let _entering = self.staff.enter();
            self.enter(request)
        };
        if state.is_err() {
            // Who opened the store and is not let in leaves it as it was.
            self.close_unused()?;
        }
        state
    }

    fn enter(&self, request: SignIn) -> Answer<SessionState> {
        let (login, password) = (Login::parse(&request.login), &request.password);
        let opening = self.open_for(&login, password)?;
        let device = self.this_device()?;
        let (account, tried) = self.authenticate(&device, &login, password, opening.as_ref())?;
        let entry = self.entry_for(&account, password)?;
        if self.store()?.read(|conn| store_second_factor::is_on(conn, account.id))? {
            // The try stays counted until the code is right, too.
            return self.wait_for_code(account.id, entry);
        }
        let state = self.take_seat(&device, &account, Some(&tried))?;
        self.settle_in(account.id, entry.as_ref());
        Ok(state)
    }

    /// Whether somebody on a device is who they say. To be followed by a session, which gives the try back.
    ///
    /// # Errors
    /// As [`App::sign_in`].
    pub(super) fn authenticate(
        &self,
        device: &Device,
        login: &Login,
        password: &Secret,
        opening: Option<&Opening<'_>>,
    ) -> Answer<(Account, Try)> {
        let (store, tried) = (self.store()?, self.count_try(device, Whose::Typed(login))?);
        // A password that has just opened the store needs no second look, where it is the one of this account.
        let cost = self.hash_cost()?;
        let opened = |account: &Account| opening.is_some_and(|opening| opening.proves(&store, account));
        let fits = tried.account.as_ref().is_some_and(opened) || tried.fits(cost, password)?;
        let admitted = tried.account.clone().filter(|account| fits && account.active);
        match admitted {
            Some(account) => Ok((self.rehash(account, password)?, tried)),
            None => Err(self.wrong_password(device, &tried, &self.failure(device, login, &tried)?)),
        }
    }

    fn failure(&self, device: &Device, login: &Login, tried: &Try) -> Answer<Entry> {
        let entry = Entry::of_nobody(Op::SignInFailed, self.now(), &device.name);
        self.about_typed(login, tried.account.as_ref(), entry)
    }

    /// Writes into an entry whom a typed name is about. What was typed is kept only where it is an account number or
    /// names somebody: people type their password into the wrong field. A name that is no account's has an id of its
    /// own each time, so that the same indexes are written and it takes no other time.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub(super) fn about_typed(
        &self,
        login: &Login,
        account: Option<&Account>,
        entry: Entry,
    ) -> Answer<Entry> {
        let typed = match login {
            Login::Number(number) => number.to_string(),
            Login::Email(_) | Login::UserName(_) => String::new(),
        };
        let nobody = self.new_id()?;
        Ok(Entry {
            subject_id: Some(account.map_or(nobody, |account| account.id.0)),
            subject: account.map_or(typed, Account::subject),
            ..entry
        })
    }

    /// Hashes the password anew where the hash was made with less or other work than today's, or by another program.
    fn rehash(&self, account: Account, password: &Secret) -> Answer<Account> {
        if !hashing::needs_rehash(password, &account.password_hash, self.hash_cost()?) {
            return Ok(account);
        }
        let hash = self.hash_password(password)?;
        self.store()?
            .keep(None, |conn| store_account::rehash(conn, account.id, &account.password_hash, &hash))?;
        Ok(Account { password_hash: hash, ..account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::hashing::Cost;
    use clinic_domain::identity::role::Role;

    #[test]
    fn number_address_and_user_name_all_lead_in() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let spaced = format!(" {} {}", &ada.public_id[..3].to_lowercase(), &ada.public_id[3..]);
        for login in [ada.public_id.as_str(), &spaced, "ada@example.org", " Ada@Example.ORG ", "ADA"] {
            let state = clinic.sign_in(login, PASSWORD).unwrap();
            let SessionState::SignedIn { me, .. } = state else { panic!("{login}: {state:?}") };
            assert_eq!(me.account_id, ada.person.account, "{login}");
        }
    }

    #[test]
    fn whatever_is_wrong_the_answer_is_the_same() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        clinic.change(noor, |account| account.active = false);
        for (login, password) in [
            ("ada", "another password altogether"),
            ("ada", ""),
            ("", PASSWORD),
            ("nobody", PASSWORD),
            ("ADM00000000", PASSWORD),
            ("noor", PASSWORD),
            ("' OR 1=1 --", PASSWORD),
        ] {
            let refusal = clinic.sign_in(login, password).unwrap_err();
            assert_eq!(refusal, AppError::WrongCredentials, "{login}");
        }
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
    }

    #[test]
    fn a_failure_is_written_down_without_what_may_be_a_password() {
        let clinic = Clinic::new();
        let ada = clinic.read(|conn| store_account::by_login(conn, &Login::parse("ada"))).unwrap();
        clinic.sign_in("ada", "secret one").unwrap_err();
        clinic.sign_in("adm 1234-5678", "secret two").unwrap_err();
        clinic.sign_in("my secret password", "secret three").unwrap_err();
        let entries = clinic.audit();
        assert!(entries.iter().all(|entry| entry.op == Op::SignInFailed && entry.actor_id.is_none()));
        let named: Vec<_> = entries.iter().map(|entry| entry.subject_id.unwrap()).collect();
        assert_eq!(named[0], ada.id.0);
        assert!(named[1] != named[2] && !named[1..].contains(&ada.id.0), "as many indexes for nobody");
        let about: Vec<_> = entries.iter().map(|entry| entry.subject.as_str()).collect();
        assert_eq!(about, [ada.subject().as_str(), "ADM12345678", ""]);
        assert!(!format!("{entries:?}").contains("secret"));
    }

    #[test]
    fn an_unknown_name_takes_the_same_work_as_a_wrong_password() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        clinic.change(noor, |account| account.active = false);
        let work = |login: &str| {
            let before = hashing::tests::work();
            clinic.sign_in(login, "another password altogether").unwrap_err();
            hashing::tests::work() - before
        };
        assert!(work("ada") > 0);
        assert_eq!([work("nobody"), work("noor"), work("ADM00000000")], [work("ada"); 3]);
    }

    #[test]
    fn a_hash_from_before_is_made_anew_and_still_fits() {
        let mut clinic = Clinic::new();
        let ada = clinic.admin().person.account;
        let (before, rev) = clinic.load(ada);
        clinic.app.parts.hashing = Cost { memory_kib: 16, passes: 1 };
        clinic.sign_in("ada", PASSWORD).unwrap();
        let (after, same_rev) = clinic.load(ada);
        assert_ne!(after.password_hash, before.password_hash);
        assert!(after.password_hash.contains("m=16,t=1,p=1"), "{}", after.password_hash);
        assert_eq!(rev, same_rev);
        clinic.sign_in("ada", PASSWORD).unwrap();
    }

    /// Made by libxcrypt for [`PASSWORD`].
    const IMPORTED: &str = "$2b$06$abcdefghijklmnopqrstuuyTM.3f/Ro/5i.vkGpphgcmlwXsuYMEC";

    #[test]
    fn an_imported_hash_is_made_anew_at_the_first_sign_in() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        clinic.change(noor, |account| account.password_hash = IMPORTED.into());
        assert_eq!(clinic.sign_in("noor", "another password").unwrap_err(), AppError::WrongCredentials);
        assert_eq!(clinic.load(noor).0.password_hash, IMPORTED);
        clinic.sign_in("noor", PASSWORD).unwrap();
        let hash = clinic.load(noor).0.password_hash;
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        clinic.sign_in("noor", PASSWORD).unwrap();
    }

    #[test]
    fn whoever_was_here_before_is_signed_out() {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        clinic.sign_in("noor", PASSWORD).unwrap();
        assert_ne!(clinic.app.actor().unwrap().person.account, ada.person.account);
        assert_eq!(clinic.app.list_sessions(&ada).unwrap().len(), 0);
        assert_eq!(clinic.ops(), [Op::SignIn, Op::SignOut, Op::SignIn]);
    }
}
