//! Gives the store another key (K4): whoever copied the old one reads nothing that is written from then on.

use std::sync::PoisonError;

use clinic_domain::identity::policy::Action;
use zeroize::Zeroizing;

use super::key::{self, Kept};
use super::recovery;
use super::recovery_view::ChangeStoreKey;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::StoreKey;
use crate::error::{Answer, AppError};

impl App {
    /// Gives the store another key, kept where the one before was. The recovery key opens nothing any more.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for a password that is not the one of whoever asks, [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; [`AppError::WrongPassphrase`]; [`AppError::Forbidden`];
    /// [`AppError::NoKeystore`]; [`AppError::StoreReadOnly`], [`AppError::StoreFull`]: there must be room for the store
    /// once more. The key is then the one before.
    pub fn change_store_key(&self, actor: &Actor, request: ChangeStoreKey) -> Answer<()> {
        let password = Zeroizing::new(request.password);
        let passphrase = Zeroizing::new(request.passphrase);
        self.read(actor, Action::EditClinic, |_, _| Ok(()))?;
        self.prove(actor, &password)?;
        // Two who ask at once are answered one after the other.
        let _alone = self.claim.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = &self.parts.folder;
        let store = self.store()?;
        let before = key::kept(folder)?.ok_or(AppError::WrongState)?;
        let fresh = key::make(&*self.parts.random)?;
        let next = self.keep_like(&before, &fresh, &passphrase)?;
        // From here on whoever starts the program finds one of the two keys that opens the store.
        key::write_next(folder, &next)?;
        let changed =
            store.note(&actor.entry(Op::ChangeStoreKey, self.now())).and_then(|()| store.rekey(&fresh));
        if let Err(fault) = changed {
            self.forget_key(&next);
            key::discard_next(folder);
            return Err(fault);
        }
        self.settle_on_next(&before)
    }

    /// The next key is in use: it is the key, and the ways to the one before are gone.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(super) fn settle_on_next(&self, before: &Kept) -> Answer<()> {
        recovery::discard(&self.parts.folder);
        key::promote_next(&self.parts.folder)?;
        self.forget_key(before);
        Ok(())
    }

    /// Keeps a new key where the one before is kept.
    fn keep_like(&self, before: &Kept, fresh: &StoreKey, passphrase: &str) -> Answer<Kept> {
        match before {
            Kept::Keystore { .. } => {
                key::keep_in_keystore(&*self.parts.keystore, format!("store {}", self.new_id()?), fresh)
            }
            Kept::Passphrase { .. } => {
                key::unseal(before, passphrase)?;
                key::seal(&*self.parts.random, fresh, passphrase)
            }
            Kept::File { .. } => Ok(Kept::File { key: hex::encode(fresh.bytes()) }),
        }
    }

    /// A keystore that does not answer keeps a key that opens nothing.
    fn forget_key(&self, kept: &Kept) {
        if let Kept::Keystore { entry } = kept {
            let _gone = self.parts.keystore.remove(entry);
        }
    }
}
