//! Stores that are there before the window opens, so that a test begins where it wants to.

use std::io::Write as _;
use std::path::Path;

use clinic_app::directory::emergency::view::{EndEmergency, OpenInEmergency};
use clinic_app::directory::view::{AddPatient, EditPatient, ListDoctors, ListPatients, PatientFilter};
use clinic_app::identity::demo;
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::reset_view::ResetPassword;
use clinic_app::identity::second_factor_view::FactorCode;
use clinic_app::identity::security_policy_view::EditSecurityPolicy;
use clinic_app::identity::view::{CreateAccount, KeyPlace, SignIn};
use clinic_app::messaging::view::EditMail;
use clinic_app::paging::Paging;
use clinic_app::setup::view::FirstDoctor;
use clinic_app::{Actor, App, Parts};
use clinic_domain::directory::patient::{Alert, AlertKind, PatientForm};
use clinic_domain::id::{ActionId, DoctorId, PatientId};
use clinic_domain::identity::emergency::EmergencyReason;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::security_policy::SecurityPolicy;
use clinic_domain::messaging::server::MailServer;
use clinic_domain::time::Instant;
use clinic_testkit::clinic::CHEAP;
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};

/// Monday 23 November 2026, 08:30 in New York: the clinic opens in half an hour, so that no slot of the day passes while a
/// test runs.
pub const NOW: &str = "2026-11-23T13:30:00Z";

/// Files of a folder: the store, where its key is, and what the program holds locked.
const STORE: &str = "store.db";
const KEY: &str = "store.key";
const LOCK: &str = "store.lock";

/// Patients of [`small`], by family name.
pub const PATIENTS: [(&str, &str, &str); 4] = [
    ("Smith", "Jo", "1980-02-29"),
    ("Okafor", "Ada", "1991-07-04"),
    ("Nagy", "Ilona", "1975-11-30"),
    ("Quinn", "Pat", "2001-01-01"),
];

/// A clinic with Dr Lee and Dr Roy, four patients and no appointment; `ada` is the administrator, `fran` at the front
/// desk.
pub fn small(folder: &Path) {
    add_patients(&set_up(folder, &["Lee", "Roy"], false));
}

/// The same with one patient, who has an address; and its mail leaves through this server.
pub fn with_mail(folder: &Path, form: MailServer) {
    let (app, admin) = set_up(folder, &["Lee", "Roy"], false);
    app.edit_mail(&admin, EditMail { rev: 0, form, password: "".into() }).unwrap();
    let mut bea = forms::patient("Vega", "Bea", "1975-11-30");
    bea.email = "bea@mail.example".to_owned();
    let request = AddPatient { request_id: request_id(&app), form: bea, accept_duplicates: true };
    app.add_patient(&admin, request).unwrap();
}

/// A clinic as the wizard leaves it: administrators and doctors are reminded of a second factor.
pub fn reminded(folder: &Path) {
    as_made(folder, &["Lee", "Roy"], false);
}

/// A clinic without a patient.
pub fn empty(folder: &Path) {
    set_up(folder, &["Lee", "Roy"], false);
}

/// A clinic without a doctor or a patient, as after a wizard that was hurried through.
pub fn bare(folder: &Path) {
    set_up(folder, &[], false);
}

/// A clinic full of invented people, with the patients of [`small`] among them. `noor` is asked for a second factor.
pub fn full(folder: &Path) {
    let clinic = set_up(folder, &["Lee", "Roy"], true);
    add_patients(&clinic);
    add_second_factor(&clinic.0, "noor");
}

/// Of somebody of the demo.
fn add_second_factor(app: &App, login: &str) {
    app.sign_in(SignIn { login: login.to_owned(), password: demo::PASSWORD.into() }).unwrap();
    let actor = app.actor().unwrap();
    let offer = app.begin_second_factor(&actor).unwrap();
    let secret = totp_rs::Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
    let phone = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    let now: Instant = NOW.parse().unwrap();
    let code = phone.generate(now.timestamp().unsigned_abs()).to_string();
    app.confirm_second_factor(&actor, FactorCode { code: code.into() }).unwrap();
    app.sign_out().unwrap();
}

/// A folder that cannot be written to: where the lock should be is a folder. Not even root can write into that.
pub fn read_only(folder: &Path) {
    std::fs::create_dir(folder.join("store.lock")).unwrap();
}

/// A store of which nothing says where its key is.
pub fn without_its_key(folder: &Path) {
    new_store(folder, KeyPlace::File);
    std::fs::remove_file(folder.join(KEY)).unwrap();
}

/// A store whose key file is damaged.
pub fn unreadable(folder: &Path) {
    new_store(folder, KeyPlace::File);
    let file = std::fs::OpenOptions::new().write(true).truncate(true).open(folder.join(KEY));
    file.unwrap().write_all(b"no key").unwrap();
}

/// A store that the next version of the program wrote.
pub fn newer(folder: &Path) {
    new_store(folder, KeyPlace::File);
    let key: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join(KEY)).unwrap()).unwrap();
    let store = rusqlite::Connection::open(folder.join(STORE)).unwrap();
    store.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key["key"].as_str().unwrap())).unwrap();
    let version: u32 = store.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    store.execute_batch(&format!("PRAGMA user_version = {}", version + 2)).unwrap();
}

/// A store that asks for [`forms::PASSWORD`].
pub fn behind_a_passphrase(folder: &Path) {
    new_store(folder, KeyPlace::Passphrase { passphrase: forms::PASSWORD.into() });
}

