//! The computer is locked or goes to sleep, and the desk is locked with it, before it sleeps: real signals on a bus of its
//! own.

use std::io::{PipeReader, Read, pipe};
use std::sync::mpsc;

use clinic_app::identity::view::SessionState;
use clinic_desktop::computer_lock::{self, Locked, Locks};
use clinic_testkit::clinic::TestClinic;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};

use super::bus::Bus;

const LOGIN: &str = "org.freedesktop.login1";
const HERE: &str = "/org/freedesktop/login1/session/_32";
const ELSEWHERE: &str = "/org/freedesktop/login1/session/_33";

/// Stands for logind (`org.freedesktop.login1(5)`); says of each delay what was asked for, with the end of a pipe that is
/// at its end when the delay is given back.
struct Login(mpsc::Sender<([String; 4], PipeReader)>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Login {
    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        OwnedObjectPath::try_from(HERE).unwrap()
    }

    fn inhibit(&self, what: String, who: String, why: String, mode: String) -> OwnedFd {
        let (held, lock) = pipe().unwrap();
        self.0.send(([what, who, why, mode], held)).unwrap();
        std::os::fd::OwnedFd::from(lock).into()
    }
}

fn on(bus: &Bus) -> Connection {
    Builder::address(bus.address.as_str()).and_then(Builder::build).unwrap()
}

/// Stands for whoever has this name on the bus.
fn named(bus: &Bus, name: &str) -> Connection {
    let builder = Builder::address(bus.address.as_str()).and_then(|it| it.name(name.to_owned()));
    builder.and_then(Builder::build).unwrap()
}

/// Stands for logind, with the delays that it gives.
fn login(bus: &Bus) -> (Connection, mpsc::Receiver<([String; 4], PipeReader)>) {
    let (given, delays) = mpsc::channel();
    let builder = Builder::address(bus.address.as_str()).and_then(|it| it.name(LOGIN));
    let served = builder.and_then(|it| it.serve_at("/org/freedesktop/login1", Login(given)));
    (served.and_then(Builder::build).unwrap(), delays)
}

fn reasons(locks: impl Iterator<Item = Locked>) -> Vec<&'static str> {
    locks.map(|locked| locked.reason).collect()
}

/// Whether a delay is still held: nothing is ever written into its pipe.
fn is_held(delay: &PipeReader) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut polled = [PollFd::new(delay, PollFlags::IN)];
    poll(&mut polled, Some(&Timespec::default())).unwrap() == 0
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
    let (login, _delays) = login(&bus);
    let locks = Locks::of_system(&on(&bus)).unwrap();
    let stranger = on(&bus);
    sleep(&stranger, true);
    handled(&stranger);
    sleep(&login, false);
    lock(&login, ELSEWHERE);
    lock(&login, HERE);
    sleep(&login, true);
    assert_eq!(reasons(locks.take(2)), ["org.freedesktop.login1.Session", "org.freedesktop.login1.Manager"]);
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
    assert_eq!(reasons(locks.take(2)), [names[1], names[0]]);
}

#[test]
fn the_desk_is_locked_with_the_computer() {
    let clinic = TestClinic::new();
    clinic.sign_in("ada").unwrap();
    let bus = Bus::start();
    let (login, _delays) = login(&bus);
    let mut locks = Locks::of_system(&on(&bus)).unwrap();
    sleep(&login, true);
    assert!(computer_lock::lock(&clinic.app, locks.next().unwrap().reason), "windows are told");
    assert!(matches!(clinic.app.session_state(), Ok(SessionState::Locked { .. })));
}

#[test]
fn a_desk_that_nobody_sits_at_stays_as_it_is() {
    let clinic = TestClinic::new();
    computer_lock::lock(&clinic.app, "sleep");
    assert!(matches!(clinic.app.session_state(), Ok(SessionState::SignedOut { .. })));
}

#[test]
fn sleep_waits_until_the_desk_is_locked_each_time() {
    let clinic = TestClinic::new();
    let bus = Bus::start();
    let (login, delays) = login(&bus);
    let mut locks = Locks::of_system(&on(&bus)).unwrap();
    for night in 1..=2 {
        clinic.sign_in("ada").unwrap();
        sleep(&login, true);
        let (asked, mut delay) = delays.try_recv().unwrap();
        assert_eq!([&*asked[0], &*asked[3]], ["sleep", "delay"]);
        let locked = locks.next().unwrap();
        computer_lock::lock(&clinic.app, locked.reason);
        assert!(is_held(&delay), "night {night}: the windows are not told yet");
        drop(locked);
        assert_eq!(delay.read(&mut [0]).unwrap(), 0, "night {night}: given back");
        sleep(&login, false);
        lock(&login, HERE);
        let awake = locks.next().unwrap();
        assert!(awake.delay.is_none(), "a lock alone lets nothing sleep");
        clinic.app.sign_out().unwrap();
    }
    assert!(is_held(&delays.try_recv().unwrap().1), "for the next night");
}

#[test]
fn a_computer_that_grants_no_delay_locks_the_desk_all_the_same() {
    let bus = Bus::start();
    let mut locks = Locks::of_system(&on(&bus)).unwrap();
    // Here only now, and so not when it was asked.
    let login = named(&bus, LOGIN);
    sleep(&login, true);
    let locked = locks.next().unwrap();
    assert_eq!((locked.reason, locked.delay.is_none()), ("org.freedesktop.login1.Manager", true));
}
