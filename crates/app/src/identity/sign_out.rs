//! Ends the session of this desk (AU-12).

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;

impl App {
    /// Ends the session of this desk (AU-12). Nobody being signed in is fine.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn sign_out(&self) -> Answer<SessionState> {
        self.end_own_session()?;
        self.session_state()
    }
}
