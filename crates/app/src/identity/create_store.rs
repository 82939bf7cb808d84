//! Makes the store of a first run with its key in the chosen place.

use clinic_domain::identity::password::{PasswordPolicy, check_password};

use super::key::{self, Kept};
use super::view::{KeyPlace, StartState};
use crate::app::App;
use crate::error::{Answer, AppError};

impl App {
    /// Makes the store of a first run with its key in the chosen place. A store that exists is never touched.
    ///
    /// # Errors
    /// [`AppError::WrongState`] when there is a store or a key; [`AppError::Validation`] for the passphrase;
    /// [`AppError::NoKeystore`]; [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
    pub fn create_store(&self, request: KeyPlace) -> Answer<StartState> {
        if !matches!(self.start()?, StartState::FirstRun { .. }) {
            return Err(AppError::WrongState);
        }
        let random = &*self.parts.random;
        let key = key::make(random)?;
        let kept = match request {
            KeyPlace::Keystore => {
                let entry = format!("store {}", self.new_id()?);
                key::keep_in_keystore(&*self.parts.keystore, entry, &key)?
            }
            KeyPlace::Passphrase { passphrase } => {
                let policy = PasswordPolicy::default();
                let fields = check_password(&passphrase, &[], &policy).errors("passphrase", &policy);
                if !fields.is_empty() {
                    return Err(AppError::Validation { fields });
                }
                key::seal(random, &key, &passphrase)?
            }
            KeyPlace::File => Kept::File { key: hex::encode(key.bytes()) },
        };
        // The key is safe before the first page is written with it.
        key::write(&self.parts.folder, &kept)?;
        self.open_with(&key)
    }
}
