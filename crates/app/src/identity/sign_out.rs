//! Ends the session of this desk (AU-12).

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;

impl App {
    /// Ends the session of this desk (AU-12).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn sign_out(&self) -> Answer<SessionState> {
        todo!()
    }
}
