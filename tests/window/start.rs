//! The first start, from the key of the store to the first appointment, and what happens where nothing can start.

use std::path::Path;
use std::process::Command;

use clinic_testkit::forms;
use serde_json::json;

use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;
use super::process::{Screen, program};

#[test]
fn journey_of_the_first_start() {
    at_a_desk(
        |_| (),
        |desk| async move {
            desk.begin_album("first-start");
            desk.until_shown("This computer has no keystore").await;
            desk.look("key").await;
            desk.fill("Passphrase", forms::PASSWORD).await;
            desk.click("Encrypt with this passphrase").await;
            administrator(&desk).await;
            clinic(&desk).await;
            desk.until_shown("When is the clinic open?").await;
            desk.look("hours").await;
            desk.click("Continue to doctors").await;
            doctors(&desk).await;
            desk.until_shown("How do you want to begin?").await;
            desk.look("data").await;
            desk.click("Set up and open the schedule").await;
            desk.until("the schedule", "return !!document.querySelector('[data-column]')").await;
            desk.until_shown("Harbour Practice").await;
            desk.look("schedule").await;
            book_a_new_patient(&desk).await;
            nothing_leaks(&desk.data());
        },
    );
}

pub(super) async fn administrator(desk: &Desk) {
    desk.until_shown("Who looks after this clinic?").await;
    desk.fill("Given names", "Ada").await;
    desk.fill("Family name", "Test").await;
    desk.fill("User name", "ada").await;
    desk.fill("Password", forms::PASSWORD).await;
    desk.look("administrator").await;
    desk.click("Continue to the clinic").await;
}

pub(super) async fn clinic(desk: &Desk) {
    desk.until_shown("Your clinic").await;
    desk.fill("Name", "Harbour Practice").await;
    desk.look("clinic").await;
    desk.click("Continue to opening hours").await;
}

async fn doctors(desk: &Desk) {
    desk.until_shown("Who sees patients?").await;
    desk.fill("Family name 1", "Lee").await;
    desk.fill("Given names 1", "Ann").await;
    desk.look("doctors").await;
    desk.click("Continue to your data").await;
}

/// Monday's first slot is in focus; the patient is not known yet.
async fn book_a_new_patient(desk: &Desk) {
    desk.press("Enter").await;
    desk.until("a field with the keyboard", "return document.activeElement?.matches('input')").await;
    desk.type_text("nagy ilona").await;
    desk.until_shown("New patient “nagy ilona”").await;
    desk.press("Enter").await;
    desk.until("the form", "return !!field('Born')").await;
    desk.fill("Born", "30 Nov 1975").await;
    desk.look("new-patient").await;
    let born = desk.js("return field('Born').value", Vec::new()).await;
    assert_eq!(born, "30 Nov 1975", "what was typed stays as it was typed");
    desk.click("Add and book").await;
    let script = "return document.querySelector('[data-appointment]')?.textContent.includes('Nagy')";
    desk.until("the first appointment", script).await;
    desk.look("first-appointment").await;
}

/// No file of the folder holds what somebody typed: the store is encrypted, the logs name nobody.
fn nothing_leaks(folder: &Path) {
    let mut looked_at = 0;
    for path in [folder.to_owned(), folder.join("logs")] {
        for entry in std::fs::read_dir(path).unwrap().map(Result::unwrap) {
            let Ok(bytes) = std::fs::read(entry.path()) else { continue };
            looked_at += 1;
            for secret in ["SQLite format 3", "Nagy", "Harbour", forms::PASSWORD] {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{} holds {secret}", entry.path().display());
            }
        }
    }
    assert!(looked_at >= 3, "store, its key and a log were expected; {looked_at} files are there");
}

#[test]
fn two_windows_show_each_others_changes() {
    at_a_desk(super::prepared::small, |desk| async move {
        desk.sign_in("fran").await;
        let first = desk.client.window().await.unwrap();
        desk.js("window.__TAURI_INTERNALS__.invoke('open_window')", Vec::new()).await;
        let second = loop {
            let others = desk.client.windows().await.unwrap();
            if let Some(other) = others.into_iter().find(|window| *window != first) {
                break other;
            }
        };
        desk.client.switch_to_window(second.clone()).await.unwrap();
        desk.until("the schedule of the second window", "return !!document.querySelector('[data-column]')")
            .await;
        desk.client.switch_to_window(first.clone()).await.unwrap();
        desk.press("Enter").await;
        desk.until("a field with the keyboard", "return document.activeElement?.matches('input')").await;
        desk.type_text("smi").await;
        desk.press("Enter").await;
        desk.press("Enter").await;
        let smith = "return document.querySelector('[data-appointment]')?.textContent.includes('Smith')";
        desk.until("the appointment", smith).await;
        desk.client.switch_to_window(second).await.unwrap();
        desk.until("the appointment in the second window", smith).await;
        desk.press("Ctrl+l").await;
        desk.client.switch_to_window(first).await.unwrap();
        desk.until_shown("This desk is locked").await;
    });
}

