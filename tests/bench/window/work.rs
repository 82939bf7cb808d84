//! A stretch of work at the front desk, key by key, over and over.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::desk::Desk;
use crate::probe::Pressed;

/// How often the stretch is worked through.
const ROUNDS: usize = 6;

/// Signs in and goes to the first day with appointments.
pub async fn sign_in(desk: &Desk, login: &str, password: &str) {
    desk.until_shown("Sign in on this computer").await;
    desk.fill("Account id", login).await;
    desk.fill("Password", password).await;
    desk.press("Enter").await;
    desk.until("the schedule", "return !!document.querySelector('[data-column]')").await;
    desk.settle().await;
    for _ in 0..8 {
        if desk.js("return document.querySelectorAll('[data-appointment]').length > 5", Vec::new()).await
            == json!(true)
        {
            break;
        }
        desk.press("Ctrl+ArrowRight").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let script = "const date = (it) => it.dataset.column.match(/\\d{4}-\\d\\d-\\d\\d/)?.[0] ?? it.outerHTML.match(/\\d{4}-\\d\\d-\\d\\d/)?.[0]; \
        const columns = [...document.querySelectorAll('[data-column]')]; \
        window.__date = date(columns[0]) ?? location.hash.match(/\\d{4}-\\d\\d-\\d\\d/)?.[0] ?? new Date().toISOString().slice(0, 10); \
        return [window.__date, columns.length, document.querySelectorAll('[data-appointment]').length]";
    println!("date, columns, appointments shown: {}", desk.js(script, Vec::new()).await);
}

/// Works, and says how long every key took.
pub async fn stretch(desk: &Desk) -> Vec<Pressed> {
    desk.probe().await;
    let names = names(desk).await;
    let mut found = Vec::new();
    for round in 0..ROUNDS {
        let name = names.get(round % names.len().max(1)).map_or("smi", String::as_str);
        moving_about(desk, &mut found).await;
        booking(desk, &mut found, name).await;
        for _ in 0..2 {
            desk.press("Escape").await;
        }
        for (kind, key) in [("week view", "w"), ("month view", "m"), ("day view", "d")] {
            found.push(desk.measured(kind, key).await);
        }
        on_the_grid(desk).await;
    }
    found
}

async fn on_the_grid(desk: &Desk) -> bool {
    let script = "if (document.activeElement?.closest('[data-column]')) return true; \
        document.querySelector(\"[data-column] [tabindex='0']\")?.focus(); return !!document.activeElement?.closest('[data-column]')";
    desk.js(script, Vec::new()).await == json!(true)
}

async fn moving_about(desk: &Desk, found: &mut Vec<Pressed>) {
    on_the_grid(desk).await;
    for key in
        ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "PageDown", "PageUp"]
    {
        found.push(desk.measured("arrow on the schedule", key).await);
    }
    for key in ["Ctrl+ArrowRight", "Ctrl+ArrowLeft"] {
        found.push(desk.measured("change the day", key).await);
    }
}

async fn booking(desk: &Desk, found: &mut Vec<Pressed>, name: &str) {
    found.push(desk.measured("next free", "f").await);
    found.push(desk.measured("open the booking sheet", "Enter").await);
    for letter in name.chars() {
        found.push(desk.measured("letter of a patient", &letter.to_string()).await);
    }
    found.push(desk.measured("pick the patient", "Enter").await);
    found.push(desk.measured("book", "Enter").await);
    let script = "return !!document.activeElement?.closest('[data-appointment]') && \
        !document.querySelector('[role=dialog], dialog[open]')";
    let start = Instant::now();
    let mut booked = false;
    while !booked && start.elapsed() < Duration::from_secs(3) {
        booked = desk.js(script, Vec::new()).await == json!(true);
    }
    if !booked {
        println!("not booked: {name}");
        desk.picture(&format!("not-booked-{name}")).await;
        start_over(desk).await;
        return;
    }
    found.push(desk.measured("confirm (change one appointment)", "y").await);
    found.push(desk.measured("begin to move", "v").await);
    found.push(desk.measured("arrow while moving", "ArrowDown").await);
    found.push(desk.measured("arrow while moving", "ArrowUp").await);
    found.push(desk.measured("arrow while moving", "PageDown").await);
    found.push(desk.measured("drop", "Enter").await);
    desk.press("Escape").await;
    found.push(desk.measured("begin to cancel", "Delete").await);
    found.push(desk.measured("reason", "1").await);
    found.push(desk.measured("cancel", "Enter").await);
    found.push(desk.measured("undo", "Ctrl+z").await);
}

/// A fresh page: what was typed into a booking comes back with the next one, which would begin with another name.
async fn start_over(desk: &Desk) {
    desk.js("location.reload()", Vec::new()).await;
    let script = "return window.__probe === undefined && !!document.querySelector('[data-column]')";
    desk.until("the schedule again", script).await;
    desk.probe().await;
}

/// First letters of some patients who can be booked into any slot of the day that is shown.
async fn names(desk: &Desk) -> Vec<String> {
    let date = desk.js("return window.__date", Vec::new()).await;
    let names = desk.absent(date.as_str().unwrap()).await;
    println!("patients typed: {}", names.join(" "));
    names
}
