//! Codes by mail in great number: what is kept of thousands, and how far somebody gets who asks without end (rows O2, O4 and
//! O8 of the security reference).

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use clinic_domain::identity::role::Role;
use sha2::{Digest, Sha256};

use super::fixture::Clinic;
use super::register_tests::register;
use super::reset_tests::{another, ask, clinic, problem, type_in};
use super::reset_view::MailCodeProblem;
use crate::error::AppError;
use crate::messaging::Letter;

const HOUR: u64 = 3600;

/// Every value that is kept, and every word and number in one, spaces left out or not.
fn said(clinic: &Clinic) -> HashSet<String> {
    let rows = clinic.dump().into_values().flatten();
    let entries = clinic.audit().into_iter().map(|entry| format!("{entry:?}"));
    let mut said = HashSet::new();
    for row in rows.chain(entries) {
        for value in row.lines().flat_map(|value| [value.to_owned(), value.replace(' ', "")]) {
            let words = value.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_owned);
            said.extend(words.filter(|word| word.len() >= 6));
            said.insert(value);
        }
    }
    said
}

/// A secret as somebody may have kept it.
fn forms(secret: &str) -> Vec<String> {
    let hash = Sha256::digest(secret);
    let mut forms = vec![secret.to_owned()];
    for bytes in [secret.as_bytes(), hash.as_slice()] {
        let texts = [hex::encode(bytes), STANDARD.encode(bytes), STANDARD_NO_PAD.encode(bytes)];
        // A text is searched for as one and as the bytes of one, which a dump shows in hexadecimal.
        forms.extend(texts.iter().map(hex::encode));
        forms.extend(texts);
    }
    forms
}

/// Codes and long codes of the letters that wait.
fn sent(clinic: &Clinic, address: &str) -> Vec<(String, String)> {
    let letters = clinic.letters(address).into_iter();
    letters
        .map(|letter| match letter {
            Letter::ResetCode { code, link, .. } => {
                (code.expose().replace(' ', ""), link.expose().to_owned())
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

/// O2. How many codes: a number of `make soak` where it sets one.
#[test]
fn no_code_of_many_flows_is_kept_in_any_form() {
    let flows = std::env::var("CLINIC_DESK_SOAK_FLOWS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000);
    let (clinic, people) = (clinic(), (0..20).map(|n| format!("person{n}")).collect::<Vec<_>>());
    for name in &people {
        clinic.account(name, Role::FrontDesk, None);
    }
    let mut codes = Vec::new();
    while codes.len() < flows {
        // Twenty an hour from one device, ten a day for each of them.
        for _ in 0..10 {
            clinic.wait(HOUR);
            for name in &people {
                ask(&clinic, name).unwrap();
            }
        }
        codes.extend(people.iter().flat_map(|name| sent(&clinic, &format!("{name}@example.org"))));
        if codes.len() == 200 {
            let said = said(&clinic);
            assert!(codes.iter().all(|(code, link)| said.contains(code) && said.contains(link)), "found");
        }
        clinic.write(|conn| Ok(conn.execute("UPDATE mail SET letter = NULL", [])?));
        clinic.wait(14 * HOUR);
    }
    assert!(clinic.count("one_time_code") as usize >= flows, "all of them are still kept");
    let said = said(&clinic);
    for (code, link) in &codes {
        // The hash of 256 bits is what a long code is found by.
        let link_hash = hex::encode(Sha256::digest(link));
        assert!(said.contains(&link_hash));
        for form in forms(code).into_iter().chain(forms(link)).filter(|form| *form != link_hash) {
            assert!(!said.contains(&form), "{code} or {link} as {form}");
        }
    }
}

/// O4: somebody who asks for another code each minute, by every name of the account, and tries each as often as it may be.
#[test]
fn a_day_of_asking_and_guessing_gives_fifty_guesses_and_ten_mails() {
    let clinic = clinic();
    let names = ["ada".to_owned(), "ada@example.org".to_owned(), clinic.admin().public_id];
    clinic.app.sign_out().unwrap();
    let (mut mails, mut guesses, mut asked) = (0, 0, 0);
    for minute in 0..24 * 60 {
        let flow = match ask(&clinic, &names[minute % 3]) {
            Ok(flow) => flow,
            Err(AppError::CodesSpent { .. }) => {
                clinic.wait(60);
                continue;
            }
            Err(other) => panic!("{other:?}"),
        };
        asked += 1;
        let sent = sent(&clinic, "ada@example.org");
        // A code that was sent to nobody fits nothing, whatever is typed.
        let is_good = sent.len() > mails;
        mails = sent.len();
        let wrong = sent.last().map_or_else(|| "000 000".to_owned(), |(code, _)| another(code));
        let looked_at =
            (0..10).filter(|_| problem(type_in(&clinic, flow.id, &wrong)) == MailCodeProblem::Wrong);
        guesses += looked_at.count() * usize::from(is_good);
        clinic.wait(60);
    }
    println!("{asked} codes asked for, {mails} mails, {guesses} guesses that could have been right");
    assert!(asked > 20, "the other names are answered like this one");
    assert_eq!((mails, guesses), (10, 50));
}

/// O8.
#[test]
fn ten_thousand_registrations_from_one_device_are_bounded_in_number_and_on_the_disk() {
    let clinic = clinic();
    let mut begun = 0;
    for nth in 0..10_000 {
        match register(&clinic, &format!("somebody{nth}@mail.example")) {
            Ok(_) => begun += 1,
            Err(refusal) => assert!(matches!(refusal, AppError::CodesSpent { .. }), "{refusal:?}"),
        }
    }
    assert_eq!((begun, clinic.count("pending_registration")), (20, 20));
    let store = clinic.app.store().unwrap().path().to_owned();
    let folder = std::fs::read_dir(store.parent().unwrap()).unwrap();
    let bytes: u64 = folder.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 5 * 1024 * 1024, "{bytes} bytes");
    clinic.wait(1800);
    clinic.app.sweep_registrations().unwrap();
    assert_eq!((clinic.count("pending_registration"), clinic.count("mail")), (0, 0));
}
