//! The specialties of a doctor: those chosen from the managed list, and new ones by name.

use std::collections::HashMap;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::id::SpecialtyId;
use clinic_domain::validation::{FieldError, FieldRule, check_line};
use rusqlite::Connection;

use super::store_doctors;
use crate::app::App;
use crate::clinic::record::Specialty;
use crate::db::Tx;
use crate::error::Answer;

/// Longest name of a specialty in characters.
const LONGEST_NAME: u32 = 80;

/// What was chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    /// Every specialty of the doctor, new ones last.
    pub ids: Vec<SpecialtyId>,
    /// Those that are not on the list yet.
    pub new: Vec<(SpecialtyId, String)>,
    /// What cannot be accepted.
    pub wrong: Vec<FieldError>,
}

impl Chosen {
    /// Adds the new ones to the managed list.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn put_new(&self, tx: &mut Tx<'_>) -> Answer<()> {
        for (id, name) in &self.new {
            tx.put(&Specialty { id: *id, name: name.clone() })?;
        }
        Ok(())
    }
}

impl App {
    /// Reads what was chosen. A new name that is on the list already, in whatever case, means the one on the list.
    ///
    /// # Errors
    /// The computer gives no randomness; faults of the store.
    pub(super) fn choose_specialties(
        &self,
        conn: &Connection,
        form: &DoctorForm,
        names: &[String],
    ) -> Answer<Chosen> {
        let known = store_doctors::specialty_names(conn)?;
        let mut chosen = Chosen::default();
        for (index, id) in form.specialty_ids.iter().enumerate() {
            if !known.contains_key(id) {
                chosen.wrong.push(FieldError::new(format!("specialty_ids.{index}"), FieldRule::Unknown));
            }
            chosen.ids.push(*id);
        }
        for (index, name) in names.iter().enumerate() {
            match check_line(&format!("new_specialties.{index}"), name, 1, LONGEST_NAME) {
                Ok(name) => chosen.add(self, &name, &known)?,
                Err(error) => chosen.wrong.push(error),
            }
        }
        Ok(chosen)
    }
}

impl Chosen {
    fn add(&mut self, app: &App, name: &str, known: &HashMap<SpecialtyId, String>) -> Answer<()> {
        let folded = name.to_lowercase();
        let on_the_list = known.iter().map(|(id, name)| (*id, name));
        let same = on_the_list
            .chain(self.new.iter().map(|(id, name)| (*id, name)))
            .find(|(_, known)| known.to_lowercase() == folded)
            .map(|(id, _)| id);
        let id = match same {
            Some(id) => id,
            None => SpecialtyId(app.new_id()?),
        };
        if same.is_none() {
            self.new.push((id, name.to_owned()));
        }
        if !self.ids.contains(&id) {
            self.ids.push(id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clinic_domain::validation::{FieldError, FieldRule};

    use crate::directory::fixture::{Clinic, physician};
    use crate::directory::view::{AddDoctor, DoctorView, ListDoctors};
    use crate::error::{Answer, AppError};

    fn add(clinic: &Clinic, family_name: &str, new_specialties: &[&str]) -> Answer<DoctorView> {
        let request = AddDoctor {
            request_id: clinic.request(),
            form: physician(family_name, "Kim"),
            new_specialties: new_specialties.iter().map(|name| (*name).to_owned()).collect(),
        };
        clinic.app.add_doctor(&clinic.admin(), request).map(|changed| changed.doctor)
    }

    #[test]
    fn a_new_specialty_goes_on_the_list_once_and_is_shown() {
        let clinic = Clinic::new();
        let first = add(&clinic, "Lee", &["Cardiology", "cardiology ", "Surgery"]).unwrap();
        let second = add(&clinic, "Park", &["CARDIOLOGY"]).unwrap();
        assert_eq!(first.form.specialty_ids.len(), 2);
        assert_eq!(second.form.specialty_ids, first.form.specialty_ids[..1]);
        let request = ListDoctors {
            query: String::new(),
            specialty_id: Some(first.form.specialty_ids[1]),
            with_inactive: false,
            paging: crate::directory::fixture::first_page("specialty"),
        };
        let page = clinic.app.list_doctors(&clinic.admin(), request).unwrap();
        assert_eq!(
            (page.total, page.rows[0].id, page.rows[0].specialty.as_str()),
            (1, first.id, "Cardiology")
        );
    }

    #[test]
    fn a_specialty_without_a_name_and_one_that_is_not_on_the_list_are_refused() {
        let clinic = Clinic::new();
        let refusal = add(&clinic, "Lee", &[" "]).unwrap_err();
        let expected = FieldError::new("new_specialties.0", FieldRule::Required);
        assert_eq!(refusal, AppError::Validation { fields: vec![expected] });
        let mut form = physician("Lee", "Kim");
        form.specialty_ids = vec![clinic_domain::id::SpecialtyId(clinic.app.new_id().unwrap())];
        let request = AddDoctor { request_id: clinic.request(), form, new_specialties: Vec::new() };
        let refusal = clinic.app.add_doctor(&clinic.admin(), request).unwrap_err();
        let expected = FieldError::new("specialty_ids.0", FieldRule::Unknown);
        assert_eq!(refusal, AppError::Validation { fields: vec![expected] });
    }
}
