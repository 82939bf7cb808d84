//! Emergency access by keyboard: a doctor before the closed record of a colleague's patient, the hour with its banner, and
//! the administrator afterwards.

use serde_json::json;

use super::desk::Desk;
use super::opening::{Theme, at_a_desk_in};
use super::prepared;

#[test]
fn journey_of_an_emergency() {
    emergency(Theme::Light);
}

#[test]
fn journey_of_an_emergency_in_the_dark() {
    emergency(Theme::Dark);
}

fn emergency(theme: Theme) {
    at_a_desk_in(theme, prepared::ward, |desk| async move {
        desk.begin_album("emergency");
        desk.sign_in("lee").await;
        desk.until_theme(theme).await;
        to_the_closed_record(&desk).await;
        give_a_reason(&desk).await;
        read(&desk).await;
        end(&desk).await;
        review(&desk).await;
        audit(&desk).await;
    });
}

async fn palette(desk: &Desk, letters: &str) {
    desk.press("Ctrl+k").await;
    desk.until_typing().await;
    desk.type_text(letters).await;
    desk.settle().await;
    desk.press("Enter").await;
}

async fn until_screen(desk: &Desk, screen: &str) {
    let script = "return document.documentElement.dataset.screen === arguments[0]";
    desk.until_with(&format!("the screen {screen}"), script, vec![json!(screen)]).await;
}

async fn shows(desk: &Desk, words: &str) -> bool {
    let script = "return clean(document.body.innerText).includes(arguments[0])";
    desk.js(script, vec![json!(words)]).await == json!(true)
}

async fn to_the_closed_record(desk: &Desk) {
    desk.until_on_the_grid().await;
    palette(desk, "nagy").await;
    until_screen(desk, "closed-record").await;
    desk.until_shown("Patient of Dr Ann Roy").await;
    assert!(!shows(desk, "blood thinner").await, "nothing of the record");
    desk.look("closed").await;
}

async fn give_a_reason(desk: &Desk) {
    desk.press("Enter").await;
    desk.until("the reasons", "return document.activeElement?.matches('dialog [type=radio]')").await;
    desk.look("dialog").await;
    desk.press("Ctrl+Enter").await;
    desk.until_shown("Choose one of the four").await;
    desk.press("1").await;
    desk.until("the words", "return document.activeElement?.matches('dialog [type=text]')").await;
    desk.type_text("help").await;
    desk.press("Ctrl+Enter").await;
    desk.until_shown("At least 12 characters").await;
    desk.look("few-words").await;
    desk.type_text(" in the waiting room, her medicines").await;
    desk.press("Ctrl+Enter").await;
}

async fn read(desk: &Desk) {
    until_screen(desk, "patient").await;
    for words in ["Takes a blood thinner", "60 min left", "You opened", "Booking: not in an emergency"] {
        desk.until_shown(words).await;
    }
    desk.until_shown("Ada Test").await;
    desk.look("open").await;
    // Neither key does anything here.
    desk.press("e").await;
    desk.press("b").await;
    palette(desk, "sch").await;
    desk.until_on_the_grid().await;
    desk.until_shown("60 min left").await;
    desk.look("banner").await;
}

async fn end(desk: &Desk) {
    desk.press("Ctrl+End").await;
    desk.until("no banner", "return !document.querySelector('.emergency')").await;
    palette(desk, "nagy").await;
    until_screen(desk, "closed-record").await;
    assert!(!shows(desk, "blood thinner").await, "closed again");
    desk.look("closed-again").await;
}

async fn review(desk: &Desk) {
    palette(desk, "sign out").await;
    desk.sign_in("ada").await;
    desk.until_shown("opened the record of another doctor").await;
    desk.look("notice").await;
    desk.click("Review it").await;
    until_screen(desk, "emergency").await;
    desk.until_shown("help in the waiting room, her medicines").await;
    desk.look("review").await;
    desk.until("the keyboard in the list", "return document.activeElement?.matches('[data-row]')").await;
    desk.press("r").await;
    desk.until_shown("Reviewed: Lee Test, Nagy, Ilona").await;
    desk.look("reviewed").await;
}

/// Everything is in the log, the latest first.
async fn audit(desk: &Desk) {
    desk.go("audit").await;
    let newest_last = [
        "Refused",
        "Record opened in an emergency",
        "Record read in an emergency",
        "Appointments read in an emergency",
        "Emergency access ended",
        "Emergency access reviewed",
    ];
    let script = "const words = clean(document.querySelector('main table')?.innerText ?? ''); const found = arguments[0].map((it) => words.lastIndexOf(it)); \
        return found.every((at, nth) => at >= 0 && (nth === 0 || at < found[nth - 1]))";
    desk.until_with("the entries in their order", script, vec![json!(newest_last)]).await;
    desk.look("audit").await;
}
