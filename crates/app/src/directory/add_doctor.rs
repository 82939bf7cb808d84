//! Adds a doctor.

use crate::app::{Actor, App};
use crate::directory::view::AddDoctor;
use crate::directory::view::DoctorChanged;
use crate::error::Answer;

impl App {
    /// Adds a doctor.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn add_doctor(&self, actor: &Actor, request: AddDoctor) -> Answer<DoctorChanged> {
        todo!()
    }
}
