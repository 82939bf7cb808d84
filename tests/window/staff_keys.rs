//! The store that its staff alone opens, in the real window: turned on, the program ended and started again, opened by a
//! sign-in and closed by the last sign-out.

use std::path::Path;

use clinic_testkit::forms;
use serde_json::json;

use super::access::{looks, sign_out};
use super::desk::Desk;
use super::opening::at_a_desk;
use super::secrets::refuses;
use super::{prepared, start};

/// Whether a program that knows no password finds the store open.
async fn is_closed(desk: &Desk) -> bool {
    let script = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('session_state').then((it) => done(it.closed ?? null))";
    desk.client.execute_async(script, Vec::new()).await.unwrap() == json!(true)
}

async fn turn_on(desk: &Desk) {
    desk.sign_in("ada").await;
    assert!(!is_closed(desk).await);
    desk.js("location.hash = '#/settings/security'", Vec::new()).await;
    desk.until_shown("This computer, whoever is there").await;
    desk.click("Let the staff alone open them").await;
    refuses(desk, "Your password, again", "This is not your password").await;
    looks(desk, "turn-on").await;
    desk.fill("Your password, again", forms::PASSWORD).await;
    desk.press("Enter").await;
    desk.until_shown("Only the staff opens the records now").await;
    desk.until_shown("Can: Test, Ada").await;
    desk.until_shown("Not yet: Test, Fran").await;
    looks(desk, "on").await;
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn turned_on_the_first_sign_in_opens_the_store_and_the_last_sign_out_closes_it() {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().to_owned();
    at_a_desk(prepared::small, |desk| async move {
        desk.begin_album("staff-keys");
        turn_on(&desk).await;
        sign_out(&desk).await;
        desk.until_shown("The records are closed").await;
        assert!(is_closed(&desk).await);
        copy(&desk.data(), &folder);
    });
    at_a_desk(
        |data| copy(kept.path(), data),
        |desk| async move {
            desk.begin_album("staff-keys-again");
            desk.until_shown("The records are closed").await;
            desk.until_shown("Harbour Practice").await;
            looks(&desk, "closed").await;
            desk.click("Forgot it?").await;
            desk.until_shown("Codes can be sent once one of you has").await;
            looks(&desk, "forgot").await;
            desk.press("Escape").await;
            // Fran has not signed in since it was turned on.
            desk.fill("Account id", "fran").await;
            desk.fill("Password", forms::PASSWORD).await;
            desk.press("Enter").await;
            desk.until_shown("do not belong together").await;
            assert!(is_closed(&desk).await);
            desk.js("field('Account id').select()", Vec::new()).await;
            desk.sign_in("ada").await;
            desk.until_shown("Harbour Practice").await;
            desk.until_shown("there is no recovery key").await;
            looks(&desk, "told").await;
            desk.click("Make one").await;
            desk.until_shown("The staff alone: a password and this computer").await;
            assert!(!is_closed(&desk).await);
            sign_out(&desk).await;
            desk.until_shown("The records are closed").await;
            assert!(is_closed(&desk).await);
        },
    );
}

#[test]
fn a_clinic_that_begins_empty_opens_for_its_staff_alone_unless_somebody_says_otherwise() {
    at_a_desk(
        |_| (),
        |desk| async move {
            desk.begin_album("staff-keys-wizard");
            desk.until_shown("This computer has no keystore").await;
            desk.click("Keep the key in a file").await;
            desk.click("Keep it in a file").await;
            start::administrator(&desk).await;
            start::clinic(&desk).await;
            desk.until_shown("When is the clinic open?").await;
            desk.click("Continue to doctors").await;
            desk.until_shown("Who sees patients?").await;
            desk.click("Continue to your data").await;
            desk.until_shown("Only the staff opens the records").await;
            let chosen = "return field('Only the staff opens the records').checked";
            assert_eq!(desk.js(chosen, Vec::new()).await, json!(true));
            desk.press("2").await;
            desk.until("off for a demo", "return !field('Only the staff opens the records').checked").await;
            looks(&desk, "demo").await;
            desk.press("1").await;
            desk.until("on again", chosen).await;
            looks(&desk, "empty").await;
            desk.click("Set up and open the schedule").await;
            desk.until_shown("there is no recovery key").await;
            looks(&desk, "schedule").await;
            assert!(!is_closed(&desk).await);
            sign_out(&desk).await;
            desk.until_shown("The records are closed").await;
            desk.sign_in("ada").await;
            assert!(!is_closed(&desk).await);
        },
    );
}
