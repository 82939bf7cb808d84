//! What an administrator decides about security, and what somebody at the front desk meets of it, in the real window.

use chrono::TimeDelta;
use clinic_domain::time::Instant;
use clinic_testkit::forms;
use serde_json::json;
use totp_rs::{Builder, Secret};

use super::access::{looks, sign_out};
use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;

/// The code that an app shows for the key on the screen. The window's clock began to go a moment before `opened`, so that
/// this is its code, or the one before, which counts, too.
pub(super) async fn code_of_the_shown_key(desk: &Desk, opened: std::time::Instant) -> String {
    let key = desk.until("the key", "return clean(document.querySelector('[data-key]')?.innerText)").await;
    let secret = Secret::try_from_base32(key.as_str().unwrap().replace(' ', "")).unwrap();
    let began: Instant = prepared::NOW.parse().unwrap();
    let now = began + TimeDelta::from_std(opened.elapsed()).unwrap();
    let app = Builder::new().with_secret(secret).build_noncompliant();
    app.generate(now.timestamp().unsigned_abs()).to_string()
}

async fn give_password(desk: &Desk, login: &str) {
    desk.fill("Account id", login).await;
    desk.fill("Password", forms::PASSWORD).await;
    desk.press("Enter").await;
}

/// Demands a second factor of the front desk.
async fn decide(desk: &Desk) {
    desk.sign_in("ada").await;
    desk.go("settings").await;
    desk.click("Security").await;
    desk.until_shown("Second factor by role").await;
    desk.fill("Lock when idle", "0").await;
    desk.js(
        "const it = document.querySelector('[name=factor_front_desk]'); it.value = 'must'; \
         it.dispatchEvent(new Event('change', { bubbles: true }))",
        Vec::new(),
    )
    .await;
    desk.fill("Days to set it up", "0").await;
    desk.until_shown("changes not saved").await;
    desk.press("Ctrl+s").await;
    desk.until_shown("Out of the allowed range; the nearest is 1.").await;
    looks(desk, "refused").await;
    desk.js("field('Lock when idle').select()", Vec::new()).await;
    desk.fill("Lock when idle", "20").await;
    desk.press("Ctrl+s").await;
    desk.until_shown("Security policy saved").await;
    desk.until_shown("Test, F.").await;
    looks(desk, "policy").await;
}

#[test]
fn a_new_clinic_reminds_its_administrator_of_a_second_factor_until_there_is_one() {
    at_a_desk(prepared::reminded, |desk| async move {
        let opened = std::time::Instant::now();
        desk.sign_in("ada").await;
        desk.until_shown("Your role must have a second factor. From 30 Nov on").await;
        looks(&desk, "reminder").await;
        desk.click("Not now").await;
        desk.until("no reminder", "return !document.body.innerText.includes('Your role must have')").await;
        sign_out(&desk).await;
        give_password(&desk, "fran").await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
        desk.go("me").await;
        desk.until_shown("Recommended for everybody who works here.").await;
        looks(&desk, "recommended").await;
        sign_out(&desk).await;
        give_password(&desk, "ada").await;
        desk.click("Set it up now").await;
        let code = code_of_the_shown_key(&desk, opened).await;
        desk.fill("Code", &code).await;
        desk.press("Enter").await;
        desk.click("They are printed or written down").await;
        desk.click("Done").await;
        desk.until("no reminder", "return !document.body.innerText.includes('Your role must have a second')")
            .await;
        desk.until_shown("Your role must have one.").await;
        looks(&desk, "reminded").await;
    });
}

#[test]
fn who_must_have_a_second_factor_sets_it_up_before_anything_else() {
    at_a_desk(prepared::small, |desk| async move {
        let opened = std::time::Instant::now();
        decide(&desk).await;
        sign_out(&desk).await;
        give_password(&desk, "fran").await;
        desk.until_shown("required for this role: Front desk").await;
        looks(&desk, "enrol").await;
        desk.js("location.hash = '#/patients'", Vec::new()).await;
        desk.press("Ctrl+k").await;
        let elsewhere =
            "return !!document.querySelector('nav, [data-column], [data-row], dialog[open], .sched')";
        assert_eq!(desk.js(elsewhere, Vec::new()).await, json!(false), "there is nowhere else to go");
        let code = code_of_the_shown_key(&desk, opened).await;
        looks(&desk, "scan").await;
        desk.fill("Code", "000000").await;
        desk.press("Enter").await;
        desk.until_shown("This is not the code").await;
        desk.fill("Code", &code).await;
        desk.press("Enter").await;
        desk.until_shown("They are printed or written down").await;
        looks(&desk, "codes").await;
        let recovery =
            desk.until("a recovery code", "return document.querySelector('ol li')?.innerText").await;
        desk.click("They are printed or written down").await;
        desk.js("location.hash = '#/schedule'", Vec::new()).await;
        desk.click("To the desk").await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
        desk.go("me").await;
        desk.until_shown("Your role must have one.").await;
        looks(&desk, "me").await;
        sign_out(&desk).await;
        give_password(&desk, "fran").await;
        desk.until_shown("Six digits").await;
        desk.click("Use a recovery code").await;
        desk.fill("Recovery code", recovery.as_str().unwrap()).await;
        desk.press("Enter").await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
    });
}
