//! The own active sessions (AU-12).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::SessionRow;

impl App {
    /// The own active sessions (AU-12).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn list_sessions(&self, actor: &Actor) -> Answer<Vec<SessionRow>> {
        todo!()
    }
}
