//! Opens the store with its recovery key, and gives the key back to the keystore that lost it.

use rusqlite::OptionalExtension;

use super::key::{self, Kept};
use super::recovery;
use super::recovery_view::{Protection, RecoverStore, StoreKeyPlace};
use super::view::StartState;
use crate::app::App;
use crate::audit::view::Op;
use crate::db::StoreKey;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

impl App {
    /// Opens the store with its recovery key when the keystore does not give the key, nobody knows the passphrase, or nobody
    /// of the staff can sign in. The keystore gets the key back where it answers; where it does not, the recovery key is
    /// asked for at the next start. A store that its staff opens stays open until the next one has signed in and out.
    ///
    /// # Errors
    /// [`AppError::WrongRecoveryKey`]; [`AppError::NotFound`] when none was ever made; [`AppError::WrongState`] when the
    /// store is not closed; faults of the store.
    pub fn recover_store(&self, request: RecoverStore) -> Answer<StartState> {
        let folder = &self.parts.folder;
        let _entering = self.staff.enter();
        let state = self.start()?;
        let is_closed = self.store().is_err();
        match state {
            StartState::KeyMissing { .. } | StartState::NeedsPassphrase { .. } => {}
            StartState::Ready { .. } if is_closed => {}
            _ => return Err(AppError::WrongState),
        }
        let key = recovery::open(folder, &request.recovery_key)?;
        let _one = self.staff.one_at_a_time();
        let state = self.open_with(&key)?;
        if let Ok(store) = self.store() {
            self.staff.hold(true);
            let entry = Entry::of_nobody(Op::RecoverStore, self.now(), &self.parts.device);
            store.note(&entry)?;
            self.give_back(&key)?;
        }
        Ok(state)
    }

    /// Keeps the key where it was kept. Only a keystore can lose it alone; a file that says where it is may be gone, too.
    fn give_back(&self, key: &StoreKey) -> Answer<()> {
        let _alone = self.alone_with_keys();
        let folder = &self.parts.folder;
        let kept = match key::kept(folder) {
            Err(AppError::StoreUnreadable) => {
                key::lay_aside(folder)?;
                None
            }
            kept => kept?,
        };
        let given = match kept {
            Some(Kept::Passphrase { .. } | Kept::File { .. }) => Ok(()),
            Some(Kept::Keystore { entry }) => {
                key::keep_in_keystore(&*self.parts.keystore, entry, key).map(drop)
            }
            Some(kept @ Kept::Staff { .. }) => match kept.place() {
                StoreKeyPlace::Keystore if self.staff.secret().is_none() => self.renew_secret(),
                _ => Ok(()),
            },
            None if self.protection()? == Protection::Staff => self.renew_secret(),
            None => {
                let entry = format!("store {}", self.new_id()?);
                key::keep_in_keystore(&*self.parts.keystore, entry, key)
                    .and_then(|kept| key::write(folder, &kept))
            }
        };
        match given {
            Err(AppError::NoKeystore) => Ok(()),
            given => given,
        }
    }

    /// The secret of the computer is lost, and every entry with it: another one, and nobody's entry yet.
    fn renew_secret(&self) -> Answer<()> {
        let secret = key::make(&*self.parts.random)?;
        let entry = format!("desk {}", self.new_id()?);
        let kept = key::keep_in_keystore(&*self.parts.keystore, entry, &secret)?;
        key::write_over(&self.parts.folder, &Kept::staff(kept, Vec::new()))?;
        self.staff.know(Some(secret));
        Ok(())
    }

    /// Who opens the store, as the store itself remembers it.
    fn protection(&self) -> Answer<Protection> {
        let found = self.store()?.read(|conn| {
            let mut query = conn.prepare_cached("SELECT value FROM fact WHERE name = ?1")?;
            Ok(query.query_row([PROTECTION], |row| row.get::<_, String>(0)).optional()?)
        })?;
        Ok(if found.as_deref() == Some(STAFF) { Protection::Staff } else { Protection::Computer })
    }

    /// Writes down who opens the store, for the day on which `store.key` is lost.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn note_protection(&self, entry: &Entry, protection: Protection) -> Answer<()> {
        let value = if protection == Protection::Staff { STAFF } else { "computer" };
        self.store()?.keep(Some(entry), |conn| {
            conn.prepare_cached("INSERT OR REPLACE INTO fact (name, value) VALUES (?1, ?2)")?
                .execute([PROTECTION, value])?;
            Ok(())
        })
    }
}

/// Who opens the store, as a fact of this store.
const PROTECTION: &str = "protection";
const STAFF: &str = "staff";
