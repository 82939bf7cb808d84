//! Takes a step of the life cycle (AP-4).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::AppointmentChanged;
use crate::scheduling::view::ChangeStatus;

impl App {
    /// Takes a step of the life cycle (AP-4).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn change_status(&self, actor: &Actor, request: ChangeStatus) -> Answer<AppointmentChanged> {
        todo!()
    }
}
