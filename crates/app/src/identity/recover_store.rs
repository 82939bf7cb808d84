//! Opens the store with its recovery key, and gives the key back to the keystore that lost it.

use super::key::{self, Kept};
use super::recovery;
use super::recovery_view::RecoverStore;
use super::view::StartState;
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

impl App {
    /// Opens the store with its recovery key when the keystore does not give the key or nobody knows the passphrase. The
    /// keystore gets the key back where it answers; where it does not, the recovery key is asked for at the next start.
    ///
    /// # Errors
    /// [`AppError::WrongRecoveryKey`]; [`AppError::NotFound`] when none was ever made; [`AppError::WrongState`] when the
    /// store is not closed for want of its key; faults of the store.
    pub fn recover_store(&self, request: RecoverStore) -> Answer<StartState> {
        let folder = &self.parts.folder;
        match self.start()? {
            StartState::KeyMissing { .. } | StartState::NeedsPassphrase { .. } => {}
            _ => return Err(AppError::WrongState),
        }
        let typed = zeroize::Zeroizing::new(request.recovery_key);
        let key = recovery::open(folder, &typed)?;
        let state = self.open_with(&key)?;
        if let Ok(store) = self.store() {
            let entry = Entry::of_nobody(Op::RecoverStore, self.now(), &self.parts.device);
            store.note(&entry)?;
            self.give_back(&key)?;
        }
        Ok(state)
    }

    /// Keeps the key where it was kept. Only a keystore can lose it alone; a file that says where it is may be gone, too.
    fn give_back(&self, key: &crate::db::StoreKey) -> Answer<()> {
        let keystore = &*self.parts.keystore;
        let kept = match key::kept(&self.parts.folder)? {
            Some(Kept::Keystore { entry }) => key::keep_in_keystore(keystore, entry, key).map(|_| None),
            None => key::keep_in_keystore(keystore, format!("store {}", self.new_id()?), key).map(Some),
            Some(Kept::Passphrase { .. } | Kept::File { .. }) => return Ok(()),
        };
        match kept {
            Ok(Some(kept)) => key::write(&self.parts.folder, &kept),
            Ok(None) | Err(AppError::NoKeystore) => Ok(()),
            Err(other) => Err(other),
        }
    }
}
