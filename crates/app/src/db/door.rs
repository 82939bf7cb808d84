//! The write door: the only way to change the store.
//!
//! One `BEGIN IMMEDIATE` transaction checks the permission, runs the use case, keeps the image of every record from
//! before, puts the command into the outbox and appends the audit entry. Either all of it is there afterwards or
//! nothing. It fails closed: where a role may do something to own things only and the use case never said whose the
//! thing is, nothing is written.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::{Action, Ownership, Reach, reach};
use clinic_domain::time::Instant;
use clinic_wire::Command;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use super::audit::{self, Entry, Head};
use super::checkpoint::{self, Checkpoints};
use super::open::Store;
use super::record::{Change, ChangeSet, Noun, Record};
use super::sql;
use crate::app::Actor;
use crate::audit::view::{FieldChange, Op};
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

/// An open transaction. It exists only inside the door.
pub struct Tx<'c> {
    conn: &'c Transaction<'c>,
    /// The clock's reading for the whole act.
    pub now: Instant,
    /// Whose act it is.
    pub actor: &'c Actor,
    reach: Reach,
    allowed: bool,
    op: Op,
    images: Vec<Image>,
    changes: Vec<FieldChange>,
    subject: String,
    subject_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    reason: String,
    undoes: Option<Uuid>,
}

/// A record from before the act.
struct Image {
    noun: Noun,
    id: Uuid,
    pre: Option<String>,
    post_rev: Option<u32>,
}

impl Tx<'_> {
    /// The connection, for reading. Writing goes through [`Tx::put`].
    pub fn conn(&self) -> &Connection {
        self.conn
    }

    /// Says whose the thing is that the act is about.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when the role reaches own things only and it is somebody else's.
    pub fn owned(&mut self, ownership: Ownership) -> Answer<()> {
        if self.reach == Reach::Own && ownership == Ownership::Other {
            return Err(AppError::Forbidden);
        }
        self.allowed = true;
        Ok(())
    }

    /// A record with its revision.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn get<R: Record>(&self, id: Uuid) -> Answer<(R, u32)> {
        R::load(self.conn, id)?.ok_or(AppError::NotFound)
    }

    /// Writes a record, keeps its image from before, and notes what changed. Returns its new revision.
    ///
    /// # Errors
    /// Faults of the store and what its constraints refuse.
    pub fn put<R: Record>(&mut self, record: &R) -> Answer<u32> {
        let before = R::load(self.conn, record.id())?;
        let rev = before.as_ref().map_or(1, |(_, rev)| rev + 1);
        record.save(self.conn, rev)?;
        let pre = before.as_ref().map(|(r, _)| serde_json::to_value(r)).transpose()?;
        let post = serde_json::to_value(record)?;
        self.note_fields(R::HIDDEN, pre.as_ref(), Some(&post));
        self.images.push(Image {
            noun: R::NOUN,
            id: record.id(),
            pre: pre.map(|value| value.to_string()),
            post_rev: Some(rev),
        });
        Ok(rev)
    }

    /// Removes a record, keeping its image. Only undo of a creation and exceptions to a schedule are removed.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; faults of the store and what its constraints refuse.
    pub fn take<R: Record>(&mut self, id: Uuid) -> Answer<()> {
        let (record, _) = self.get::<R>(id)?;
        record.remove(self.conn)?;
        let pre = serde_json::to_value(&record)?;
        self.note_fields(R::HIDDEN, Some(&pre), None);
        self.images.push(Image { noun: R::NOUN, id, pre: Some(pre.to_string()), post_rev: None });
        Ok(())
    }

    /// Says what the act is about: its words for the audit log and for the toast, and the patient if there is one.
    pub fn about(&mut self, subject_id: Uuid, subject: impl Into<String>, patient: Option<Uuid>) {
        self.subject_id = Some(subject_id);
        self.subject = subject.into();
        self.patient_id = patient;
    }

    /// The reason that was given.
    pub fn because(&mut self, reason: impl Into<String>) {
        self.reason = reason.into();
    }

    /// Makes precise what is written down, for example `Resize` where the request said `Reschedule`.
    pub fn becomes(&mut self, op: Op) {
        self.op = op;
    }

    /// Marks the act as the undoing of another.
    pub(crate) fn undoes(&mut self, act: Uuid) {
        self.undoes = Some(act);
    }

    /// What an earlier act with this id was about, when the same request comes twice.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn earlier(&self, act: ActionId) -> Answer<Option<Uuid>> {
        let found = self
            .conn
            .prepare_cached("SELECT subject_id FROM act WHERE action = ?1")?
            .query_row([act.bytes()], |row| sql::id_or_null(row, "subject_id"))
            .optional()?;
        Ok(found.flatten())
    }

    fn note_fields(
        &mut self,
        hidden: &[&str],
        pre: Option<&serde_json::Value>,
        post: Option<&serde_json::Value>,
    ) {
        let fields = post.or(pre).and_then(|value| value.as_object()).into_iter().flatten().map(|(k, _)| k);
        for field in fields.filter(|field| field.as_str() != "id" && !hidden.contains(&field.as_str())) {
            let before = pre.and_then(|value| value.get(field)).and_then(words);
            let after = post.and_then(|value| value.get(field)).and_then(words);
            if before != after {
                self.changes.push(FieldChange { field: field.clone(), before, after });
            }
        }
    }
}

/// A stored value as words; nothing for what is absent or empty.
fn words(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) if text.is_empty() => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
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
