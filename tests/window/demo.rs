//! A day in the demo clinic, from the first start of the program to the lock, in light and in dark. `make demo` keeps
//! its pictures.

use clinic_app::identity::demo;
use serde_json::json;

use super::desk::Desk;
use super::opening::{Theme, at_a_desk_in};
use super::start;

/// The day on which the demo clinic is made, as the address has it.
const TODAY: &str = "2026-11-23";

#[test]
fn journey_of_a_day_in_the_demo_clinic() {
    day_in_the_demo(Theme::Light);
}

#[test]
fn journey_of_a_day_in_the_demo_clinic_in_the_dark() {
    day_in_the_demo(Theme::Dark);
}

fn day_in_the_demo(theme: Theme) {
    at_a_desk_in(
        theme,
        |_| (),
        |desk| async move {
            desk.begin_album("demo");
            set_up(&desk).await;
            sign_in(&desk).await;
            desk.until_theme(theme).await;
            look_around(&desk).await;
            let patient = book_next_free(&desk).await;
            move_down(&desk, &patient).await;
            see_through(&desk, &patient).await;
            cancel_another(&desk).await;
            look_up(&desk, &patient).await;
            audit(&desk).await;
            lock_and_unlock(&desk).await;
        },
    );
}

/// The key of the store, the wizard, and the demo clinic at its end.
async fn set_up(desk: &Desk) {
    desk.until_shown("This computer has no keystore").await;
    desk.look("key").await;
    desk.fill("Passphrase", demo::PASSWORD).await;
    desk.click("Encrypt with this passphrase").await;
    start::administrator(desk).await;
    start::clinic(desk).await;
    desk.until_shown("When is the clinic open?").await;
    desk.look("hours").await;
    desk.click("Continue to doctors").await;
    desk.until_shown("Who sees patients?").await;
    desk.look("doctors").await;
    desk.click("Skip this step").await;
    desk.until_shown("How do you want to begin?").await;
    desk.press("2").await;
    desk.look("data").await;
    desk.click("Fill with demo data and open the schedule").await;
    desk.until_on_the_grid().await;
    desk.look("first-day").await;
}

/// The administrator goes, and one of the invented people comes.
async fn sign_in(desk: &Desk) {
    palette(desk, "sign out").await;
    desk.until_shown("Accounts of this demo").await;
    desk.click("Sofia Marchetti").await;
    desk.look("sign-in").await;
    desk.press("Enter").await;
    desk.until_on_the_grid().await;
}

async fn look_around(desk: &Desk) {
    desk.look("day").await;
    desk.press("w").await;
    desk.until("the week", "return !!document.querySelector('.cell')").await;
    desk.look("week").await;
    desk.press("m").await;
    desk.until_shown("November 2026").await;
    desk.look("month").await;
    desk.press("d").await;
    desk.until_on_the_grid().await;
}

/// Books into the first gap of an hour, and says for whom.
async fn book_next_free(desk: &Desk) -> String {
    let absent = desk.absent(TODAY).await;
    let letters = absent.first().expect("somebody who is not here today");
    desk.press("f").await;
    desk.until("openings", "return !!document.querySelector('[role=option]')").await;
    desk.press("Shift+ArrowDown").await;
    desk.until_shown("At least 1 h").await;
    desk.look("next-free").await;
    desk.press("Enter").await;
    desk.until_typing().await;
    desk.press("Shift+ArrowUp").await;
    desk.type_text(letters).await;
    let script =
        "return document.querySelector('[role=dialog] [role=option] .name')?.textContent.split(',')[0]";
    let patient = desk.until("the patient", script).await.as_str().unwrap().to_owned();
    desk.look("booking").await;
    desk.press("Enter").await;
    desk.press("Enter").await;
    desk.until_appointment(&patient, "Scheduled").await;
    desk.until_on_the_grid().await;
    desk.look("booked").await;
    patient
}

