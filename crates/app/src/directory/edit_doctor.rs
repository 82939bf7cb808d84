//! Edits a doctor's record, or retires the doctor.

use crate::app::{Actor, App};
use crate::directory::view::DoctorChanged;
use crate::directory::view::EditDoctor;
use crate::error::Answer;

impl App {
    /// Edits a doctor's record, or retires the doctor.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn edit_doctor(&self, actor: &Actor, request: EditDoctor) -> Answer<DoctorChanged> {
        todo!()
    }
}
