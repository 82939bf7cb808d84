//! Every letter in words, beside how it looked when somebody last read it: `snapshots/`.

use std::path::Path;

use super::fixture::{clinic, letters, now};
use super::letter::Letter;
use super::template::{Words, one_line, render};
use crate::clinic::record::Clinic;

const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/messaging/snapshots");

#[test]
fn every_letter_reads_as_it_did() {
    let mut changed = Vec::new();
    for letter in letters() {
        let Words { subject, text, html } = render(&letter, &clinic()).unwrap();
        for (ending, now) in [("txt", format!("Subject: {subject}\n\n{text}")), ("html", html)] {
            let file = Path::new(SNAPSHOTS).join(format!("{}.{ending}", letter.template()));
            if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
                std::fs::write(&file, &now).unwrap();
            }
            if std::fs::read_to_string(&file).unwrap_or_default() != now {
                changed.push(file);
            }
        }
    }
    assert!(changed.is_empty(), "read them, then run this again with UPDATE_SNAPSHOTS=1: {changed:?}");
}

#[test]
fn what_somebody_typed_is_text_and_never_markup() {
    let name = r#"<img src=x onerror="alert('1')"> & {{ code }}"#;
    let letter = Letter::Test { name: name.to_owned() };
    let words = render(&letter, &clinic()).unwrap();
    assert!(!words.html.contains("<img") && words.html.contains("&lt;img"), "{}", words.html);
    assert!(words.html.contains("{{ code }}"), "and no template either");
    let mut evil = clinic();
    evil.profile.name = "</title><script>".to_owned();
    let html = render(&letter, &evil).unwrap().html;
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn a_letter_greets_nobody_where_there_is_no_name() {
    let letter = Letter::Test { name: String::new() };
    let bare: Clinic = {
        let mut clinic = clinic();
        let profile = &mut clinic.profile;
        for line in [&mut profile.street, &mut profile.city, &mut profile.post_code, &mut profile.phone] {
            line.clear();
        }
        clinic
    };
    let words = render(&letter, &bare).unwrap();
    assert!(words.text.starts_with("Hello,\n"), "{}", words.text);
    assert!(words.text.ends_with("-- \nNorthgate & Sons\n"), "{}", words.text);
}

#[test]
fn every_letter_is_whole() {
    for letter in letters() {
        let words = render(&letter, &clinic()).unwrap();
        assert!(!words.subject.is_empty() && !words.subject.contains('\n'), "{letter:?}");
        for part in [&words.text, &words.html] {
            assert!(!part.contains("{{") && !part.contains("{%"), "{letter:?}: {part}");
            assert!(part.contains("Northgate"), "{letter:?}");
        }
        assert!(letter.expires(now()) >= now(), "{letter:?}");
        let code = matches!(letter, Letter::RegistrationCode { .. } | Letter::ResetCode { .. });
        assert!(!code || !words.subject.contains("491"), "a code shows on no locked screen");
    }
}

#[test]
fn a_line_has_no_end_inside_and_is_no_longer_than_a_line() {
    assert_eq!(one_line(" a\r\nb\u{0}\tc \u{202e}d"), "a b c d");
    assert_eq!(one_line(&"x".repeat(200)).len(), 80);
}
