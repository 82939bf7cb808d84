//! Locks the desk on demand (AU-22).

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;

impl App {
    /// Locks the desk on demand (AU-22).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn lock(&self) -> Answer<SessionState> {
        todo!()
    }
}
