//! The record of a doctor.

use clinic_domain::id::DoctorId;
use clinic_domain::identity::policy::Action;

use super::doctor_view::doctor_view;
use crate::app::{Actor, App};
use crate::directory::view::DoctorView;
use crate::error::Answer;

impl App {
    /// The record of a doctor, with the dated changes from today on and how many appointments each of them touches.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`]; [`crate::AppError::Forbidden`]; faults of the store.
    pub fn read_doctor(&self, actor: &Actor, request: DoctorId) -> Answer<DoctorView> {
        self.read(actor, Action::ViewDoctors, |conn, _| doctor_view(conn, request, self.now()))
    }
}
