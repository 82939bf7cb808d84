//! Takes time off or extra hours back.

use crate::app::{Actor, App};
use crate::directory::view::DoctorChanged;
use crate::directory::view::RemoveException;
use crate::error::Answer;

impl App {
    /// Takes time off or extra hours back.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn remove_exception(&self, actor: &Actor, request: RemoveException) -> Answer<DoctorChanged> {
        todo!()
    }
}
