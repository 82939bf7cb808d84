//! The write door: the only way to change the store.
//!
//! One `BEGIN IMMEDIATE` transaction checks the permission, runs the use case, keeps the image of every record from
//! before, puts the command into the outbox and appends the audit entry. Either all of it is there afterwards or
//! nothing. It fails closed: where a role may do something to own things only and the use case never said whose the
//! thing is, nothing is written.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::{Action, Reach, reach};
use clinic_domain::time::Instant;
use clinic_wire::Command;
use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

use super::audit::{self, Entry, Head};
use super::checkpoint::{self, Checkpoints};
use super::open::Store;
use super::record::{Change, ChangeSet};
use super::sql;
use super::tx::Tx;
use crate::app::Actor;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};

/// What somebody is about to do.
pub struct Act {
    /// What is written down; the use case may make it more precise with [`Tx::becomes`].
    pub op: Op,
    /// What the policy is asked for.
    pub action: Action,
    /// The act's id: the interface's request id where it sends one, so that sending twice acts once.
    pub id: ActionId,
    /// The command as it goes into the outbox.
    pub command: Command,
    /// Whether Ctrl+Z takes it back.
    pub undoable: bool,
}

impl Store {
    /// Carries out an act (see the module).
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when the policy says no, whatever `run` answers, and faults of the store. Nothing is
    /// written then.
    pub fn transact<T>(
        &self,
        actor: &Actor,
        now: Instant,
        act: Act,
        run: impl FnOnce(&mut Tx<'_>) -> Answer<T>,
    ) -> Answer<(T, ChangeSet)> {
        let reach = reach(actor.person.role, act.action);
        if reach == Reach::Never {
            return Err(AppError::Forbidden);
        }
        let mut conn = self.writer();
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx = Tx {
            conn: &transaction,
            now,
            actor,
            reach,
            allowed: reach == Reach::All,
            op: act.op,
            images: Vec::new(),
            changes: Vec::new(),
            subject: String::new(),
            subject_id: None,
            patient_id: None,
            reason: String::new(),
            undoes: None,
        };
        let value = run(&mut tx)?;
        if !tx.allowed {
            return Err(AppError::Forbidden);
        }
        let recorded = if tx.images.is_empty() { None } else { Some(record(&tx, &act, &self.audit_key)?) };
        transaction.commit()?;
        let changes = recorded.map_or_else(Vec::new, |(changes, head)| {
            self.grown(&head);
            changes
        });
        Ok((value, ChangeSet { action_id: act.id, changes }))
    }

    /// Writes down something that changed no record: a sign-in, a read, a refusal.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn note(&self, entry: &Entry) -> Answer<()> {
        let mut conn = self.writer();
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let head = audit::append(&transaction, &self.audit_key, entry)?;
        transaction.commit()?;
        self.grown(&head);
        Ok(())
    }

    /// Changes rows that are no records: sessions and facts of this device, with an entry where one is due.
    ///
    /// # Errors
    /// Whatever `run` answers, and faults of the store. Nothing is written then.
    pub fn keep<T>(&self, entry: Option<&Entry>, run: impl FnOnce(&Connection) -> Answer<T>) -> Answer<T> {
        let mut conn = self.writer();
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = run(&transaction)?;
        let head = entry.map(|entry| audit::append(&transaction, &self.audit_key, entry)).transpose()?;
        transaction.commit()?;
        if let Some(head) = head {
            self.grown(&head);
        }
        Ok(value)
    }

    /// Names the end of the audit chain outside the store, when it has grown by enough. Called while the writing
    /// connection is held, so that lines are in their order.
    fn grown(&self, head: &Head) {
        if head.seq % checkpoint::EVERY == 0 {
            self.checkpoint(head);
        }
    }

    /// Names the end of the audit chain outside the store.
    pub(crate) fn checkpoint(&self, head: &Head) {
        if let Err(fault) = checkpoint::write(&checkpoint::path_of(self.path()), head) {
            tracing::warn!(%fault, "a checkpoint of the audit log could not be written");
        }
    }

    /// What the checkpoints outside the store say.
    pub(crate) fn checkpoints(&self) -> Checkpoints {
        checkpoint::read(&checkpoint::path_of(self.path()))
    }
}

