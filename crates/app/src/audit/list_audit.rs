//! A page of the audit log (AD-6).

use crate::app::{Actor, App};
use crate::audit::view::AuditPage;
use crate::audit::view::ListAudit;
use crate::error::Answer;

impl App {
    /// A page of the audit log (AD-6).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn list_audit(&self, actor: &Actor, request: ListAudit) -> Answer<AuditPage> {
        todo!()
    }
}
