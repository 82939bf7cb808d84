//! One desk: a display, a driver, the application with a folder of its own, and the hands of a person.

use std::cell::Cell;
use std::fs::File;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clinic_testkit::forms;
use fantoccini::actions::{InputSource, WheelAction, WheelActions};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use super::keys::chord;
use super::process::{Driver, Screen, program};
use crate::repository::root;

/// How long anything may take to be shown. Far more than it takes; a loaded computer must not make a test red.
const PATIENCE: Duration = Duration::from_secs(30);

/// Folder of the store, beside the folder that stands for the person's home.
const DATA: &str = "data";

/// What the application and its web view said on their standard error.
const SAID: &str = "said";

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

/// Patients of the clinic who have no appointment on a date, by the four letters that find them first.
const ABSENT: &str = r"
    const [date, done] = arguments;
    const { invoke } = window.__TAURI_INTERNALS__;
    const search = (query, limit) => invoke('search_patients', { request: { query, limit } });
    const typed = (name) => name.replace(/[^A-Za-z]/g, '').slice(0, 4).toLowerCase();
    (async () => {
        const view = await invoke('view_schedule', { request: { from: date, days: 1, doctor_ids: [] } });
        const there = new Set(view.appointments.map((row) => row.patient_id));
        const names = [];
        for (const letter of 'abcdfghkmnops') {
            for (const hit of await search(letter, 20)) {
                const first = (await search(typed(hit.name), 1))[0];
                if (first?.id !== hit.id || there.has(hit.id)) continue;
                names.push(typed(hit.name));
                break;
            }
        }
        return names;
    })().then(done, (error) => done(JSON.stringify(error)));
";

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

/// A person at a desk.
pub struct Desk {
    pub client: Client,
    pressed: Cell<usize>,
    album: Cell<&'static str>,
    pictures: Cell<usize>,
    theme: Theme,
    screen: Screen,
    _driver: Driver,
    folder: PathBuf,
}

/// Runs a test at a desk of its own whose store was made by `prepare`.
pub fn at_a_desk<F: Future<Output = ()>>(prepare: impl FnOnce(&Path), test: impl FnOnce(Desk) -> F) {
    at_a_desk_in(Theme::Light, prepare, test);
}