/// Half an hour later, which is free.
async fn move_down(desk: &Desk, patient: &str) {
    desk.press("v").await;
    desk.until_shown("Put back").await;
    desk.press("ArrowDown").await;
    desk.look("moving").await;
    desk.press("Enter").await;
    desk.until("the patient put down", "return !document.body.innerText.includes('Put back')").await;
    desk.until_appointment(patient, "Scheduled").await;
    desk.until_on_the_grid().await;
    desk.look("moved").await;
}

/// The patient comes, is seen, and goes.
async fn see_through(desk: &Desk, patient: &str) {
    desk.press("c").await;
    desk.until_appointment(patient, "waiting").await;
    desk.until_on_the_grid().await;
    desk.look("checked-in").await;
    desk.press("i").await;
    desk.until_typing().await;
    desk.type_text("3").await;
    desk.look("room").await;
    desk.press("Enter").await;
    desk.until_appointment(patient, "In room").await;
    desk.until_on_the_grid().await;
    desk.press("k").await;
    desk.until_appointment(patient, "Completed").await;
    desk.until_on_the_grid().await;
    desk.press("Enter").await;
    desk.until("the history", "return document.querySelectorAll('.drawer .event').length > 3").await;
    desk.look("completed").await;
    desk.press("Escape").await;
    desk.until_on_the_grid().await;
}

/// The next one in the column is cancelled, and comes back.
async fn cancel_another(desk: &Desk) {
    let script = "return document.activeElement?.querySelector('.s-scheduled, .s-confirmed') != null";
    for _ in 0..40 {
        if desk.js(script, Vec::new()).await == json!(true) {
            break;
        }
        desk.press("ArrowDown").await;
        desk.settle().await;
    }
    let script = "return document.activeElement.dataset.appointment";
    let id = desk.until("an appointment that can be cancelled", script).await;
    desk.press("Delete").await;
    desk.until("reasons", "return !!document.querySelector('[role=radiogroup] [role=radio]')").await;
    desk.press("1").await;
    desk.look("cancel").await;
    desk.press("Enter").await;
    let there = "return !!document.querySelector(`[data-appointment='${arguments[0]}'] :is(.s-scheduled, .s-confirmed)`)";
    desk.until_with("it is cancelled", &there.replace("!!", "!"), vec![id.clone()]).await;
    desk.until_on_the_grid().await;
    desk.look("cancelled").await;
    desk.press("Ctrl+z").await;
    desk.until_with("it is back", there, vec![id]).await;
    desk.look("undone").await;
}

/// The palette finds the patient.
async fn look_up(desk: &Desk, patient: &str) {
    desk.press("Ctrl+k").await;
    desk.until_typing().await;
    desk.type_text(&patient.to_lowercase()).await;
    desk.until("the patient", "return !!document.querySelector('dialog[open] mark')").await;
    desk.look("palette").await;
    desk.press("Enter").await;
    desk.until("the record", "return document.documentElement.dataset.screen === 'patient'").await;
    desk.look("patient").await;
    // The record that is being left does not take the day in the address for a patient.
    desk.until("a row", "return document.activeElement?.matches('[data-row]')").await;
    desk.press("Enter").await;
    desk.until("the schedule", "return !!document.querySelector('.sched')").await;
    desk.settle().await;
    let told = desk.js("return clean(document.querySelector('.toast')?.innerText ?? '')", Vec::new()).await;
    assert!(!told.as_str().unwrap_or_default().contains("Nothing was saved"), "{told}");
}

async fn audit(desk: &Desk) {
    palette(desk, "aud").await;
    desk.until("the log", "return document.documentElement.dataset.screen === 'audit'").await;
    desk.press("v").await;
    desk.until_shown("Verified").await;
    desk.look("audit").await;
}

async fn lock_and_unlock(desk: &Desk) {
    desk.press("Ctrl+l").await;
    desk.until_shown("This desk is locked").await;
    desk.look("locked").await;
    desk.fill("Password of", demo::PASSWORD).await;
    desk.press("Enter").await;
    desk.until_shown("Audit log").await;
    desk.look("unlocked").await;
}

/// The first thing that the palette has for these letters.
async fn palette(desk: &Desk, letters: &str) {
    desk.press("Ctrl+k").await;
    desk.until_typing().await;
    desk.type_text(letters).await;
    desk.press("Enter").await;
}
