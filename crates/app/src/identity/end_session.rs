//! Ends one of the own sessions, or all others (AU-12).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::EndSession;
use crate::identity::view::SessionRow;

impl App {
    /// Ends one of the own sessions, or all others (AU-12).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn end_session(&self, actor: &Actor, request: EndSession) -> Answer<Vec<SessionRow>> {
        todo!()
    }
}
