//! Everything about one appointment, its history included (AP-6).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::AppointmentView;
use clinic_domain::id::AppointmentId;

impl App {
    /// Everything about one appointment, its history included (AP-6).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn read_appointment(&self, actor: &Actor, request: AppointmentId) -> Answer<AppointmentView> {
        todo!()
    }
}
