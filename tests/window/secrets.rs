//! The page keeps no secret (S1; ASVS 10.1.1, 14.3.1, 14.3.3), at any step of what is most secret, and the search with which
//! every journey ends finds what there is.

use std::path::Path;

use base64::Engine;
use clinic_testkit::forms;
use serde_json::json;

use super::access::sign_out;
use super::desk::Desk;
use super::opening::{Computer, Found, at_a_desk, visit};
use super::prepared;
use super::security::code_of_the_shown_key;

const NEW_PASSWORD: &str = "grey bicycle under pier";
/// Eight digits that stand nowhere else by chance.
const PIN: &str = "80417295";

async fn finds_nothing(desk: &Desk, step: &str, secrets: &[&str]) {
    let found = desk.found(secrets).await;
    assert!(found.is_empty(), "{step}\n{}", found.join("\n"));
}

/// What was shown and is not any more: gone from the page, and answered this once.
async fn was_shown_once(desk: &Desk, step: &str, secret: &str) {
    let found = desk.found(&[secret]).await;
    assert!(found.iter().all(|place| place.contains(" in answer of ")), "{step}\n{}", found.join("\n"));
    let times: usize = desk.answers().await.iter().map(|(_, text)| text.matches(secret).count()).sum();
    assert_eq!(times, 1, "{step}");
}

/// Sets a second factor up and says what was shown: the key of the app, and a recovery code.
async fn set_up_second_factor(desk: &Desk, opened: std::time::Instant) -> [String; 2] {
    desk.click("Set up a code app").await;
    let key = desk.until("the key", "return clean(document.querySelector('[data-key]')?.innerText)").await;
    let code = code_of_the_shown_key(desk, opened).await;
    desk.fill("Code", &code).await;
    desk.press("Enter").await;
    desk.until_shown("They are printed or written down").await;
    let recovery = desk.until("a recovery code", "return document.querySelector('ol li')?.innerText").await;
    desk.click("They are printed or written down").await;
    desk.click("Done").await;
    desk.until_shown("10 recovery codes left").await;
    [key, recovery].map(|shown| shown.as_str().unwrap().to_owned())
}

