//! Opens the store with its passphrase.

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::Passphrase;
use crate::identity::view::StartState;

impl App {
    /// Opens the store with its passphrase.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn open_store(&self, request: Passphrase) -> Answer<StartState> {
        todo!()
    }
}
