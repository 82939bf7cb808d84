//! Books an appointment (AP-1, AP-2).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::AppointmentChanged;
use crate::scheduling::view::BookAppointment;

impl App {
    /// Books an appointment (AP-1, AP-2).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn book(&self, actor: &Actor, request: BookAppointment) -> Answer<AppointmentChanged> {
        todo!()
    }
}
