//! A page of doctors.

use std::collections::HashMap;

use clinic_domain::directory::name;
use clinic_domain::id::SpecialtyId;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::NaiveDate;

use super::paging::{self, page_of};
use super::search_patients::shortened;
use super::store_doctors::{self, Listed};
use super::store_rules::Rules;
use crate::app::{Actor, App};
use crate::directory::view::{DoctorPage, DoctorRow, ListDoctors};
use crate::error::Answer;

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
    let packed = query.split_whitespace().collect::<String>().to_uppercase();
    words.iter().all(|word| parts().any(|part| part.starts_with(word.as_str())))
        || doctor.public_id.contains(&packed)
        || doctor.licence_number.to_uppercase().contains(&packed)
}

/// By the column, then by name: the doctors come in that order, and sorting keeps it among equals.
fn sort(doctors: &mut [Listed], column: &str, specialties: &HashMap<SpecialtyId, String>) {
    match column {
        "specialty" => doctors.sort_by_cached_key(|doctor| {
            let name = name::fold(&first_specialty(doctor, specialties));
            (name.is_empty(), name)
        }),
        "licence" => doctors.sort_by_key(|doctor| (doctor.licence_until.is_none(), doctor.licence_until)),
        "id" => doctors.sort_by(|a, b| a.public_id.cmp(&b.public_id)),
        _ => {}
    }
}

fn first_specialty(doctor: &Listed, specialties: &HashMap<SpecialtyId, String>) -> String {
    doctor.specialty_ids.first().and_then(|id| specialties.get(id)).cloned().unwrap_or_default()
}

fn row(doctor: Listed, specialties: &HashMap<SpecialtyId, String>, today: NaiveDate) -> DoctorRow {
    let days = doctor.licence_until.map(|until| until.signed_duration_since(today).num_days());
    DoctorRow {
        id: doctor.id,
        name: name::surname_first(&doctor.family_name, &doctor.given_names),
        specialty: first_specialty(&doctor, specialties),
        licence_until: doctor.licence_until,
        licence_days: days.and_then(|days| i32::try_from(days).ok()),
        active: doctor.active,
        public_id: doctor.public_id,
        short_name: doctor.short_name,
    }
}
