//! A page of doctors.

use crate::app::{Actor, App};
use crate::directory::view::DoctorPage;
use crate::directory::view::ListDoctors;
use crate::error::Answer;

impl App {
    /// A page of doctors.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn list_doctors(&self, actor: &Actor, request: ListDoctors) -> Answer<DoctorPage> {
        todo!()
    }
}
