//! Opens the store with its passphrase.

use super::key;
use super::view::{Passphrase, StartState};
use crate::app::App;
use crate::error::{Answer, AppError};

impl App {
    /// Opens the store with its passphrase.
    ///
    /// # Errors
    /// [`AppError::WrongPassphrase`]; [`AppError::WrongState`] when the store does not ask for one; faults of the store.
    pub fn open_store(&self, request: Passphrase) -> Answer<StartState> {
        match self.start()? {
            StartState::NeedsPassphrase { .. } => {
                let kept = key::kept(&self.parts.folder)?.ok_or(AppError::WrongState)?;
                self.open_kept(&kept, &request.passphrase)
            }
            _ => Err(AppError::WrongState),
        }
    }
}