#[test]
fn what_was_typed_or_shown_once_is_nowhere_in_the_page_afterwards() {
    at_a_desk(prepared::small, |desk| async move {
        let opened = std::time::Instant::now();
        desk.sign_in("ada").await;
        finds_nothing(&desk, "signed in", &[forms::PASSWORD]).await;

        desk.go("me").await;
        desk.fill("New PIN", PIN).await;
        desk.press("Enter").await;
        desk.until_shown("On until you sign out").await;
        let [key, recovery] = set_up_second_factor(&desk, opened).await;
        was_shown_once(&desk, "the key of the app", &key).await;
        was_shown_once(&desk, "a recovery code", &recovery).await;
        desk.click("Change password").await;
        desk.fill("Current password", forms::PASSWORD).await;
        desk.fill("New password", NEW_PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Password changed").await;
        let typed = [forms::PASSWORD, NEW_PASSWORD, PIN];
        finds_nothing(&desk, "password changed", &typed).await;

        desk.go("settings").await;
        desk.click("Security").await;
        desk.click("Make a recovery key").await;
        desk.fill("Your password, again", NEW_PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("It is printed or written down").await;
        let paper = desk
            .until("the key on paper", "return clean(document.querySelector('dialog[open] .key')?.innerText)")
            .await;
        desk.click("It is printed or written down").await;
        desk.click("Done").await;
        desk.until_shown("Made on").await;
        was_shown_once(&desk, "the recovery key", paper.as_str().unwrap()).await;
        finds_nothing(&desk, "recovery key made", &typed).await;
    });
}

/// Types a wrong password into this field and waits for the answer: nothing is left of what was typed, and the keyboard is
/// there for the right one.
pub(super) async fn refuses(desk: &Desk, label: &str, words: &str) {
    desk.fill(label, "not this one").await;
    desk.press("Enter").await;
    desk.until_shown(words).await;
    let empty = "const it = field(arguments[0]); return document.activeElement === it && it.value === ''";
    desk.until_with(&format!("“{label}” empty"), empty, vec![json!(label)]).await;
}

#[test]
fn a_refused_password_is_left_in_no_field() {
    at_a_desk(prepared::small, |desk| async move {
        desk.begin_album("refused");
        desk.sign_in("ada").await;
        desk.go("me").await;
        desk.fill("User name", "ada.test").await;
        refuses(&desk, "Current password", "This is not your current password").await;
        desk.look("profile").await;
        desk.fill("Current password", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Profile saved").await;
        desk.click("Change password").await;
        desk.fill("New password", NEW_PASSWORD).await;
        refuses(&desk, "Current password", "This is not your current password").await;
        desk.fill("Current password", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Password changed").await;
        desk.go("settings").await;
        desk.click("Security").await;
        for begin in ["Make a recovery key", "Change the key"] {
            desk.click(begin).await;
            refuses(&desk, "Your password, again", "This is not your password").await;
            desk.press("Escape").await;
        }
    });
}

#[test]
fn a_refused_passphrase_is_left_in_no_field() {
    at_a_desk(prepared::behind_a_passphrase, |desk| async move {
        refuses(&desk, "Passphrase", "does not open the store").await;
        desk.fill("Passphrase", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Who looks after this clinic?").await;
    });
}

/// How many of these names the page itself shows.
async fn seen(desk: &Desk, names: &[&str]) -> usize {
    desk.found(names).await.iter().filter(|found| found.ends_with(" in document")).count()
}

/// Words that stand nowhere, and something that is spelled as a key.
const PLANTED: &str = "planted-secret-of-a-test";
const TOKEN: &str = "q7Zb0kX2mNvR5tYw8uEoPaSdFgHjKlZxCvBnM1Q3W6e";
/// What an answer shows once.
const SHOWN: &str = "JBSW Y3DP EHPK 3PXP";

/// Puts a word into each place where a script can put one.
const PLANT: &str = "const [word, token, once] = arguments; localStorage.planted = word; sessionStorage.planted = word; \
    window.planted = word; history.replaceState(word, ''); document.body.append(document.createComment(word)); \
    document.body.append(Object.assign(document.createElement('textarea'), { value: word })); \
    window.__answers.push(['find', word], ['find', token], ['begin_second_factor', JSON.stringify({ key: once })], \
    ['list_sessions', once], ['begin_second_factor', JSON.stringify({ key: '', again: once })])";

/// The same where only the program and its web view write, before it is read as text or as bytes.
fn plant_in_files(data: &Path) {
    let hex = hex::encode(PLANTED);
    let base64 = base64::engine::general_purpose::STANDARD.encode(format!("x{PLANTED}"));
    for (name, text) in [("logs/planted.log", PLANTED), ("store.db-planted", &hex), ("deep/planted", &base64)]
    {
        let file = data.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, [b"\xff\xfe", text.as_bytes(), b"\xff"].concat()).unwrap();
    }
    std::fs::write(data.join("logs/token.log"), format!("Bearer {TOKEN}\n")).unwrap();
}

#[test]
fn a_planted_secret_is_found_in_every_place_when_a_journey_ends() {
    let Found { secrets: found, .. } = visit(Computer::default(), prepared::small, |desk| async move {
        desk.sign_in("fran").await;
        desk.keep_in_mind(PLANTED);
        desk.js(PLANT, vec![json!(PLANTED), json!(TOKEN), json!(SHOWN)]).await;
        // What was answered before a page is loaded again, and what stands in another window, counts as well.
        desk.reload().await;
        desk.until("the page", "return !!document.querySelector('h1, main')").await;
        desk.js(PLANT, vec![json!(PLANTED), json!(TOKEN), json!(SHOWN)]).await;
        desk.js("window.__TAURI_INTERNALS__.invoke('open_window')", Vec::new()).await;
        let first = desk.client.window().await.unwrap();
        let second = loop {
            let windows = desk.client.windows().await.unwrap();
            if let Some(other) = windows.into_iter().find(|window| *window != first) {
                break other;
            }
        };
        desk.client.switch_to_window(second).await.unwrap();
        desk.until("the page", "return !!document.querySelector('h1, main')").await;
        desk.js("window.planted = arguments[0]", vec![json!(PLANTED)]).await;
        desk.client.switch_to_window(first).await.unwrap();
        plant_in_files(&desk.data());
    });
    let times = |wanted: &str| found.iter().filter(|it| *it == wanted).count();
    for (place, wanted) in [
        ("document", 1),
        ("fields", 1),
        ("local", 2),
        ("session", 1),
        ("history", 1),
        ("globals", 2),
        ("answer of find", 2),
        ("data/logs/planted.log", 1),
        ("data/store.db-planted", 1),
        ("data/deep/planted", 1),
    ] {
        assert_eq!(times(&format!("{PLANTED} in {place}")), wanted, "{place}: {found:#?}");
    }
    assert_eq!(times(&format!("a key in answer of find: {TOKEN}")), 2, "{found:#?}");
    assert_eq!(times(&format!("a key in data/logs/token.log: {TOKEN}")), 1, "{found:#?}");
    // By design it is in the answers that show it, and in those alone.
    assert_eq!(times(&format!("{SHOWN} in answer of list_sessions")), 2, "{found:#?}");
    assert_eq!(times(&format!("{SHOWN} in answer of begin_second_factor")), 2, "{found:#?}");
}

#[test]
fn behind_the_lock_and_after_signing_out_the_page_holds_nobody() {
    at_a_desk(prepared::small, |desk| async move {
        let names: Vec<_> = prepared::PATIENTS.iter().map(|(family_name, ..)| *family_name).collect();
        desk.sign_in("fran").await;
        desk.go("patients").await;
        desk.until_shown("Okafor").await;
        assert_eq!(seen(&desk, &names).await, names.len(), "they are there to be found");
        desk.press("Ctrl+l").await;
        desk.until_shown("This desk is locked").await;
        assert_eq!(seen(&desk, &names).await, 0, "locked");
        desk.fill("Password of Fran Test", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Okafor").await;
        sign_out(&desk).await;
        assert_eq!(seen(&desk, &names).await, 0, "signed out");
    });
}
