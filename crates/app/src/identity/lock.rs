//! Locks the desk: what is on screen is hidden until the same person unlocks it.

use super::desk::Present;
use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;

impl App {
    /// Locks the desk. Locking a locked or empty desk changes nothing.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn lock(&self) -> Answer<SessionState> {
        if let Present::Here(_, actor) | Present::Held(_, actor, _) = self.present()? {
            self.lock_seat(&actor)?;
        }
        self.session_state()
    }
}
