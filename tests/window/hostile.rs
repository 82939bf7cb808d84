//! What somebody typed is text on every screen, never markup (W9; ASVS 3.2.2): payloads in every text of every request, and in
//! the name of a device, looked at on every screen of the real window.

use std::path::Path;

use clinic_app::identity::view::SignIn;
use clinic_app::{App, Parts};
use clinic_testkit::clinic::CHEAP;
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};
use serde_json::json;

use super::desk::Desk;
use super::opening::{Computer, at_a_desk_on};
use super::payloads::{fill, variants};
use crate::ipc::page::Page;

/// The name of a computer.
const DEVICE: &str = "<img src=x onerror=ran=1>";

/// Where a screen shows what was typed, as its address says it, and how many of its rows are opened.
const SCREENS: [(&str, usize); 15] = [
    ("schedule", 0),
    ("patients", 8),
    ("accounts", 8),
    ("pending", 4),
    ("doctors", 8),
    ("settings/clinic", 0),
    ("settings/hours", 0),
    ("settings/types", 0),
    ("settings/rules", 0),
    ("settings/security", 0),
    ("settings/mail", 0),
    ("devices", 0),
    ("emergency", 8),
    ("audit", 30),
    ("me", 0),
];

/// What a payload would make of itself if it were taken for markup. The page has none of these.
const MADE: &str = "return [window.ran ?? null, [...document.querySelectorAll('img[src=x], iframe, object, embed, base, audio, \
    video, marquee, math, animate, noscript, template, [onerror], [onload], [onfocus], [ontoggle], [onmouseover], [onstart], \
    [onbegin], [formaction], [href^=javascript], [http-equiv=refresh], [content*=javascript]')].map((it) => it.outerHTML), \
    [...document.querySelectorAll('script, style')].filter((it) => /ran=1|display:none\\}/.test(it.textContent)).length]";

/// Somebody signs in on a computer with a hostile name.
fn sign_in_elsewhere(folder: &Path, now: &str) {
    let app = App::new(Parts {
        folder: folder.to_owned(),
        device: DEVICE.to_owned(),
        clock: Box::new(TurnedClock::at(now)),
        random: Box::new(RepeatingRandom::from_seed(13)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    });
    app.start().unwrap();
    app.sign_in(SignIn { login: "ada".to_owned(), password: forms::PASSWORD.into() }).unwrap();
}

/// Nothing ran, and there is no element that a payload would have made.
async fn nothing_ran(desk: &Desk, screen: &str) {
    assert_eq!(desk.js(MADE, Vec::new()).await, json!([null, [], 0]), "{screen}");
}

/// Looks at a screen and at what its first rows open.
async fn look_at(desk: &Desk, screen: &str, rows: usize) {
    let name = screen.split('/').next().unwrap();
    for nth in 0..=rows {
        // Away from it, so that it begins anew.
        desk.go("schedule").await;
        let script = "delete document.documentElement.dataset.screen; location.hash = arguments[0]";
        desk.js(script, vec![json!(format!("#/{screen}"))]).await;
        let shown = "return document.documentElement.dataset.screen === arguments[0] \
            || arguments[0] === 'schedule' && !!document.querySelector('[data-column]')";
        desk.until_with(screen, shown, vec![json!(name)]).await;
        if nth > 0 {
            let open =
                "const it = document.querySelectorAll('[data-row]')[arguments[0]]; it?.click(); return !!it";
            if desk.js(open, vec![json!(nth - 1)]).await == json!(false) {
                break;
            }
        }
        desk.settle().await;
        nothing_ran(desk, screen).await;
    }
}

/// One record for each payload, by the ids that the page itself is given.
async fn look_at_records(desk: &Desk) {
    let list = "const done = arguments[arguments.length - 1]; \
        const filter = { query: '', doctor_id: null, validation: null, with_alert: true, archived: false }; \
        const paging = (page) => ({ page, size: 100, sort: 'name', descending: false }); \
        const ask = (page) => window.__TAURI_INTERNALS__.invoke('list_patients', { request: { filter, paging: paging(page) } }); \
        Promise.all([0, 1, 2, 3].map(ask)).then((pages) => done(pages.flatMap((page) => page.rows.map((row) => row.id))))";
    let ids = desk.client.execute_async(list, Vec::new()).await.unwrap();
    let ids: Vec<String> = serde_json::from_value(ids).unwrap();
    assert!(ids.len() > variants().len(), "{} records", ids.len());
    for id in ids.iter().step_by(10) {
        let script = "delete document.documentElement.dataset.screen; location.hash = arguments[0]";
        desk.js(script, vec![json!(format!("#/patients/{id}"))]).await;
        desk.until("the record", "return document.documentElement.dataset.screen === 'patient'").await;
        nothing_ran(desk, id).await;
    }
}

#[test]
fn what_was_typed_is_text_on_every_screen() {
    let page = Page::of("ada");
    let filled = fill(&page);
    println!(
        "{} texts in {} fields hold one of {} payloads",
        filled.texts(),
        filled.fields(),
        variants().len()
    );
    assert_eq!(filled.with_too_few(), [""; 0]);
    page.clinic.clock.wait_minutes(30);
    let now = page.app.now();
    at_a_desk_on(
        Computer { now, ..Computer::default() },
        |folder| {
            page.leave_in(folder);
            sign_in_elsewhere(folder, &now.to_rfc3339());
        },
        |desk| async move {
            desk.sign_in("ada").await;
            for (screen, rows) in SCREENS {
                look_at(&desk, screen, rows).await;
            }
            look_at_records(&desk).await;
            desk.go("schedule").await;
            desk.point_at(".ap").await;
            desk.until("the appointment", "return !!document.querySelector('.drawer .history')").await;
            nothing_ran(&desk, "appointment").await;
            desk.press("Escape").await;
            desk.press("Ctrl+k").await;
            desk.until("the palette", "return !!document.querySelector('dialog[open] input:focus')").await;
            desk.type_text("img").await;
            desk.until("what was found", "return !!document.querySelector('dialog[open] [role=option]')")
                .await;
            nothing_ran(&desk, "palette").await;
            markup_is_found(&desk).await;
        },
    );
}

/// Whether the search finds what a payload makes.
async fn markup_is_found(desk: &Desk) {
    for markup in ["<img src=x>", "<a href=javascript:ran=1>x</a>", "<math></math>", "<b onfocus=ran=1></b>"]
    {
        let plant = "const it = document.body.appendChild(document.createElement('div')); it.innerHTML = arguments[0]";
        desk.js(plant, vec![json!(markup)]).await;
        assert_ne!(desk.js(MADE, Vec::new()).await, json!([null, [], 0]), "{markup}");
        desk.js("document.body.lastElementChild.remove()", Vec::new()).await;
    }
}
