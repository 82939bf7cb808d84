//! A first password: made and handed over by an administrator, replaced by whom it was for, in the real window.

use clinic_testkit::forms;
use serde_json::json;

use super::access::{looks, sign_out};
use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;

const OWN: &str = "grey bicycle under pier";

async fn sign_in(desk: &Desk, login: &str, password: &str) {
    desk.until_shown("Sign in on this computer").await;
    desk.fill("Account id", login).await;
    desk.fill("Password", password).await;
    desk.press("Enter").await;
}

/// Makes an account by the keyboard and answers with the password that is shown.
async fn make_account(desk: &Desk) -> String {
    desk.go("accounts").await;
    desk.until("the list", "return !!document.querySelector('tbody [data-row]')").await;
    desk.press("n").await;
    desk.until_shown("Clinic Desk makes the first password").await;
    desk.fill("Given names", "Noor").await;
    desk.fill("Family name", "Abadi").await;
    desk.fill("User name", "noor").await;
    desk.press("Ctrl+s").await;
    desk.until_shown("First password of Noor Abadi").await;
    looks(desk, "first-password-1-shown").await;
    let shown = desk.until("it", "return document.querySelector('dialog[open] .key')?.innerText").await;
    desk.press("Escape").await;
    desk.until_shown("Shown now and never again").await;
    desk.press("Enter").await;
    desk.until("no dialog", "return !document.querySelector('dialog[open]')").await;
    let gone = "return document.body.innerText.includes(arguments[0])";
    assert_eq!(desk.js(gone, vec![shown.clone()]).await, json!(false));
    shown.as_str().unwrap().to_owned()
}

#[test]
fn a_first_password_is_made_handed_over_and_replaced_before_anything_else() {
    at_a_desk(prepared::small, |desk| async move {
        desk.sign_in("ada").await;
        let first = make_account(&desk).await;
        sign_out(&desk).await;
        sign_in(&desk, "noor", &first).await;
        desk.until_shown("Your own password").await;
        looks(&desk, "first-password-2-own").await;
        desk.js("location.hash = '#/patients'", Vec::new()).await;
        desk.press("Ctrl+k").await;
        let elsewhere =
            "return !!document.querySelector('nav, [data-column], [data-row], dialog[open], .sched')";
        assert_eq!(desk.js(elsewhere, Vec::new()).await, json!(false), "there is nowhere else to go");
        desk.fill("New password", &first).await;
        choose(&desk).await;
        desk.until_shown("This is the one that is to be replaced.").await;
        looks(&desk, "first-password-3-the-same").await;
        desk.fill("New password", OWN).await;
        choose(&desk).await;
        desk.js("location.hash = '#/schedule'", Vec::new()).await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
        sign_out(&desk).await;
        sign_in(&desk, "noor", &first).await;
        desk.until_shown("do not belong together").await;
        desk.fill("Password", OWN).await;
        desk.press("Enter").await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
    });
}

async fn choose(desk: &Desk) {
    desk.until("the strength", "return control('Set the password') && !control('Set the password').disabled")
        .await;
    desk.press("Enter").await;
}

#[test]
fn leaving_is_always_open_and_leads_back_to_the_same() {
    at_a_desk(prepared::small, |desk| async move {
        desk.sign_in("ada").await;
        let first = make_account(&desk).await;
        sign_out(&desk).await;
        sign_in(&desk, "noor", &first).await;
        desk.until_shown("Your own password").await;
        desk.press("Escape").await;
        sign_in(&desk, "fran", forms::PASSWORD).await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
        sign_out(&desk).await;
        sign_in(&desk, "noor", &first).await;
        desk.until_shown("Your own password").await;
    });
}
