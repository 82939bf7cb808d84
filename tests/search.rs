//! Looks for secrets where they must not be: in bytes, in the files of a folder, in the answers of commands; and for what is
//! spelled as a secret is. It knows nothing of where they come from.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// What one answer shows and no other: the second factor, recovery codes, the recovery key of the store, a first password.
const SHOWN_ONCE: [&str; 4] = ["key", "codes", "recovery_key", "first_password"];

/// A secret in the forms in which it may lie about: as it is, in hexadecimal digits, in UTF-16, in base64 wherever it
/// begins there.
pub fn forms_of(secret: &str) -> Vec<String> {
    let hex = hex::encode(secret);
    let utf_16 = secret.chars().flat_map(|letter| [letter, '\0']).collect();
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex, utf_16];
    for before in 0..3 {
        let bytes = [&vec![0; before], secret.as_bytes()].concat();
        for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = alphabet.encode(&bytes);
            // Signs that belong to the secret alone: the first and the last may be its neighbours' as well.
            let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            forms.push(text[first..last].to_owned());
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Whether bytes hold a secret in any form.
pub fn holds(bytes: &[u8], secret: &str) -> bool {
    holds_one_of(bytes, &forms_of(secret))
}

fn holds_one_of(bytes: &[u8], forms: &[String]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    forms.iter().any(|form| text.contains(form))
}

/// All files of a folder, those of the folders inside included.
pub fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files_of(&entry.path()));
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    found
}

/// Files of a folder, those of the folders inside included, that hold a secret.
pub fn files_that_hold(folder: &Path, secret: &str) -> Vec<String> {
    let forms = forms_of(secret);
    let holding = |path: &PathBuf| holds_one_of(&std::fs::read(path).unwrap(), &forms);
    files_of(folder).iter().filter(|path| holding(path)).map(|path| path.display().to_string()).collect()
}

/// What an answer shows this once.
pub fn shown_once(answer: &Value) -> Vec<String> {
    let texts = |value: &Value| match value {
        Value::String(secret) => vec![secret.clone()],
        Value::Array(secrets) => secrets.iter().filter_map(Value::as_str).map(Into::into).collect(),
        _ => Vec::new(),
    };
    SHOWN_ONCE.iter().flat_map(|name| texts(&answer[*name])).filter(|secret| !secret.is_empty()).collect()
}

/// Words that are spelled as tokens and keys of 256 bits are: 43 signs of base64url, 64 of hexadecimal digits, or what
/// begins as a JSON web token does.
pub fn keys_in(text: &str) -> Vec<&str> {
    let word_ends = |sign: char| !(sign.is_ascii_alphanumeric() || "-_.".contains(sign));
    text.split(word_ends).filter(|word| is_like_a_key(word)).collect()
}

fn is_like_a_key(word: &str) -> bool {
    let base64url = |sign: char| sign.is_ascii_alphanumeric() || "-_".contains(sign);
    let mixed =
        [char::is_uppercase, char::is_lowercase, char::is_numeric].iter().all(|kind| word.contains(kind));
    (word.len() == 43 && mixed && word.chars().all(base64url))
        || (word.len() == 64 && word.chars().all(|sign| sign.is_ascii_hexdigit()))
        || (word.starts_with("eyJ") && word.len() > 40)
}

#[test]
fn a_secret_is_found_in_every_form_and_place_in_which_it_may_lie() {
    let secret = "kvass blurt fjord zwerg";
    for before in ["", "a", "ab", "abc"] {
        let around = format!("{before}{secret}?>after");
        let spelled = [
            around.clone(),
            hex::encode(&around),
            hex::encode_upper(&around),
            STANDARD_NO_PAD.encode(&around),
            URL_SAFE_NO_PAD.encode(&around),
            around.chars().flat_map(|letter| [letter, '\0']).collect(),
        ];
        for text in spelled {
            assert!(holds(&[b"\xff", text.as_bytes(), b"\xfe"].concat(), secret), "{text:?}");
            assert!(!holds(text.as_bytes(), "kvass blurt fjord berg"), "{text:?}");
        }
    }
}

#[test]
fn what_is_spelled_as_a_key_is_found_and_what_is_not_is_left() {
    let base64url = "q7Zb0kX2mNvR5tYw8uEoPaSdFgHjKlZxCvBnM1Q3W6e";
    let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWlzLWhlcmU";
    let text = format!("{{\"a\":\"{base64url}\",\"b\":\"{hex}\"}} Bearer {token}\n");
    assert_eq!(keys_in(&text), [base64url, hex, token]);
    let short = ["0192d3a4-0000-7000-8000-000000000000", &"a".repeat(43), &hex[1..], &base64url[1..], "eyJ"]
        .join(" ");
    assert_eq!(keys_in(&short), [""; 0]);
}
