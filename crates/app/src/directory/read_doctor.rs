//! The record of a doctor.

use crate::app::{Actor, App};
use crate::directory::view::DoctorView;
use crate::error::Answer;
use clinic_domain::id::DoctorId;

impl App {
    /// The record of a doctor.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn read_doctor(&self, actor: &Actor, request: DoctorId) -> Answer<DoctorView> {
        todo!()
    }
}
