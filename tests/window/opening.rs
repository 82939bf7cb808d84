//! A desk for one test: a display, a driver, the application with a folder of its own; and what is looked at when the test
//! is over, without being told.

use std::fs::File;
use std::future::Future;
use std::path::Path;
use std::rc::Rc;

use clinic_domain::time::Instant;
use fantoccini::ClientBuilder;
use serde_json::json;

use super::desk::{Desk, PATIENCE};
use super::prepared;
use super::process::{Driver, Screen, program};

/// Folder of the store, beside the folder that stands for the person's home.
pub(super) const DATA: &str = "data";

/// What the application and its web view said on their standard error.
pub(super) const SAID: &str = "said";

/// How the computer looks; the page follows it until a person chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// As the page calls it.
    pub fn name(self) -> &'static str {
        if self == Self::Light { "light" } else { "dark" }
    }

    fn of_the_system(self) -> &'static str {
        if self == Self::Light { "Adwaita" } else { "Adwaita:dark" }
    }
}

/// The computer on which a desk is opened.
#[derive(Debug, Clone, Copy)]
pub struct Computer {
    /// How it looks.
    pub theme: Theme,
    /// What its clock shows then.
    pub now: Instant,
    /// Whether the harness listens to what commands answer, and looks for secrets at the end.
    pub listen: bool,
}

impl Default for Computer {
    fn default() -> Self {
        Self { theme: Theme::Light, now: prepared::NOW.parse().unwrap(), listen: true }
    }
}

/// What was found when a test was over.
pub struct Found {
    /// Errors on the console of any page.
    pub complaints: Vec<String>,
    /// Secrets, and what looks like one, in a page, its stores, the answers of commands, a log or a file.
    pub secrets: Vec<String>,
}

/// Runs a test at a desk of its own whose store was made by `prepare`.
pub fn at_a_desk<F: Future<Output = ()>>(prepare: impl FnOnce(&Path), test: impl FnOnce(Rc<Desk>) -> F) {
    at_a_desk_on(Computer::default(), prepare, test);
}

/// The same on a computer that looks like this.
pub fn at_a_desk_in<F: Future<Output = ()>>(
    theme: Theme,
    prepare: impl FnOnce(&Path),
    test: impl FnOnce(Rc<Desk>) -> F,
) {
    at_a_desk_on(Computer { theme, ..Computer::default() }, prepare, test);
}

/// The same on this computer. No page may have complained of anything when the test is over: of no fault of a script, and
/// of nothing that the content policy refused. And no secret that was typed or shown may be left anywhere (S1).
pub fn at_a_desk_on<F: Future<Output = ()>>(
    computer: Computer,
    prepare: impl FnOnce(&Path),
    test: impl FnOnce(Rc<Desk>) -> F,
) {
    let Found { complaints, secrets } = visit(computer, prepare, test);
    let (all, secrets_found) = (complaints.join("\n"), secrets.join("\n"));
    assert!(complaints.is_empty(), "the page complained {} times\n{all}", complaints.len());
    assert!(secrets.is_empty(), "{} traces of secrets\n{secrets_found}", secrets.len());
}

/// Runs a test and says what was found afterwards.
pub fn visit<F: Future<Output = ()>>(
    computer: Computer,
    prepare: impl FnOnce(&Path),
    test: impl FnOnce(Rc<Desk>) -> F,
) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join(DATA);
    std::fs::create_dir(&data).unwrap();
    prepare(&data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut secrets, remembered) = runtime.block_on(async {
        let desk = Rc::new(open(folder.path(), computer).await);
        test(Rc::clone(&desk)).await;
        desk.traces_in_pages().await
    });
    // The program has ended: what it was going to write is written.
    secrets.extend(remembered.in_files(folder.path()));
    Found { complaints: complaints(folder.path()), secrets }
}

/// What is no fault: sizes that changed while sizes were told are told with the next frame (Resize Observer, 3.4.3).
const HARMLESS: &str = "ResizeObserver loop completed";

/// Errors on the console of any page, since it was opened: WebKit writes them as `… CONSOLE <source> ERROR <words>`.
pub(super) fn complaints(folder: &Path) -> Vec<String> {
    let said = std::fs::read(folder.join(SAID)).unwrap();
    let is_error = |line: &&str| {
        let level = line.split_once("CONSOLE ").map(|(_, rest)| rest.split(' ').take(2));
        level.is_some_and(|mut words| words.any(|word| word == "ERROR"))
    };
    String::from_utf8_lossy(&said)
        .lines()
        .filter(is_error)
        .filter(|line| !line.contains(HARMLESS))
        .map(ToOwned::to_owned)
        .collect()
}

/// Opens the application on a folder.
async fn open(folder: &Path, computer: Computer) -> Desk {
    let screen = Screen::start();
    let path = |name: &str| {
        let path = folder.join(name);
        if !path.exists() {
            std::fs::create_dir_all(&path).unwrap();
        }
        path.to_string_lossy().into_owned()
    };
    let (data, home, now) = (path(DATA), path("home"), computer.now.to_rfc3339());
    let environment = [
        ("DISPLAY", screen.name.as_str()),
        ("WAYLAND_DISPLAY", ""),
        ("GDK_BACKEND", "x11"),
        ("GTK_THEME", computer.theme.of_the_system()),
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
        ("CLINIC_DESK_DATA", &data),
        ("CLINIC_DESK_NOW", &now),
        ("HOME", &home),
        ("XDG_RUNTIME_DIR", &home),
        // No session bus: no keystore of the person who runs the tests, no other program of the same name.
        ("DBUS_SESSION_BUS_ADDRESS", "disabled:"),
        ("NO_AT_BRIDGE", "1"),
        ("TZ", "UTC"),
        ("LC_ALL", "C.UTF-8"),
    ];
    let driver = Driver::start(&environment, File::create(folder.join(SAID)).unwrap().into());
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": program(), "args": [] } });
    let mut connection = ClientBuilder::rustls().unwrap();
    let connection = connection.capabilities(wanted.as_object().unwrap().clone()).connect(&driver.url);
    let client =
        tokio::time::timeout(PATIENCE, connection).await.expect("the application does not start").unwrap();
    let desk = Desk::new(client, computer, screen, driver, folder);
    desk.until(
        "the page",
        "return document.readyState === 'complete' && !!document.querySelector('h1, main')",
    )
    .await;
    desk
}
