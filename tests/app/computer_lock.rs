//! The computer is locked or goes to sleep, and the desk is locked with it: real signals on a bus of its own.

use clinic_app::identity::view::SessionState;
use clinic_desktop::computer_lock::{self, Locks};
use clinic_testkit::clinic::TestClinic;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedObjectPath;

use super::bus::Bus;

const LOGIN: &str = "org.freedesktop.login1";
const HERE: &str = "/org/freedesktop/login1/session/_32";
const ELSEWHERE: &str = "/org/freedesktop/login1/session/_33";

/// Stands for logind (`org.freedesktop.login1(5)`).
struct Login;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Login {
    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        OwnedObjectPath::try_from(HERE).unwrap()
    }
}

fn on(bus: &Bus) -> Connection {
    Builder::address(bus.address.as_str()).and_then(Builder::build).unwrap()
}

/// Stands for whoever has this name on the bus.
fn named(bus: &Bus, name: &str) -> Connection {
    let builder = Builder::address(bus.address.as_str()).and_then(|it| it.name(name.to_owned()));
    builder.and_then(|it| it.serve_at("/org/freedesktop/login1", Login)).and_then(Builder::build).unwrap()
}

fn sleep(login: &Connection, begins: bool) {
    let interface = "org.freedesktop.login1.Manager";
    login
        .emit_signal(None::<&str>, "/org/freedesktop/login1", interface, "PrepareForSleep", &(begins,))
        .unwrap();
}

fn lock(login: &Connection, session: &str) {
    let interface = "org.freedesktop.login1.Session";
    login.emit_signal(None::<&str>, session, interface, "Lock", &()).unwrap();
}

fn screen(saver: &Connection, interface: &str, locked: bool) {
    let path = "/org/freedesktop/ScreenSaver";
    saver.emit_signal(None::<&str>, path, interface, "ActiveChanged", &(locked,)).unwrap();
}

/// Returns when the bus has handled everything that was sent before.
fn handled(sender: &Connection) {
    let (name, path) = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
    sender.call_method(Some(name), path, Some(name), "GetId", &()).unwrap();
}

#[test]
fn sleep_and_the_lock_of_this_session_count_and_nothing_else_of_the_system() {
    let bus = Bus::start();
    let login = named(&bus, LOGIN);
    let locks = Locks::of_system(&on(&bus)).unwrap();
    let stranger = on(&bus);
    sleep(&stranger, true);
    handled(&stranger);
    sleep(&login, false);
    lock(&login, ELSEWHERE);
    lock(&login, HERE);
    sleep(&login, true);
    let heard: Vec<_> = locks.take(2).collect();
    assert_eq!(heard, ["org.freedesktop.login1.Session", "org.freedesktop.login1.Manager"]);
}

#[test]
fn the_lock_of_the_screen_counts_under_either_name() {
    let names = ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"];
    let bus = Bus::start();
    let savers = names.map(|name| named(&bus, name));
    let locks = Locks::of_session(&on(&bus)).unwrap();
    for (at, locked) in [(0, false), (1, true), (1, false), (0, true)] {
        screen(&savers[at], names[at], locked);
        handled(&savers[at]);
    }
    let heard: Vec<_> = locks.take(2).collect();
    assert_eq!(heard, [names[1], names[0]]);
}

#[test]
fn the_desk_is_locked_with_the_computer() {
    let clinic = TestClinic::new();
    clinic.sign_in("ada").unwrap();
    let bus = Bus::start();
    let login = named(&bus, LOGIN);
    let mut locks = Locks::of_system(&on(&bus)).unwrap();
    sleep(&login, true);
    assert!(computer_lock::lock(&clinic.app, locks.next().unwrap()), "windows are told");
    assert!(matches!(clinic.app.session_state(), Ok(SessionState::Locked { .. })));
}

#[test]
fn a_desk_that_nobody_sits_at_stays_as_it_is() {
    let clinic = TestClinic::new();
    computer_lock::lock(&clinic.app, "sleep");
    assert!(matches!(clinic.app.session_state(), Ok(SessionState::SignedOut { .. })));
}
