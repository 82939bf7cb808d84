//! Locks the desk when the computer is locked or goes to sleep (S8): logind says so on the bus of the system, the
//! screen's lock on that of the session. Sleep waits for the desk, so that nobody who wakes the computer sees the page
//! from before. A computer that has no such bus locks the desk by idling alone.

use std::sync::Arc;
use std::time::Duration;

use clinic_app::{App, AppError};
use tauri::{AppHandle, Runtime};
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::zvariant::{OwnedFd, OwnedObjectPath};
use zbus::{MatchRule, Message, message};

use crate::live;

/// How long after the windows it begins: nothing here stands in the way of the first one.
const PAUSE: Duration = Duration::from_secs(2);

/// Who says so, and with which signal: `org.freedesktop.login1(5)`, and the two names of the screen's lock, of which
/// desktops offer one or both.
const LOGIN: &str = "org.freedesktop.login1";
const LOGIN_PATH: &str = "/org/freedesktop/login1";
const LOGIN_MANAGER: &str = "org.freedesktop.login1.Manager";
const LOGIN_SESSION: &str = "org.freedesktop.login1.Session";
const SLEEP: &str = "PrepareForSleep";
const LOCK: &str = "Lock";
const SCREENS: [&str; 2] = ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"];
const SCREEN: &str = "ActiveChanged";

/// Listens on both buses, on a thread for each, for as long as the application lives.
pub fn start<R: Runtime>(app: &Arc<App>, handle: &AppHandle<R>) {
    follow("system", app, handle, || Locks::of_system(&Connection::system()?));
    follow("session", app, handle, || Locks::of_session(&Connection::session()?));
}

fn follow<R: Runtime>(
    bus: &'static str,
    app: &Arc<App>,
    handle: &AppHandle<R>,
    listen: impl FnOnce() -> zbus::Result<Locks> + Send + 'static,
) {
    let (app, handle) = (Arc::downgrade(app), handle.clone());
    std::thread::spawn(move || {
        std::thread::sleep(PAUSE);
        let mut locks = match listen() {
            Ok(locks) => locks,
            Err(error) => {
                return tracing::info!(bus, %error, "nothing is heard of this computer's lock here");
            }
        };
        while let (Some(Locked { reason, delay }), Some(app)) = (locks.next(), app.upgrade()) {
            if lock(&app, reason) {
                live::session(&app, &handle);
            }
            // What the windows were told just now goes to their pages on the main thread, and this after it.
            if let Err(error) = handle.run_on_main_thread(move || drop(delay)) {
                tracing::warn!(%error, "sleep did not wait for the windows");
            }
        }
    });
}

/// Locks the desk with the computer. Answers whether there is a desk that the windows can be told of.
pub fn lock(app: &App, reason: &str) -> bool {
    match app.lock() {
        Ok(_) => {
            tracing::info!(reason, "the desk is locked with the computer");
            true
        }
        // There is no open store yet, or no clinic in it, and so nobody to lock out.
        Err(AppError::WrongState) => false,
        Err(error) => {
            tracing::error!(%error, reason, "the desk is locked with the computer, but this could not be written down");
            true
        }
    }
}

/// The computer is locked, or goes to sleep.
pub struct Locked {
    /// The interface that said so.
    pub reason: &'static str,
    /// What sleep waits for: the computer sleeps when this is dropped, or after the time that logind grants, five
    /// seconds unless it was set otherwise.
    pub delay: Option<Delay>,
}

/// A delay lock of logind, held as long as this lives (`org.freedesktop.login1(5)`, inhibitor locks).
pub struct Delay {
    _lock: OwnedFd,
}

