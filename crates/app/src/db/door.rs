//! The write door: the only way to change the store.
//!
//! One `BEGIN IMMEDIATE` transaction checks the permission, runs the use case, keeps the image of every record from
//! before, puts the command into the outbox and appends the audit entry. Either all of it is there afterwards or
//! nothing. It fails closed: where a role may do something to own things only and the use case never said whose the
//! thing is, nothing is written.

use std::sync::atomic::Ordering;

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
            parts: Vec::new(),
        };
        let value = run(&mut tx)?;
        if !tx.allowed {
            return Err(AppError::Forbidden);
        }
        let recorded = if tx.images.is_empty() { None } else { Some(record(&tx, &act, &self.audit_key)?) };
        transaction.commit()?;
        let changes = recorded.map_or_else(Vec::new, |(changes, head)| {
            self.grown(&head, sql::ms(now));
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
        self.grown(&head, entry.at_ms);
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
        if let (Some(head), Some(entry)) = (head, entry) {
            self.grown(&head, entry.at_ms);
        }
        Ok(value)
    }

    /// Names the end of the audit chain outside the store, when it has grown by enough or for long enough. Called while
    /// the writing connection is held, so that lines are in their order.
    fn grown(&self, head: &Head, at_ms: i64) {
        let since = self.named_ms.load(Ordering::Relaxed);
        let is_due = !(since..since + checkpoint::AT_LEAST_EVERY_MS).contains(&at_ms);
        if head.seq % checkpoint::EVERY == 0 || is_due {
            self.named_ms.store(at_ms, Ordering::Relaxed);
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
    let head = write_down(tx, act, key)?;
    Ok((tx.images.iter().map(|image| Change { noun: image.noun, id: image.id }).collect(), head))
}

/// The entries of an act: one for each of its parts, then its own.
fn write_down(tx: &Tx<'_>, act: &Act, key: &[u8; 32]) -> Answer<Head> {
    for part in &tx.parts {
        let entry = Entry {
            action: Some(act.id.0),
            subject_id: Some(part.subject_id),
            subject: part.subject.clone(),
            changes: part.changes.clone(),
            ..tx.actor.entry(part.op, tx.now)
        };
        audit::append(tx.conn, key, &entry)?;
    }
    audit::append(tx.conn, key, &entry(tx, act))
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
