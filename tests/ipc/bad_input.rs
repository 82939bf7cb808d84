//! Nonsense in every field of every command: the answer is a code and a field, and nothing is written.

use clinic_app::contract::{Access, COMMANDS};
use clinic_domain::identity::policy::Action;
use serde_json::{Value, json};

use super::page::Page;

/// Commands that only look; nonsense in a search finds nothing, which is no fault.
const READS: [&str; 28] = [
    "list_accounts",
    "preview_import",
    "list_registrations",
    "search_patients",
    "list_patients",
    "read_patient",
    "read_closed_record",
    "list_emergencies",
    "find_duplicates",
    "list_doctors",
    "read_doctor",
    "count_outside_hours",
    "find",
    "view_schedule",
    "view_month",
    "read_appointment",
    "list_appointments",
    "next_free",
    "list_audit",
    "compare_audit",
    "export_audit",
    "check_password",
    "sign_in",
    "unlock",
    "unlock_with_pin",
    "open_store",
    "create_store",
    "set_up_clinic",
];

/// Wrong values for a field that holds `right`, and whether a writing command has to refuse them.
fn nonsense(right: &Value) -> Vec<(Value, bool)> {
    match right {
        Value::String(text) if uuid_like(text) => vec![
            (json!("0193f3e8-0000-7000-8000-0123456789ab"), false),
            (json!("not an id"), true),
            (json!(7), true),
        ],
        Value::String(_) => vec![
            (json!("a\u{0}b\u{202e}c"), true),
            (json!("\u{7}"), true),
            (json!("x".repeat(200_000)), true),
            (json!(7), true),
        ],
        Value::Number(_) => vec![
            (json!(-1), true),
            (json!(1.5), true),
            (json!(u64::MAX), true),
            (json!("7"), true),
            (json!(u16::MAX), false),
            (json!(0), false),
        ],
        Value::Bool(_) => vec![(json!("yes"), true), (json!(1), true)],
        Value::Array(_) => vec![(json!("x"), true), (json!([[]]), true)],
        Value::Object(_) => vec![(json!(7), true), (json!([]), true)],
        Value::Null => vec![(json!({ "x": 1 }), true), (json!([1]), true)],
    }
}

fn uuid_like(text: &str) -> bool {
    text.len() == 36 && text.chars().filter(|letter| *letter == '-').count() == 4
}

/// The place of every value inside, as JSON pointers.
pub(super) fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(values) => {
            for (nth, value) in values.iter().enumerate().take(1) {
                places(value, &format!("{at}/{nth}"), found);
            }
        }
        _ => {}
    }
}

/// What is wrong with how the page was answered, if anything.
fn fault(page: &Page, command: &str, arguments: Value, must_refuse: bool) -> Option<String> {
    let before = page.entries();
    let answer = page.call(command, arguments);
    let written = page.entries() - before;
    match answer {
        Ok(_) if must_refuse => Some("accepted".to_owned()),
        Ok(_) => None,
        Err(error) => {
            let code = error["code"].as_str().unwrap_or_default();
            // A wrong password or code is written down, whatever it was asked for; that is what the log is for.
            let logs = ["wrong_credentials", "code_refused"].contains(&code);
            if code.is_empty() || code == "internal" {
                Some(format!("no code: {error}"))
            } else if code == "validation" && !error["fields"][0]["field"].is_string() {
                Some(format!("no field: {error}"))
            } else if written > 0 && !logs {
                Some(format!("{written} entries written although it was refused: {error}"))
            } else {
                None
            }
        }
    }
}

#[test]
fn nonsense_is_refused_with_a_code_and_writes_nothing() {
    let (admin, doctor) = (Page::of("ada"), Page::of("lee"));
    let mut tried = 0;
    let mut faults = Vec::new();
    for (command, access) in COMMANDS {
        // An administrator may do everything but this.
        let page = if access == Access::Policy(Action::OpenInEmergency) { &doctor } else { &admin };
        let right = page.arguments(command, true);
        if right == json!({}) {
            continue;
        }
        let reads = READS.contains(&command);
        let mut attempts = vec![
            ("nothing".to_owned(), json!({}), true),
            ("an unknown field".to_owned(), unknown_field(&right), right["request"].is_object()),
        ];
        let mut all = Vec::new();
        places(&right["request"], "", &mut all);
        for place in all {
            let pointer = format!("/request{place}");
            for (wrong, refuse) in nonsense(right.pointer(&pointer).unwrap()) {
                let mut arguments = right.clone();
                *arguments.pointer_mut(&pointer).unwrap() = wrong.clone();
                let free_text = reads || place.ends_with("password") || place.contains("passphrase");
                let wrong_type = !wrong.is_string();
                let name = format!("{place} = {}", wrong.to_string().chars().take(40).collect::<String>());
                attempts.push((name, arguments, refuse && (wrong_type || !free_text)));
            }
        }
        for (name, arguments, must_refuse) in attempts {
            tried += 1;
            if let Some(fault) = fault(page, command, arguments, must_refuse) {
                faults.push(format!("{command} {name}: {fault}"));
            }
        }
    }
    println!("{tried} nonsensical calls");
    assert!(faults.is_empty(), "{} of {tried}\n{}", faults.len(), faults.join("\n"));
    assert!(tried > 500, "only {tried} calls");
}

fn unknown_field(right: &Value) -> Value {
    let mut arguments = right.clone();
    match &mut arguments["request"] {
        Value::Object(fields) => drop(fields.insert("is_admin".to_owned(), json!(true))),
        other => *other = json!({ "is_admin": true }),
    }
    arguments
}

#[test]
fn a_command_that_does_not_exist_is_refused() {
    let page = Page::of("ada");
    assert!(page.call("drop_tables", json!({})).is_err());
}
