//! The keystore of a real desktop: GNOME's keyring, on a bus and in a home of its own. What K2 and K3 promise of a
//! keystore that is there, closed, emptied or gone is asked of the program's own way to it, in a process for each start
//! of the program, since a process finds the bus by its environment.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use clinic_app::identity::keystore::{Keystore, OsKeystore};
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::view::{KeyPlace, SessionState, SignIn, StartState};
use clinic_app::{App, AppError, Parts};
use clinic_domain::id::ActionId;
use clinic_testkit::clinic::{CHEAP, MONDAY_MORNING};
use clinic_testkit::{RepeatingRandom, TurnedClock, forms};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::zvariant::OwnedObjectPath;

use super::bus::Bus;
use super::recovery::{make, ready, recover};

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const STEP: &str = "CLINIC_TEST_KEYRING_STEP";
const FOLDER: &str = "CLINIC_TEST_KEYRING_FOLDER";
const RECOVERY_KEY: &str = "CLINIC_TEST_KEYRING_RECOVERY_KEY";
const NAME: &str = "app::keyring::does_one_step";
const ANSWER: &str = "answer: ";
const SECRETS: &str = "org.freedesktop.secrets";
const PASSWORD: &str = "the password of the desktop";
/// Longest wait for what answers at once where it answers at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// A desktop with a bus, a home and, at times, a keyring.
struct Desktop {
    home: tempfile::TempDir,
    bus: Bus,
    keyring: Option<Child>,
}

impl Desktop {
    /// With a new keyring that is open.
    fn new() -> Self {
        let mut desktop = Self { home: tempfile::tempdir().unwrap(), bus: Bus::start(), keyring: None };
        desktop.start_keyring(PASSWORD);
        desktop
    }

    /// Starts the keyring as a sign-in to the computer does; one that ran before is ended.
    fn start_keyring(&mut self, password: &str) {
        self.end_keyring();
        let bus = self.connect();
        let mut owners =
            DBusProxy::new(&bus).unwrap().receive_name_owner_changed_with_args(&[(0, SECRETS)]).unwrap();
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets", "--control-directory"]);
        command
            .arg(self.home.path().join("control"))
            .env("HOME", self.home.path())
            .env(BUS, &self.bus.address);
        for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            command.env(folder, self.home.path());
        }
        // Nobody is there to be asked.
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut keyring = command.spawn().expect("gnome-keyring-daemon, which scripts/setup.sh installs");
        keyring.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        self.keyring = Some(keyring);
        let (here, wait) = mpsc::channel();
        std::thread::spawn(move || {
            let is_here = owners.any(|owner| owner.args().is_ok_and(|changed| changed.new_owner().is_some()));
            let _heard = here.send(is_here);
        });
        assert!(wait.recv_timeout(PATIENCE).expect("a keyring on the bus"));
    }

    fn end_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            keyring.kill().unwrap();
            keyring.wait().unwrap();
        }
    }

    /// Closes the keyring, as a person may while being signed in to the computer.
    fn lock_keyring(&self) {
        let (path, service) = ("/org/freedesktop/secrets", "org.freedesktop.Secret.Service");
        let bus = self.connect();
        let call = |method: &str, body: &[&str]| {
            bus.call_method(Some(SECRETS), path, Some(service), method, &body[0])
        };
        let alias = call("ReadAlias", &["default"]).unwrap();
        let keyring: OwnedObjectPath = alias.body().deserialize().unwrap();
        bus.call_method(Some(SECRETS), path, Some(service), "Lock", &(vec![keyring],)).unwrap();
    }

    fn connect(&self) -> Connection {
        Builder::address(self.bus.address.as_str()).and_then(Builder::build).unwrap()
    }

    /// What a program says that is started here for one step.
    fn asks(&self, folder: &Path, step: &str, recovery_key: &str) -> String {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]).env(BUS, &self.bus.address);
        command.env(STEP, step).env(FOLDER, folder).env(RECOVERY_KEY, recovery_key);
        let said = command.output().unwrap();
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let answer =
            text.lines().find_map(|line| line.split_once(ANSWER).map(|(_, answer)| answer.to_owned()));
        answer.unwrap_or_else(|| panic!("{step}: {text}{}", String::from_utf8_lossy(&said.stderr)))
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.end_keyring();
    }
}

fn program(folder: &Path) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(TurnedClock::at(MONDAY_MORNING)),
        // No two processes may make the same ids.
        random: Box::new(RepeatingRandom::from_seed(std::process::id().into())),
        keystore: Box::new(OsKeystore),
        hashing: CHEAP,
    })
}

