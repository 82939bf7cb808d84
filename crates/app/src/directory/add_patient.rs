//! Adds a patient, unless likely duplicates are there and were not accepted.

use crate::app::{Actor, App};
use crate::directory::view::AddPatient;
use crate::directory::view::PatientChanged;
use crate::error::Answer;

impl App {
    /// Adds a patient, unless likely duplicates are there and were not accepted.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn add_patient(&self, actor: &Actor, request: AddPatient) -> Answer<PatientChanged> {
        todo!()
    }
}
