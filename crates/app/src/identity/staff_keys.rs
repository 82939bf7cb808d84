//! Who opens the store (K2): an entry in `store.key` for each person. It follows the accounts: whoever was deactivated or
//! has another password has none, until they sign in while the store is open. Works on an open store only.

use std::path::Path;
use std::sync::PoisonError;

use clinic_domain::id::AccountId;
use clinic_domain::identity::account::Login;
use clinic_domain::identity::duty::Standing;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;

use super::account::Account;
use super::closed_desk::ClosedDesk;
use super::key::{self, Kept};
use super::person_key::{self, PersonKey, Whose, name_tag};
use super::store_security_policy;
use crate::app::App;
use crate::clinic::store as clinic;
use crate::db::{Record, Store, StoreKey};
use crate::error::{Answer, AppError};

/// Keeps what is made from a password hash apart from anything else that the store's key gives.
const PROVES: &str = "clinic desk proven hash 1";

/// Who has an entry.
///
/// # Errors
/// [`AppError::StoreUnreadable`] when the file is damaged.
pub(super) fn people(folder: &Path) -> Answer<Vec<PersonKey>> {
    Ok(match key::kept(folder)? {
        Some(Kept::Staff { people, .. }) => people,
        _ => Vec::new(),
    })
}

/// What an entry proves when its password fitted this stored hash.
pub(super) fn proof_of(store: &Store, password_hash: &str) -> String {
    hex::encode(crate::db::audit::hmac(&store.derive(PROVES), &[password_hash.as_bytes()]))
}

/// What an account can be called at the sign-in, as the file knows it.
fn names_of(device: &StoreKey, account: &Account) -> Vec<String> {
    let names = [Some(&account.public_id), account.email.as_ref(), account.user_name.as_ref()];
    names.into_iter().flatten().map(|name| name_tag(device, &Login::parse(name).normalised())).collect()
}

impl App {
    /// An entry for somebody whose password is this one, to be kept with [`App::keep_entry`] once they have signed in
    /// fully; `None` where the computer opens the store, and where the entry that is there still holds. Costs one
    /// Argon2id.
    ///
    /// # Errors
    /// Faults of the store and the disk.
    pub(super) fn entry_for(&self, account: &Account, password: &Secret) -> Answer<Option<PersonKey>> {
        let Some(device) = self.staff.secret() else { return Ok(None) };
        // A patient has no desk of their own, and a first password is known to somebody else.
        if account.role == Role::Patient || account.password_standing == Standing::Temporary {
            return Ok(None);
        }
        let store = self.store()?;
        let (proves, cost) = (proof_of(&store, &account.password_hash), self.hash_cost()?);
        let holds = |entry: &PersonKey| {
            entry.account == account.id
                && entry.proves == proves
                && entry.cost() == cost
                && entry.is_whole(&store.key())
        };
        // A damaged file is said when the entry is kept; it is in nobody's way here.
        if people(&self.parts.folder).unwrap_or_default().iter().any(holds) {
            return Ok(None);
        }
        self.new_entry(&device, account, password, &store.key()).map(Some)
    }

    /// An entry for somebody who is about to have another password. It is kept at once: whenever the program stops, one of
    /// the two passwords opens the store.
    ///
    /// # Errors
    /// Faults of the store and the disk.
    pub(super) fn entry_before(
        &self,
        account: &Account,
        password_hash: &str,
        password_standing: Standing,
        password: &Secret,
    ) -> Answer<Option<PersonKey>> {
        let as_it_will_be =
            Account { password_hash: password_hash.to_owned(), password_standing, ..account.clone() };
        let entry = self.entry_for(&as_it_will_be, password)?;
        entry.as_ref().map_or(Ok(()), |entry| self.keep_entry(entry))?;
        Ok(entry)
    }

    /// A new entry for somebody, with a key of the store. Costs one Argon2id.
    ///
    /// # Errors
    /// The computer gives no randomness or no memory; the store is closed.
    pub(super) fn new_entry(
        &self,
        device: &StoreKey,
        account: &Account,
        password: &Secret,
        store_key: &StoreKey,
    ) -> Answer<PersonKey> {
        let proves = proof_of(&*self.store()?, &account.password_hash);
        let whose = Whose { account: account.id, names: names_of(device, account), proves, password };
        person_key::make(&*self.parts.random, self.hash_cost()?, device, whose, store_key)
    }

