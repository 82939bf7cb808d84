//! Those who look like the person being added, likeliest first.

use crate::app::{Actor, App};
use crate::directory::view::DuplicateHit;
use crate::error::Answer;
use clinic_domain::directory::patient::PatientForm;

impl App {
    /// Those who look like the person being added, likeliest first.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn find_duplicates(&self, actor: &Actor, request: PatientForm) -> Answer<Vec<DuplicateHit>> {
        todo!()
    }
}
