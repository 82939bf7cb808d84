//! Opens a closed store with somebody's password (K2). The try is counted on the disk before the password is looked at; an
//! unknown name, a wrong password and somebody who may open nothing are answered alike, after the same work. Who is let in
//! is the ordinary sign-in's to say, which follows.

use std::sync::MutexGuard;

use clinic_domain::id::AccountId;
use clinic_domain::identity::account::Login;
use clinic_domain::identity::secret::Secret;
use clinic_domain::identity::throttle::Limits;

use super::account::Account;
use super::closed_desk::ClosedDesk;
use super::key::{self, Kept};
use super::notice::{self, NoticeKind};
use super::person_key::{PersonKey, name_tag};
use super::staff_keys::proof_of;
use super::start::STORE;
use super::store_security_policy;
use super::view::StartState;
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::db::{Record, Store, StoreKey};
use crate::error::{Answer, AppError};

/// A store that somebody's password has opened, and nobody is signed in yet.
pub(super) struct Opening<'a> {
    account: AccountId,
    proves: String,
    _alone: MutexGuard<'a, ()>,
}

impl Opening<'_> {
    /// Whether the password that opened the store is the one of this account as it stands.
    pub(super) fn proves(&self, store: &Store, account: &Account) -> bool {
        self.account == account.id && self.proves == proof_of(store, &account.password_hash)
    }
}