    /// Keeps an entry. One of the same person for another password stays until [`App::follow_accounts`] finds that it
    /// proves nothing any more: whenever the program stops, one of the two opens the store.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(super) fn keep_entry(&self, entry: &PersonKey) -> Answer<()> {
        self.change_people(|_, people| {
            people.retain(|other| other.account != entry.account || other.proves != entry.proves);
            // The key may have become another one since the entry was made.
            people.push(entry.with_key(&*self.parts.random, &self.store()?.key())?);
            Ok(true)
        })
    }

    /// Whoever has signed in: their entry is there, and no wrong password is counted for them at the closed desk. A fault
    /// stands in the log and in nobody's way: somebody else opens the store next time.
    pub(super) fn settle_in(&self, account: AccountId, entry: Option<&PersonKey>) {
        let settled = entry.map_or(Ok(()), |entry| self.keep_entry(entry)).and_then(|()| {
            self.forget_closed_tries(account)?;
            self.follow_accounts()
        });
        if let Err(fault) = settled {
            tracing::error!(%fault, "who opens the store could not be kept");
        }
    }

    /// Brings the entries up to date with the accounts.
    ///
    /// # Errors
    /// Faults of the store and the disk.
    pub(crate) fn follow_accounts(&self) -> Answer<()> {
        self.change_people(|device, people| {
            let store = self.store()?;
            let (before, mut changed) = (people.len(), false);
            let mut kept = Vec::with_capacity(before);
            for entry in people.drain(..) {
                let found = store.read(|conn| Account::load(conn, entry.account.0))?;
                let holds = |(account, _): &(Account, u32)| {
                    account.active
                        && proof_of(&store, &account.password_hash) == entry.proves
                        && entry.is_whole(&store.key())
                };
                let Some((account, _)) = found.filter(holds) else { continue };
                let names = names_of(device, &account);
                changed |= names != entry.names;
                kept.push(entry.with_names(names, &store.key())?);
            }
            *people = kept;
            Ok(changed || people.len() != before)
        })
    }

    /// Forgets the wrong passwords that were counted for somebody at the closed desk.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(super) fn forget_closed_tries(&self, account: AccountId) -> Answer<()> {
        let Some(device) = self.staff.secret() else { return Ok(()) };
        let found = self.store()?.read(|conn| Account::load(conn, account.0))?;
        let Some((account, _)) = found else { return Ok(()) };
        let _alone = self.alone_with_keys();
        let folder = &self.parts.folder;
        let mut desk = ClosedDesk::load(folder, &device);
        match desk.forget(&names_of(&device, &account)) {
            true => desk.save(&*self.parts.random, folder, &device),
            false => Ok(()),
        }
    }

    /// Keeps what the sign-in screen of the closed store shows.
    ///
    /// # Errors
    /// Faults of the store and the disk.
    pub(super) fn describe_closed_desk(&self, store: &Store, device: &StoreKey) -> Answer<()> {
        let (clinic, limits) =
            store.read(|conn| Ok((clinic::load(conn)?.0, store_security_policy::load(conn)?.0.limits())))?;
        let _alone = self.alone_with_keys();
        let folder = &self.parts.folder;
        let mut desk = ClosedDesk::load(folder, device);
        (desk.clinic, desk.is_demo) = (clinic.profile.name, clinic.is_demo);
        desk.set_limits(&limits);
        desk.save(&*self.parts.random, folder, device)
    }

    /// Whoever changes the files of keys does so alone.
    pub(super) fn alone_with_keys(&self) -> std::sync::MutexGuard<'_, Option<super::start::Claim>> {
        self.claim.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change_people(
        &self,
        change: impl FnOnce(&StoreKey, &mut Vec<PersonKey>) -> Answer<bool>,
    ) -> Answer<()> {
        let Some(device) = self.staff.secret() else { return Ok(()) };
        let _alone = self.alone_with_keys();
        let folder = &self.parts.folder;
        match key::kept(folder)? {
            Some(Kept::Staff { secret, mut people, .. }) => match change(&device, &mut people)? {
                true => key::write_over(folder, &Kept::staff(*secret, people)),
                false => Ok(()),
            },
            _ => Err(AppError::WrongState),
        }
    }
}
