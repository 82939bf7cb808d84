//! One desk: a display, a driver, the application with a folder of its own, and the hands of a person.

use std::cell::Cell;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clinic_testkit::forms;
use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::keys::chord;
use super::process::{Driver, Screen, program};
use crate::repository::root;

/// How long anything may take to be shown. Far more than it takes; a loaded computer must not make a test red.
const PATIENCE: Duration = Duration::from_secs(30);

/// Folder of the store, beside the folder that stands for the person's home.
const DATA: &str = "data";

/// Where numbered pictures go, when somebody wants them.
const PICTURES: &str = "CLINIC_DESK_PICTURES";

/// Accessible names in the page, close enough for tests: what is seen, or what is only said.
const FIND: &str = r#"
    const shown = (it) => it.checkVisibility({ visibilityProperty: true });
    const clean = (text) => (text ?? "").replace(/\s+/g, " ").trim();
    const nameOf = (it) => clean(it.getAttribute("aria-label") || it.innerText || it.value || it.title);
    const control = (name) => [...document.querySelectorAll("button, a[href], summary, [role=button], [role=option], [role=tab], [role=menuitem], [role=row]")]
        .find((it) => shown(it) && nameOf(it).startsWith(name));
    const field = (name) => {
        const label = [...document.querySelectorAll("label")].find((it) => shown(it) && clean(it.innerText).startsWith(name));
        return label?.control ?? [...document.querySelectorAll("input, select, textarea, [role=combobox], [role=radio]")]
            .find((it) => shown(it) && clean(it.getAttribute("aria-label")).startsWith(name));
    };
"#;

/// A person at a desk.
pub struct Desk {
    pub client: Client,
    pressed: Cell<usize>,
    screen: Screen,
    _driver: Driver,
    folder: TempDir,
}

/// Runs a test at a desk of its own whose store was made by `prepare`.
pub fn at_a_desk<F: Future<Output = ()>>(prepare: impl FnOnce(&Path), test: impl FnOnce(Desk) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join(DATA);
    std::fs::create_dir(&data).unwrap();
    prepare(&data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let desk = Desk::open(folder).await;
        test(desk).await;
    });
}

impl Desk {
    /// Opens the application on a folder.
    pub async fn open(folder: TempDir) -> Self {
        let screen = Screen::start();
        let path = |name: &str| {
            let path = folder.path().join(name);
            if !path.exists() {
                std::fs::create_dir_all(&path).unwrap();
            }
            path.to_string_lossy().into_owned()
        };
        let (data, home) = (path(DATA), path("home"));
        let driver = Driver::start(&[
            ("DISPLAY", &screen.name),
            ("WAYLAND_DISPLAY", ""),
            ("GDK_BACKEND", "x11"),
            ("TAURI_WEBVIEW_AUTOMATION", "true"),
            ("CLINIC_DESK_DATA", &data),
            ("CLINIC_DESK_NOW", super::prepared::NOW),
            ("HOME", &home),
            ("XDG_RUNTIME_DIR", &home),
            // No session bus: no keystore of the person who runs the tests, no other program of the same name.
            ("DBUS_SESSION_BUS_ADDRESS", "disabled:"),
            ("NO_AT_BRIDGE", "1"),
            ("TZ", "UTC"),
            ("LC_ALL", "C.UTF-8"),
        ]);
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": program(), "args": [] } });
        let mut connection = ClientBuilder::rustls().unwrap();
        let connection = connection.capabilities(wanted.as_object().unwrap().clone()).connect(&driver.url);
        let client = tokio::time::timeout(PATIENCE, connection)
            .await
            .expect("the application does not start")
            .unwrap();
        let desk = Self { client, pressed: Cell::new(0), screen, _driver: driver, folder };
        desk.until(
            "the page",
            "return document.readyState === 'complete' && document.querySelector('h1, main') !== null",
        )
        .await;
        desk
    }

