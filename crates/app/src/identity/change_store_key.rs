//! Gives the store another key (K4): whoever copied the old one reads nothing that is written from then on. With it, the
//! clinic chooses who opens the store: this computer, or its staff alone (K2).

use clinic_domain::identity::policy::Action;
use clinic_domain::identity::secret::Secret;

use super::account::Account;
use super::key::{self, Kept};
use super::notice::{self, NoticeKind};
use super::recovery;
use super::recovery_view::{ChangeStoreKey, Protection};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Store, StoreKey};
use crate::error::{Answer, AppError};

/// Where a new key is, and the secret of the computer where that is a new one, too.
struct Next {
    kept: Kept,
    secret: Option<StoreKey>,
}

impl App {
    /// Gives the store another key, kept where the one before was, and for whom the clinic wants it. The recovery key opens
    /// nothing any more. Where the staff opens the store, everybody who has an entry keeps it; where it begins to, whoever
    /// asks gets one.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for a password that is not the one of whoever asks, [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; [`AppError::WrongPassphrase`]; [`AppError::Forbidden`];
    /// [`AppError::NoKeystore`]; [`AppError::StoreReadOnly`], [`AppError::StoreFull`]: there must be room for the store
    /// once more. The key is then the one before.
    pub fn change_store_key(&self, actor: &Actor, request: ChangeStoreKey) -> Answer<()> {
        let ChangeStoreKey { protection, password, passphrase } = request;
        self.read(actor, Action::EditClinic, |_, _| Ok(()))?;
        let account = self.prove(actor, &password)?;
        self.renew_key(actor, (&account, &password), &passphrase, protection)
    }

    /// As [`App::change_store_key`], for somebody who has just proved the password.
    ///
    /// # Errors
    /// The same.
    pub(crate) fn renew_key(
        &self,
        actor: &Actor,
        asks: (&Account, &Secret),
        passphrase: &Secret,
        protection: Protection,
    ) -> Answer<()> {
        let store = self.store()?;
        self.put_key(actor, &store, asks, passphrase, protection)?;
        if let Some(device) = self.staff.secret()
            && let Err(fault) =
                self.describe_closed_desk(&store, &device).and_then(|()| self.ask_for_paper(&store))
        {
            tracing::warn!(%fault, "what follows from another key could not be kept");
        }
        Ok(())
    }

    /// Where nobody but the staff opens the store, the administrators are told that there is no recovery key any more.
    fn ask_for_paper(&self, store: &Store) -> Answer<()> {
        let (kind, device) = (NoticeKind::NoRecoveryKey, &self.parts.device);
        store.keep(None, |conn| notice::once_for_administrators(self, conn, kind, device, None))
    }

    fn put_key(
        &self,
        actor: &Actor,
        store: &Store,
        asks: (&Account, &Secret),
        passphrase: &Secret,
        protection: Protection,
    ) -> Answer<()> {
        // Two who ask at once are answered one after the other.
        let _alone = self.alone_with_keys();
        let folder = &self.parts.folder;
        let before = key::kept(folder)?.ok_or(AppError::WrongState)?;
        let fresh = key::make(&*self.parts.random)?;
        let next = self.next_key(&before, &fresh, asks, passphrase, protection)?;
        // From here on whoever starts the program finds one of the two keys that opens the store.
        key::write_next(folder, &next.kept)?;
        let entry = actor.entry(op(&before, protection), self.now());
        let noted = self.note_protection(&entry, protection);
        if let Err(fault) = noted.and_then(|()| store.rekey(&fresh)) {
            self.forget_key(&next.kept, &before);
            key::discard_next(folder);
            return Err(fault);
        }
        self.settle_on_next(&before, &next.kept)?;
        if next.secret.is_some() || protection == Protection::Computer {
            self.staff.know(next.secret);
        }
        Ok(())
    }

    /// The next key is in use: it is the key, and the ways to the one before are gone.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(super) fn settle_on_next(&self, before: &Kept, next: &Kept) -> Answer<()> {
        recovery::discard(&self.parts.folder);
        key::promote_next(&self.parts.folder)?;
        self.forget_key(before, next);
        Ok(())
    }

    fn next_key(
        &self,
        before: &Kept,
        fresh: &StoreKey,
        (account, password): (&Account, &Secret),
        passphrase: &Secret,
        protection: Protection,
    ) -> Answer<Next> {
        match (protection, before) {
            (Protection::Computer, Kept::Staff { secret, .. }) => {
                Ok(Next { kept: self.keep_like(secret, fresh, passphrase)?, secret: None })
            }
            (Protection::Computer, _) => {
                Ok(Next { kept: self.keep_like(before, fresh, passphrase)?, secret: None })
            }
            (Protection::Staff, Kept::Staff { secret, people, .. }) => {
                // Nobody's password is needed, and an entry that is damaged opened nothing before.
                let resealed =
                    people.iter().filter_map(|entry| entry.with_key(&*self.parts.random, fresh).ok());
                Ok(Next { kept: Kept::staff((**secret).clone(), resealed.collect()), secret: None })
            }
            (Protection::Staff, _) => {
                let secret = key::make(&*self.parts.random)?;
                let kept = self.keep_like(before, &secret, passphrase)?;
                let entry = self.new_entry(&secret, account, password, fresh)?;
                Ok(Next { kept: Kept::staff(kept, vec![entry]), secret: Some(secret) })
            }
        }
    }

    /// Keeps a new key where the one before is kept.
    fn keep_like(&self, before: &Kept, fresh: &StoreKey, passphrase: &Secret) -> Answer<Kept> {
        match before {
            Kept::Keystore { .. } => {
                key::keep_in_keystore(&*self.parts.keystore, format!("store {}", self.new_id()?), fresh)
            }
            Kept::Passphrase { .. } => {
                key::unseal(before, passphrase)?;
                key::seal(&*self.parts.random, fresh, passphrase)
            }
            Kept::File { .. } => Ok(Kept::File { key: hex::encode(fresh.bytes()) }),
            // One inside another is never read.
            Kept::Staff { .. } => Err(AppError::StoreUnreadable),
        }
    }

    /// Forgets what the keystore has for one way to the store, unless the other needs it as well. A keystore that does not
    /// answer keeps a key that opens nothing.
    fn forget_key(&self, gone: &Kept, stays: &Kept) {
        if let Some(entry) = gone.entry().filter(|entry| stays.entry() != Some(*entry)) {
            let _gone = self.parts.keystore.remove(entry);
        }
    }
}

/// What a change is called in the audit log.
fn op(before: &Kept, protection: Protection) -> Op {
    match (protection, before) {
        (Protection::Staff, Kept::Staff { .. }) => Op::ChangeStoreKey,
        (Protection::Staff, _) => Op::TurnOnStaffKeys,
        (Protection::Computer, Kept::Staff { .. }) => Op::TurnOffStaffKeys,
        (Protection::Computer, _) => Op::ChangeStoreKey,
    }
}
