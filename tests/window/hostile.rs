//! What somebody typed is text on every screen, never markup (W9; ASVS 3.2.2): payloads in every text field of patients,
//! shown in lists, records, the schedule, the search and the audit log, in the real window.

use std::path::Path;

use clinic_app::directory::view::AddPatient;
use clinic_app::{Actor, App, AppError};
use clinic_domain::directory::patient::{Alert, AlertKind, EmergencyContact, PatientForm};
use clinic_domain::id::ActionId;
use clinic_testkit::forms;
use serde_json::{Value, json};

use super::desk::{Desk, at_a_desk};
use super::prepared;

/// Markup and addresses that run `ran=1` where they are taken for more than text.
const PAYLOADS: [&str; 17] = [
    "<script>ran=1</script>",
    "<img src=x onerror=ran=1>",
    "<svg onload=ran=1>",
    "\"><img src=x onerror=ran=1>",
    "'><svg/onload=ran=1>",
    "' onmouseover='ran=1",
    "\" autofocus onfocus=\"ran=1",
    "javascript:ran=1",
    "<a href=javascript:ran=1>go</a>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<details open ontoggle=ran=1>",
    "</title><script>ran=1</script>",
    "</textarea><img src=x onerror=ran=1>",
    "{@html '<img src=x onerror=ran=1>'}",
    "${ran=1}",
    "&lt;img src=x onerror=ran=1&gt;",
    "<style>*{display:none}</style>",
];

/// The payload as it is, in capitals, and with what some filters stumble over.
fn variants() -> Vec<String> {
    let spellings: [fn(&str) -> String; 3] =
        [str::to_owned, |it| it.replace("<s", "<S").replace("<i", "<I"), |it| it.replace(' ', "/")];
    PAYLOADS.iter().flat_map(|payload| spellings.map(|spell| spell(payload))).collect()
}

/// Adds a patient with the payload in every text that accepts it; says in how many.
fn add(app: &App, admin: &Actor, payload: &str) -> usize {
    let mut form = serde_json::to_value(hostile(payload)).unwrap();
    let texts = form.to_string().matches(&json!(payload).to_string()).count();
    let mut refused = 0;
    loop {
        let request_id = ActionId(app.new_id().unwrap());
        let request = AddPatient {
            request_id,
            form: serde_json::from_value(form.clone()).unwrap(),
            accept_duplicates: true,
        };
        match app.add_patient(admin, request) {
            Ok(_) => return texts - refused,
            Err(AppError::Validation { fields }) => {
                for wrong in fields {
                    let place = form.pointer_mut(&format!("/{}", wrong.field.replace('.', "/")));
                    *place.unwrap_or_else(|| panic!("{}", wrong.field)) = json!("Plain");
                    refused += 1;
                }
            }
            Err(fault) => panic!("{fault:?}"),
        }
    }
}

fn hostile(payload: &str) -> PatientForm {
    let text = || payload.to_owned();
    PatientForm {
        called: text(),
        street: text(),
        city: text(),
        notes: text(),
        alerts: vec![Alert { kind: AlertKind::Allergy, text: text() }],
        emergency_contacts: vec![EmergencyContact {
            name: text(),
            relation: text(),
            phone: "+1 212 555 0123".to_owned(),
        }],
        ..forms::patient(payload, payload, "1980-02-29")
    }
}

/// Three patients of each payload, one of whom is booked for a reason of the same kind; says how many texts hold one.
fn hostile_clinic(folder: &Path) {
    let (app, admin) = prepared::set_up(folder, &["Lee"], false);
    let texts: usize = variants().iter().map(|payload| add(&app, &admin, payload)).sum();
    assert!(texts >= 300, "only {texts} texts accepted a payload");
    println!("{texts} texts hold a payload");
}

/// Nothing ran, and there is no element that a payload would have made.
async fn nothing_ran(desk: &Desk, screen: &str) {
    let script = "return [window.ran ?? null, document.querySelectorAll('img[src=x], svg[onload], iframe, [ontoggle], \
        [onfocus], [onmouseover], a[href^=javascript]').length]";
    assert_eq!(desk.js(script, Vec::new()).await, json!([null, 0]), "{screen}");
}

#[test]
fn what_was_typed_is_text_on_every_screen() {
    at_a_desk(hostile_clinic, |desk| async move {
        desk.sign_in("ada").await;
        desk.go("patients").await;
        desk.until_shown("<img src=x onerror=ran=1>").await;
        nothing_ran(&desk, "patients").await;
        let list = "const done = arguments[arguments.length - 1]; \
            const filter = { query: '', doctor_id: null, validation: null, with_alert: false, archived: false }; \
            const paging = { page: 0, size: 100, sort: 'name', descending: false }; \
            window.__TAURI_INTERNALS__.invoke('list_patients', { request: { filter, paging } }) \
                .then((page) => done(page.rows.map((row) => row.id)))";
        let ids = desk.client.execute_async(list, Vec::new()).await.unwrap();
        let ids: Vec<String> = serde_json::from_value(ids).unwrap();
        assert_eq!(ids.len(), variants().len());
        for id in ids.iter().step_by(3) {
            let script = "delete document.documentElement.dataset.screen; location.hash = arguments[0]";
            desk.js(script, vec![json!(format!("#/patients/{id}"))]).await;
            desk.until("the record", "return document.documentElement.dataset.screen === 'patient'").await;
            nothing_ran(&desk, id).await;
        }
        for screen in ["audit", "schedule"] {
            desk.go(screen).await;
            nothing_ran(&desk, screen).await;
        }
        desk.press("Enter").await;
        desk.until("the booking sheet", "return !!document.querySelector('[role=dialog] input:focus')").await;
        desk.type_text("img").await;
        desk.until("what was found", "return !!document.querySelector('[role=option]')").await;
        nothing_ran(&desk, "booking").await;
        markup_is_found(&desk).await;
    });
}

/// Whether the search finds what a payload makes.
async fn markup_is_found(desk: &Desk) {
    desk.js("document.body.insertAdjacentHTML('beforeend', '<img src=x>')", Vec::new()).await;
    let found: Value = desk.js("return document.querySelectorAll('img[src=x]').length", Vec::new()).await;
    assert_eq!(found, json!(1));
}
