//! Names, passwords and codes that must not be where they do not belong: not in the logs, not in clear on the disk, and no
//! secret in an answer but the one that shows it (OP-2; ASVS 14.2.1, 16.2.5).

use std::io::Write;
use std::sync::{Arc, Mutex};

use clinic_app::contract::COMMANDS;
use clinic_app::identity::view::SignIn;
use clinic_app::{AppError, identity::second_factor_view::ProvenByPassword};
use clinic_testkit::forms::PASSWORD;
use serde_json::{Value, json};

use super::page::Page;
use crate::search::{files_that_hold, forms_of, holds, shown_once};

/// A patient's name that is nowhere else.
const NAME: &str = "Zephyrine-Quillfeather";

/// The log of this process, at the most talkative.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn begin() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let wanted = "info,clinic_app=trace,clinic_desktop=trace,tauri=trace";
        clinic_desktop::logs::write_to(move || writer.clone(), Some(wanted));
        log
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

/// What was answered, and which secrets were shown.
#[derive(Default)]
struct Heard {
    answers: Vec<(String, String)>,
    secrets: Vec<(String, String)>,
}

impl Heard {
    fn note(&mut self, command: &str, answer: &Value) {
        self.secrets.extend(shown_once(answer).into_iter().map(|secret| (command.to_owned(), secret)));
        self.answers.push((command.to_owned(), answer.to_string()));
    }

    /// Answers that hold a secret and are not the one that shows it.
    fn that_hold(&self, secret: &str, shown_by: &str) -> Vec<&str> {
        let others = self.answers.iter().filter(|(command, _)| command != shown_by);
        others
            .filter(|(_, text)| holds(text.as_bytes(), secret))
            .map(|(command, _)| command.as_str())
            .collect()
    }
}

/// Every command as somebody sends it, then with the name in each of its texts.
fn call_everything(page: &Page, heard: &mut Heard) {
    page.rename_patient(NAME);
    for (command, _) in COMMANDS {
        let arguments = page.arguments(command, true);
        let planted = with_text(&arguments, NAME);
        for (arguments, quotes) in [(arguments, true), (planted, false)] {
            let answer = page.call(command, arguments);
            heard.note(command, answer.as_ref().unwrap_or_else(|error| error));
            if let Err(error) = answer {
                // A refusal may name who holds a slot, and nothing that was typed.
                assert!(quotes || !holds(error.to_string().as_bytes(), NAME), "{command}: {error}");
            }
            if page.app.actor().is_err() {
                page.come_back();
            }
        }
    }
}

/// The same request with a text in the place of each text in it that is no id and no password.
fn with_text(value: &Value, text: &str) -> Value {
    match value {
        Value::String(old) if old == PASSWORD || old.parse::<uuid::Uuid>().is_ok() => value.clone(),
        Value::String(_) => json!(text),
        Value::Array(values) => values.iter().map(|value| with_text(value, text)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), with_text(value, text))).collect())
        }
        other => other.clone(),
    }
}

impl Page {
    fn rename_patient(&self, name: &str) {
        let mut request = self.arguments("edit_patient", true);
        request["request"]["form"]["family_name"] = json!(name);
        self.app
            .edit_patient(&self.clinic.admin(), serde_json::from_value(request["request"].take()).unwrap())
            .unwrap();
    }

    /// Signs in again whoever a command signed out.
    fn come_back(&self) {
        let login = self.login.clone();
        self.app.sign_in(SignIn { login, password: PASSWORD.into() }).unwrap();
        let proven = ProvenByPassword { password: PASSWORD.into() };
        drop(self.app.end_second_factor(&self.actor(), proven));
    }
}

#[test]
fn no_secret_and_no_name_is_where_it_does_not_belong() {
    let log = Log::begin();
    let (mut answers, mut secrets) = (0, 0);
    for login in ["ada", "fran", "lee"] {
        let page = Page::of(login);
        let mut heard = Heard::default();
        call_everything(&page, &mut heard);
        assert!(
            heard.answers.iter().any(|(_, text)| holds(text.as_bytes(), NAME)),
            "the name was there to be seen"
        );
        let mut everything =
            vec![(String::new(), PASSWORD.to_owned()), (String::new(), "$argon2id$".to_owned())];
        everything.append(&mut heard.secrets);
        for (shown_by, secret) in &everything {
            assert_eq!(heard.that_hold(secret, shown_by), [""; 0], "answers with what {shown_by:?} shows");
            assert_eq!(
                files_that_hold(page.clinic.folder(), secret),
                [""; 0],
                "files with what {shown_by:?} shows"
            );
            assert!(!holds(&log.bytes(), secret), "the log holds what {shown_by:?} shows");
        }
        assert_eq!(files_that_hold(page.clinic.folder(), NAME), [""; 0]);
        (answers, secrets) = (answers + heard.answers.len(), secrets + everything.len());
    }
    let logged = log.bytes();
    assert!(!holds(&logged, NAME), "the log holds a name");
    let lines: Vec<Value> =
        logged.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let of_commands = lines.iter().filter(|line| line["span"]["request"].is_string()).count();
    assert!(of_commands > answers / 2, "{of_commands} of {} lines bear a request", lines.len());
    let malformed = lines.iter().filter(|line| line["fields"]["message"] == "malformed request");
    assert!(malformed.clone().all(|line| line["fields"]["command"].is_string()));
    assert!(malformed.count() > 0, "requests of another form are logged, too");
    println!("{answers} answers, {secrets} secrets, {} lines of log: nothing found", lines.len());
    planted_secrets_are_found(&log);
}

/// The search finds what is there.
fn planted_secrets_are_found(log: &Log) {
    drop(AppError::internal(&std::io::Error::other(NAME)));
    assert!(holds(&log.bytes(), NAME));
    let folder = tempfile::tempdir().unwrap();
    for (nth, form) in forms_of(PASSWORD).iter().enumerate() {
        std::fs::create_dir(folder.path().join(nth.to_string())).unwrap();
        std::fs::write(
            folder.path().join(nth.to_string()).join("store.db-wal"),
            [b"before", form.as_bytes(), b"after"].concat(),
        )
        .unwrap();
    }
    assert_eq!(files_that_hold(folder.path(), PASSWORD).len(), forms_of(PASSWORD).len());
    let mut heard = Heard::default();
    heard.note("begin_second_factor", &json!({ "key": "JBSW Y3DP" }));
    heard.note("list_sessions", &json!([{ "device": "JBSW Y3DP" }]));
    assert_eq!(heard.that_hold("JBSW Y3DP", "begin_second_factor"), ["list_sessions"]);
    assert_eq!(heard.secrets.len(), 1);
}
