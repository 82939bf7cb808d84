//! Those who look like the person being added, likeliest first (FD-14).

use clinic_domain::directory::contact::{Region, check_email, check_phone, display_phone};
use clinic_domain::directory::duplicate::{Alike, PersonFacts, SameField, looks_alike};
use clinic_domain::directory::name;
use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::PatientId;
use clinic_domain::identity::policy::Action;
use rusqlite::Connection;

use super::store_duplicates::{self, Person};
use super::store_rules::Rules;
use crate::app::{Actor, App};
use crate::directory::view::DuplicateHit;
use crate::error::Answer;

/// Most that are shown.
const MOST_HITS: usize = 10;

impl App {
    /// Those who look like the person being added, likeliest first, archived ones included. The form may be half
    /// filled: a phone or an address that cannot be read yet is left out of the comparison.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn find_duplicates(&self, actor: &Actor, request: PatientForm) -> Answer<Vec<DuplicateHit>> {
        self.read(actor, Action::AddPatient, |conn, _| {
            let region = Rules::load(conn)?.region();
            duplicates(conn, &readable(request, region), None)
        })
    }
}

/// The part of a form that can be read already, spelled as it is stored.
fn readable(form: PatientForm, region: Region) -> PatientForm {
    PatientForm {
        phone: check_phone("phone", &form.phone, region).unwrap_or_default(),
        phone_other: check_phone("phone_other", &form.phone_other, region).unwrap_or_default(),
        email: check_email("email", &form.email).unwrap_or_default(),
        ..form
    }
}

/// Those who look like the person of a checked form, other than `except`.
///
/// # Errors
/// Faults of the store.
pub(super) fn duplicates(
    conn: &Connection,
    form: &PatientForm,
    except: Option<PatientId>,
) -> Answer<Vec<DuplicateHit>> {
    let asked = PersonFacts {
        family_name: &form.family_name,
        given_names: &form.given_names,
        birth_date: form.birth_date,
        phones: [&form.phone, &form.phone_other],
        email: &form.email,
    };
    let mut hits: Vec<(u32, DuplicateHit)> = store_duplicates::candidates(conn, form)?
        .into_iter()
        .filter(|person| Some(person.id) != except)
        .filter_map(|person| {
            looks_alike(&asked, &facts(&person)).map(|alike| (weight(&alike), hit(person, alike)))
        })
        .collect();
    hits.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    Ok(hits.into_iter().take(MOST_HITS).map(|(_, hit)| hit).collect())
}

fn facts(person: &Person) -> PersonFacts<'_> {
    PersonFacts {
        family_name: &person.family_name,
        given_names: &person.given_names,
        birth_date: person.birth_date,
        phones: [&person.phone, &person.phone_other],
        email: &person.email,
    }
}

/// How much speaks for one person: an equal name most, a similar one least.
fn weight(alike: &Alike) -> u32 {
    let fields = alike.same.iter().map(|field| match field {
        SameField::Name => 5,
        SameField::BirthDate | SameField::Phone => 3,
        SameField::SimilarName | SameField::Email => 2,
    });
    fields.sum::<u32>() + if alike.exact { 100 } else { 0 }
}

fn hit(person: Person, alike: Alike) -> DuplicateHit {
    DuplicateHit {
        id: person.id,
        name: name::surname_first(&person.family_name, &person.given_names),
        birth_date: person.birth_date.unwrap_or_default(),
        phone: display_phone(&person.phone),
        exact: alike.exact,
        same: alike.same,
        public_id: person.public_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::fixture::{Clinic, person};
    use crate::directory::view::ArchivePatient;

    fn names(clinic: &Clinic, form: PatientForm) -> Vec<(String, bool)> {
        let hits = clinic.app.find_duplicates(&clinic.admin(), form).unwrap();
        hits.into_iter().map(|hit| (hit.name, hit.exact)).collect()
    }

    fn ngozi() -> PatientForm {
        PatientForm { phone: "030 1234567".into(), ..person("Okafor", "Ngozi", "1988-03-12") }
    }

    #[test]
    fn who_agrees_in_most_comes_first() {
        let clinic = Clinic::new();
        clinic.add(PatientForm { email: "n@example.org".into(), ..person("Okafor", "Ngozy", "1970-01-01") });
        clinic.add(person("Okafor", "Ngozi", "1988-03-21"));
        clinic.add(ngozi());
        clinic.add(person("Okafor", "Chidi", "1988-03-12"));
        clinic.add(person("Bello", "Ngozi", "1988-03-12"));
        let asked = PatientForm { email: "N@Example.org".into(), ..ngozi() };
        let expected = [("Okafor, Ngozi", true), ("Okafor, Ngozi", false), ("Okafor, Ngozy", false)];
        assert_eq!(names(&clinic, asked), expected.map(|(name, exact)| (name.to_owned(), exact)));
    }

    #[test]
    fn a_half_filled_form_is_compared_as_far_as_it_goes() {
        let clinic = Clinic::new();
        clinic.add(ngozi());
        let half = PatientForm { birth_date: None, email: "ngozi@".into(), ..ngozi() };
        assert_eq!(names(&clinic, half).len(), 1);
        let typing = PatientForm { birth_date: None, phone: "030 12".into(), ..ngozi() };
        assert!(names(&clinic, typing).is_empty(), "the name alone is no reason");
        assert!(names(&clinic, person("", "", "1988-03-12")).is_empty());
    }

    #[test]
    fn names_the_wrong_way_round_and_archived_patients_are_noticed() {
        let clinic = Clinic::new();
        let patient = clinic.add(ngozi());
        let request = ArchivePatient { id: patient.id, rev: patient.rev, archived: true };
        clinic.app.archive_patient(&clinic.admin(), request).unwrap();
        let swapped = PatientForm { phone: String::new(), ..person("Ngozi", "Okafor", "1988-12-03") };
        assert_eq!(names(&clinic, swapped).len(), 1, "day and month swapped as well");
    }

    #[test]
    fn nobody_is_the_duplicate_of_themselves() {
        let clinic = Clinic::new();
        let patient = clinic.add(ngozi());
        let others = clinic.read(|conn| duplicates(conn, &patient.form, Some(patient.id)));
        assert!(others.is_empty());
    }
}