#[test]
fn a_page_reaches_nothing_but_its_commands() {
    at_a_desk(super::prepared::small, |desk| async move {
        desk.sign_in("fran").await;
        // A hostile page: it may call what the desk may call, as the one who is signed in, and nothing else.
        for (command, code) in [
            ("list_accounts", "forbidden"),
            ("plugin:window|close", ""),
            ("plugin:event|emit", ""),
            ("plugin:path|resolve_directory", ""),
            ("plugin:app|version", ""),
            ("plugin:window-state|save_window_state", ""),
        ] {
            let script = "const [command, done] = arguments; window.__TAURI_INTERNALS__.invoke(command, { request: { query: '', \
                role: null, active: null, paging: { page: 0, size: 1, sort: 'name', descending: false } } }) \
                .then(() => done('answered'), (error) => done(error?.code ?? ''))";
            let answer = desk.client.execute_async(script, vec![json!(command)]).await.unwrap();
            assert_eq!(answer, json!(code), "{command}");
        }
        desk.js("location.href = 'https://example.org/'", Vec::new()).await;
        desk.js("window.open('https://example.org/')", Vec::new()).await;
        desk.settle().await;
        let place = desk.js("return location.href", Vec::new()).await;
        assert!(place.as_str().unwrap().starts_with("tauri://localhost"), "{place}");
    });
}

#[test]
#[should_panic(expected = "the page complained 4 times")]
fn a_page_that_complains_fails_its_test() {
    at_a_desk(super::prepared::small, |desk| async move {
        desk.until_shown("Sign in on this computer").await;
        // What a script says, what it throws, and two things that the content policy refuses.
        desk.js(
            "console.error('said'); setTimeout(() => { throw new Error('thrown') }); \
            document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">styled</p>'); \
            fetch('https://example.org/').catch(() => {})",
            Vec::new(),
        )
        .await;
        while desk.complaints().len() < 4 {
            desk.settle().await;
        }
    });
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_on_screen() {
    // A file where the folder should be: not even root can write into that.
    let in_the_way = |folder: &Path| {
        std::fs::remove_dir(folder).unwrap();
        std::fs::write(folder, "").unwrap();
    };
    at_a_desk(in_the_way, |desk| async move {
        desk.begin_album("read-only");
        desk.until_shown("The store cannot be written to").await;
        desk.look("told").await;
    });
}

#[test]
fn a_second_start_hands_over_to_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let screen = Screen::start();
    // Both on one session bus, as on a desktop. The first is there when its window is.
    let script = "\"$0\" & until xwininfo -root -tree | grep -q 'Clinic Desk'; do sleep 0.1; done; \
        \"$0\"; echo second: $?; kill -0 $! && echo first: running; kill $!";
    let bus = concat!("--config-file=", env!("CARGO_MANIFEST_DIR"), "/../scripts/bus.conf");
    let output = Command::new("timeout")
        .args(["60", "dbus-run-session", bus, "--", "sh", "-c", script])
        .arg(program())
        .env("DISPLAY", &screen.name)
        .env("CLINIC_DESK_DATA", folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("second: 0") && said.contains("first: running"), "{said}\n{output:?}");
}

#[test]
fn the_mouse_wheel_scrolls() {
    at_a_desk(prepared::full, |desk| async move {
        desk.sign_in("ada").await;
        desk.go("patients").await;
        desk.until_shown("Abdullahi").await;
        let scrolled = "return [...document.querySelectorAll('main *')].some((it) => it.scrollTop > 0)";
        assert_eq!(desk.js(scrolled, Vec::new()).await, json!(false));
        desk.turn_wheel(600, 500, 300).await;
        desk.until("rows further down", scrolled).await;
    });
}

#[test]
fn neither_the_program_nor_its_page_leaves_a_core_file() {
    at_a_desk(
        |_| (),
        |desk| async move {
            let processes = desk.processes();
            assert!(processes.len() > 1, "the program and its web view: {processes:?}");
            for process in processes {
                let limits = std::fs::read_to_string(process.join("limits")).unwrap();
                let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
                assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
            }
        },
    );
}

#[test]
fn without_a_display_it_says_so_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(program())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("CLINIC_DESK_DATA", folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("needs a display") && !said.contains("panicked"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and leaves nothing behind");
}