/// The same on a computer that looks like this. No page may have complained of anything when the test is over: of no
/// fault of a script, and of nothing that the content policy refused.
pub fn at_a_desk_in<F: Future<Output = ()>>(
    theme: Theme,
    prepare: impl FnOnce(&Path),
    test: impl FnOnce(Desk) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join(DATA);
    std::fs::create_dir(&data).unwrap();
    prepare(&data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let desk = Desk::open(folder.path(), theme).await;
        test(desk).await;
    });
    let complaints = complaints(folder.path());
    assert!(
        complaints.is_empty(),
        "the page complained {} times\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

/// What is no fault: sizes that changed while sizes were told are told with the next frame (Resize Observer, 3.4.3).
const HARMLESS: &str = "ResizeObserver loop completed";

/// Errors on the console of any page, since it was opened: WebKit writes them as `… CONSOLE <source> ERROR <words>`.
fn complaints(folder: &Path) -> Vec<String> {
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

impl Desk {
    /// Opens the application on a folder.
    async fn open(folder: &Path, theme: Theme) -> Self {
        let screen = Screen::start();
        let path = |name: &str| {
            let path = folder.join(name);
            if !path.exists() {
                std::fs::create_dir_all(&path).unwrap();
            }
            path.to_string_lossy().into_owned()
        };
        let (data, home) = (path(DATA), path("home"));
        let environment = [
            ("DISPLAY", screen.name.as_str()),
            ("WAYLAND_DISPLAY", ""),
            ("GDK_BACKEND", "x11"),
            ("GTK_THEME", theme.of_the_system()),
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
        ];
        let driver = Driver::start(&environment, File::create(folder.join(SAID)).unwrap().into());
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": program(), "args": [] } });
        let mut connection = ClientBuilder::rustls().unwrap();
        let connection = connection.capabilities(wanted.as_object().unwrap().clone()).connect(&driver.url);
        let client = tokio::time::timeout(PATIENCE, connection)
            .await
            .expect("the application does not start")
            .unwrap();
        let (pressed, album, pictures) = (Cell::default(), Cell::new("other"), Cell::default());
        let folder = folder.to_owned();
        let desk = Self { client, pressed, album, pictures, theme, screen, _driver: driver, folder };
        desk.until(
            "the page",
            "return document.readyState === 'complete' && !!document.querySelector('h1, main')",
        )
        .await;
        desk
    }

    /// The folder of the store.
    pub fn data(&self) -> PathBuf {
        self.folder.join(DATA)
    }

    /// The program and what it started, as folders of `/proc`: what has the folder of this store in its environment, but
    /// for the driver.
    pub fn processes(&self) -> Vec<PathBuf> {
        let folder = self.data();
        let ours = |process: &PathBuf| {
            let name = std::fs::read_to_string(process.join("comm")).unwrap_or_default();
            let environment = std::fs::read(process.join("environ")).unwrap_or_default();
            !name.starts_with("WebKitWebDriver")
                && String::from_utf8_lossy(&environment).contains(&*folder.to_string_lossy())
        };
        let all = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        all.map(|entry| entry.path()).filter(ours).collect()
    }

    /// What pages complained of on their consoles since the desk was opened.
    pub fn complaints(&self) -> Vec<String> {
        complaints(&self.folder)
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

    /// Turns the wheel of the mouse over a place of the page, downwards by so many pixels.
    pub async fn turn_wheel(&self, x: i64, y: i64, down: i64) {
        let turn = WheelAction::Scroll { x, y, delta_x: 0, delta_y: down, duration: None };
        let wheel = WheelActions::new("wheel".to_owned()).then(turn);
        self.client.perform_actions(wheel).await.unwrap();
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

    /// Letters that find patients who have no appointment on a date: nobody who is with a doctor can be booked as well.
    pub async fn absent(&self, date: &str) -> Vec<String> {
        let names = self.client.execute_async(ABSENT, vec![json!(date)]).await.unwrap();
        serde_json::from_value(names.clone()).unwrap_or_else(|_| panic!("{names}"))
    }

    /// Clicks with the pointer into the first thing that a selector finds.
    pub async fn point_at(&self, selector: &str) {
        self.until_with(selector, "return !!document.querySelector(arguments[0])", vec![json!(selector)])
            .await;
        let thing = self.client.find(Locator::Css(selector)).await.unwrap();
        thing.click().await.unwrap();
    }

    /// Signs in and waits for the schedule.
    pub async fn sign_in(&self, login: &str) {
        self.until_shown("Sign in on this computer").await;
        self.fill("Account id", login).await;
        self.fill("Password", forms::PASSWORD).await;
        self.press("Enter").await;
        self.until("the schedule", "return !!document.querySelector('.sched')").await;
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

    /// Begins a series of pictures, which are numbered from one in a folder of this name.
    pub fn begin_album(&self, name: &'static str) {
        self.album.set(name);
        self.pictures.set(0);
    }

    /// Looks at what is shown: the next picture of the series where pictures are wanted, and what axe says.
    pub async fn look(&self, name: &str) {
        let number = self.pictures.get() + 1;
        self.pictures.set(number);
        self.picture(&format!("{}/{}/{number:02}-{name}", self.album.get(), self.theme.name())).await;
        let violations = self.violations().await;
        assert!(violations.is_empty(), "{name}\n{}", violations.join("\n"));
    }

    /// Leaves a picture of this name where pictures are wanted.
    pub async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os(PICTURES) {
            self.settle().await;
            // What the page has painted reaches the screen a little later, and nothing tells when.
            tokio::time::sleep(Duration::from_millis(150)).await;
            let file = Path::new(&folder).join(format!("{name}.png"));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            self.screen.picture(&file);
        }
    }

    /// Waits until what was changed is painted and nothing moves any more.
    pub async fn settle(&self) {
        let script = "const done = arguments[arguments.length - 1]; \
            const painted = () => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))); \
            const moving = () => document.getAnimations().filter((it) => it.effect.getComputedTiming().endTime < 5000); \
            painted().then(() => Promise.allSettled(moving().map((it) => it.finished))).then(painted).then(() => done(true))";
        self.client.execute_async(script, Vec::new()).await.unwrap();
    }

    async fn give_up(&self, what: &str) -> ! {
        let folder = root().join("artifacts");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("failed-{}-{}.png", std::process::id(), &self.screen.name[1..]));
        self.screen.picture(&file);
        let text = self.js("return document.body.innerText + '\\n' + location.hash", Vec::new()).await;
        panic!(
            "{what} did not come within {PATIENCE:?}; picture: {}\n{}\n{}",
            file.display(),
            text.as_str().unwrap_or_default(),
            self.complaints().join("\n")
        );
    }
}
