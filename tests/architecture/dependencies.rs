//! What comes from elsewhere: under licences that a clinic's program may carry, without crates that were decided
//! against, and never older than the version that mended a known fault.

use std::process::Command;

use serde_json::Value;

use super::{none, one};
use crate::repository::{File, files, root};

/// Licences that ask for no more than to be named, or for changes to their own files.
const LICENCES: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Zlib",
];

/// Crates that must not come in, not even through others: a second TLS, files and shells for the page, weak hashes.
const BANNED: [&str; 10] = [
    "openssl",
    "native-tls",
    "tauri-plugin-shell",
    "tauri-plugin-fs",
    "tauri-plugin-http",
    "tauri-plugin-opener",
    "tauri-plugin-stronghold",
    "rsa",
    "md5",
    "rrule",
];

/// The versions in which known faults were mended; no list of advisories that is read by tools carries all of these.
const FLOORS: [(&str, [u32; 3], &str); 5] = [
    ("tauri", [2, 11, 1], "CVE-2026-42184: a remote page taken for a local one"),
    (
        "libsqlite3-sys",
        [0, 38, 2],
        "SQLite before 3.51.3 may damage a store when checkpoints and writes race",
    ),
    ("rustls-webpki", [0, 103, 13], "RUSTSEC-2026-0049"),
    ("jsonwebtoken", [10, 3, 0], "CVE-2026-25537"),
    ("lettre", [0, 11, 22], "RUSTSEC-2026-0141"),
];

fn metadata() -> Value {
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Only what is built here is here to be looked at without a network.
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn faults(packages: &[(String, String, String)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, version, licence) in packages {
        if !accepted(licence) {
            faults.push(format!("{name} {version}: licence {licence:?}"));
        }
        if BANNED.contains(&name.as_str()) {
            faults.push(format!("{name} {version} was decided against"));
        }
        for (_, floor, why) in FLOORS.iter().filter(|(floored, ..)| floored == name) {
            if numbers(version) < *floor {
                faults.push(format!("{name} {version} is older than {floor:?}: {why}"));
            }
        }
    }
    faults
}

/// Every part that is joined by AND has to offer one licence of ours. Brackets never hold an AND in practice; where they
/// do, the answer is no and a person looks.
fn accepted(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim().trim_matches(['(', ')'])))
    })
}

fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = version.split(['.', '-', '+']).map(|number| number.parse().unwrap_or_default());
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}

fn of_cargo(metadata: &Value) -> Vec<(String, String, String)> {
    let text = |package: &Value, field: &str| package[field].as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|one| (text(one, "name"), text(one, "version"), text(one, "license"))).collect()
}

fn of_npm(lock: &File) -> Vec<(String, String, String)> {
    let lock: Value = serde_json::from_str(&lock.text).unwrap();
    let text = |package: &Value, field: &str| package[field].as_str().unwrap_or_default().to_owned();
    let packages = lock["packages"].as_object().unwrap();
    packages.iter().map(|(path, one)| (path.clone(), text(one, "version"), text(one, "license"))).collect()
}

#[test]
fn what_comes_from_elsewhere_is_acceptable() {
    let files = files();
    let lock = files.iter().find(|file| file.path == "ui/package-lock.json").unwrap();
    let (crates, packages) = (of_cargo(&metadata()), of_npm(lock));
    assert!(
        crates.len() > 300 && packages.len() > 50,
        "{} crates, {} packages",
        crates.len(),
        packages.len()
    );
    none(&faults(&crates));
    none(&faults(&packages));
}

#[test]
fn what_is_not_acceptable_is_found() {
    let planted = |name: &str, version: &str, licence: &str| {
        faults(&[(name.to_owned(), version.to_owned(), licence.to_owned())])
    };
    one(&planted("a", "1.0.0", "GPL-3.0-only"));
    one(&planted("a", "1.0.0", ""));
    one(&planted("a", "1.0.0", "MIT AND AGPL-3.0"));
    one(&planted("native-tls", "0.2.0", "MIT"));
    one(&planted("tauri", "2.11.0", "MIT"));
    none(&planted("tauri", "2.12.5", "Apache-2.0 OR MIT"));
    none(&planted("a", "1.0.0", "(GPL-2.0 OR MIT) AND Unicode-3.0"));
}
