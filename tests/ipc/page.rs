//! A page without a window, and the clinic behind it.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::db::{Store, StoreKey};
use clinic_app::directory::view::{EditPatient, PatientView};
use clinic_app::identity::keystore::Keystore;
use clinic_app::scheduling::view::{AppointmentChanged, BookAppointment, Place};
use clinic_app::{Actor, Answer, App, Parts};
use clinic_desktop::contract::contract;
use clinic_desktop::state::{Shell, Windows};
use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::identity::role::Role;
use clinic_domain::time::{Days, NaiveDate};
use clinic_testkit::TestClinic;
use clinic_testkit::clinic::MONDAY;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tauri::{Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The file that says where the key of the store is.
const KEY: &str = "store.key";

/// No windows, and a folder for files that goes when the page goes.
struct NoWindows(tempfile::TempDir);

impl Windows for NoWindows {
    fn session_changed(&self, _: &App) {}

    fn open_second(&self) -> Answer<()> {
        Ok(())
    }

    fn export_folder(&self) -> Answer<std::path::PathBuf> {
        Ok(self.0.path().to_owned())
    }
}

/// A clinic with Dr Lee and Dr Roy and a patient of each, and a page that calls it.
pub struct Page {
    pub app: Arc<App>,
    pub clinic: TestClinic,
    pub roy: DoctorId,
    /// Dr Lee's.
    pub patient: PatientId,
    /// Dr Roy's, whom Dr Lee never sees.
    foreign: PatientId,
    /// Who signed in.
    pub login: String,
    places: Cell<u32>,
    window: WebviewWindow<MockRuntime>,
    _shell: tauri::App<MockRuntime>,
}

impl Page {
    /// The page with this person signed in: `ada`, `fran` or `lee`.
    pub fn of(login: &str) -> Self {
        let mut clinic = TestClinic::new();
        let roy = clinic.add_doctor("Roy", "Ben").id;
        let patient = clinic.add_patient("Smith", "Jo", "1980-02-29");
        let foreign = clinic.add_patient("Nagy", "Ilona", "1975-11-30");
        let [patient, foreign] =
            [(patient, clinic.lee()), (foreign, roy)].map(|(patient, doctor)| give(&clinic, patient, doctor));
        clinic.sign_in(login).unwrap();
        let elsewhere = Parts { folder: clinic.folder().join("elsewhere"), ..clinic.parts() };
        let app = Arc::new(std::mem::replace(&mut clinic.app, App::new(elsewhere)));
        let contract = contract::<MockRuntime>();
        let shell = mock_builder()
            .invoke_handler(contract.invoke_handler())
            .build(mock_context(noop_assets()))
            .unwrap();
        shell.manage(Shell {
            app: Arc::clone(&app),
            first: Arc::default(),
            windows: Box::new(NoWindows(tempfile::tempdir().unwrap())),
        });
        let window = WebviewWindowBuilder::new(&shell, "main", WebviewUrl::default()).build().unwrap();
        Self {
            app,
            clinic,
            roy,
            patient,
            foreign,
            login: login.to_owned(),
            places: Cell::new(0),
            window,
            _shell: shell,
        }
    }

    /// The page with a patient at it: `fran` becomes one while signed in, past the application.
    pub fn of_a_patient() -> Self {
        let page = Self::of("fran");
        turn_into_a_patient(page.clinic.folder(), &page.key());
        page
    }

    /// The key of the store, which the keystore has.
    pub fn key(&self) -> StoreKey {
        let place = std::fs::read(self.clinic.folder().join(KEY)).unwrap();
        let place: Value = serde_json::from_slice(&place).unwrap();
        let key = self.clinic.keystore.get(place["entry"].as_str().unwrap()).unwrap().unwrap();
        StoreKey::new(key.as_slice().try_into().unwrap())
    }

    /// Ends the program and leaves its store in another folder, the key beside it, for another program to open.
    pub fn leave_in(self, to: &Path) {
        let key = hex::encode(self.key().bytes());
        let Self { app, clinic, window, _shell, .. } = self;
        drop((window, _shell, app));
        for entry in std::fs::read_dir(clinic.folder()).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
        // As private as the one it takes the place of.
        std::fs::write(to.join(KEY), json!({ "place": "file", "key": key }).to_string()).unwrap();
    }

    /// Calls a command as a page does.
    pub fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request).map(|body| body.deserialize().unwrap())
    }

    /// Who is signed in.
    pub fn actor(&self) -> Actor {
        self.app.actor().unwrap()
    }

    /// Somebody else who may book for everybody.
    pub fn other(&self) -> Actor {
        if self.actor().person.role == Role::Admin { self.clinic.front_desk() } else { self.clinic.admin() }
    }

    /// Dr Lee, who is the signed-in doctor, or Dr Roy, who never is.
    pub fn column(&self, own: bool) -> DoctorId {
        if own { self.clinic.lee() } else { self.roy }
    }

    /// The patient of Dr Lee, who is the signed-in doctor, or of Dr Roy, who never is.
    pub fn record(&self, own: bool) -> PatientId {
        if own { self.patient } else { self.foreign }
    }

    /// A free half hour that nobody was given before.
    pub fn place(&self, own: bool) -> Place {
        let nth = self.places.replace(self.places.get() + 1);
        let (day, slot) = (nth / 14, nth % 14);
        // Today and the working days after it.
        let date = today() + Days::new(u64::from(day / 5 * 7 + day % 5));
        let start = u16::try_from(10 * 60 + slot * 30).unwrap();
        Place { doctor_id: self.column(own), date, start, minutes: 30, fold: None }
    }

    /// An appointment that somebody else booked.
    pub fn booked(&self, own: bool) -> AppointmentChanged {
        self.booked_by(&self.other(), own)
    }

    /// An appointment that this person booked.
    pub fn booked_by(&self, actor: &Actor, own: bool) -> AppointmentChanged {
        self.booked_at(actor, self.place(own))
    }

    /// An appointment today, before the slots that are given away.
    pub fn booked_today(&self, own: bool) -> AppointmentChanged {
        self.booked_at(
            &self.other(),
            Place { date: today(), start: if own { 540 } else { 570 }, ..self.place(own) },
        )
    }

    fn booked_at(&self, actor: &Actor, place: Place) -> AppointmentChanged {
        let request = BookAppointment {
            request_id: clinic_domain::id::ActionId(self.app.new_id().unwrap()),
            place,
            patient_id: self.patient,
            type_id: None,
            reason: String::new(),
        };
        self.app.book(actor, request).unwrap()
    }

    /// Entries of the audit log: each write leaves one.
    pub fn entries(&self) -> u32 {
        self.entries_of(None)
    }

    /// Entries of one kind.
    pub fn entries_of(&self, op: Option<Op>) -> u32 {
        let matching = ListAudit { op, with_reads: true, size: 1, ..ListAudit::default() };
        self.app.list_audit(&self.clinic.admin(), matching).unwrap().total
    }
}

/// Makes somebody the usual doctor of a patient.
fn give(clinic: &TestClinic, patient: PatientView, doctor: DoctorId) -> PatientId {
    let form = PatientForm { doctor_id: Some(doctor), ..patient.form };
    let request = EditPatient { id: patient.id, rev: patient.rev, form };
    clinic.app.edit_patient(&clinic.admin(), request).unwrap().patient.id
}

/// Makes a patient of `fran`, whatever she is, past the application that has the store open.
pub fn turn_into_a_patient(folder: &Path, key: &StoreKey) {
    let store = Store::open(&folder.join("store.db"), key).unwrap();
    let turn = "UPDATE account SET role = 'patient' WHERE user_name = 'fran'";
    store.keep(None, |conn| Ok(conn.execute(turn, [])?)).unwrap();
}

fn today() -> NaiveDate {
    MONDAY.parse().unwrap()
}
