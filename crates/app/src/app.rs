//! The application: one store, one clock, one desk. Every use case is a method on [`App`] in a file of its own; this
//! file holds only what they all stand on.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use clinic_domain::id::{ActionId, PatientId, SessionId};
use clinic_domain::identity::policy::{Action, Reach, reach};
use clinic_domain::identity::role;
use clinic_domain::time::Instant;
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

use crate::audit::view::{AuditReport, Op};
use crate::db::audit::Entry;
use crate::db::record::ChangeSet;
use crate::db::{Act, Noun, Store, Tx};
use crate::error::{Answer, AppError};
use crate::identity::desk::Desk;
use crate::identity::keystore::Keystore;
use crate::identity::staff::Staff;

/// Tells the time. The one in use reads the computer's clocks; tests turn theirs by hand.
pub trait Clock: Send + Sync {
    /// Wall-clock time, which people may set.
    fn now(&self) -> Instant;
    /// Time that only goes forward, sleep included, from an unspecified start.
    fn elapsed(&self) -> Duration;
    /// Comes back when [`Clock::elapsed`] shows this time. A clock that is turned by hand is turned on to it.
    fn wait_until(&self, elapsed: Duration) {
        std::thread::sleep(elapsed.saturating_sub(self.elapsed()));
    }
}

/// Makes random bytes and the ids built on them.
pub trait Random: Send + Sync {
    /// Fills a buffer with bytes that cannot be guessed.
    ///
    /// # Errors
    /// The computer gives none.
    fn fill(&self, bytes: &mut [u8]) -> Answer<()>;
}

/// What an application is made of.
pub struct Parts {
    /// Folder of the store; made when missing.
    pub folder: PathBuf,
    /// Name of this device, for sessions and the audit log.
    pub device: String,
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// Randomness.
    pub random: Box<dyn Random>,
    /// Where the key of the store is kept.
    pub keystore: Box<dyn Keystore>,
    /// How much work a password hash is. Tests take less.
    pub hashing: crate::identity::hashing::Cost,
}

/// A signed-in person in a session, as every use case gets one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What rules look at.
    pub person: role::Actor,
    /// The session.
    pub session: SessionId,
    /// "Given Surname".
    pub name: String,
    /// Account number.
    pub public_id: String,
    /// Device.
    pub device: String,
}

impl Actor {
    /// An audit entry about nothing in particular by this person.
    pub(crate) fn entry(&self, op: Op, now: Instant) -> Entry {
        Entry {
            at_ms: crate::db::sql::ms(now),
            op,
            actor_id: Some(self.person.account.0),
            // Staff answer for what they did by name, for good; a patient may be taken out of the log one day.
            actor: if self.person.role == role::Role::Patient {
                self.public_id.clone()
            } else {
                self.name.clone()
            },
            actor_public_id: self.public_id.clone(),
            session_id: Some(self.session.0),
            device: self.device.clone(),
            action: None,
            subject_id: None,
            subject: String::new(),
            patient_id: None,
            changes: Vec::new(),
            reason: String::new(),
        }
    }
}

type Listener = Box<dyn Fn(&ChangeSet) + Send + Sync>;

/// The application (see the module).
pub struct App {
    pub(crate) parts: Parts,
    store: RwLock<Option<Arc<Store>>>,
    pub(crate) desk: Mutex<Desk>,
    pub(crate) staff: Staff,
    /// The lock file that keeps other processes away from the folder, once it is held.
    pub(crate) claim: Mutex<Option<crate::identity::start::Claim>>,
    /// What came of verifying the audit log the last time since the start.
    pub(crate) verified: Mutex<Option<AuditReport>>,
    /// The latest time that the clock showed since the store was opened.
    pub(crate) clock_seen: Mutex<Option<Instant>>,
    /// When the records that are open in an emergency close again.
    pub(crate) emergencies: crate::directory::emergency::Ends,
    listeners: Mutex<Vec<Listener>>,
}

impl App {
    /// An application whose store is not open yet.
    pub fn new(parts: Parts) -> Self {
        Self {
            parts,
            store: RwLock::new(None),
            desk: Mutex::default(),
            staff: Staff::default(),
            claim: Mutex::default(),
            verified: Mutex::default(),
            clock_seen: Mutex::default(),
            emergencies: crate::directory::emergency::Ends::default(),
            listeners: Mutex::default(),
        }
    }

