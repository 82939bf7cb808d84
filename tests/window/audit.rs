//! The filters of the audit log, by the keyboard alone, in the real window.

use serde_json::json;

use super::access::{looks, sign_out};
use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;

/// Where a column stands in a row.
const WHO: u32 = 1;
const ACTION: u32 = 3;
const WHAT: u32 = 4;

impl Desk {
    /// Goes with Tab from the search to what begins with this.
    async fn tab_to(&self, name: &str) {
        let here = "return clean(document.activeElement?.innerText).startsWith(arguments[0])";
        self.press("/").await;
        for _ in 0..20 {
            self.press("Tab").await;
            if self.js(here, vec![json!(name)]).await == json!(true) {
                return;
            }
        }
        panic!("no Tab leads to {name}");
    }

    /// Goes to the filter of this name, and opens it.
    async fn open_filter(&self, name: &str) {
        self.tab_to(name).await;
        self.press("Enter").await;
        self.until("its sheet", "return !!document.querySelector('[role=dialog] input:focus')").await;
    }

    /// Waits until the sheet is closed, the keyboard is on its filter, and that says this.
    async fn until_filtered(&self, words: &str) {
        let script = "return !document.querySelector('[role=dialog]') && clean(document.activeElement?.innerText) === arguments[0]";
        self.until_with(words, script, vec![json!(words)]).await;
    }

    /// Waits until there are rows and each of them says this in a column.
    async fn until_every_row(&self, column: u32, words: &str) {
        let script = "const rows = [...document.querySelectorAll('tr:has([data-row])')]; \
            return rows.length > 0 && rows.every((it) => clean(it.cells[arguments[0]].innerText).includes(arguments[1]))";
        self.until_with(&format!("only {words}"), script, vec![json!(column), json!(words)]).await;
    }

    async fn until_some_row(&self, column: u32, words: &str) {
        let script = "return [...document.querySelectorAll('tr:has([data-row])')].some((it) => clean(it.cells[arguments[0]].innerText).includes(arguments[1]))";
        self.until_with(words, script, vec![json!(column), json!(words)]).await;
    }
}

/// Somebody was here, and somebody whom nobody knows tried to be; the administrator looks at the log.
async fn look_at_the_log(desk: &Desk) {
    desk.begin_album("audit");
    desk.sign_in("fran").await;
    sign_out(desk).await;
    desk.fill("Account id", "nobody").await;
    desk.fill("Password", "a wrong password").await;
    desk.press("Enter").await;
    desk.until_shown("do not belong together").await;
    desk.sign_in("ada").await;
    desk.go("audit").await;
    desk.until_some_row(ACTION, "Sign-in failed").await;
}

#[test]
fn days_are_typed_or_chosen_and_a_wrong_end_is_told_at_its_field() {
    at_a_desk(prepared::small, |desk| async move {
        look_at_the_log(&desk).await;
        desk.open_filter("When").await;
        desk.type_text("23 nov").await;
        desk.press("Tab").await;
        desk.type_text("22.11.").await;
        desk.press("Enter").await;
        desk.until_shown("This is before the first day.").await;
        looks(&desk, "days-refused").await;
        desk.press("Ctrl+a").await;
        desk.type_text("23/11/26").await;
        desk.press("Enter").await;
        desk.until_filtered("When: Today").await;
        desk.until_some_row(ACTION, "Sign-in failed").await;
        // The usual spans stand before the field.
        desk.open_filter("When").await;
        for _ in 0..4 {
            desk.press("Shift+Tab").await;
        }
        desk.press("Enter").await;
        desk.until_filtered("When: Yesterday").await;
        desk.until_shown("No entries").await;
        looks(&desk, "yesterday").await;
        desk.open_filter("When").await;
        desk.press("Ctrl+a").await;
        desk.press("Delete").await;
        desk.press("Enter").await;
        desk.until_filtered("When: until 22 Nov").await;
        desk.press("Tab").await;
        desk.press("Enter").await;
        desk.until_some_row(ACTION, "Sign-in failed").await;
    });
}

#[test]
fn a_person_nobody_and_a_patient_are_found_by_what_is_typed() {
    at_a_desk(prepared::small, |desk| async move {
        look_at_the_log(&desk).await;
        desk.open_filter("Who").await;
        desk.type_text("fran").await;
        looks(&desk, "who").await;
        desk.press("Enter").await;
        desk.until_filtered("Who: Test, Fran").await;
        desk.until_every_row(WHO, "Fran Test").await;
        desk.open_filter("Who").await;
        desk.until_shown("nobody signed in").await;
        desk.press("Enter").await;
        desk.until_filtered("Who: nobody signed in").await;
        desk.until_every_row(ACTION, "Sign-in failed").await;
        desk.press("Tab").await;
        desk.press("Enter").await;
        desk.until_some_row(ACTION, "Patient added").await;
        desk.open_filter("Patient").await;
        desk.type_text("nag").await;
        desk.press("Enter").await;
        desk.until_every_row(WHAT, "Nagy").await;
        looks(&desk, "patient").await;
        desk.tab_to("Clear").await;
        desk.press("Enter").await;
        desk.until_some_row(WHO, "Fran Test").await;
    });
}