/// A clinic whose key is in the keyring; the answer is its recovery key.
fn create(folder: &Path, protection: Protection) -> String {
    let app = program(folder);
    app.create_store(KeyPlace::Keystore).unwrap();
    app.set_up_clinic(forms::clinic(ActionId(app.new_id().unwrap()))).unwrap();
    let admin = app.actor().unwrap();
    if protection == Protection::Staff {
        let (password, passphrase) = (forms::PASSWORD.into(), "".into());
        app.change_store_key(&admin, ChangeStoreKey { protection, password, passphrase }).unwrap();
    }
    make(&app, &admin, forms::PASSWORD).unwrap()
}

fn sign_in(app: &App) -> &'static str {
    let request = SignIn { login: "ada".to_owned(), password: forms::PASSWORD.into() };
    let state = app.sign_in(request);
    assert!(matches!(state, Ok(SessionState::SignedIn { .. })), "{state:?}");
    "signed in"
}

/// Whether somebody gets at the records, or what stands in the way.
fn enter(app: &App) -> &'static str {
    match app.start().unwrap() {
        StartState::KeyMissing { .. } => {
            // No new store takes the place of this one.
            assert_eq!(app.create_store(KeyPlace::File), Err(AppError::WrongState));
            "key missing"
        }
        StartState::Ready { .. } => sign_in(app),
        other => panic!("{other:?}"),
    }
}

/// Takes the entry out of the keyring, as somebody may who tidies it up.
fn forget(folder: &Path) {
    let kept: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("store.key")).unwrap()).unwrap();
    let entry = kept["entry"].as_str().or(kept["secret"]["entry"].as_str()).unwrap();
    assert!(OsKeystore.get(entry).unwrap().is_some(), "there is one");
    OsKeystore.remove(entry).unwrap();
    assert!(OsKeystore.get(entry).unwrap().is_none());
}

#[test]
fn does_one_step() {
    // Only when it is started by the tests below; otherwise there is nothing to do.
    let (Ok(step), Some(folder)) = (std::env::var(STEP), std::env::var_os(FOLDER)) else { return };
    let folder = Path::new(&folder);
    let answer = match &*step {
        "computer" => create(folder, Protection::Computer),
        "staff" => create(folder, Protection::Staff),
        "enter" => enter(&program(folder)).to_owned(),
        "available" => OsKeystore.available().to_string(),
        "forget" => {
            forget(folder);
            "forgotten".to_owned()
        }
        "recover" => {
            let app = program(folder);
            assert!(ready(recover(&app, &std::env::var(RECOVERY_KEY).unwrap())));
            sign_in(&app).to_owned()
        }
        _ => panic!("{step}"),
    };
    println!("\n{ANSWER}{answer}");
}

/// Through everything that can become of a keyring, with a store that this opens.
fn goes_through_a_life_of_a_keyring(protection: &str) {
    let mut desktop = Desktop::new();
    let store = tempfile::tempdir().unwrap();
    let files = || ["store.key", "store.db"].map(|file| std::fs::read(store.path().join(file)).unwrap());
    assert_eq!(desktop.asks(store.path(), "available", ""), "true");
    let recovery_key = desktop.asks(store.path(), protection, "");
    let enters = |desktop: &Desktop| desktop.asks(store.path(), "enter", "");
    assert_eq!(enters(&desktop), "signed in", "read back by another process");

    desktop.start_keyring(PASSWORD);
    assert_eq!(enters(&desktop), "signed in", "after the computer was started anew");

    let before = files();
    desktop.lock_keyring();
    assert_eq!(enters(&desktop), "key missing", "locked");
    assert_eq!(desktop.asks(store.path(), "available", ""), "false");
    desktop.start_keyring("another password");
    assert_eq!(enters(&desktop), "key missing", "never unlocked");
    desktop.end_keyring();
    assert_eq!(enters(&desktop), "key missing", "gone");
    assert_eq!(files(), before, "left untouched");
    desktop.start_keyring(PASSWORD);
    assert_eq!(enters(&desktop), "signed in", "open again");

    let before = files();
    desktop.asks(store.path(), "forget", "");
    assert_eq!(enters(&desktop), "key missing", "emptied");
    assert_eq!(files(), before, "left untouched");
    assert_eq!(desktop.asks(store.path(), "recover", &recovery_key), "signed in");
    desktop.start_keyring(PASSWORD);
    assert_eq!(enters(&desktop), "signed in", "the keyring has the key again");
}

#[test]
fn a_key_in_a_real_keyring_outlives_restarts_and_is_never_made_anew() {
    goes_through_a_life_of_a_keyring("computer");
}

#[test]
fn a_secret_in_a_real_keyring_opens_for_the_staff_together_with_a_password_and_not_without_it() {
    goes_through_a_life_of_a_keyring("staff");
}
