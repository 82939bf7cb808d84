//! Which crate may know which.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::{none, one};
use crate::repository::root;

/// Edges between the crates of this repository, and no others.
const EDGES: [(&str, &[&str]); 7] = [
    ("clinic-domain", &[]),
    ("clinic-wire", &["clinic-domain"]),
    ("clinic-app", &["clinic-domain", "clinic-wire"]),
    // The shell spells the types of the contract, which are the domain's; it asks no rule.
    ("clinic-desktop", &["clinic-app", "clinic-domain"]),
    ("clinic-desk", &["clinic-desktop"]),
    ("clinic-testkit", &["clinic-app", "clinic-domain"]),
    ("clinic-tests", &["clinic-app", "clinic-desktop", "clinic-domain", "clinic-testkit", "clinic-wire"]),
];

/// Foreign crates that only some of ours may know.
const FENCED: [(&str, &[&str]); 6] = [
    ("tauri", &["clinic-desktop", "clinic-desk", "clinic-tests"]),
    ("gtk", &["clinic-desktop"]),
    ("webkit2gtk", &["clinic-desktop"]),
    ("rusqlite", &["clinic-app", "clinic-tests"]),
    ("fantoccini", &["clinic-tests"]),
    // Mail is sent from one place.
    ("lettre", &["clinic-app"]),
];

/// All that the rules stand on: no I/O, no clock, no randomness, no async.
const UNDER_THE_RULES: [&str; 16] = [
    "chrono",
    "chrono-tz",
    "email_address",
    "phonenumber",
    "proptest",
    "serde",
    "serde_json",
    "specta",
    "strsim",
    "subtle",
    "thiserror",
    "totp-rs",
    "unicode-normalization",
    "uuid",
    "zeroize",
    "zxcvbn",
];

/// Each crate of the workspace with the crates it names, in whatever section.
fn workspace() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn faults(metadata: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some((_, allowed)) = EDGES.iter().find(|(crate_name, _)| *crate_name == name) else {
            faults.push(format!("{name} has no row in EDGES"));
            continue;
        };
        let named: BTreeSet<_> = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        for other in named {
            if !may_name(name, other, allowed) {
                faults.push(format!("{name} may not know {other}"));
            }
        }
    }
    faults
}

fn may_name(name: &str, other: &str, allowed: &[&str]) -> bool {
    if other.starts_with("clinic-") {
        return allowed.contains(&other);
    }
    if name == "clinic-domain" && !UNDER_THE_RULES.contains(&other) {
        return false;
    }
    FENCED
        .iter()
        .filter(|(fenced, _)| other == *fenced || other.starts_with(&format!("{fenced}-")))
        .all(|(_, inside)| inside.contains(&name))
}

#[test]
fn crates_know_only_those_below_them() {
    none(&faults(&workspace()));
}

#[test]
fn a_forbidden_edge_is_found() {
    let package = |name: &str, other: &str| serde_json::json!({ "packages": [{ "name": name, "dependencies": [{ "name": other }] }] });
    one(&faults(&package("clinic-domain", "clinic-app")));
    one(&faults(&package("clinic-domain", "tokio")));
    one(&faults(&package("clinic-app", "tauri-plugin-fs")));
    one(&faults(&package("clinic-wire", "rusqlite")));
    one(&faults(&package("clinic-new", "serde")));
    none(&faults(&package("clinic-app", "rusqlite")));
}
