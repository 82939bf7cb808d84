//! A computer with a clinic whose store opens for its staff alone: what the tests of [`super::staff_keys`] sit down at.

use std::path::Path;

use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::reset_view::ResetPassword;
use clinic_app::identity::view::{
    AccountRow, CreateAccount, KeyPlace, ListAccounts, SessionState, SetAccountActive, SignIn, StartState,
};
use clinic_app::paging::Paging;
use clinic_app::{Actor, Answer, App, Parts};
use clinic_domain::id::ActionId;
use clinic_domain::identity::role::Role;
use clinic_testkit::clinic::{CHEAP, MONDAY_MORNING};
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};

/// What opens the computer's secret where that is sealed by a passphrase.
pub const PASSPHRASE: &str = "a red tram crosses the bridge";

/// The password that an account is made with.
pub const FIRST: &str = "plover gantry sedge mica";

/// A computer with a clinic on it, whose program can be ended and started again.
pub struct Desk {
    pub folder: tempfile::TempDir,
    pub keystore: MemoryKeystore,
    pub clock: TurnedClock,
    pub random: RepeatingRandom,
    pub app: App,
}

impl Desk {
    /// A clinic whose store opens for its staff, with the administrator `ada` signed in.
    pub fn new(place: KeyPlace) -> Self {
        let desk = Self::before(place);
        desk.protect(Protection::Staff).unwrap();
        desk
    }

    /// The same, and this computer opens the store.
    pub fn before(place: KeyPlace) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (keystore, clock) = (MemoryKeystore::default(), TurnedClock::at(MONDAY_MORNING));
        let random = RepeatingRandom::from_seed(7);
        let app = program(folder.path(), &keystore, &clock, &random);
        app.create_store(place).unwrap();
        app.set_up_clinic(forms::clinic(ActionId(app.new_id().unwrap()))).unwrap();
        Self { folder, keystore, clock, random, app }
    }

    pub fn protect(&self, protection: Protection) -> Answer<()> {
        let (password, passphrase) = (forms::PASSWORD.into(), PASSPHRASE.into());
        self.app.change_store_key(&self.admin(), ChangeStoreKey { protection, password, passphrase })
    }

    /// Ends the program and starts it again.
    pub fn restart(&mut self) -> Answer<StartState> {
        let elsewhere = tempfile::tempdir().unwrap();
        let none = program(elsewhere.path(), &self.keystore, &self.clock, &self.random);
        drop(std::mem::replace(&mut self.app, none));
        self.app = program(self.folder.path(), &self.keystore, &self.clock, &self.random);
        self.app.start()
    }

    pub fn admin(&self) -> Actor {
        self.app.actor().unwrap()
    }

    pub fn sign_in(&self, login: &str, password: &str) -> Answer<SessionState> {
        self.app.sign_in(SignIn { login: login.to_owned(), password: password.into() })
    }

    pub fn enters(&self, login: &str) -> bool {
        matches!(self.sign_in(login, forms::PASSWORD), Ok(SessionState::SignedIn { .. }))
    }

    /// Makes an account, as `ada`, who has to be signed in.
    pub fn add(&self, name: &str) {
        let request_id = ActionId(self.app.new_id().unwrap());
        let form = forms::account(name, Role::FrontDesk, None);
        let request = CreateAccount { request_id, form, password: Some(FIRST.into()) };
        self.app.create_account(&self.admin(), request).unwrap();
    }

    /// Signs in for the first time and chooses a password.
    pub fn begins(&self, login: &str) -> bool {
        let state = self.sign_in(login, FIRST);
        assert!(matches!(state, Ok(SessionState::NewPassword { .. })), "{state:?}");
        let own = ResetPassword { password: forms::PASSWORD.into() };
        matches!(self.app.replace_password(own), Ok(SessionState::SignedIn { .. }))
    }

    pub fn set_active(&self, login: &str, active: bool) {
        let account = self.account(login);
        let request = SetAccountActive { id: account.id, rev: account.rev, active };
        self.app.set_account_active(&self.admin(), request).unwrap();
    }

    pub fn account(&self, login: &str) -> AccountRow {
        let paging = Paging { page: 0, size: 50, sort: "name".to_owned(), descending: false };
        let all = ListAccounts { query: String::new(), role: None, active: None, paging };
        let rows = self.app.list_accounts(&self.admin(), all).unwrap().rows;
        rows.into_iter().find(|row| row.form.user_name == login).unwrap()
    }

    pub fn openers(&self) -> Vec<(String, bool)> {
        let found = self.app.read_recovery_key(&self.admin()).unwrap();
        found.openers.into_iter().map(|opener| (opener.name, opener.opens)).collect()
    }

    /// How many have an entry.
    pub fn people(&self) -> usize {
        let kept: serde_json::Value = serde_json::from_slice(&self.file("store.key")).unwrap();
        kept["people"].as_array().unwrap().len()
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.app.session_state(), Ok(SessionState::SignedOut { closed: true, .. }))
    }

    pub fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap_or_default()
    }

    pub fn count(&self, op: Op) -> u32 {
        let all = ListAudit { op: Some(op), size: 50, ..ListAudit::default() };
        self.app.list_audit(&self.admin(), all).unwrap().total
    }
}

pub fn program(
    folder: &Path,
    keystore: &MemoryKeystore,
    clock: &TurnedClock,
    random: &RepeatingRandom,
) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(clock.clone()),
        random: Box::new(random.clone()),
        keystore: Box::new(keystore.clone()),
        hashing: CHEAP,
    })
}
