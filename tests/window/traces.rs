//! What a journey leaves behind (S1; ASVS 10.1.1, 14.2.1, 14.3.1, 14.3.3): the harness remembers each secret that was typed or
//! shown, keeps each answer of a command, and looks for both at the end in every place where a page, a log or a file can
//! keep something. By design a secret is in the one answer that shows it, and nowhere else.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use clinic_app::identity::demo;
use serde_json::{Value, json};

use super::desk::Desk;
use super::opening::SAID;
use crate::search::{files_of, forms_of, keys_in, shown_once};

/// Keeps what commands answer from the first script of the harness in a page on. The page waits for nothing of it.
const LISTEN: &str = r"
    if (!window.__answers) {
        const fetched = window.fetch;
        window.__answers = [];
        window.__reading = [];
        window.fetch = async (...asked) => {
            const answer = await fetched(...asked);
            const command = String(asked[0]?.url ?? asked[0]).split('/').at(-1);
            const keep = (text) => window.__answers.push([command, text]);
            window.__reading.push(answer.clone().text().then(keep, () => {}));
            return answer;
        };
    }
";

/// Takes the answers that were kept.
const TAKE: &str = r"
    const done = arguments[arguments.length - 1];
    Promise.all(window.__reading ?? []).then(() => {
        const kept = window.__answers ?? [];
        if (window.__answers) [window.__answers, window.__reading] = [[], []];
        done(kept);
    });
";

/// Whether the keyboard is where a secret is typed.
const IS_SECRET: &str = "const it = document.activeElement; return !!it?.matches?.('input[type=password], \
    [autocomplete=one-time-code], [autocomplete$=-password], [name=recovery_key]')";

/// Where a page can keep something, each with all of its text.
const PLACES: &str = r"
    const done = arguments[arguments.length - 1];
    const stored = (store) => JSON.stringify(Object.entries(store));
    const fields = [...document.querySelectorAll('input, textarea, select')].map((it) => it.value);
    const own = Object.keys(window).filter((name) => !/^webkit/.test(name) && typeof window[name] === 'string');
    indexedDB.databases().then((databases) => done({
        document: document.documentElement.outerHTML,
        fields: fields.join('\n'),
        local: stored(localStorage),
        session: stored(sessionStorage),
        cookies: document.cookie,
        databases: JSON.stringify(databases),
        history: JSON.stringify(history.state) + location.href + window.name,
        globals: own.map((name) => window[name]).join('\n'),
    }));
";

/// Shorter ones, such as a PIN or a code of six digits, are spelled by chance inside ids and in the bytes of a file: they
/// count as words of a page alone.
const LONG: usize = 8;

/// Passwords that are no secrets: a demo clinic shows its own on the screen.
const PUBLIC: [&str; 1] = [demo::PASSWORD];

/// Fields of answers that look like keys and are none: the chain of the audit log, which is there to be looked at.
const SHOWN: [&str; 2] = ["previous", "hash"];

/// What the harness remembers of one desk.
#[derive(Default)]
pub struct Traces {
    /// Whether pages are listened to; what measures them had better not.
    listen: bool,
    answers: RefCell<Vec<(String, String)>>,
    secrets: RefCell<BTreeSet<String>>,
}

/// Secrets that were typed or shown.
pub struct Secrets(BTreeSet<String>);

impl Traces {
    /// Nothing yet.
    pub(super) fn listening_to_pages(listen: bool) -> Self {
        Self { listen, ..Self::default() }
    }

    /// What a script of the harness begins with.
    pub(super) fn before_a_script(&self) -> &'static str {
        if self.listen { LISTEN } else { "" }
    }
}

impl Desk {
    /// Remembers text that is about to be typed, if it is typed where secrets are.
    pub(super) async fn remember_if_secret(&self, text: &str) {
        if self.traces.listen && self.js(IS_SECRET, Vec::new()).await == json!(true) {
            self.keep_in_mind(text);
        }
    }

    /// Remembers a secret.
    pub fn keep_in_mind(&self, secret: &str) {
        if !PUBLIC.contains(&secret) {
            self.traces.secrets.borrow_mut().insert(secret.to_owned());
        }
    }

    /// All that commands have answered so far, each with its command.
    pub async fn answers(&self) -> Vec<(String, String)> {
        let taken: Vec<(String, String)> =
            serde_json::from_value(self.client.execute_async(TAKE, Vec::new()).await.unwrap()).unwrap();
        self.traces.answers.borrow_mut().extend(taken);
        self.traces.answers.borrow().clone()
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.answers().await;
        self.client.refresh().await.unwrap();
    }

