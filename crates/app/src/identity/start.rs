//! What the program found at start; opens the store where it can without asking.

use clinic_domain::identity::secret::Secret;
use std::fs::{File, OpenOptions};
use std::path::Path;

use super::key::{self, Kept};
use super::recovery;
use super::recovery_view::StoreKeyPlace;
use super::view::StartState;
use crate::app::App;
use crate::db::{Store, StoreKey};
use crate::error::{Answer, AppError};

/// Name of the store in its folder.
pub(super) const STORE: &str = "store.db";
/// Name of the file that the program holds locked while it uses the folder.
const LOCK: &str = "store.lock";

impl App {
    /// What the program found at start; opens the store where it can without asking. May be asked again.
    ///
    /// # Errors
    /// [`AppError::StoreBusy`] when another process uses the folder; faults of the store.
    pub fn start(&self) -> Answer<StartState> {
        let folder = self.parts.folder.as_path();
        if self.store().is_ok() {
            return self.state_of_open_store();
        }
        if self.staff.secret().is_some() {
            return Ok(CLOSED);
        }
        if std::fs::create_dir_all(folder).is_err() {
            return Ok(StartState::ReadOnly { folder: shown(folder) });
        }
        match self.claim(folder) {
            Err(AppError::StoreReadOnly) => return Ok(StartState::ReadOnly { folder: shown(folder) }),
            claimed => claimed?,
        }
        let kept = match key::kept(folder) {
            Err(AppError::StoreUnreadable) => return Ok(damaged(folder)),
            kept => kept?,
        };
        match kept {
            None if folder.join(STORE).exists() => Ok(StartState::KeyMissing { folder: shown(folder) }),
            None => Ok(self.first_run(folder)),
            Some(kept) if kept.place() == StoreKeyPlace::Passphrase => {
                Ok(StartState::NeedsPassphrase { folder: shown(folder) })
            }
            Some(kept) => self.open_kept(&kept, &Secret::default()),
        }
    }

    /// Opens the store with the key that is kept, or with the next one where a change of the key was cut off after the
    /// store had got it.
    ///
    /// # Errors
    /// [`AppError::WrongPassphrase`]; as [`App::open_with`].
    pub(super) fn open_kept(&self, kept: &Kept, passphrase: &Secret) -> Answer<StartState> {
        let folder = &self.parts.folder;
        let missing = || StartState::KeyMissing { folder: shown(folder) };
        if let Kept::Staff { secret, .. } = kept {
            return self.know_secret(kept, secret, passphrase);
        }
        let Some(key) = self.key_of(kept, passphrase)? else { return Ok(missing()) };
        let state = self.open_with(&key)?;
        let Some(next) = key::next(folder)? else { return Ok(state) };
        if !matches!(state, StartState::Unreadable { .. }) {
            key::discard_next(folder);
            return Ok(state);
        }
        if let Kept::Staff { secret, .. } = &next {
            // Whether it got that far is seen when somebody signs in.
            let secret = self.key_of(secret, passphrase)?;
            let found = secret.is_some();
            self.staff.know(secret);
            return Ok(if found { CLOSED } else { missing() });
        }
        let Some(key) = self.key_of(&next, passphrase)? else { return Ok(missing()) };
        let state = self.open_with(&key)?;
        if !matches!(state, StartState::Unreadable { .. }) {
            self.settle_on_next(kept, &next)?;
        }
        Ok(state)
    }

    /// Takes the secret of the computer into use: the store opens with the next sign-in. Where the store was about to open
    /// without anybody again and got that far, it opens now.
    fn know_secret(&self, kept: &Kept, secret: &Kept, passphrase: &Secret) -> Answer<StartState> {
        let folder = &self.parts.folder;
        let device = self.key_of(secret, passphrase)?;
        if let Some(next) = key::next(folder)?
            && !matches!(next, Kept::Staff { .. })
            && let Some(key) = self.key_of(&next, passphrase)?
        {
            let state = self.open_with(&key)?;
            if !matches!(state, StartState::Unreadable { .. }) {
                self.settle_on_next(kept, &next)?;
                return Ok(state);
            }
        }
        let state = match (&device, folder.join(STORE).exists()) {
            (None, _) => StartState::KeyMissing { folder: shown(folder) },
            (_, false) => StartState::Unreadable { folder: shown(folder) },
            (Some(_), true) => CLOSED,
        };
        if state == CLOSED {
            self.staff.know(device);
        }
        Ok(state)
    }

