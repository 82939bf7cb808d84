//! Archives a patient or brings one back.

use crate::app::{Actor, App};
use crate::directory::view::ArchivePatient;
use crate::directory::view::PatientChanged;
use crate::error::Answer;

impl App {
    /// Archives a patient or brings one back.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn archive_patient(&self, actor: &Actor, request: ArchivePatient) -> Answer<PatientChanged> {
        todo!()
    }
}
