//! Moves an appointment or changes its length (AP-6).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::AppointmentChanged;
use crate::scheduling::view::Reschedule;

impl App {
    /// Moves an appointment or changes its length (AP-6).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn reschedule(&self, actor: &Actor, request: Reschedule) -> Answer<AppointmentChanged> {
        todo!()
    }
}
