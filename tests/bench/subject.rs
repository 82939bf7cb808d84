//! The clinic that is measured: generated once for each size and kept under `target/bench`, opened twice: by the
//! application, and bare for the floors.

use std::path::{Path, PathBuf};

use clinic_app::clinic::view::ClinicProfile;
use clinic_app::db::{Store, StoreKey};
use clinic_app::identity::hashing::Cost;
use clinic_app::identity::view::{AccountForm, KeyPlace, SignIn, StartState};
use clinic_app::setup::large::Size;
use clinic_app::setup::view::SetUpClinic;
use clinic_app::{Actor, App, Parts};
use clinic_domain::id::ActionId;
use clinic_domain::identity::role::Role;
use clinic_domain::scheduling::hours::default_week;

use crate::Fault;
use crate::clock::{NoKeystore, Repeating, StandingClock};

/// Seed of the invented clinic.
const SEED: u64 = 20_261_123;
/// The administrator.
pub const LOGIN: &str = "bench";
/// The administrator's password; the clinic is invented.
pub const PASSWORD: &str = "plum harbour quiet lantern";

/// A clinic ready to be measured.
pub struct Subject {
    /// The application, somebody signed in.
    pub app: App,
    /// Who is.
    pub actor: Actor,
    /// The same store, for bare SQL.
    pub bare: Store,
    /// Where it lies.
    pub folder: PathBuf,
    /// How large it is.
    pub size: Size,
}

/// The migrations that a kept clinic was made with: one of other tables is made anew.
const TABLES: &str = include_str!("../migrations.lock");

impl Subject {
    /// Opens the clinic of a size, and makes it where there is none yet.
    pub fn open(size: Size, told: &mut dyn FnMut(&str)) -> Result<Self, Fault> {
        let name = format!("{}-{}-{}-{SEED}", size.doctors, size.patients, size.appointments);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench").join(name);
        let complete = folder.join("complete");
        if std::fs::read_to_string(&complete).ok().as_deref() != Some(TABLES) {
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            let app = new_app(&folder);
            app.start()?;
            app.create_store(KeyPlace::File)?;
            app.set_up_clinic(clinic()?)?;
            app.generate(size, SEED, &mut *told)?;
            drop(app);
            std::fs::write(&complete, TABLES)?;
        }
        let app = new_app(&folder);
        if !matches!(app.start()?, StartState::Ready { .. }) {
            return Err("the clinic does not open".into());
        }
        app.sign_in(SignIn { login: LOGIN.to_owned(), password: PASSWORD.into() })?;
        let actor = app.actor()?;
        let bare = Store::open(&folder.join("store.db"), &key(&folder)?)?;
        Ok(Self { app, actor, bare, folder, size })
    }
}

fn new_app(folder: &Path) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "Bench".to_owned(),
        clock: Box::new(StandingClock::new()),
        random: Box::new(Repeating::another()),
        keystore: Box::new(NoKeystore),
        hashing: Cost::STANDARD,
    })
}

/// The key as the file beside the store holds it.
pub fn key(folder: &Path) -> Result<StoreKey, Fault> {
    let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder.join("store.key"))?)?;
    let mut key = [0; 32];
    hex::decode_to_slice(kept["key"].as_str().unwrap_or_default(), &mut key)?;
    Ok(StoreKey::new(key))
}

fn clinic() -> Result<SetUpClinic, Fault> {
    let id: uuid::Uuid = "01900000-0000-7000-8000-000000000001".parse()?;
    Ok(SetUpClinic {
        request_id: ActionId(id),
        admin: AccountForm {
            given_names: "Ada".to_owned(),
            family_name: "Bench".to_owned(),
            email: String::new(),
            user_name: LOGIN.to_owned(),
            role: Role::Admin,
            doctor_id: None,
        },
        password: PASSWORD.into(),
        profile: ClinicProfile {
            name: "Measured Clinic".to_owned(),
            short_name: String::new(),
            street: String::new(),
            city: String::new(),
            post_code: String::new(),
            phone: String::new(),
            time_zone: "America/New_York".to_owned(),
            language: "en".to_owned(),
            colour: "#2a5f8a".to_owned(),
        },
        hours: default_week(),
        slot_minutes: 30,
        doctors: Vec::new(),
        demo: false,
    })
}
