//! Recomputes the audit chain (TR-4).

use crate::app::{Actor, App};
use crate::audit::view::AuditReport;
use crate::error::Answer;

impl App {
    /// Recomputes the audit chain (TR-4).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn verify_audit(&self, actor: &Actor) -> Answer<AuditReport> {
        todo!()
    }
}
