//! Who is signed in here.

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;

impl App {
    /// Who is signed in here.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn session_state(&self) -> Answer<SessionState> {
        todo!()
    }
}
