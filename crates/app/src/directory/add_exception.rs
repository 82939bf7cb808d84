//! Enters time off or extra hours.

use crate::app::{Actor, App};
use crate::directory::view::AddException;
use crate::directory::view::DoctorChanged;
use crate::error::Answer;

impl App {
    /// Enters time off or extra hours.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn add_exception(&self, actor: &Actor, request: AddException) -> Answer<DoctorChanged> {
        todo!()
    }
}