/// Outbox row, images for undo, act, audit entry.
fn record(tx: &Tx<'_>, act: &Act, key: &[u8; 32]) -> Answer<(Vec<Change>, Head)> {
    let account = tx.actor.person.account;
    tx.conn
        .prepare_cached(
            "INSERT INTO outbox (mid, type, ver, args, usr, sid, action, created_ms, tz)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT coalesce(max(time_zone), 'UTC') FROM clinic))",
        )?
        .execute(params![
            act.command.mid.as_bytes(),
            act.command.kind,
            act.command.version,
            act.command.args.to_string(),
            account.bytes(),
            tx.actor.session.bytes(),
            act.id.bytes(),
            sql::ms(tx.now),
        ])?;
    let q = tx.conn.last_insert_rowid();
    let mut undo = tx
        .conn
        .prepare_cached("INSERT INTO undo (q, i, noun, id, pre, post_rev) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (i, image) in tx.images.iter().enumerate() {
        undo.execute(params![
            q,
            i as i64,
            sql::name_of(&image.noun),
            image.id.as_bytes(),
            image.pre,
            image.post_rev
        ])?;
    }
    tx.conn
        .prepare_cached(
            "INSERT INTO act (action, sid, usr, op, subject, subject_id, undoes, undoable, q)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            act.id.bytes(),
            tx.actor.session.bytes(),
            account.bytes(),
            sql::name_of(&tx.op),
            tx.subject,
            tx.subject_id.as_ref().map(Uuid::as_bytes),
            tx.undoes.as_ref().map(Uuid::as_bytes),
            act.undoable,
            q,
        ])?;
    if let Some(undone) = tx.undoes {
        tx.conn
            .prepare_cached("UPDATE act SET undone_by = ?2 WHERE action = ?1")?
            .execute(params![undone.as_bytes(), act.id.bytes()])?;
    }
    let head = audit::append(tx.conn, key, &entry(tx, act))?;
    Ok((tx.images.iter().map(|image| Change { noun: image.noun, id: image.id }).collect(), head))
}