    /// Calls `listener` with every change set from now on, after its transaction was committed (AP-8).
    pub fn on_change(&self, listener: impl Fn(&ChangeSet) + Send + Sync + 'static) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Wall-clock time.
    pub fn now(&self) -> Instant {
        self.parts.clock.now()
    }

    /// A new UUIDv7.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub fn new_id(&self) -> Answer<Uuid> {
        let mut random = [0; 10];
        self.parts.random.fill(&mut random)?;
        let ms = u64::try_from(crate::db::sql::ms(self.now())).unwrap_or_default();
        Ok(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid())
    }

    /// The open store.
    ///
    /// # Errors
    /// [`AppError::WrongState`] when it is not open.
    pub(crate) fn store(&self) -> Answer<Arc<Store>> {
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        store.clone().ok_or(AppError::WrongState)
    }

    /// Takes an open store into use.
    pub(crate) fn use_store(&self, store: Store) {
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(store));
    }

    /// Takes the store out of use: whoever still reads or writes finishes, and then its key is gone from memory. What was
    /// found in it says nothing of the file that is opened next.
    pub(crate) fn drop_store(&self) {
        *self.verified.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.clock_seen.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads as somebody: asks the policy, then reads inside one transaction. `read` is told how far the role
    /// reaches and narrows what it answers where that is [`Reach::Own`].
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; whatever `read` answers.
    pub(crate) fn read<T>(
        &self,
        actor: &Actor,
        action: Action,
        read: impl FnOnce(&Connection, Reach) -> Answer<T>,
    ) -> Answer<T> {
        self.read_about(actor, action, None, read)
    }

    /// The same about a patient, whom a refusal names.
    ///
    /// # Errors
    /// As [`App::read`].
    pub(crate) fn read_about<T>(
        &self,
        actor: &Actor,
        action: Action,
        patient: Option<PatientId>,
        read: impl FnOnce(&Connection, Reach) -> Answer<T>,
    ) -> Answer<T> {
        let answer = match reach(actor.person.role, action) {
            Reach::Never => Err(AppError::Forbidden),
            reach => self.store()?.read(|conn| read(conn, reach)),
        };
        match answer {
            Err(AppError::Forbidden) => Err(self.denied(actor, action, patient)),
            answer => answer,
        }
    }

    /// Changes the store as somebody (see [`crate::db::door`]) and tells every listener what changed.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; whatever `run` answers; faults of the store.
    pub(crate) fn transact<T>(
        &self,
        actor: &Actor,
        act: Act,
        run: impl FnOnce(&mut Tx<'_>) -> Answer<T>,
    ) -> Answer<T> {
        let action = act.action;
        match self.store()?.transact(actor, self.now(), act, run) {
            Ok((value, changes)) => {
                if changes.changes.iter().any(|change| change.noun == Noun::Account) {
                    self.let_keys_follow();
                }
                self.tell(&changes);
                Ok(value)
            }
            Err(AppError::Forbidden) => Err(self.denied(actor, action, None)),
            Err(other) => Err(other),
        }
    }

    /// Whoever may no longer open the store has no key of it (K2). What was committed stands even when that fails; it is
    /// tried again with the next change and sign-in.
    fn let_keys_follow(&self) {
        if let Err(error) = self.follow_accounts() {
            tracing::error!(%error, "the keys of the staff could not follow the accounts");
        }
    }

    /// An act with a new command.
    ///
    /// # Errors
    /// The computer gives no randomness; arguments without a JSON form.
    pub(crate) fn act(
        &self,
        op: Op,
        action: Action,
        id: ActionId,
        kind: &str,
        args: &impl Serialize,
    ) -> Answer<Act> {
        let command = clinic_wire::Command::first(self.new_id()?, kind, args)?;
        Ok(Act { op, action, id, command, undoable: true })
    }

    /// Tells every listener what changed.
    pub(crate) fn tell(&self, changes: &ChangeSet) {
        if changes.changes.is_empty() {
            return;
        }
        for listener in self.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(changes);
        }
    }

    /// Writes down that somebody was refused; the refusal stands even when that fails.
    fn denied(&self, actor: &Actor, action: Action, patient: Option<PatientId>) -> AppError {
        let entry = Entry {
            subject: crate::db::sql::name_of(&action),
            patient_id: patient.map(|patient| patient.0),
            ..actor.entry(Op::Denied, self.now())
        };
        if let Err(error) = self.store().and_then(|store| store.note(&entry)) {
            tracing::error!(%error, "a refusal could not be written down");
        }
        AppError::Forbidden
    }
}
