//! The record of a patient; the reading is written down (TR-4).

use crate::app::{Actor, App};
use crate::directory::view::PatientView;
use crate::error::Answer;
use clinic_domain::id::PatientId;

impl App {
    /// The record of a patient; the reading is written down (TR-4).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn read_patient(&self, actor: &Actor, request: PatientId) -> Answer<PatientView> {
        todo!()
    }
}
