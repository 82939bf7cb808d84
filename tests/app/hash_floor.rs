//! How much work the hashes in a store are (P1): on the slowest computer as much as the floor asks for, whatever they are
//! of.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use argon2::Params;
use argon2::password_hash::phc::PasswordHash;
use clinic_app::identity::access_view::ChangePassword;
use clinic_app::identity::hashing::Cost;
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::registration_view::Register;
use clinic_app::identity::reset_view::{AskReset, ResetPassword};
use clinic_app::identity::second_factor_view::{FactorCode, ProvenByPassword};
use clinic_app::identity::view::{CreateAccount, KeyPlace, SignIn};
use clinic_app::messaging::view::EditMail;
use clinic_app::{App, Clock, Parts};
use clinic_domain::id::ActionId;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::server::Security;
use clinic_domain::time::Instant;
use clinic_testkit::clinic::MONDAY_MORNING;
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};
use totp_rs::Builder;

use crate::mail::postbox::server;

/// A clock by which everything takes three seconds.
struct Slow(TurnedClock);

impl Clock for Slow {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.wait(Duration::from_secs(3));
        self.0.elapsed()
    }
}

fn slow_computer(folder: &Path) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(Slow(TurnedClock::at(MONDAY_MORNING))),
        random: Box::new(RepeatingRandom::from_seed(1)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: Cost::STANDARD,
    })
}

/// Everything that hashes: the first administrator, a colleague with the password of the program and then the own one, a
/// changed one, a second factor with its recovery codes, a code by mail, a registration.
fn live_through_everything(app: &App) {
    app.create_store(KeyPlace::File).unwrap();
    app.set_up_clinic(forms::clinic(ActionId(app.new_id().unwrap()))).unwrap();
    let admin = app.actor().unwrap();
    let form = server(9, Security::None, String::new());
    app.edit_mail(&admin, EditMail { rev: 0, form, password: "".into() }).unwrap();
    let request_id = ActionId(app.new_id().unwrap());
    let form = forms::account("fran", Role::FrontDesk, None);
    let made = app.create_account(&admin, CreateAccount { request_id, form, password: None }).unwrap();
    let sign_in = |login: &str, password: Secret| app.sign_in(SignIn { login: login.to_owned(), password });
    sign_in("fran", made.first_password.unwrap().expose().into()).unwrap();
    app.replace_password(ResetPassword { password: forms::PASSWORD.into() }).unwrap();
    let fran = app.actor().unwrap();
    let (current, password) = (forms::PASSWORD.into(), "grey bicycle under pier".into());
    app.change_password(&fran, ChangePassword { current, password, end_others: true }).unwrap();
    sign_in("ada", forms::PASSWORD.into()).unwrap();
    let admin = app.actor().unwrap();
    let offer = app.begin_second_factor(&admin).unwrap();
    let secret = totp_rs::Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
    let phone = Builder::new().with_secret(secret).build_noncompliant();
    let code = phone.generate(app.now().timestamp().unsigned_abs()).to_string().into();
    app.confirm_second_factor(&admin, FactorCode { code }).unwrap();
    let proven = ProvenByPassword { password: forms::PASSWORD.into() };
    app.renew_recovery_codes(&admin, proven).unwrap();
    app.ask_reset(AskReset { login: "fran".to_owned() }).unwrap();
    app.register(Register {
        role: Role::Patient,
        given_names: "Bea".to_owned(),
        family_name: "Vega".to_owned(),
        email: "bea@mail.example".to_owned(),
        password: "plover gantry sedge mica".into(),
    })
    .unwrap();
}

/// Every hash that is kept, with the table it is in.
fn hashes(folder: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(folder.join("store.key")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    let store = rusqlite::Connection::open(folder.join("store.db")).unwrap();
    store.execute_batch(&format!("PRAGMA key = \"x'{}'\"", kept["key"].as_str().unwrap())).unwrap();
    let mut names = store.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    let mut found = Vec::new();
    for table in names {
        let mut all = store.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = all.column_count();
        let mut rows = all.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let texts = (0..columns).filter_map(|at| row.get::<_, String>(at).ok());
            for text in texts {
                // Alone, or within a record that was kept as text.
                let hashes = text.split('"').filter(|part| part.starts_with("$argon2"));
                found.extend(hashes.map(|hash| (table.clone(), hash.to_owned())));
            }
        }
    }
    found
}

fn cost_of(phc: &str) -> Cost {
    let hash = PasswordHash::new(phc).unwrap_or_else(|_| panic!("no hash alone: {phc}"));
    assert_eq!(hash.algorithm.as_str(), "argon2id");
    let params = Params::try_from(&hash).unwrap();
    Cost { memory_kib: params.m_cost(), passes: params.t_cost() }
}

#[test]
fn no_hash_in_a_store_is_less_work_than_the_floor_and_on_the_slowest_computer_each_is_as_much() {
    let folder = tempfile::tempdir().unwrap();
    let app = slow_computer(folder.path());
    live_through_everything(&app);
    let hashes = hashes(folder.path());
    let mut counts = BTreeMap::new();
    hashes.iter().for_each(|(table, _)| *counts.entry(table.as_str()).or_insert(0) += 1);
    // Two codes by mail; the password of the registration waits with it. What fran had before is nowhere.
    let expected = [("account", 2), ("one_time_code", 2), ("pending_registration", 1), ("recovery_code", 10)];
    assert_eq!(counts, BTreeMap::from(expected));
    for (table, phc) in &hashes {
        assert_eq!(cost_of(phc), Cost::FLOOR, "{table}: {phc}");
    }
    let (protection, password) = (Protection::Staff, forms::PASSWORD.into());
    let request = ChangeStoreKey { protection, password, passphrase: "".into() };
    app.change_store_key(&app.actor().unwrap(), request).unwrap();
    let kept = std::fs::read_to_string(folder.path().join("store.key")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    for entry in kept["people"].as_array().unwrap() {
        assert_eq!((&entry["memory_kib"], &entry["passes"]), (&(19 * 1024).into(), &2.into()), "{entry}");
    }
}
