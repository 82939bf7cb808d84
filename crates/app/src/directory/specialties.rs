//! The specialties of a doctor: those chosen from the managed list, and new ones by name.

use std::collections::HashMap;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::id::SpecialtyId;
use clinic_domain::validation::{FieldError, FieldRule, check_line};
use rusqlite::Connection;

use super::store_doctors;
use crate::app::App;
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
    pub fn put_new(&self, _tx: &mut Tx<'_>) -> Answer<()> {
        debug_assert!(self.new.is_empty(), "the list is not writable yet");
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
