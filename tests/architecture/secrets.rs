//! Whatever is a password, a PIN, a code, a token or a key that somebody types is a `Secret`, from the request that brings it to
//! the hash that is made of it, and a `Disclosed` where an answer shows it: neither can be printed, compared or copied, and
//! only the second can be sent (S1, O5). That the types keep this is in their own module; that they are used is here.

use super::{none, one};
use crate::repository::{File, files};

/// What fields and parameters that hold a secret are called.
const SECRETS: [&str; 12] = [
    "password",
    "current",
    "first_password",
    "passphrase",
    "pin",
    "code",
    "codes",
    "link",
    "recovery_key",
    "access",
    "refresh",
    "token",
];
/// What has a name of these and no secret: an account that everybody knows, and an entry with a code of authentication.
const NO_SECRETS: [&str; 2] = ["DemoAccount", "PersonKey"];
/// Where secrets are handed about.
const PLACES: [&str; 2] = ["crates/app/src/", "crates/wire/src/token/"];

fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| PLACES.iter().any(|place| file.is(place, &[".rs"]))) {
        if ["_tests.rs", "fixture.rs"].iter().any(|ending| file.path.ends_with(ending)) {
            continue;
        }
        let code = file.text.split("mod tests {").next().unwrap_or_default();
        let mut item = "";
        for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            item = declared(line).unwrap_or(item);
            if SECRETS.iter().any(|name| is_text(line, name)) && !NO_SECRETS.contains(&item) {
                faults.push(format!("{}: no `Secret`: `{line}`", file.path));
            }
        }
    }
    faults
}

/// The name of the type or function that begins here.
fn declared(line: &str) -> Option<&str> {
    let (_, rest) = ["struct ", "enum ", "fn "].iter().find_map(|word| line.split_once(word))?;
    rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()
}

/// Whether something of this name is declared to be a text, wrapped or not.
fn is_text(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}: ")).any(|(at, found)| {
        let is_whole = !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let of = line[at + found.len()..].split([',', ';', ')', '=']).next().unwrap_or_default();
        is_whole && (of.contains("String") || of.contains("str")) && !of.contains("String::")
    })
}

#[test]
fn nothing_that_is_called_like_a_secret_is_a_mere_text() {
    none(&faults(&files()));
}

#[test]
fn a_secret_that_is_a_mere_text_is_found() {
    let planted = |path: &str, text: &str| faults(&[File::planted(path, text)]);
    let field = |of: &str| {
        let text = format!("#[derive(Deserialize, Type)]\npub struct A {{\n    pub {of},\n}}\n");
        planted("crates/app/src/a/view.rs", &text)
    };
    for of in ["password: String", "pin: Option<String>", "codes: Vec<String>", "link: Zeroizing<String>"] {
        one(&field(of));
    }
    for of in ["password: Secret", "pin: Option<Secret>", "codes: Vec<Disclosed>", "post_code: String"] {
        none(&field(of));
    }
    one(&planted("crates/app/src/a/way.rs", "fn open(server: &Server, password: &str) -> Answer<()> {"));
    one(&planted("crates/app/src/a/way.rs", "    Code { id: CodeId, code: String },"));
    one(&planted("crates/wire/src/token/way.rs", "pub fn check(token: &str) -> bool {"));
    none(&planted("crates/app/src/a/way.rs", "fn open(server: &str, password: &Secret) {"));
    none(&planted("crates/app/src/a/way.rs", "/// Here a password: String is spoken of"));
    none(&planted("crates/app/src/a/way.rs", "mod tests {\n    fn open(password: &str) {"));
    none(&planted("crates/app/src/a/view.rs", "pub struct DemoAccount {\n    pub password: String,\n}"));
}