    /// The folder of the store.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join(DATA)
    }

    /// What a script returns.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("{FIND}\n{script}");
        self.client.execute(&script, arguments).await.unwrap_or_else(|error| panic!("{error}\nin: {script}"))
    }

    /// Waits until a script returns something, and hands it over.
    pub async fn until(&self, what: &str, script: &str) -> Value {
        self.until_with(what, script, Vec::new()).await
    }

    /// The same with arguments for the script.
    pub async fn until_with(&self, what: &str, script: &str, arguments: Vec<Value>) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.js(script, arguments.clone()).await;
            if !matches!(answer, Value::Null | Value::Bool(false)) && answer != json!("") {
                return answer;
            }
            if Instant::now() > deadline {
                self.give_up(what).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the page shows these words.
    pub async fn until_shown(&self, words: &str) {
        let script = "return clean(document.body.innerText).includes(arguments[0])";
        self.until_with(&format!("“{words}”"), script, vec![json!(words)]).await;
    }

    /// Presses one key, or one chord; it counts as one.
    pub async fn press(&self, spelled: &str) {
        self.pressed.set(self.pressed.get() + 1);
        self.client.perform_actions(chord(spelled)).await.unwrap();
    }

    /// Types letter by letter; each counts.
    pub async fn type_text(&self, text: &str) {
        for letter in text.chars() {
            let name = if letter == ' ' { "Space".to_owned() } else { letter.to_string() };
            self.press(&name).await;
        }
    }

    /// Keys pressed since the last time this was asked.
    pub fn count_keys(&self) -> usize {
        self.pressed.take()
    }

    /// Puts text into the field with this label, as if it had been typed.
    pub async fn fill(&self, label: &str, text: &str) {
        let script = "const it = field(arguments[0]); if (!it) return false; it.focus(); it.select?.(); return document.activeElement === it";
        self.until_with(&format!("the field “{label}”"), script, vec![json!(label)]).await;
        let field = self.client.active_element().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Clicks what has this name, once it can be clicked.
    pub async fn click(&self, name: &str) {
        let script = "const it = control(arguments[0]) ?? field(arguments[0]); if (!it || it.disabled || it.ariaDisabled === 'true') return false; it.click(); return true";
        self.until_with(&format!("“{name}” to click"), script, vec![json!(name)]).await;
    }

    /// Signs in and waits for the schedule.
    pub async fn sign_in(&self, login: &str) {
        self.until_shown("Sign in on this computer").await;
        self.fill("Account id", login).await;
        self.fill("Password", forms::PASSWORD).await;
        self.press("Enter").await;
        self.until("the schedule", "return !!document.querySelector('[data-column]')").await;
        self.count_keys();
    }

    /// Goes to a screen by its address and waits for its first data.
    pub async fn go(&self, screen: &str) {
        let script = "delete document.documentElement.dataset.screen; location.hash = arguments[0]";
        self.js(script, vec![json!(format!("#/{screen}"))]).await;
        // The schedule shows all of itself at once.
        let script = "return document.documentElement.dataset.screen === arguments[0] \
            || arguments[0] === 'schedule' && !!document.querySelector('[data-column]')";
        self.until_with(&format!("the screen {screen}"), script, vec![json!(screen)]).await;
        self.settle().await;
    }

    /// Leaves a numbered picture where pictures are wanted.
    pub async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os(PICTURES) {
            self.settle().await;
            // What the page has painted reaches the screen a little later, and nothing tells when.
            tokio::time::sleep(Duration::from_millis(150)).await;
            std::fs::create_dir_all(&folder).unwrap();
            self.screen.picture(&Path::new(&folder).join(format!("{name}.png")));
        }
    }

    /// Looks at what is shown: a picture where pictures are wanted, and what axe says.
    pub async fn look(&self, name: &str) {
        self.picture(name).await;
        let violations = self.violations().await;
        assert!(violations.is_empty(), "{name}\n{}", violations.join("\n"));
    }

    /// Waits until what was changed is painted and nothing moves any more.
    pub async fn settle(&self) {
        let script = "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => \
             Promise.allSettled(document.getAnimations().filter((it) => it.effect.getComputedTiming().endTime < 5000).map((it) => it.finished)).then(() => done(true))))";
        self.client.execute_async(script, Vec::new()).await.unwrap();
    }

    async fn give_up(&self, what: &str) -> ! {
        let folder = root().join("artifacts");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("failed-{}.png", std::process::id()));
        self.screen.picture(&file);
        let text = self.js("return document.body.innerText + '\\n' + location.hash", Vec::new()).await;
        panic!(
            "{what} did not come within {PATIENCE:?}; picture: {}\n{}",
            file.display(),
            text.as_str().unwrap_or_default()
        );
    }
}
