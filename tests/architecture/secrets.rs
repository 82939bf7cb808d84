//! What arrives with a password, a PIN, a code or a key in it cannot be printed: no line of a log ever holds one (S1).

use super::{none, one};
use crate::repository::{File, files};

const SECRETS: [&str; 6] = ["password", "current", "passphrase", "pin", "code", "recovery_key"];

fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is("crates/app/src/", &[".rs"])) {
        for (derives, rest) in file.text.split("#[derive(").skip(1).filter_map(|rest| rest.split_once(")]")) {
            let body = rest.split("\n}").next().unwrap_or_default();
            let secret = body.lines().find(|line| is_secret(line));
            if let (true, true, Some(field)) =
                (derives.contains("Debug"), derives.contains("Deserialize"), secret)
            {
                faults.push(format!("{}: can be printed, with `{}`", file.path, field.trim()));
            }
        }
    }
    faults
}

fn is_secret(line: &str) -> bool {
    let field = line.trim().trim_start_matches("pub ").split_once(": ");
    field.is_some_and(|(name, of)| SECRETS.contains(&name) && of.contains("String"))
}

#[test]
fn no_request_with_a_secret_can_be_printed() {
    none(&faults(&files()));
}

#[test]
fn a_secret_that_can_be_printed_is_found() {
    let planted = |derives: &str, field: &str| {
        let text = format!("#[derive({derives})]\npub struct A {{\n    pub {field},\n}}\n");
        faults(&[File::planted("crates/app/src/a_view.rs", &text)])
    };
    one(&planted("Debug, Clone, Deserialize", "password: String"));
    one(&planted("Debug, Deserialize", "pin: Option<String>"));
    none(&planted("Clone, Deserialize", "password: String"));
    none(&planted("Debug, Deserialize", "login: String"));
}
