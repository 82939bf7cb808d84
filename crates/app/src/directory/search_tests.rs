//! What the search finds, and how often it finds whom somebody misspelt (FD-3).

use clinic_domain::directory::name::fold;

use super::fixture::{Clinic, person};
use super::population::{Numbers, misspelt, populate};
use super::record::Patient;
use super::view::{PatientHit, Search};
use crate::app::Actor;

fn hits(clinic: &Clinic, actor: &Actor, query: &str, limit: u32) -> Vec<PatientHit> {
    clinic.app.search_patients(actor, Search { query: query.into(), limit }).unwrap()
}

fn one(clinic: &Clinic) {
    let mut form = person("O'Brien-Müller", "Ngozi Ada", "1988-03-12");
    form.phone = "+49 151 55514228".into();
    form.called = "Gigi".into();
    clinic.add(form);
    clinic.add(person("van der Berg", "Éva", "1984-11-24"));
}

#[test]
fn every_way_to_ask_for_a_person_finds_the_person() {
    let clinic = Clinic::new();
    one(&clinic);
    let ways = [
        "obrien",
        "O’BRIEN",
        "o brien",
        "muller ngozi",
        "Müller",
        "ada",
        "gigi",
        "ng ob",
        "OB, N",
        "5551",
        "14228",
        "0151 555 14228",
        "+49 151",
        "12.3.1988",
        "1988-03-12",
        "12 mar 1988",
        "12031988",
        "120388",
        "1988",
        "mar 1988",
        "ngozi 1988",
        "obrien 14228 12.3.88",
    ];
    for query in ways {
        assert_eq!(
            clinic.names(query).first().map(String::as_str),
            Some("O'Brien-Müller, Ngozi Ada"),
            "{query}"
        );
    }
    for query in ["vanderberg", "van der berg", "berg eva", "vanderb", "24 nov", "24.11."] {
        assert_eq!(clinic.names(query), ["van der Berg, Éva"], "{query}");
    }
    for query in ["", "  ", "zz", "obrien berg", "13.3.1988", "pat99999999", "doc1", "xyzzy"] {
        assert!(clinic.names(query).is_empty(), "{query}");
    }
}

#[test]
fn a_number_or_its_beginning_finds_its_bearer() {
    let clinic = Clinic::new();
    let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
    clinic.add(person("Bello", "Ada", "1990-01-01"));
    for query in [
        patient.public_id.as_str(),
        &patient.public_id.to_lowercase(),
        &patient.public_id[3..],
        &patient.public_id[..8],
    ] {
        assert_eq!(clinic.names(query), ["Okafor, Ngozi"], "{query}");
    }
}

#[test]
fn one_slip_anywhere_in_a_name_still_finds_it() {
    let clinic = Clinic::new();
    clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
    clinic.add(person("Παπάς", "Ηλίας", "1988-03-12"));
    for query in [
        "pkafor",
        "kafor",
        "ookafor",
        "koafor",
        "okxfor",
        "okfor",
        "okaafor",
        "okafro",
        "okafox",
        "ngzoi okafor",
    ] {
        assert_eq!(clinic.names(query), ["Okafor, Ngozi"], "{query}");
    }
    for query in ["βαπας", "παπακ", "αππας"] {
        assert_eq!(clinic.names(query), ["Παπάς, Ηλίας"], "{query}");
    }
    assert!(clinic.names("pkxfor").is_empty(), "two slips");
    assert!(clinic.names("xk").is_empty(), "too short to be misspelt");
}

#[test]
fn the_whole_name_comes_before_the_beginning_and_that_before_a_slip() {
    let clinic = Clinic::new();
    for family_name in ["Smithers", "Smyth", "Smith"] {
        clinic.add(person(family_name, "Ann", "1988-03-12"));
    }
    assert_eq!(clinic.names("smith"), ["Smith, Ann", "Smithers, Ann", "Smyth, Ann"]);
}

#[test]
fn matched_letters_and_the_end_of_the_phone_are_told() {
    let clinic = Clinic::new();
    one(&clinic);
    let hit = hits(&clinic, &clinic.admin(), "mül ng", 5).remove(0);
    let spans: Vec<_> = hit.matched.iter().map(|span| (span.start, span.end)).collect();
    assert_eq!((spans, hit.phone_tail.as_str(), hit.age), (vec![(8, 11), (16, 18)], "4228", 38));
}

#[test]
fn no_more_is_answered_than_was_asked_for_and_never_more_than_fifty() {
    let clinic = Clinic::new();
    for i in 0..60 {
        clinic.add(person("Okafor", "Ngozi", &format!("19{:02}-01-01", i + 10)));
    }
    let admin = clinic.admin();
    assert_eq!(hits(&clinic, &admin, "okafor", 3).len(), 3);
    assert_eq!(hits(&clinic, &admin, "okafor", 500).len(), 50);
    assert_eq!(hits(&clinic, &admin, "okafro", 0).len(), 1);
}

/// How many of a sample are among the first five answers to what `typed` makes of their name.
fn recall(clinic: &Clinic, sample: &[&Patient], mut typed: impl FnMut(&Patient) -> String) -> f64 {
    let actor = clinic.admin();
    let found = sample.iter().filter(|patient| {
        let query = typed(patient);
        hits(clinic, &actor, &query, 5).iter().any(|hit| hit.id == patient.id)
    });
    found.count() as f64 / sample.len() as f64
}

#[test]
fn with_one_slip_at_least_98_of_100_are_among_the_first_five() {
    let clinic = Clinic::new();
    let people = populate(&clinic, 6_000);
    let sample: Vec<&Patient> = people.iter().step_by(6).collect();
    let mut numbers = Numbers::new(7);
    let full = |patient: &Patient| format!("{} {}", patient.form.given_names, patient.form.family_name);
    let exact = recall(&clinic, &sample, full);
    let names = recall(&clinic, &sample, |patient| misspelt(&mut numbers, &full(patient)));
    let folded = recall(&clinic, &sample, |patient| {
        misspelt(&mut numbers, &fold(&format!("{} {}", patient.form.family_name, patient.form.given_names)))
    });
    let with_year = recall(&clinic, &sample, |patient| {
        let year = patient.form.birth_date.unwrap().format("%Y");
        format!("{} {year}", misspelt(&mut numbers, &patient.form.family_name))
    });
    println!(
        "recall@5 of {}: exact {exact:.4}, one slip {names:.4}, folded {folded:.4}, with year {with_year:.4}",
        sample.len()
    );
    assert!(exact >= 0.99 && names >= 0.98 && folded >= 0.98 && with_year >= 0.98);
}

#[test]
fn no_search_reads_the_whole_of_a_large_table() {
    let clinic = Clinic::new();
    for sql in super::store_search::queries_for_test() {
        clinic.assert_no_scan(&sql);
    }
    for sql in super::store_duplicates::QUERIES_FOR_TEST {
        clinic.assert_no_scan(sql);
    }
    for sql in super::store_visits::QUERIES_FOR_TEST {
        clinic.assert_no_scan(sql);
    }
}
