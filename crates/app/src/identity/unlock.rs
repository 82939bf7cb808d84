//! Unlocks the desk for whom it was locked.

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;
use crate::identity::view::Unlock;

impl App {
    /// Unlocks the desk for whom it was locked.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn unlock(&self, request: Unlock) -> Answer<SessionState> {
        todo!()
    }
}
