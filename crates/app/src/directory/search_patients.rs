//! Patients while typing (PE-1, FD-3).

use crate::app::{Actor, App};
use crate::directory::view::PatientHit;
use crate::directory::view::Search;
use crate::error::Answer;

impl App {
    /// Patients while typing (PE-1, FD-3).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn search_patients(&self, actor: &Actor, request: Search) -> Answer<Vec<PatientHit>> {
        todo!()
    }
}
