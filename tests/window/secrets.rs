//! The page keeps no secret (S1; ASVS 10.1.1, 14.3.1, 14.3.3): what was typed or shown once is looked for in the document,
//! its fields, every store that a browser has, and all that commands have answered.

use clinic_testkit::forms;
use serde_json::{Value, json};

use super::access::sign_out;
use super::desk::{Desk, at_a_desk};
use super::prepared;
use super::security::code_of_the_shown_key;

const NEW_PASSWORD: &str = "grey bicycle under pier";
/// Eight digits that stand nowhere else by chance.
const PIN: &str = "80417295";

/// Keeps what commands answer from here on.
const LISTEN: &str = r"
    const fetched = window.fetch;
    window.__answers = [];
    window.fetch = async (...asked) => {
        const answer = await fetched(...asked);
        window.__answers.push(await answer.clone().text());
        return answer;
    };
";

/// Where a page can keep something, each with all of its text.
const PLACES: &str = r"
    const done = arguments[arguments.length - 1];
    const stored = (store) => JSON.stringify(Object.entries(store));
    const fields = [...document.querySelectorAll('input, textarea, select')].map((it) => it.value);
    const own = Object.keys(window).filter((name) => !/^(__answers|webkit)/.test(name) && typeof window[name] === 'string');
    indexedDB.databases().then((databases) => done({
        document: document.documentElement.outerHTML,
        fields: fields.join('\n'),
        local: stored(localStorage),
        session: stored(sessionStorage),
        cookies: document.cookie,
        databases: JSON.stringify(databases),
        history: JSON.stringify(history.state) + location.href + window.name,
        globals: own.map((name) => window[name]).join('\n'),
        answers: (window.__answers ?? []).join('\n'),
    }));
";

/// Parts of the page and their text.
async fn places(desk: &Desk) -> Vec<(String, String)> {
    let answer = desk.client.execute_async(PLACES, Vec::new()).await.unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    answer.as_object().unwrap().iter().map(|(place, value)| (place.clone(), text(value))).collect()
}

/// Something of 256 bits that is spelled as tokens and keys are: 43 signs of base64url, or 64 of hex, and nothing beside.
fn is_like_a_key(word: &str) -> bool {
    let base64url = |sign: char| sign.is_ascii_alphanumeric() || "-_".contains(sign);
    let mixed =
        [char::is_uppercase, char::is_lowercase, char::is_numeric].iter().all(|kind| word.contains(kind));
    (word.len() == 43 && mixed && word.chars().all(base64url))
        || (word.len() == 64 && word.chars().all(|sign| sign.is_ascii_hexdigit()))
        || (word.starts_with("eyJ") && word.len() > 40)
}

/// Where these secrets are, or anything that looks like a token.
async fn found(desk: &Desk, secrets: &[&str]) -> Vec<String> {
    let word_ends = |sign: char| !(sign.is_ascii_alphanumeric() || "-_.".contains(sign));
    let mut found = Vec::new();
    for (place, text) in places(desk).await {
        found.extend(
            secrets.iter().filter(|secret| text.contains(**secret)).map(|it| format!("{it} in {place}")),
        );
        let keys = text.split(word_ends).filter(|word| is_like_a_key(word));
        found.extend(keys.map(|word| format!("a key in {place}: {word}")));
    }
    found
}

async fn finds_nothing(desk: &Desk, step: &str, secrets: &[&str]) {
    let found = found(desk, secrets).await;
    assert!(found.is_empty(), "{step}\n{}", found.join("\n"));
}

/// How often commands have answered with this text.
async fn answered(desk: &Desk, secret: &str) -> usize {
    let answers = places(desk).await.into_iter().find(|(place, _)| place == "answers").unwrap().1;
    answers.matches(secret).count()
}

/// What was shown and is not any more: gone from the page, and answered this once.
async fn was_shown_once(desk: &Desk, step: &str, secret: &str) {
    let elsewhere: Vec<_> =
        found(desk, &[secret]).await.into_iter().filter(|place| !place.ends_with("in answers")).collect();
    assert!(elsewhere.is_empty(), "{step}\n{}", elsewhere.join("\n"));
    assert_eq!(answered(desk, secret).await, 1, "{step}");
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
        desk.js(LISTEN, Vec::new()).await;
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
        a_planted_secret_is_found(&desk).await;
    });
}

/// Whether the search finds at all: the same word, in each place where a script can put one.
async fn a_planted_secret_is_found(desk: &Desk) {
    const PLANTED: &str = "planted-secret-of-a-test";
    let plant = "const [word] = arguments; localStorage.planted = word; sessionStorage.planted = word; \
        document.cookie = `planted=${word}`; window.planted = word; window.__answers.push(word); \
        history.replaceState(word, ''); document.body.append(document.createComment(word)); \
        document.body.append(Object.assign(document.createElement('textarea'), { value: word }))";
    desk.js(plant, vec![json!(PLANTED)]).await;
    let places = found(desk, &[PLANTED]).await;
    for place in ["document", "fields", "local", "session", "history", "globals", "answers"] {
        assert!(places.contains(&format!("{PLANTED} in {place}")), "{place}: {places:?}");
    }
    let token = "q7Zb0kX2mNvR5tYw8uEoPaSdFgHjKlZxCvBnM1Q3W6e";
    desk.js("localStorage.planted = arguments[0]", vec![json!(token)]).await;
    assert!(found(desk, &[]).await.iter().any(|found| found.contains(token)));
}

#[test]
fn behind_the_lock_and_after_signing_out_the_page_holds_nobody() {
    at_a_desk(prepared::small, |desk| async move {
        let names: Vec<_> = prepared::PATIENTS.iter().map(|(family_name, ..)| *family_name).collect();
        desk.sign_in("fran").await;
        desk.go("patients").await;
        desk.until_shown("Okafor").await;
        assert_eq!(found(&desk, &names).await.len(), names.len(), "they are there to be found");
        desk.press("Ctrl+l").await;
        desk.until_shown("This desk is locked").await;
        finds_nothing(&desk, "locked", &names).await;
        desk.fill("Password of Fran Test", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Okafor").await;
        sign_out(&desk).await;
        finds_nothing(&desk, "signed out", &names).await;
    });
}
