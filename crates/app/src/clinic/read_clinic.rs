//! The clinic and its settings.

use crate::app::{Actor, App};
use crate::clinic::view::ClinicView;
use crate::error::Answer;

impl App {
    /// The clinic and its settings.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn read_clinic(&self, actor: &Actor) -> Answer<ClinicView> {
        todo!()
    }
}
