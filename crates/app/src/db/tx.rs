//! What a use case holds inside the write door: reading, and the only ways to write.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::{Ownership, Reach};
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Transaction};
use uuid::Uuid;

use super::record::{Noun, Record};
use super::sql;
use crate::app::Actor;
use crate::audit::view::{FieldChange, Op};
use crate::error::{Answer, AppError};

/// An open transaction. It exists only inside the door.
pub struct Tx<'c> {
    pub(super) conn: &'c Transaction<'c>,
    /// The clock's reading for the whole act.
    pub now: Instant,
    /// Whose act it is.
    pub actor: &'c Actor,
    pub(super) reach: Reach,
    pub(super) allowed: bool,
    pub(super) op: Op,
    pub(super) images: Vec<Image>,
    pub(super) changes: Vec<FieldChange>,
    pub(super) subject: String,
    pub(super) subject_id: Option<Uuid>,
    pub(super) patient_id: Option<Uuid>,
    pub(super) reason: String,
    pub(super) undoes: Option<Uuid>,
    pub(super) parts: Vec<Part>,
}

/// A part of an act with an entry of its own in the log.
pub(super) struct Part {
    pub(super) op: Op,
    pub(super) subject_id: Uuid,
    pub(super) subject: String,
    pub(super) changes: Vec<FieldChange>,
}

/// A record from before the act.
pub(super) struct Image {
    pub(super) noun: Noun,
    pub(super) id: Uuid,
    pub(super) pre: Option<String>,
    pub(super) post_rev: Option<u32>,
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
            pre: pre.map(kept::<R>),
            post_rev: Some(rev),
        });
        Ok(rev)
    }

    /// Removes a record, keeping its image. Only undo of a creation, exceptions to a schedule and accounts that
    /// nobody used are removed.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; faults of the store and what its constraints refuse.
    pub fn take<R: Record>(&mut self, id: Uuid) -> Answer<()> {
        let (record, _) = self.get::<R>(id)?;
        record.remove(self.conn)?;
        let pre = serde_json::to_value(&record)?;
        self.note_fields(R::HIDDEN, Some(&pre), None);
        self.images.push(Image { noun: R::NOUN, id, pre: Some(kept::<R>(pre)), post_rev: None });
        Ok(())
    }

    /// Says what the act is about: its words for the audit log and for the toast, and the patient if there is one.
    pub fn about(&mut self, subject_id: Uuid, subject: impl Into<String>, patient: Option<Uuid>) {
        self.subject_id = Some(subject_id);
        self.subject = subject.into();
        self.patient_id = patient;
    }

    /// Takes what the log says of this person or thing out of it, as far as others say it and as this act would. The act has
    /// to be one that [`Op::erases`], and the words that it gives with [`Tx::about`] stay.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn erase(&mut self, subject_id: Uuid) -> Answer<()> {
        self.changes.clear();
        super::words::erase(self.conn, subject_id)
    }

    /// Gives what was changed since the last such call an entry of its own, for an act on many records.
    pub fn part(&mut self, op: Op, subject_id: Uuid, subject: impl Into<String>) {
        let changes = std::mem::take(&mut self.changes);
        self.parts.push(Part { op, subject_id, subject: subject.into(), changes });
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

/// What an image keeps of a record.
fn kept<R: Record>(mut record: serde_json::Value) -> String {
    if let Some(fields) = record.as_object_mut() {
        fields.retain(|field, _| !R::SECRET.contains(&field.as_str()));
    }
    record.to_string()
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