    /// Parts of the page and their text.
    async fn places(&self) -> Vec<(String, String)> {
        let answer = self.client.execute_async(PLACES, Vec::new()).await.unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        answer.as_object().unwrap().iter().map(|(place, value)| (place.clone(), text(value))).collect()
    }

    /// Where these texts are in this page and in the answers so far, or anything that is spelled as a key is.
    pub async fn found(&self, texts: &[&str]) -> Vec<String> {
        let (places, answers) = (self.places().await, self.answers_as_places().await);
        let shown = shown_keys(&answers);
        let mut found = look(&places, texts, &shown);
        found.extend(look(&answers, texts, &shown));
        found
    }

    async fn answers_as_places(&self) -> Vec<(String, String)> {
        self.answers().await.into_iter().map(|(command, text)| (answer_of(&command), text)).collect()
    }

    /// What is left in every window, and the secrets that were typed or shown there.
    pub(super) async fn traces_in_pages(&self) -> (Vec<String>, Secrets) {
        if !self.traces.listen {
            return (Vec::new(), Secrets(BTreeSet::new()));
        }
        let windows = self.client.windows().await.unwrap();
        let mut places = Vec::new();
        for window in windows {
            self.client.switch_to_window(window).await.unwrap();
            places.extend(self.places().await);
            self.answers().await;
        }
        let answers = self.answers_as_places().await;
        let mut by_design = Vec::new();
        for (place, text) in &answers {
            for secret in serde_json::from_str(text).map(|answer| shown_once(&answer)).unwrap_or_default() {
                self.keep_in_mind(&secret);
                by_design.push(format!("{secret} in {place}"));
            }
        }
        let secrets = self.traces.secrets.borrow().clone();
        let texts: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let shown = shown_keys(&answers);
        let mut found = look(&places, &texts, &shown);
        found.extend(look(&answers, &texts, &shown));
        for shown in by_design {
            // Each answer that shows it under its own name, and no other.
            if let Some(nth) = found.iter().position(|it| *it == shown) {
                found.remove(nth);
            }
        }
        (found, Secrets(secrets))
    }
}

fn answer_of(command: &str) -> String {
    format!("answer of {command}")
}

/// Where these texts are, or anything that is spelled as a key and is not one of those that are `shown`.
fn look(places: &[(String, String)], texts: &[&str], shown: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (place, text) in places {
        found.extend(texts.iter().filter(|it| stands_in(text, it)).map(|it| format!("{it} in {place}")));
        let keys = keys_in(text).into_iter().filter(|it| !shown.contains(*it));
        found.extend(keys.map(|it| format!("a key in {place}: {it}")));
    }
    found
}

/// What commands have answered in the fields that are there to be looked at.
fn shown_keys(answers: &[(String, String)]) -> BTreeSet<String> {
    let in_fields = |text: &String| {
        SHOWN
            .iter()
            .flat_map(|name| fields_of(text, name))
            .filter(|it| !keys_in(it).is_empty())
            .collect::<Vec<_>>()
    };
    answers.iter().flat_map(|(_, text)| in_fields(text)).collect()
}

/// What stands in the fields of this name.
fn fields_of(text: &str, name: &str) -> Vec<String> {
    let begin = format!("\"{name}\":\"");
    text.split(&begin).skip(1).filter_map(|part| Some(part.split_once('"')?.0.to_owned())).collect()
}

impl Secrets {
    /// Which files of a folder hold one of them, or, if they are text, a word that is spelled as a key is.
    pub(super) fn in_files(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let long = self.0.iter().filter(|secret| secret.len() >= LONG);
        let long: Vec<_> = long.map(|secret| (secret, forms_of(secret))).collect();
        for path in files_of(folder) {
            let bytes = std::fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let name = path.strip_prefix(folder).unwrap().display();
            let held = long.iter().filter(|(_, forms)| forms.iter().any(|form| text.contains(form)));
            found.extend(held.map(|(secret, _)| format!("{secret} in {name}")));
            if path.ends_with(SAID) || path.extension().is_some_and(|kind| kind == "log") {
                found.extend(keys_in(&text).iter().map(|it| format!("a key in {name}: {it}")));
            }
        }
        found
    }
}

/// Whether a text holds a secret: anywhere in any form, or as a word of its own if it is short.
fn stands_in(text: &str, secret: &str) -> bool {
    if secret.len() < LONG {
        // A code of an error is one word.
        return text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').any(|word| word == secret);
    }
    forms_of(secret).iter().any(|form| text.contains(form))
}
