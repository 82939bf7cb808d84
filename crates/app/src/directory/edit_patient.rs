//! Edits a patient's record.

use crate::app::{Actor, App};
use crate::directory::view::EditPatient;
use crate::directory::view::PatientChanged;
use crate::error::Answer;

impl App {
    /// Edits a patient's record.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn edit_patient(&self, actor: &Actor, request: EditPatient) -> Answer<PatientChanged> {
        todo!()
    }
}
