//! The configuration of the shell: a page may do nothing that is not listed, and loads nothing from elsewhere.

use serde_json::{Value, json};

use super::{none, one};
use crate::repository::files;

/// Values that have to be what they are, each with the fault that another value would be.
const FIXED: [(&str, &str, Value); 6] = [
    (
        "/app/security/freezePrototype",
        "a page could change the prototypes that ours rely on",
        Value::Bool(true),
    ),
    ("/app/withGlobalTauri", "every script would hold the way to the host", Value::Bool(false)),
    ("/app/security/dangerousDisableAssetCspModification", "hashes would be missing", Value::Bool(false)),
    ("/app/security/assetProtocol/enable", "a page could read files", Value::Bool(false)),
    ("/build/devUrl", "a release could load a page from the network", Value::Null),
    (
        "/build/removeUnusedCommands",
        "commands of plugins would be there that nobody may call",
        Value::Bool(true),
    ),
];

/// What a capability may grant. `desk` is the list of commands in src-tauri/permissions.
const GRANTS: [&str; 3] = ["desk", "core:event:allow-listen", "core:event:allow-unlisten"];

const POLICY: [&str; 9] = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "connect-src ipc: http://ipc.localhost",
    "img-src 'self' data: blob:",
];

fn faults(configuration: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (pointer, fault, right) in &FIXED {
        let value = configuration.pointer(pointer).unwrap_or(&Value::Null);
        if value != right {
            faults.push(format!("{pointer} is {value}: {fault}"));
        }
    }
    let policy = configuration.pointer("/app/security/csp").and_then(Value::as_str).unwrap_or_default();
    let parts: Vec<_> = policy.split(';').map(str::trim).collect();
    faults.extend(
        POLICY
            .iter()
            .filter(|part| !parts.contains(part))
            .map(|part| format!("the content policy lacks {part}")),
    );
    faults.extend(policy.contains("unsafe").then(|| format!("the content policy is unsafe: {policy}")));
    for capability in
        configuration.pointer("/app/security/capabilities").and_then(Value::as_array).into_iter().flatten()
    {
        for window in capability["windows"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            faults.extend(window.contains('*').then(|| format!("a capability for the windows {window}")));
        }
        faults.extend(capability.get("remote").map(|remote| format!("a capability for {remote}")));
        for grant in capability["permissions"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            faults.extend((!GRANTS.contains(&grant)).then(|| format!("a capability grants {grant}")));
        }
    }
    faults
}

/// How every window is made, each with the fault that its lack would be.
const WINDOW: [(&str, &str); 5] = [
    (".incognito(!automated())", "the web view would keep what it saw on the disk"),
    (".devtools(cfg!(debug_assertions))", "a release would have the inspector"),
    (".browser_extensions_enabled(false)", "an extension would read along"),
    (".on_navigation(is_own)", "a page could go elsewhere"),
    (".on_new_window(|_, _| NewWindowResponse::Deny)", "a page could open a window"),
];

/// What is wrong with the source of the windows and with the manifest that says what they are built with.
fn window_faults(source: &str, manifest: &str) -> Vec<String> {
    let lacks = WINDOW.iter().filter(|(call, _)| !source.contains(call));
    let mut faults: Vec<_> = lacks.map(|(call, fault)| format!("{call} is not there: {fault}")).collect();
    let builds = source.matches("WebviewWindowBuilder::new").count();
    faults.extend((builds != 1).then(|| format!("windows are made in {builds} places")));
    let tauri = manifest.lines().find(|line| line.starts_with("tauri = "));
    let inspects = tauri.is_none_or(|line| line.contains("\"devtools\""));
    faults.extend(inspects.then(|| "the inspector is built into a release".to_owned()));
    faults
}

fn configuration() -> Value {
    let files = files();
    let text = &files.iter().find(|file| file.path == "tauri.conf.json").unwrap().text;
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_shell_is_closed() {
    none(&faults(&configuration()));
}

#[test]
fn every_window_is_closed() {
    let files = files();
    let text = |path: &str| files.iter().find(|file| file.path == path).unwrap().text.clone();
    let (source, manifest) = (text("src-tauri/src/windows.rs"), text("Cargo.toml"));
    none(&window_faults(&source, &manifest));
    for (call, _) in WINDOW {
        one(&window_faults(&source.replace(call, ""), &manifest));
    }
    one(&window_faults(&source, &manifest.replace("\"compression\"]", "\"compression\", \"devtools\"]")));
    one(&window_faults(&format!("{source}\nWebviewWindowBuilder::new"), &manifest));
}

#[test]
fn an_open_shell_is_found() {
    let planted = |pointer: &str, value: Value| {
        let mut changed = configuration();
        *changed.pointer_mut(pointer).unwrap() = value;
        faults(&changed)
    };
    one(&planted("/app/security/freezePrototype", json!(false)));
    one(&planted("/app/security/capabilities/0/windows/0", json!("*")));
    one(&planted("/app/security/capabilities/0/permissions/1", json!("core:default")));
    let policy = configuration().pointer("/app/security/csp").unwrap().as_str().unwrap().to_owned();
    one(&planted("/app/security/csp", json!(policy.replace("; object-src 'none'", ""))));
    one(&planted("/app/security/csp", json!(format!("{policy}; worker-src 'unsafe-eval'"))));
}
