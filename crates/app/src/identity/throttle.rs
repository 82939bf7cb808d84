//! The one way to a password check (AU-16): a try is judged and counted first, in a transaction of its own, and only then
//! is the password looked at. What is wrong stays counted; what is right gives the counter back.
//!
//! Whoever must wait is told so without any hash, at the next [`STEP`].

use clinic_domain::id::{AccountId, DeviceId};
use clinic_domain::identity::account::Login;
use clinic_domain::identity::secret::Secret;
use clinic_domain::identity::throttle::{self, Alarm, Refused};
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::account::Account;
use super::device::Device;
use super::hashing::{self, Cost};
use super::notice::{self, NoticeKind};
use super::store_wrong_password::{self as store, Key};
use super::whole_step::STEP;
use super::{store_account, store_device};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::db::{Record, Store};
use crate::error::{Answer, AppError};

/// A try that was counted. Whoever holds one may look at the password, once.
pub(super) struct Try {
    /// Whose password it is; `None` for a name that is no account's.
    pub account: Option<Account>,
    key: Key,
    alarms: Vec<Alarm>,
}

/// Whose password is tried.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose<'a> {
    /// Whoever was typed in.
    Typed(&'a Login),
    /// Somebody who is signed in, or was until the desk was locked.
    Known(AccountId),
}

impl App {
    /// Counts a try.
    ///
    /// # Errors
    /// [`AppError::Throttled`], [`AppError::PasswordClosed`], for a name that is no account's in the same way; faults of
    /// the store.
    pub(super) fn count_try(&self, device: &Device, whose: Whose<'_>) -> Answer<Try> {
        let (store, now) = (self.store()?, self.now());
        self.judged(|| {
            store.keep(None, |conn| {
                let account = find(conn, whose)?;
                let key = key(conn, &store, device.id, account.as_ref(), whose)?;
                Ok(match throttle::decide_try(store::standing(conn, &key, now)?, now) {
                    Ok(counted) => {
                        store::count(conn, &key, &counted.standing, now)?;
                        Ok(Try { account, key, alarms: counted.alarms })
                    }
                    Err(refused) => Err(refused),
                })
            })
        })
    }

    /// What was judged of a try; a refusal is answered at the next [`STEP`]. The one way from a refusal to its error, for
    /// an open store and for a closed one.
    ///
    /// # Errors
    /// [`AppError::Throttled`], [`AppError::PasswordClosed`]; whatever `judge` answers.
    pub(super) fn judged<T>(&self, judge: impl FnOnce() -> Answer<Result<T, Refused>>) -> Answer<T> {
        let is_refused = |judged: &Answer<Result<T, Refused>>| matches!(judged, Ok(Err(_)));
        self.at_whole_step(STEP, is_refused, judge)?.map_err(refusal)
    }

    /// Asks whoever is signed in for the own password once more, before something that nobody else may do at this desk.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], which is written down; as [`App::count_try`].
    pub(super) fn prove(&self, actor: &Actor, password: &Secret) -> Answer<Account> {
        let device = self.this_device()?;
        let tried = self.count_try(&device, Whose::Known(actor.person.account))?;
        if !tried.fits(self.hash_cost()?, password)? {
            return Err(self.wrong_password(&device, &tried, &actor.entry(Op::ProofFailed, self.now())));
        }
        self.store()?.keep(None, |conn| tried.right(conn, self.now()))?;
        self.prove_seat(actor.session);
        tried.account.ok_or(AppError::NotFound)
    }

    /// The password was wrong: writes the entry, tells the administrators where it is time to, and answers with the
    /// error.
    pub(super) fn wrong_password(&self, device: &Device, tried: &Try, entry: &Entry) -> AppError {
        let told = self.store().and_then(|store| {
            store.note(entry)?;
            tried.alarms.iter().try_for_each(|alarm| self.raise(&store, device, tried, *alarm))
        });
        told.err().unwrap_or(AppError::WrongCredentials)
    }

    fn raise(&self, store: &Store, device: &Device, tried: &Try, alarm: Alarm) -> Answer<()> {
        let (op, kind) = match alarm {
            Alarm::ManyFailures => (Op::ManyWrongPasswords, NoticeKind::ManyWrongPasswords),
            Alarm::Closed => (Op::PasswordClosed, NoticeKind::PasswordClosed),
            Alarm::Spraying => (Op::SprayingNoticed, NoticeKind::Spraying),
        };
        // Spraying is about everybody.
        let about = tried.account.as_ref().filter(|_| alarm != Alarm::Spraying);
        let entry = Entry {
            subject_id: about.map(|account| account.id.0),
            subject: about.map(Account::subject).unwrap_or_default(),
            ..Entry::of_nobody(op, self.now(), &device.name)
        };
        store.keep(Some(&entry), |conn| {
            notice::for_administrators(self, conn, kind, &device.name, about.map(|account| account.id))
        })
    }
}

/// What a refused try is answered with.
fn refusal(refused: Refused) -> AppError {
    match refused {
        Refused::Wait(wait) => {
            let seconds = wait.num_milliseconds().max(0).unsigned_abs().div_ceil(1000);
            AppError::Throttled { wait_seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }
        }
        Refused::Closed => AppError::PasswordClosed,
    }
}

impl Try {
    /// Whether the password is right. A name that is no account's costs the same work, and the same way there: one more
    /// step between moves what a hash writes by some bytes, and its time by a hundredth.
    ///
    /// # Errors
    /// A cost that Argon2id does not take.
    pub(super) fn fits(&self, cost: Cost, password: &Secret) -> Answer<bool> {
        // Made for an account, too.
        let nobody = hashing::of_nobody(cost, self.key.salt())?;
        let hash = self.account.as_ref().map_or(&nobody, |account| &account.password_hash);
        Ok(hashing::verify(password, hash) && self.account.is_some())
    }

    /// The password was right: gives the counter back, in the transaction of whatever follows from it.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn right(&self, conn: &Connection, now: Instant) -> Answer<()> {
        store::forget_here(conn, &self.key, now)
    }
}

fn find(conn: &Connection, whose: Whose<'_>) -> Answer<Option<Account>> {
    match whose {
        Whose::Typed(login) => store_account::by_login(conn, login),
        Whose::Known(id) => Ok(Account::load(conn, id.0)?.map(|(account, _)| account)),
    }
}

/// What a try is counted under: the account if the name is one's, the name itself otherwise. Both are made for each, so
/// that neither takes another time.
fn key(
    conn: &Connection,
    store: &Store,
    device: DeviceId,
    account: Option<&Account>,
    whose: Whose<'_>,
) -> Answer<Key> {
    let trust = store_device::trust(conn, device, account.map(|account| account.id))?;
    let name = match whose {
        Whose::Typed(login) => login.normalised(),
        Whose::Known(id) => id.to_string(),
    };
    let of_nobody = Key::of_nobody(&store.audit_key, &name, device);
    Ok(account.map_or(of_nobody, |account| Key::of_account(account.id, device, trust)))
}
