//! What the desktop shows while the program is not in front: once, without names, and to nobody but whom it concerns.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use clinic_app::AppError;
use clinic_app::identity::view::SignIn;
use clinic_desktop::alerts::{Alerts, on_the_desktop};
use clinic_testkit::clinic::TestClinic;

use super::bus::Bus;

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const IS_CHILD: &str = "CLINIC_TEST_ALERTS";
const NAME: &str = "app::alerts::shows_one_on_the_desktop";
const GUESSED: &str = "Ten wrong passwords in a row were typed.";

/// What was shown, in order.
type Shown = Arc<Mutex<Vec<String>>>;

fn alerts() -> (Alerts, Shown) {
    let shown = Shown::default();
    let seen = Arc::clone(&shown);
    (Alerts::new(Box::new(move |_, sentence| seen.lock().unwrap().push(sentence.to_owned()))), shown)
}

/// Ten wrong passwords for one name, each as soon as it may be tried.
fn guess(clinic: &TestClinic, login: &str) {
    for _ in 0..10 {
        let wrong = || SignIn { login: login.to_owned(), password: "a wrong password".into() };
        loop {
            match clinic.app.sign_in(wrong()).unwrap_err() {
                AppError::Throttled { wait_seconds } => {
                    clinic.clock.wait(Duration::from_secs(wait_seconds.into()));
                }
                refusal => break assert_eq!(refusal, AppError::WrongCredentials),
            }
        }
    }
}

#[test]
fn a_new_notice_is_shown_once_and_names_nobody() {
    let clinic = TestClinic::new();
    clinic.sign_in("ada").unwrap();
    let (mut alerts, shown) = alerts();
    assert!(!alerts.look(&clinic.app, false), "whoever sits down sees them in the program");
    guess(&clinic, "fran");
    assert!(alerts.look(&clinic.app, false));
    assert_eq!(*shown.lock().unwrap(), [GUESSED]);
    assert!(!alerts.look(&clinic.app, false));
    assert_eq!(shown.lock().unwrap().len(), 1);
}

#[test]
fn a_program_in_front_shows_notices_itself() {
    let clinic = TestClinic::new();
    clinic.sign_in("ada").unwrap();
    let (mut alerts, shown) = alerts();
    alerts.look(&clinic.app, true);
    guess(&clinic, "fran");
    assert!(alerts.look(&clinic.app, true), "its pages are told");
    assert!(shown.lock().unwrap().is_empty());
}

#[test]
fn a_locked_desk_and_an_empty_one_are_told_nothing() {
    let clinic = TestClinic::new();
    let (mut alerts, shown) = alerts();
    assert!(!alerts.look(&clinic.app, false));
    clinic.sign_in("ada").unwrap();
    alerts.look(&clinic.app, false);
    clinic.app.lock().unwrap();
    guess(&clinic, "fran");
    assert!(!alerts.look(&clinic.app, false));
    clinic.sign_in("fran").unwrap_err();
    clinic.app.sign_out().unwrap();
    clinic.sign_in("lee").unwrap();
    assert!(!alerts.look(&clinic.app, false), "it is for administrators");
    assert!(shown.lock().unwrap().is_empty());
}

/// Stands for the desktop (Desktop Notifications Specification 1.2).
struct Desktop(mpsc::Sender<(String, String, String)>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Desktop {
    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &self,
        app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, zbus::zvariant::OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        self.0.send((app_name, summary, body)).unwrap();
        1
    }
}

#[test]
fn shows_one_on_the_desktop() {
    // Only when it is started by the test below; otherwise there is nothing to do.
    if std::env::var_os(IS_CHILD).is_none() {
        return;
    }
    on_the_desktop("Clinic Desk", GUESSED);
    // Waits to be killed.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn the_desktop_shows_them() {
    let bus = Bus::start();
    let (shown, seen) = mpsc::channel();
    let desktop = zbus::blocking::connection::Builder::address(bus.address.as_str())
        .and_then(|it| it.serve_at("/org/freedesktop/Notifications", Desktop(shown)))
        .and_then(|it| it.name("org.freedesktop.Notifications"))
        .and_then(zbus::blocking::connection::Builder::build)
        .unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME]).env(BUS, &bus.address).env(IS_CHILD, "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let told = seen.recv_timeout(Duration::from_secs(60)).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(desktop);
    assert_eq!(told, ("Clinic Desk".to_owned(), "Clinic Desk".to_owned(), GUESSED.to_owned()));
}
