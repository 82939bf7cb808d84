//! A page of a patient's or doctor's appointments (AP-6).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::AppointmentPage;
use crate::scheduling::view::ListAppointments;

impl App {
    /// A page of a patient's or doctor's appointments (AP-6).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn list_appointments(&self, actor: &Actor, request: ListAppointments) -> Answer<AppointmentPage> {
        todo!()
    }
}
