//! The hands and eyes of a person at one desk.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clinic_testkit::forms;
use fantoccini::actions::{InputSource, WheelAction, WheelActions};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::keys::chord;
use super::opening::{Computer, DATA, Theme, complaints};
use super::process::{Driver, Screen};
use super::traces::Traces;
use crate::repository::root;

/// How long anything may take to be shown. Far more than it takes; a loaded computer must not make a test red.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

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

/// A person at a desk.
pub struct Desk {
    pub client: Client,
    pub(super) traces: Traces,
    pressed: Cell<usize>,
    album: Cell<&'static str>,
    pictures: Cell<usize>,
    theme: Theme,
    screen: Screen,
    _driver: Driver,
    folder: PathBuf,
}

impl Desk {
    /// Somebody before a window that this driver has opened on a folder.
    pub(super) fn new(
        client: Client,
        computer: Computer,
        screen: Screen,
        driver: Driver,
        folder: &Path,
    ) -> Self {
        Self {
            client,
            traces: Traces::listening_to_pages(computer.listen),
            pressed: Cell::default(),
            album: Cell::new("other"),
            pictures: Cell::default(),
            theme: computer.theme,
            screen,
            _driver: driver,
            folder: folder.to_owned(),
        }
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
        let script = format!("{}\n{FIND}\n{script}", self.traces.before_a_script());
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
        self.remember_if_secret(text).await;
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
        self.remember_if_secret(text).await;
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