/// A clinic whose store opens for its staff alone: for `ada`, and not for `fran` before she has signed in once.
pub fn for_its_staff(folder: &Path) {
    let (app, _) = set_up(folder, &["Lee"], false);
    app.sign_in(SignIn { login: "ada".to_owned(), password: forms::PASSWORD.into() }).unwrap();
    let (password, passphrase) = (forms::PASSWORD.into(), "".into());
    let request = ChangeStoreKey { protection: Protection::Staff, password, passphrase };
    app.change_store_key(&app.actor().unwrap(), request).unwrap();
    app.sign_out().unwrap();
}

/// Puts another store into the folder of a program that has opened none yet and holds the folder's lock.
pub fn replace(folder: &Path, prepare: fn(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == LOCK && entry.path().is_dir() {
            std::fs::remove_dir(entry.path()).unwrap();
        } else if name != LOCK && entry.path().is_file() {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    let made = tempfile::tempdir().unwrap();
    prepare(made.path());
    for entry in std::fs::read_dir(made.path()).unwrap().map(Result::unwrap) {
        let to = folder.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(to).unwrap();
        } else if entry.file_name() != LOCK {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn request_id(app: &App) -> ActionId {
    ActionId(app.new_id().unwrap())
}

fn add_patients((app, admin): &(App, Actor)) {
    for (family_name, given_names, born) in PATIENTS {
        let form = forms::patient(family_name, given_names, born);
        let request = AddPatient { request_id: request_id(app), form, accept_duplicates: true };
        app.add_patient(admin, request).unwrap();
    }
}

fn new_store(folder: &Path, key: KeyPlace) -> App {
    let app = App::new(Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(TurnedClock::at(NOW)),
        random: Box::new(RepeatingRandom::from_seed(7)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    });
    app.start().unwrap();
    app.create_store(key).unwrap();
    app
}

/// A clinic in which nobody is reminded of a second factor.
pub(super) fn set_up(folder: &Path, doctors: &[&str], demo: bool) -> (App, Actor) {
    let (app, admin) = as_made(folder, doctors, demo);
    let view = app.read_security_policy(&admin).unwrap();
    let form = SecurityPolicy { second_factor_roles: Vec::new(), ..view.policy };
    app.edit_security_policy(&admin, EditSecurityPolicy { rev: view.rev, form }).unwrap();
    (app, admin)
}

fn as_made(folder: &Path, doctors: &[&str], demo: bool) -> (App, Actor) {
    let app = new_store(folder, KeyPlace::File);
    let mut request = forms::clinic(request_id(&app));
    request.demo = demo;
    let doctor = |family_name: &&str| FirstDoctor {
        form: forms::doctor(family_name, "Ann"),
        specialty: "General practice".to_owned(),
    };
    request.doctors = doctors.iter().map(doctor).collect();
    app.set_up_clinic(request).unwrap();
    let admin = app.actor().unwrap();
    add_account(&app, &admin, "fran", Role::FrontDesk, None);
    app.sign_out().unwrap();
    (app, admin)
}

/// Makes an account with [`forms::PASSWORD`], which stays signed in.
fn add_account(app: &App, admin: &Actor, name: &str, role: Role, doctor: Option<DoctorId>) {
    let request = CreateAccount {
        request_id: request_id(app),
        form: forms::account(name, role, doctor),
        password: None,
    };
    let first = app.create_account(admin, request).unwrap().first_password.unwrap();
    app.sign_in(SignIn { login: name.to_owned(), password: first.expose().into() }).unwrap();
    app.replace_password(ResetPassword { password: forms::PASSWORD.into() }).unwrap();
}

/// A clinic as [`small`] in which `lee` is Dr Lee's account, and Nagy, who takes a blood thinner, Dr Roy's patient.
pub fn ward(folder: &Path) {
    ward_of(folder);
}

/// The same after `lee` has opened Nagy's record in an emergency, read it, and ended it.
pub fn ward_after_an_emergency(folder: &Path) {
    let (app, nagy) = ward_of(folder);
    app.sign_in(SignIn { login: "lee".to_owned(), password: forms::PASSWORD.into() }).unwrap();
    let lee = app.actor().unwrap();
    let request = OpenInEmergency {
        request_id: request_id(&app),
        patient_id: nagy,
        reason: EmergencyReason::NeedsTreatment,
        words: "Collapsed in the waiting room, looking for her medicines".to_owned(),
    };
    let opened = app.open_in_emergency(&lee, request).unwrap();
    app.read_patient(&lee, nagy).unwrap();
    app.end_emergency(&lee, EndEmergency { id: opened.id }).unwrap();
    app.sign_out().unwrap();
}

fn ward_of(folder: &Path) -> (App, PatientId) {
    let clinic = set_up(folder, &["Lee", "Roy"], false);
    add_patients(&clinic);
    let (app, admin) = clinic;
    let paging = |sort: &str| Paging { page: 0, size: 9, sort: sort.to_owned(), descending: false };
    let doctors = ListDoctors {
        query: String::new(),
        specialty_id: None,
        with_inactive: false,
        paging: paging("name"),
    };
    let doctors = app.list_doctors(&admin, doctors).unwrap().rows;
    let [lee, roy] = [doctors[0].id, doctors[1].id];
    add_account(&app, &admin, "lee", Role::Doctor, Some(lee));
    let query = PatientFilter { query: "nagy".to_owned(), ..PatientFilter::default() };
    let found = app.list_patients(&admin, ListPatients { filter: query, paging: paging("name") }).unwrap();
    let nagy = app.read_patient(&admin, found.rows[0].id).unwrap();
    let thinner = Alert { kind: AlertKind::Risk, text: "Takes a blood thinner".to_owned() };
    let form = PatientForm { doctor_id: Some(roy), alerts: vec![thinner], ..nagy.form };
    app.edit_patient(&admin, EditPatient { id: nagy.id, rev: nagy.rev, form }).unwrap();
    app.sign_out().unwrap();
    (app, nagy.id)
}