    /// The key that is kept; `None` when the keystore does not give it.
    pub(super) fn key_of(&self, kept: &Kept, passphrase: &Secret) -> Answer<Option<StoreKey>> {
        match kept {
            // Nobody's password is at hand.
            Kept::Staff { .. } => Ok(None),
            Kept::Passphrase { .. } => key::unseal(kept, passphrase).map(Some),
            Kept::File { key } => key::from_hex(key).map(Some),
            Kept::Keystore { entry } => match key::from_keystore(&*self.parts.keystore, entry) {
                Err(AppError::NoKeystore) => Ok(None),
                found => found,
            },
        }
    }

    /// Opens the store with its key and says what is in it.
    ///
    /// # Errors
    /// [`AppError::StoreFull`], [`AppError::StoreBusy`]; what a person can mend is a state, not an error.
    pub(super) fn open_with(&self, key: &StoreKey) -> Answer<StartState> {
        let folder = shown(&self.parts.folder);
        match Store::open(&self.parts.folder.join(STORE), key) {
            Ok(store) => {
                self.use_store(store);
                self.state_of_open_store()
            }
            Err(AppError::StoreNewer { store, program }) => {
                Ok(StartState::StoreNewer { folder, store, program })
            }
            Err(AppError::StoreReadOnly) => Ok(StartState::ReadOnly { folder }),
            Err(AppError::StoreUnreadable) => Ok(StartState::Unreadable { folder }),
            Err(other) => Err(other),
        }
    }

    fn state_of_open_store(&self) -> Answer<StartState> {
        let store = self.store()?;
        if store.read(|conn| Ok(crate::clinic::store::find(conn)?.is_none()))? {
            let folder = &self.parts.folder;
            let place = key::kept(folder)?.map_or(StoreKeyPlace::File, |kept| kept.place());
            return Ok(StartState::NoClinic { folder: shown(folder), place });
        }
        Ok(StartState::Ready { clock_back_minutes: self.note_start(&store)? })
    }

    fn first_run(&self, folder: &Path) -> StartState {
        StartState::FirstRun {
            folder: shown(folder),
            free_gb: free_gb(folder),
            keystore: self.parts.keystore.available(),
        }
    }

    /// Takes the folder for this process, so that two programs never use one store.
    fn claim(&self, folder: &Path) -> Answer<()> {
        let mut claim = self.claim.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if claim.is_some() {
            return Ok(());
        }
        let file = open_lock(&folder.join(LOCK)).map_err(|_| AppError::StoreReadOnly)?;
        file.try_lock().map_err(|_| AppError::StoreBusy)?;
        *claim = Some(Claim(file));
        Ok(())
    }
}

/// The store is closed until somebody of the staff signs in (K2).
const CLOSED: StartState = StartState::Ready { clock_back_minutes: None };

/// A file of keys that cannot be read: the recovery key opens the store, where there is one.
fn damaged(folder: &Path) -> StartState {
    let folder_shown = shown(folder);
    match recovery::is_there(folder) && folder.join(STORE).exists() {
        true => StartState::KeyMissing { folder: folder_shown },
        false => StartState::Unreadable { folder: folder_shown },
    }
}

/// The folder of the store, held for this process. Given back in so many words: a process that was started meanwhile may
/// have inherited the open file, and would hold the lock for as long as it lives.
#[derive(Debug)]
pub(crate) struct Claim(File);

impl Drop for Claim {
    fn drop(&mut self) {
        let _given_back = self.0.unlock();
    }
}

fn open_lock(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

/// The folder in words, for the person who has to find it.
pub(super) fn shown(folder: &Path) -> String {
    folder.display().to_string()
}

#[cfg(unix)]
fn free_gb(folder: &Path) -> Option<u32> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    u32::try_from(stat.f_bavail.saturating_mul(stat.f_frsize) >> 30).ok()
}

#[cfg(not(unix))]
fn free_gb(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_given_back_is_free_although_another_process_inherited_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(LOCK);
        let file = open_lock(&path).unwrap();
        file.try_lock().unwrap();
        let _inherited = file.try_clone().unwrap();
        assert!(open_lock(&path).unwrap().try_lock().is_err());
        drop(Claim(file));
        open_lock(&path).unwrap().try_lock().unwrap();
    }
}