fn entry(tx: &Tx<'_>, act: &Act) -> Entry {
    Entry {
        op: tx.op,
        action: Some(act.id.0),
        subject_id: tx.subject_id,
        subject: tx.subject.clone(),
        patient_id: tx.patient_id,
        changes: tx.changes.clone(),
        reason: tx.reason.clone(),
        ..tx.actor.entry(tx.op, tx.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::record::Specialty;
    use crate::db::open::StoreKey;
    use crate::db::record::Noun;
    use clinic_domain::id::{AccountId, SessionId, SpecialtyId};
    use clinic_domain::identity::policy::Ownership;
    use clinic_domain::identity::role::{self, Role};
    use serde_json::json;

    /// A store, and ids that count up.
    struct Door {
        store: Store,
        last_id: std::cell::Cell<u128>,
        _folder: tempfile::TempDir,
    }

    impl Door {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap();
            Self { store, last_id: std::cell::Cell::new(0), _folder: folder }
        }

        fn id(&self) -> Uuid {
            self.last_id.set(self.last_id.get() + 1);
            Uuid::from_u128(self.last_id.get())
        }

        fn act(&self, action: Action) -> Act {
            let command = Command::first(self.id(), "specialty.add", &json!({})).unwrap();
            Act { op: Op::EditClinic, action, id: ActionId(self.id()), command, undoable: true }
        }

        fn run<T>(
            &self,
            role: Role,
            act: Act,
            run: impl FnOnce(&mut Tx<'_>) -> Answer<T>,
        ) -> Answer<(T, ChangeSet)> {
            let person = role::Actor { account: AccountId(Uuid::from_u128(1)), role, doctor: None };
            let actor = Actor {
                person,
                session: SessionId(Uuid::from_u128(2)),
                name: "Ada Test".into(),
                public_id: "ADM00000001".into(),
                device: "Desk 1".into(),
            };
            self.store.transact(&actor, Instant::UNIX_EPOCH, act, run)
        }

        fn specialty(&self, name: &str) -> Specialty {
            Specialty { id: SpecialtyId(self.id()), name: name.into() }
        }

        fn add(&self, name: &str) -> Answer<ChangeSet> {
            let specialty = self.specialty(name);
            let added = self.run(Role::Admin, self.act(Action::EditClinic), |tx| tx.put(&specialty))?;
            Ok(added.1)
        }

        /// Rows of every table that an act may write.
        fn rows(&self) -> [u32; 5] {
            ["specialty", "outbox", "undo", "act", "audit"].map(|table| {
                let count = format!("SELECT count(*) FROM {table}");
                self.store.read(|conn| Ok(conn.query_row(&count, [], |row| row.get(0))?)).unwrap()
            })
        }
    }

    #[test]
    fn an_act_writes_its_record_its_command_its_image_and_one_entry() {
        let door = Door::new();
        let changes = door.add("Cardiology").unwrap().changes;
        assert_eq!(changes.iter().map(|change| change.noun).collect::<Vec<_>>(), [Noun::Specialty]);
        assert_eq!(door.rows(), [1; 5]);
    }

    #[test]
    fn an_act_that_changes_nothing_leaves_no_trace() {
        let door = Door::new();
        let changes = door.run(Role::Admin, door.act(Action::EditClinic), |_| Ok(())).unwrap().1;
        assert_eq!((changes.changes.len(), door.rows()), (0, [0; 5]));
    }

    #[test]
    fn a_role_that_may_never_do_it_does_not_get_as_far_as_the_use_case() {
        let door = Door::new();
        let refused =
            door.run(Role::FrontDesk, door.act(Action::EditClinic), |_| -> Answer<()> { panic!("ran") });
        assert_eq!(refused, Err(AppError::Forbidden));
    }

    #[test]
    fn where_only_own_things_may_be_changed_silence_about_whose_it_is_refuses() {
        let door = Door::new();
        let book = |whose: Option<Ownership>| {
            let specialty = door.specialty("Cardiology");
            door.run(Role::Doctor, door.act(Action::Book), |tx| {
                tx.put(&specialty)?;
                whose.map_or(Ok(()), |whose| tx.owned(whose))
            })
        };
        assert_eq!(book(None), Err(AppError::Forbidden));
        assert_eq!(book(Some(Ownership::Other)), Err(AppError::Forbidden));
        assert_eq!(door.rows(), [0; 5], "what was written before the refusal is gone");
        assert!(book(Some(Ownership::Own)).is_ok());
    }

    #[test]
    fn an_error_or_a_panic_in_the_middle_writes_nothing_and_the_next_act_succeeds() {
        let door = Door::new();
        let specialty = door.specialty("Cardiology");
        let failed = door.run(Role::Admin, door.act(Action::EditClinic), |tx| {
            tx.put(&specialty)?;
            Err::<(), _>(AppError::NotFound)
        });
        assert_eq!(failed, Err(AppError::NotFound));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            door.run(Role::Admin, door.act(Action::EditClinic), |tx| -> Answer<()> {
                tx.put(&specialty)?;
                panic!("a planted fault")
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(door.rows(), [0; 5]);
        door.add("Cardiology").unwrap();
        assert_eq!(door.rows(), [1; 5]);
    }

    #[test]
    fn the_same_act_is_never_written_twice() {
        let door = Door::new();
        let id = ActionId(door.id());
        let add = |name: &str| {
            let specialty = door.specialty(name);
            door.run(Role::Admin, Act { id, ..door.act(Action::EditClinic) }, |tx| {
                let earlier = tx.earlier(id)?;
                tx.about(specialty.id.0, name, None);
                tx.put(&specialty)?;
                Ok(earlier)
            })
        };
        assert_eq!(add("Cardiology").unwrap().0, None);
        assert!(
            matches!(add("Dermatology"), Err(AppError::Internal { .. })),
            "a use case that does not look"
        );
        assert_eq!(door.rows(), [1; 5]);
    }

    #[test]
    fn a_full_disk_loses_nothing_that_was_acknowledged_and_work_goes_on_once_there_is_room() {
        let door = Door::new();
        let limit = |pages: i64| {
            let set = format!("PRAGMA max_page_count = {pages}");
            door.store.keep(None, |conn| Ok(conn.query_row(&set, [], |row| row.get::<_, i64>(0))?)).unwrap();
        };
        let used =
            door.store.read(|conn| Ok(conn.query_row("PRAGMA page_count", [], |row| row.get(0))?)).unwrap();
        limit(used);
        let mut acknowledged = 0;
        let refused = loop {
            match door.add(&format!("{acknowledged} {}", "x".repeat(500))) {
                Ok(_) => acknowledged += 1,
                Err(refused) => break refused,
            }
        };
        assert_eq!(refused, AppError::StoreFull);
        assert_eq!(door.rows(), [acknowledged; 5], "all of an act or nothing");
        assert_eq!(
            door.add(&"y".repeat(5000)).unwrap_err(),
            AppError::StoreFull,
            "asked again, the same answer"
        );
        limit(100_000);
        door.add(&"y".repeat(5000)).unwrap();
        assert_eq!(door.rows(), [acknowledged + 1; 5]);
    }

    #[test]
    fn every_hundredth_entry_is_named_outside_the_store() {
        let door = Door::new();
        (0..205).for_each(|n| drop(door.add(&n.to_string()).unwrap()));
        let named: Vec<_> = door.store.checkpoints().heads.iter().map(|head| head.seq).collect();
        assert_eq!(named, [100, 200]);
    }
}