impl App {
    /// Opens a closed store; `None` when there is nothing to open.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], [`AppError::Throttled`], [`AppError::PasswordClosed`]; [`AppError::StoreFull`] and
    /// [`AppError::StoreReadOnly`] when the try cannot be counted; faults of the store.
    pub(super) fn open_for(&self, login: &Login, password: &Secret) -> Answer<Option<Opening<'_>>> {
        let Some(device) = self.staff.secret() else { return Ok(None) };
        if self.store().is_ok() {
            return Ok(None);
        }
        let alone = self.staff.one_at_a_time();
        if self.store().is_ok() {
            return Ok(None);
        }
        let folder = &self.parts.folder;
        // Each with its place: a change of the key that was cut off left two.
        let files = [key::kept(folder)?, key::next(folder)?];
        let name = name_tag(&device, &login.normalised());
        self.count_closed_try(&device, &name, &files)?;
        let stranger = files.iter().flat_map(people_of).next().map(|entry| entry.of_nobody(&name));
        let mut entries = entries_of(&files, &name);
        if entries.is_empty() {
            entries.extend(&stranger);
        }
        let opened = entries.iter().find_map(|entry| Some((*entry, entry.unseal(&device, password)?)));
        let Some((entry, private)) = opened else { return Err(AppError::WrongCredentials) };
        for (n, file) in files.iter().enumerate() {
            let same = people_of(file).iter().find(|other| is_same(other, entry));
            let Some(key) = same.and_then(|same| same.store_key(&private)) else { continue };
            if self.open_with_persons_key(&key)? {
                self.finish_change(&files, n == 1)?;
                self.admit_opener(&device, &name, entry);
                let (account, proves) = (entry.account, entry.proves.clone());
                return Ok(Some(Opening { account, proves, _alone: alone }));
            }
        }
        Err(AppError::StoreUnreadable)
    }

    fn count_closed_try(&self, device: &StoreKey, name: &str, files: &[Option<Kept>]) -> Answer<()> {
        self.judged(|| {
            let _alone = self.alone_with_keys();
            let folder = &self.parts.folder;
            let people = || files.iter().flat_map(people_of);
            let mut desk = ClosedDesk::load(folder, device);
            if let Err(refused) = desk.count(name, can_be_reopened(people()), self.now()) {
                return Ok(Err(refused));
            }
            let known: Vec<String> = people().flat_map(|entry| entry.names.iter().cloned()).collect();
            desk.forget_oldest(&known);
            desk.save(&*self.parts.random, folder, device).map(Ok)
        })
    }

    /// Whether this key opens the store.
    fn open_with_persons_key(&self, key: &StoreKey) -> Answer<bool> {
        if !self.parts.folder.join(STORE).exists() {
            return Err(AppError::StoreUnreadable);
        }
        match self.open_with(key)? {
            StartState::Ready { .. } => Ok(true),
            StartState::StoreNewer { store, program, .. } => Err(AppError::StoreNewer { store, program }),
            StartState::ReadOnly { .. } => Err(AppError::StoreReadOnly),
            _ => Ok(false),
        }
    }

    /// A change of the key that was cut off is finished where the store has got the next one, and forgotten otherwise.
    fn finish_change(&self, files: &[Option<Kept>; 2], is_next: bool) -> Answer<()> {
        let _alone = self.alone_with_keys();
        match files {
            [Some(before), Some(next)] if is_next => self.settle_on_next(before, next),
            [_, Some(_)] => {
                key::discard_next(&self.parts.folder);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The password was right. What was counted while the store was closed goes into the audit log, and the administrators
    /// are told of many. A fault stands in the program's log; the counters stay.
    fn admit_opener(&self, device: &StoreKey, name: &str, opener: &PersonKey) {
        let told = self.store().and_then(|store| {
            let alone = self.alone_with_keys();
            let folder = &self.parts.folder;
            let mut desk = ClosedDesk::load(folder, device);
            desk.right(name);
            let (untold, sprayed) = (desk.tell(), desk.tell_spraying());
            let people = super::staff_keys::people(folder)?;
            desk.forget(&opener.names);
            desk.save(&*self.parts.random, folder, device)?;
            drop(alone);
            untold.iter().try_for_each(|(name, tries)| {
                let whose = people.iter().find(|entry| entry.names.contains(name));
                self.tell_closed_tries(&store, whose.map(|entry| entry.account), *tries)
            })?;
            if sprayed {
                self.tell_closed_spraying(&store)?;
            }
            self.follow_accounts()
        });
        if let Err(fault) = told {
            tracing::error!(%fault, "what happened while the store was closed could not be written down");
        }
    }

    fn tell_closed_spraying(&self, store: &Store) -> Answer<()> {
        let device = &self.parts.device;
        let entry = Entry::of_nobody(Op::SprayingNoticed, self.now(), device);
        store.keep(Some(&entry), |conn| {
            notice::for_administrators(self, conn, NoticeKind::Spraying, device, None)
        })
    }

    fn tell_closed_tries(&self, store: &Store, account: Option<AccountId>, tries: u32) -> Answer<()> {
        let found = store.read(|conn| account.map_or(Ok(None), |id| Account::load(conn, id.0)))?;
        let account = found.map(|(account, _)| account);
        let about = |op| Entry {
            subject_id: account.as_ref().map(|account| account.id.0),
            subject: account.as_ref().map(Account::subject).unwrap_or_default(),
            reason: format!("{tries} ×"),
            ..Entry::of_nobody(op, self.now(), &self.parts.device)
        };
        store.note(&about(Op::SignInFailed))?;
        let limits: Limits = store.read(|conn| Ok(store_security_policy::load(conn)?.0.limits()))?;
        if tries < limits.told {
            return Ok(());
        }
        store.keep(Some(&about(Op::ManyWrongPasswords)), |conn| {
            let kind = NoticeKind::ManyWrongPasswords;
            notice::for_administrators(
                self,
                conn,
                kind,
                &self.parts.device,
                account.map(|account| account.id),
            )
        })
    }
}

/// Whether somebody would be left who opens the store, and then the password of another.
pub(super) fn can_be_reopened<'k>(mut people: impl Iterator<Item = &'k PersonKey>) -> bool {
    let first = people.next().map(|entry| entry.account);
    people.any(|entry| Some(entry.account) != first)
}

/// Who has an entry in a file.
fn people_of(kept: &Option<Kept>) -> &[PersonKey] {
    match kept {
        Some(Kept::Staff { people, .. }) => people,
        _ => &[],
    }
}

/// The entries of a name. Two files hold the same pair of keys, whose password is tried once.
fn entries_of<'f>(files: &'f [Option<Kept>; 2], name: &String) -> Vec<&'f PersonKey> {
    let mut found: Vec<&PersonKey> = Vec::new();
    for entry in files.iter().flat_map(people_of).filter(|entry| entry.names.contains(name)) {
        if !found.iter().any(|other| is_same(other, entry)) {
            found.push(entry);
        }
    }
    found
}

/// Whether two entries are of one person with one password.
fn is_same(one: &PersonKey, other: &PersonKey) -> bool {
    one.account == other.account && one.proves == other.proves
}
