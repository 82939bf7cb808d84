//! Patients, doctors and dates for the command palette (FD-3).

use std::collections::HashMap;

use clinic_domain::directory::search::{Candidate, PatientQuery, dates_in, matched_spans, score};
use clinic_domain::id::SpecialtyId;
use clinic_domain::identity::policy::Action;
use rusqlite::Connection;

use super::record::with_title;
use super::search_patients::{patient_hits, shortened};
use super::store_doctors::{self, Listed};
use super::store_rules::Rules;
use crate::app::{Actor, App};
use crate::directory::view::{DoctorHit, Found, Search};
use crate::error::Answer;

impl App {
    /// What a text can mean in the command palette: patients as in the search, doctors who work here by name or number,
    /// and dates. Of each kind at most as many as were asked for.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn find(&self, actor: &Actor, request: Search) -> Answer<Found> {
        self.read(actor, Action::FindPatients, |conn, _| {
            let today = Rules::load(conn)?.today(self.now());
            let text = shortened(&request.query);
            let limit = request.limit.max(1) as usize;
            Ok(Found {
                patients: patient_hits(conn, &request, today)?,
                doctors: doctor_hits(conn, &text, limit)?,
                dates: dates_in(&text, today).into_iter().take(limit).collect(),
            })
        })
    }
}

fn doctor_hits(conn: &Connection, text: &str, limit: usize) -> Answer<Vec<DoctorHit>> {
    let query = PatientQuery::parse(text);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let specialties = store_doctors::specialty_names(conn)?;
    let mut hits: Vec<(u32, DoctorHit)> = store_doctors::listed(conn, false)?
        .into_iter()
        .filter_map(|doctor| {
            points(&query, &doctor).map(|points| (points, hit(doctor, &query, &specialties)))
        })
        .collect();
    // Stable: among equals the doctors stay in the order of their names.
    hits.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    Ok(hits.into_iter().take(limit).map(|(_, hit)| hit).collect())
}

fn points(query: &PatientQuery, doctor: &Listed) -> Option<u32> {
    // The title last: a family name counts most when it stands first.
    let parts: Vec<String> = doctor.name_key.split(' ').chain(["dr"]).map(str::to_owned).collect();
    score(query, &Candidate { name_tokens: &parts, phones: &[], birth_date: None, number: &doctor.public_id })
}

fn hit(doctor: Listed, query: &PatientQuery, specialties: &HashMap<SpecialtyId, String>) -> DoctorHit {
    let name = with_title(&doctor.family_name, &doctor.given_names);
    DoctorHit {
        id: doctor.id,
        matched: matched_spans(&name, query),
        name,
        specialty: store_doctors::first_specialty(&doctor, specialties),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::fixture::{Clinic, date, person, physician};

    fn find(clinic: &Clinic, query: &str) -> Found {
        clinic.app.find(&clinic.admin(), Search { query: query.into(), limit: 5 }).unwrap()
    }

    #[test]
    fn one_text_finds_patients_and_doctors() {
        let clinic = Clinic::new();
        clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let doctor = clinic.add_doctor(physician("Okonkwo", "Chidi"));
        let found = find(&clinic, "ok");
        assert_eq!(found.patients.len(), 1);
        assert_eq!(found.doctors[0].name, "Dr Chidi Okonkwo");
        let marked: Vec<_> = found.doctors[0].matched.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(marked, [(9, 11)]);
        assert_eq!(find(&clinic, &doctor.public_id).doctors.len(), 1);
        assert_eq!(find(&clinic, "dr okonkvo").doctors.len(), 1, "one letter wrong");
        assert!(find(&clinic, "").doctors.is_empty());
    }

    #[test]
    fn a_text_that_is_a_date_finds_the_day() {
        let clinic = Clinic::new();
        assert_eq!(find(&clinic, "tomorrow").dates, [date("2026-11-25")]);
        assert!(find(&clinic, "okafor").dates.is_empty());
    }

    #[test]
    fn a_doctor_who_left_is_not_offered() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Okonkwo", "Chidi"));
        let request = crate::directory::view::EditDoctor {
            id: doctor.id,
            rev: doctor.rev,
            form: doctor.form,
            new_specialties: Vec::new(),
            active: false,
        };
        clinic.app.edit_doctor(&clinic.admin(), request).unwrap();
        assert!(find(&clinic, "okonkwo").doctors.is_empty());
    }
}
