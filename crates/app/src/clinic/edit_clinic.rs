//! Changes the settings of the clinic.

use crate::app::{Actor, App};
use crate::clinic::view::ClinicChanged;
use crate::clinic::view::EditClinic;
use crate::error::Answer;

impl App {
    /// Changes the settings of the clinic.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn edit_clinic(&self, actor: &Actor, request: EditClinic) -> Answer<ClinicChanged> {
        todo!()
    }
}
