//! A page of doctors.

use std::collections::HashMap;

use clinic_domain::directory::name;
use clinic_domain::id::SpecialtyId;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::NaiveDate;

use super::search_patients::shortened;
use super::store_doctors::{self, Listed};
use super::store_rules::Rules;
use crate::app::{Actor, App};
use crate::directory::view::{DoctorPage, DoctorRow, ListDoctors};
use crate::error::Answer;
use crate::paging::{self, page_of};

/// What a list of doctors can be sorted by.
const SORTS: [&str; 4] = ["name", "specialty", "licence", "id"];

impl App {
    /// A page of doctors. The query is words that name parts begin with, or part of a number or licence.
    ///
    /// # Errors
    /// [`crate::AppError::Validation`] for a sort or a size that is none; [`crate::AppError::Forbidden`]; faults of the
    /// store.
    pub fn list_doctors(&self, actor: &Actor, request: ListDoctors) -> Answer<DoctorPage> {
        paging::check(&request.paging, &SORTS)?;
        self.read(actor, Action::ViewDoctors, |conn, _| {
            let today = Rules::load(conn)?.today(self.now());
            let specialties = store_doctors::specialty_names(conn)?;
            let query = shortened(&request.query);
            let mut doctors = store_doctors::listed(conn, request.with_inactive)?;
            doctors.retain(|doctor| {
                request.specialty_id.is_none_or(|wanted| doctor.specialty_ids.contains(&wanted))
                    && matches(doctor, &query)
            });
            sort(&mut doctors, &request.paging.sort, &specialties);
            if request.paging.descending {
                doctors.reverse();
            }
            let total = u32::try_from(doctors.len()).unwrap_or(u32::MAX);
            let rows = page_of(doctors, &request.paging);
            Ok(DoctorPage { rows: rows.map(|doctor| row(doctor, &specialties, today)).collect(), total })
        })
    }
}

fn matches(doctor: &Listed, query: &str) -> bool {
    let words = name::tokens(query);
    let parts = || doctor.name_key.split(' ').chain(["dr"]);
    let number = packed(query);
    words.iter().all(|word| parts().any(|part| part.starts_with(word.as_str())))
        || packed(&doctor.public_id).contains(&number)
        || packed(&doctor.licence_number).contains(&number)
}

/// Letters and digits alone: numbers are written with blanks and dashes or without.
fn packed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// By the column, then by name: the doctors come in that order, and sorting keeps it among equals.
fn sort(doctors: &mut [Listed], column: &str, specialties: &HashMap<SpecialtyId, String>) {
    match column {
        "specialty" => doctors.sort_by_cached_key(|doctor| {
            let name = name::fold(&store_doctors::first_specialty(doctor, specialties));
            (name.is_empty(), name)
        }),
        "licence" => doctors.sort_by_key(|doctor| (doctor.licence_until.is_none(), doctor.licence_until)),
        "id" => doctors.sort_by(|a, b| a.public_id.cmp(&b.public_id)),
        _ => {}
    }
}

fn row(doctor: Listed, specialties: &HashMap<SpecialtyId, String>, today: NaiveDate) -> DoctorRow {
    let days = doctor.licence_until.map(|until| until.signed_duration_since(today).num_days());
    DoctorRow {
        id: doctor.id,
        name: name::surname_first(&doctor.family_name, &doctor.given_names),
        specialty: store_doctors::first_specialty(&doctor, specialties),
        licence_until: doctor.licence_until,
        licence_days: days.and_then(|days| i32::try_from(days).ok()),
        active: doctor.active,
        public_id: doctor.public_id,
        short_name: doctor.short_name,
    }
}

#[cfg(test)]
mod tests {
    use clinic_domain::validation::FieldRule;

    use super::*;
    use crate::directory::fixture::{Clinic, date, first_page, physician};
    use crate::error::AppError;

    fn list(clinic: &Clinic, query: &str, sort: &str) -> Vec<String> {
        let request = ListDoctors {
            query: query.into(),
            specialty_id: None,
            with_inactive: false,
            paging: first_page(sort),
        };
        clinic
            .app
            .list_doctors(&clinic.admin(), request)
            .unwrap()
            .rows
            .into_iter()
            .map(|row| row.name)
            .collect()
    }

    fn three(clinic: &Clinic) {
        let mut licensed = physician("Ärzte", "Bo");
        licensed.licence_number = "B-77 12".into();
        licensed.licence_until = Some(date("2026-12-01"));
        clinic.add_doctor(licensed);
        clinic.add_doctor(physician("Zimmer", "Ann"));
        let mut licensed = physician("Bauer", "Cleo");
        licensed.licence_until = Some(date("2026-11-20"));
        clinic.add_doctor(licensed);
    }

    #[test]
    fn doctors_are_listed_by_name_whatever_the_accents() {
        let clinic = Clinic::new();
        three(&clinic);
        assert_eq!(list(&clinic, "", "name"), ["Ärzte, Bo", "Bauer, Cleo", "Zimmer, Ann"]);
    }

    #[test]
    fn the_licence_that_ends_first_comes_first_and_none_last() {
        let clinic = Clinic::new();
        three(&clinic);
        assert_eq!(list(&clinic, "", "licence"), ["Bauer, Cleo", "Ärzte, Bo", "Zimmer, Ann"]);
    }

    #[test]
    fn a_query_is_part_of_the_name_the_number_or_the_licence() {
        let clinic = Clinic::new();
        three(&clinic);
        assert_eq!(list(&clinic, "dr bo", "name"), ["Ärzte, Bo"]);
        assert_eq!(list(&clinic, "b-7712", "name"), ["Ärzte, Bo"]);
        assert_eq!(list(&clinic, "doc", "name").len(), 3);
        assert!(list(&clinic, "okafor", "name").is_empty());
    }

    #[test]
    fn a_row_tells_how_many_days_the_licence_has_left() {
        let clinic = Clinic::new();
        three(&clinic);
        let paging = first_page("licence");
        let request = ListDoctors { query: String::new(), specialty_id: None, with_inactive: true, paging };
        let page = clinic.app.list_doctors(&clinic.admin(), request).unwrap();
        let days: Vec<_> = page.rows.iter().map(|row| row.licence_days).collect();
        assert_eq!((days, page.total), (vec![Some(-4), Some(7), None], 3));
    }

    #[test]
    fn a_page_holds_no_more_than_its_size_and_an_unknown_column_is_refused() {
        let clinic = Clinic::new();
        three(&clinic);
        let mut request = ListDoctors {
            query: String::new(),
            specialty_id: None,
            with_inactive: false,
            paging: crate::paging::Paging { page: 1, size: 2, ..first_page("name") },
        };
        let page = clinic.app.list_doctors(&clinic.admin(), request.clone()).unwrap();
        assert_eq!((page.rows.len(), page.rows[0].name.as_str(), page.total), (1, "Zimmer, Ann", 3));
        request.paging.sort = "salary".into();
        let refusal = clinic.app.list_doctors(&clinic.admin(), request).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].rule), ("paging.sort", FieldRule::Unknown));
    }
}
