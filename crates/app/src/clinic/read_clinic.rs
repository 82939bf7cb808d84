//! The clinic and its settings.

use clinic_domain::identity::policy::Action;

use super::store;
use crate::app::{Actor, App};
use crate::clinic::view::ClinicView;
use crate::error::Answer;

impl App {
    /// The clinic and its settings.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn read_clinic(&self, actor: &Actor) -> Answer<ClinicView> {
        self.read(actor, Action::ViewClinic, |conn, _| store::view(conn))
    }
}