impl Delay {
    /// Takes one; `None` where logind gives none, and sleep then waits for nobody.
    fn take(bus: &Connection) -> Option<Self> {
        let request = ("sleep", "Clinic Desk", "The desk is locked first", "delay");
        let call = bus.call_method(Some(LOGIN), LOGIN_PATH, Some(LOGIN_MANAGER), "Inhibit", &request);
        match call.and_then(|answer| answer.body().deserialize::<OwnedFd>()) {
            Ok(lock) => Some(Self { _lock: lock }),
            Err(error) => {
                tracing::info!(%error, "the computer will not wait with its sleep for the desk");
                None
            }
        }
    }
}

/// The times that a bus says the computer is locked or goes to sleep.
pub struct Locks {
    messages: MessageIterator,
    /// The bus of logind, which sleep is held back on.
    login: Option<Connection>,
    /// For the next sleep.
    delay: Option<Delay>,
    /// The person's session at this computer; unknown, any session's lock counts.
    session: Option<OwnedObjectPath>,
}

impl Locks {
    /// Listens to logind, and holds sleep back from here on.
    ///
    /// # Errors
    /// The bus refuses.
    pub fn of_system(bus: &Connection) -> zbus::Result<Self> {
        let rules = [(LOGIN, LOGIN_MANAGER, SLEEP), (LOGIN, LOGIN_SESSION, LOCK)];
        let (messages, delay) = (hear(bus, &rules)?, Delay::take(bus));
        Ok(Self { messages, login: Some(bus.clone()), delay, session: own_session(bus) })
    }

    /// Listens to the lock of the screen.
    ///
    /// # Errors
    /// The bus refuses.
    pub fn of_session(bus: &Connection) -> zbus::Result<Self> {
        let messages = hear(bus, &SCREENS.map(|name| (name, name, SCREEN)))?;
        Ok(Self { messages, login: None, delay: None, session: None })
    }

    /// What this message says of the computer, if it says that it is locked or goes to sleep. Awake again, it waits with
    /// its next sleep, too.
    fn read(&mut self, message: &Message) -> Option<Locked> {
        let header = message.header();
        let begins = || message.body().deserialize::<bool>().unwrap_or(false);
        let locked = |reason| Locked { reason, delay: None };
        match (header.interface()?.as_str(), header.member()?.as_str()) {
            (LOGIN_MANAGER, SLEEP) if begins() => {
                Some(Locked { reason: LOGIN_MANAGER, delay: self.delay.take() })
            }
            (LOGIN_MANAGER, SLEEP) => {
                self.delay = self.login.as_ref().and_then(Delay::take);
                None
            }
            (LOGIN_SESSION, LOCK) => {
                let own = self.session.as_ref().is_none_or(|own| header.path() == Some(&**own));
                own.then(|| locked(LOGIN_SESSION))
            }
            (name, SCREEN) => SCREENS.into_iter().find(|screen| *screen == name && begins()).map(locked),
            _ => None,
        }
    }
}

impl Iterator for Locks {
    type Item = Locked;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.messages.next()? {
                Ok(message) => {
                    if let Some(locked) = self.read(&message) {
                        return Some(locked);
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a bus of this computer is heard no more");
                    return None;
                }
            }
        }
    }
}

/// Asks the bus for these signals, each of a sender, an interface and a name. They queue from here on.
fn hear(bus: &Connection, signals: &[(&str, &str, &str)]) -> zbus::Result<MessageIterator> {
    let messages = MessageIterator::from(bus);
    let daemon = DBusProxy::new(bus)?;
    for &(sender, interface, member) in signals {
        let rule = MatchRule::builder().msg_type(message::Type::Signal);
        let rule = rule.sender(sender)?.interface(interface)?.member(member)?;
        daemon.add_match_rule(rule.build())?;
    }
    Ok(messages)
}

/// The session that this program runs in, as logind calls it. A program that a service of the person started is in none.
fn own_session(bus: &Connection) -> Option<OwnedObjectPath> {
    let process = (std::process::id(),);
    let call = bus.call_method(Some(LOGIN), LOGIN_PATH, Some(LOGIN_MANAGER), "GetSessionByPID", &process);
    call.and_then(|answer| answer.body().deserialize::<OwnedObjectPath>()).ok()
}
