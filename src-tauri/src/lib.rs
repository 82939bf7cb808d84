//! The desktop shell: the only crate that knows Tauri. It holds windows and the way from a command to a use case; no
//! rule, no SQL and no words live here.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clinic_app::identity::hashing::Cost;
use clinic_app::identity::keystore::OsKeystore;
use clinic_app::{Answer, App, AppError, Parts};
use tauri::utils::config::AppDirectoriesOverride;
use tauri::{AppHandle, Context, Manager, Runtime, Wry};
use tauri_plugin_window_state::StateFlags;

pub mod alerts;
pub mod commands;
pub mod computer;
#[cfg(target_os = "linux")]
pub mod computer_lock;
pub mod contract;
#[cfg(target_os = "linux")]
pub mod drawing;
pub mod first;
pub mod jobs;
pub mod live;
pub mod logs;
pub mod request;
pub mod state;
pub mod verify;
pub mod windows;

#[cfg(test)]
mod ipc_tests;

use first::First;
use state::Shell;

/// The folder of the store, when it shall be another one than the system's for this program.
pub const FOLDER_VARIABLE: &str = "CLINIC_DESK_DATA";

/// There is nowhere to open a window.
const NO_DISPLAY: u8 = 2;

/// Opens the desk and stays until its last window is closed.
pub fn run(mut context: Context<Wry>) -> ExitCode {
    if let Some(code) = verify::asked(std::env::args_os()) {
        return code;
    }
    #[cfg(target_os = "linux")]
    drawing::choose();
    if let Err(reason) = display() {
        return complain(&reason, NO_DISPLAY);
    }
    leave_no_core();
    let folder = std::env::var_os(FOLDER_VARIABLE).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let instance = instance_of(&context.config().identifier, folder.as_deref());
    if let Some(folder) = folder {
        // An absolute path, since Tauri takes a relative one from the program's place.
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        context.config_mut().app.app_directories_override = Some(AppDirectoriesOverride::Root(folder));
    }
    let contract = contract::contract::<Wry>();
    let built = tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, _, _| windows::raise_any(app))
                .dbus_id(instance)
                .build(),
        )
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::all() - StateFlags::VISIBLE - StateFlags::DECORATIONS)
                .build(),
        )
        .invoke_handler(contract.invoke_handler())
        .setup(move |app| {
            contract.mount_events(app);
            if let Err(error) = set_up(app.handle()) {
                // Tauri would panic here, which tells nobody anything.
                complain(&format!("Clinic Desk cannot start: {error}"), 1);
                std::process::exit(1);
            }
            Ok(())
        })
        .build(context);
    match built {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(|_, _| {})).unwrap_or(1)),
        Err(error) => complain(&format!("Clinic Desk cannot start: {error}"), 1),
    }
}

fn set_up<R: Runtime>(handle: &AppHandle<R>) -> tauri::Result<()> {
    let folder = handle.path().app_data_dir()?;
    if let Some(guard) = logs::start(&folder) {
        handle.manage(guard);
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    draw_text_lightly();
    let app = Arc::new(App::new(Parts {
        folder,
        device: computer::name(),
        clock: Box::new(computer::Clocks::new()),
        random: Box::new(computer::OsRandom),
        keystore: Box::new(OsKeystore),
        hashing: Cost::STANDARD,
    }));
    let first = Arc::new(First::begin(&app));
    live::changes(&app, handle);
    live::watch(&app, handle.clone());
    jobs::start(&app, jobs::TICK);
    #[cfg(target_os = "linux")]
    computer_lock::start(&app, handle);
    handle.manage(Shell { app, first, windows: Box::new(Desk(handle.clone())) });
    windows::open(handle, windows::MAIN)
}

/// The windows of the running program.
struct Desk<R: Runtime>(AppHandle<R>);

impl<R: Runtime> state::Windows for Desk<R> {
    fn session_changed(&self, app: &App) {
        live::session(app, &self.0);
    }

    fn export_folder(&self) -> Answer<PathBuf> {
        let paths = self.0.path();
        let found = paths.download_dir().or_else(|_| paths.document_dir()).or_else(|_| paths.home_dir());
        found.map_err(|fault| AppError::internal(&fault))
    }

    fn open_second(&self) -> Answer<()> {
        windows::open(&self.0, windows::SECOND).map_err(|fault| AppError::internal(&fault))
    }
}

/// A program that dies leaves no picture of its memory on the disk (K6), and neither does its web view. It stays one that
/// a debugger may look at: portals of the desktop refuse to serve any other.
#[cfg(target_os = "linux")]
fn leave_no_core() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if setrlimit(Resource::Core, none).is_err() {
        tracing::warn!("the system keeps its limit of core files");
    }
}

#[cfg(not(target_os = "linux"))]
const fn leave_no_core() {}

/// One program for each folder: two folders are two desks.
fn instance_of(identifier: &str, folder: Option<&std::path::Path>) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let Some(folder) = folder else { return identifier.to_owned() };
    let mut hasher = DefaultHasher::new();
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).hash(&mut hasher);
    format!("{identifier}.d{:016x}", hasher.finish())
}

/// Whether windows can be opened here; GTK would end the program with a stack trace otherwise.
#[cfg(target_os = "linux")]
fn display() -> Result<(), String> {
    gtk::init().map_err(|_| {
        "Clinic Desk needs a display: neither DISPLAY nor WAYLAND_DISPLAY leads to one.\n\
         On a computer without a screen, `make run` starts it under a virtual one."
            .to_owned()
    })
}

#[cfg(not(target_os = "linux"))]
fn display() -> Result<(), String> {
    Ok(())
}

/// GTK's own default rounds the widths of letters to whole pixels, which moves lines and hides weights of small text.
#[cfg(target_os = "linux")]
fn draw_text_lightly() {
    use gtk::prelude::GtkSettingsExt;
    if let Some(settings) = gtk::Settings::default() {
        settings.set_gtk_xft_hintstyle(Some("hintslight"));
    }
}

#[cfg(not(target_os = "linux"))]
fn draw_text_lightly() {}

#[expect(clippy::print_stderr, reason = "without a window the terminal is the only place left to say it")]
fn complain(reason: &str, code: u8) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_is_a_desk_of_its_own() {
        let [plain, one, same, two] = [None, Some("/tmp/a"), Some("/tmp/a"), Some("/tmp/b")]
            .map(|folder| instance_of("org.clinicdesk.desktop", folder.map(std::path::Path::new)));
        assert_eq!(plain, "org.clinicdesk.desktop");
        assert_eq!(one, same);
        assert_ne!(one, two);
    }
}
