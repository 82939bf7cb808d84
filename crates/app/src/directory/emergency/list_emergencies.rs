//! Emergency accesses for administrators (AD-6).

use clinic_domain::identity::policy::Action;

use super::store;
use super::view::{EmergencyPage, ListEmergencies};
use crate::app::{Actor, App};
use crate::error::Answer;
use crate::paging;

impl App {
    /// A page of emergency accesses, and how many nobody has looked at.
    ///
    /// # Errors
    /// [`crate::AppError::Validation`] for an unknown sort and a size that is not 1 to 200;
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn list_emergencies(&self, actor: &Actor, request: ListEmergencies) -> Answer<EmergencyPage> {
        let now = self.now();
        self.read(actor, Action::ReviewEmergencies, |conn, _| {
            paging::check(&request.paging, &store::SORTS.map(|(name, _)| name))?;
            let (rows, total) = store::page(conn, &request, now)?;
            Ok(EmergencyPage { rows, total, unreviewed: store::unreviewed(conn)? })
        })
    }
}
