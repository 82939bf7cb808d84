//! Wrong passwords, another password, devices: what a person meets of them, in the real window.

use std::path::Path;
use std::time::Duration;

use clinic_app::identity::view::SignIn;
use clinic_app::{App, AppError, Parts};
use clinic_testkit::clinic::CHEAP;
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};
use serde_json::json;

use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;

const NEW_PASSWORD: &str = "grey bicycle under pier";

/// Somebody has just typed ten wrong passwords for `fran`: the next try is open in a minute.
fn guessed_at(folder: &Path) {
    prepared::small(folder);
    let clock = TurnedClock::at(prepared::NOW);
    // So that the last of them is now, after waits of 1, 2, 4 … 128 seconds; the next wait is long enough for any computer.
    clock.set("2026-11-23T13:25:45Z");
    let app = App::new(Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(clock.clone()),
        random: Box::new(RepeatingRandom::from_seed(11)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    });
    app.start().unwrap();
    for _ in 0..12 {
        let guess = || SignIn { login: "fran".to_owned(), password: "a wrong password".into() };
        loop {
            match app.sign_in(guess()).unwrap_err() {
                AppError::Throttled { wait_seconds } => clock.wait(Duration::from_secs(wait_seconds.into())),
                refusal => break assert_eq!(refusal, AppError::WrongCredentials),
            }
        }
    }
}

/// Signs out from the own account; the schedule is where whoever comes next begins.
pub(super) async fn sign_out(desk: &Desk) {
    desk.js("location.hash = '#/me'", Vec::new()).await;
    desk.click("Sign out").await;
    desk.until_shown("Sign in on this computer").await;
    desk.js("location.hash = '#/schedule'", Vec::new()).await;
}

/// Looks at what is shown, in light and in dark.
pub(super) async fn looks(desk: &Desk, name: &str) {
    for theme in ["light", "dark"] {
        desk.js("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await;
        desk.look(&format!("{name}-{theme}")).await;
    }
}

#[test]
fn who_guessed_waits_everybody_else_signs_in_and_an_administrator_unlocks() {
    at_a_desk(guessed_at, |desk| async move {
        desk.begin_album("access-wait");
        desk.until_shown("Sign in on this computer").await;
        desk.fill("Account id", "fran").await;
        desk.fill("Password", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Too many wrong passwords. Try again in").await;
        desk.until_shown("Sign in: in").await;
        let kept =
            "return field('Account id').value === 'fran' && document.activeElement === field('Password')";
        desk.until("the name, and the keyboard in the password", kept).await;
        looks(&desk, "wait").await;
        desk.fill("Account id", "ada").await;
        desk.fill("Password", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Many wrong passwords in a row for Fran Test on Desk 1").await;
        looks(&desk, "notice").await;
        desk.click("Open the account").await;
        desk.until_shown("Locked until").await;
        desk.until_shown("Signed in nowhere").await;
        looks(&desk, "locked").await;
        desk.click("Unlock now").await;
        desk.until_shown("Test, Fran can try again at once").await;
        desk.click("Mark as verified").await;
        desk.until_shown("Verified 23 Nov").await;
        looks(&desk, "unlocked").await;
        sign_out(&desk).await;
        desk.sign_in("fran").await;
        desk.press("Ctrl+l").await;
        desk.until_shown("This desk is locked").await;
        guess_at_the_lock(&desk).await;
        desk.picture("lock").await;
    });
}

/// Types wrong passwords until the next one has to wait. Each wait is twice the one before, so that it comes however
/// slow the computer is.
async fn guess_at_the_lock(desk: &Desk) {
    for _ in 0..14 {
        desk.until("a way to unlock", "return !!control('Unlock') && !control('Unlock').disabled").await;
        desk.fill("Password of Fran Test", "not this one").await;
        desk.press("Enter").await;
        let answer = "const words = clean(document.body.innerText); return words.includes('Try again in') ? 'waits' : \
            !control('Unlock').disabled && words.includes('do not belong together') && 'wrong'";
        if desk.until("an answer", answer).await == json!("waits") {
            return;
        }
    }
    panic!("fourteen wrong passwords and no wait");
}

#[test]
fn the_own_password_changes_and_a_revoked_device_is_a_new_one() {
    at_a_desk(prepared::small, |desk| async move {
        desk.begin_album("access-password");
        desk.sign_in("fran").await;
        desk.go("me").await;
        desk.until_shown("this device").await;
        looks(&desk, "me").await;
        desk.click("Change password").await;
        desk.fill("Current password", "not this one").await;
        desk.fill("New password", NEW_PASSWORD).await;
        desk.until_shown("Strong").await;
        looks(&desk, "password").await;
        desk.press("Enter").await;
        desk.until_shown("This is not your current password.").await;
        looks(&desk, "refused").await;
        desk.fill("Current password", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Password changed").await;
        sign_out(&desk).await;
        desk.sign_in("ada").await;
        desk.go("devices").await;
        looks(&desk, "devices").await;
        // Whoever goes back is where they were.
        desk.press("Enter").await;
        desk.until_shown("except for your own").await;
        desk.press("Escape").await;
        desk.until("no dialog", "return !document.querySelector('dialog[open]')").await;
        desk.press("Enter").await;
        desk.until_shown("except for your own").await;
        looks(&desk, "revoke").await;
        desk.js("[...document.querySelectorAll('dialog button')].at(-1).click()", Vec::new()).await;
        desk.until_shown("knows nobody any more").await;
        sign_out(&desk).await;
        desk.fill("Account id", "fran").await;
        desk.fill("Password", NEW_PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("A device that did not know you").await;
        looks(&desk, "new-device").await;
        desk.click("Not me").await;
        desk.until_shown("Sign out everywhere else").await;
    });
}

#[test]
fn two_people_share_a_desk_and_nothing_of_either_is_lost_or_shown() {
    at_a_desk(prepared::small, |desk| async move {
        desk.begin_album("switch");
        desk.sign_in("fran").await;
        desk.go("me").await;
        desk.fill("New PIN", "4711").await;
        desk.press("Enter").await;
        desk.until_shown("On until you sign out").await;
        desk.fill("Given names", "Francesca").await;
        desk.press("Ctrl+u").await;
        desk.until_shown("waits behind the lock").await;
        looks(&desk, "free").await;
        desk.sign_in("ada").await;
        let shown = desk.js("return document.body.innerHTML.includes('Francesca')", Vec::new()).await;
        assert_eq!(shown, json!(false), "what somebody else typed");
        desk.press("Ctrl+u").await;
        desk.until("her turn", "return document.activeElement === field('PIN of Fran Test')").await;
        desk.until_shown("Unsaved text waits here for Fran").await;
        desk.type_text("4711").await;
        let back = "return location.hash === '#/me' && field('Given names')?.value === 'Francesca'";
        desk.until("where she was, with what she typed", back).await;
        desk.within(5, "switching to a colleague");
        desk.press("Ctrl+u").await;
        desk.until_shown("Ada Test").await;
        looks(&desk, "waiting").await;
        desk.click("Someone else").await;
        desk.until_shown("Sign in on this computer").await;
        desk.count_keys();
        let since = std::time::Instant::now();
        desk.press("Alt+1").await;
        desk.until("her turn again", "return document.activeElement === field('PIN of Fran Test')").await;
        desk.type_text("4711").await;
        desk.until("her place again", back).await;
        println!("from choosing one of two to her work: {} ms, as driven", since.elapsed().as_millis());
        // The one key that is left locks the desk of whoever works.
        desk.within(5, "choosing one of two who wait");
    });
}
