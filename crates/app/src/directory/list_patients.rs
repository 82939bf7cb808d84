//! A page of patients.

use crate::app::{Actor, App};
use crate::directory::view::ListPatients;
use crate::directory::view::PatientPage;
use crate::error::Answer;

impl App {
    /// A page of patients.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn list_patients(&self, actor: &Actor, request: ListPatients) -> Answer<PatientPage> {
        todo!()
    }
}
