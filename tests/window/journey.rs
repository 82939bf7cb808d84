//! A day at the desk, by keyboard: from the first start to the lock. Keys are counted against what was promised (FD-2).

use super::desk::{Desk, at_a_desk};
use super::prepared;

#[test]
fn journey_of_a_day_by_keyboard() {
    at_a_desk(prepared::small, |desk| async move {
        desk.picture("10-sign-in").await;
        desk.sign_in("fran").await;
        desk.picture("11-schedule-empty").await;
        book(&desk).await;
    });
}

async fn book(desk: &Desk) {
    desk.press("Enter").await;
    desk.until("the booking sheet", "return document.activeElement?.role === 'combobox'").await;
    desk.type_text("smi").await;
    desk.press("Enter").await;
    desk.press("Enter").await;
    desk.until(
        "the appointment",
        "return document.querySelector('[data-appointment]')?.innerText.includes('Smith')",
    )
    .await;
    let keys = desk.count_keys();
    assert!(keys <= 8, "booking a known patient took {keys} keys");
    desk.picture("12-booked").await;
}
