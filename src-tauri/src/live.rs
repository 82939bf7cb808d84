//! What windows are told without asking: that records changed, and that the session of the desk did.

use std::mem::discriminant;
use std::sync::{Arc, Weak};
use std::time::Duration;

use clinic_app::App;
use clinic_app::identity::view::SessionState;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;

use crate::alerts::{self, Alerts};
use crate::contract::{Changed, Noticed, SessionChanged};
use crate::windows;

/// How often idling and notices are looked at.
const TICK: Duration = Duration::from_secs(15);

/// Broadcasts every committed change to every window (AP-8).
pub fn changes<R: Runtime>(app: &App, windows: &AppHandle<R>) {
    let windows = windows.clone();
    app.on_change(move |changes| {
        if let Err(error) = Changed(changes.clone()).emit(&windows) {
            tracing::error!(%error, "a change could not be told to the windows");
        }
    });
}

/// Tells every window that the session of this desk is another one, and puts the clinic's name into the titles.
pub fn session<R: Runtime>(app: &App, handle: &AppHandle<R>) {
    if let Err(error) = SessionChanged.emit(handle) {
        tracing::error!(%error, "a change of the session could not be told to the windows");
    }
    if let Ok(state) = app.session_state() {
        windows::name_clinic(handle, clinic_of(&state));
    }
}

/// Looks every 15 seconds whether the desk was locked, or the session ended, without a command: by idling, or because an
/// administrator deactivated the account; and whether there is something new to tell whoever is here.
pub fn watch<R: Runtime>(app: &Arc<App>, handle: AppHandle<R>) {
    let app: Weak<App> = Arc::downgrade(app);
    std::thread::spawn(move || {
        let mut before = None;
        let mut alerts = Alerts::new(Box::new(alerts::on_the_desktop));
        loop {
            std::thread::sleep(TICK);
            let Some(app) = app.upgrade() else { return };
            // Before the store is open there is nothing to watch.
            let now = app.session_state().ok().map(|state| discriminant(&state));
            if before.is_some() && now.is_some() && now != before {
                session(&app, &handle);
            }
            before = now;
            if alerts.look(&app, windows::in_front(&handle))
                && let Err(error) = Noticed.emit(&handle)
            {
                tracing::error!(%error, "a notice could not be told to the windows");
            }
        }
    });
}

fn clinic_of(state: &SessionState) -> &str {
    match state {
        SessionState::SignedOut { clinic, .. }
        | SessionState::SecondStep { clinic, .. }
        | SessionState::NewPassword { clinic, .. }
        | SessionState::Enrolling { clinic, .. }
        | SessionState::Locked { clinic, .. } => clinic,
        SessionState::SignedIn { clinic, .. } => &clinic.profile.name,
    }
}
