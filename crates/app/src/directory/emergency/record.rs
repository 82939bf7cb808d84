//! The record of an emergency access. Its serialised form is kept in undo and, field by field, in the audit log.

use clinic_domain::id::{AccountId, EmergencyId, PatientId, SessionId};
use clinic_domain::identity::emergency::{EmergencyReason, Opening};
use clinic_domain::time::Instant;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store;
use crate::app::Actor;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::db::{Noun, Record};
use crate::error::Answer;

/// A record that was opened in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Emergency {
    /// Which one.
    pub id: EmergencyId,
    /// Who opened it.
    pub account_id: AccountId,
    /// In which session; no other reads by it.
    pub session_id: SessionId,
    /// On which device.
    pub device: String,
    /// Whose record.
    pub patient_id: PatientId,
    /// Why.
    pub reason: EmergencyReason,
    /// In the doctor's words.
    pub words: String,
    /// Why it was prolonged.
    pub second_reason: Option<EmergencyReason>,
    /// In the doctor's words; empty when it was not.
    pub second_words: String,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// When it was ended before.
    pub ended: Option<Instant>,
    /// When an administrator looked at it.
    pub reviewed_at: Option<Instant>,
    /// Who.
    pub reviewed_by: Option<AccountId>,
    /// What they remarked.
    pub remark: String,
}

impl Emergency {
    /// The time for which it is open.
    pub fn opening(&self) -> Opening {
        Opening {
            from: self.from,
            until: self.until,
            ended: self.ended,
            extended: self.second_reason.is_some(),
        }
    }

    /// What is written down when something was read by it: its own entry each time, so that what was seen can be told.
    pub fn reading(&self, actor: &Actor, op: Op, subject: String, now: Instant) -> Entry {
        Entry {
            subject_id: Some(self.id.0),
            subject,
            patient_id: Some(self.patient_id.0),
            reason: self.words.clone(),
            ..actor.entry(op, now)
        }
    }
}

impl Record for Emergency {
    const NOUN: Noun = Noun::Emergency;
    // The entry itself says who, where, whose and why.
    const HIDDEN: &'static [&'static str] = &[
        "account_id",
        "session_id",
        "device",
        "patient_id",
        "words",
        "second_words",
        "reviewed_by",
        "remark",
    ];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        store::load(conn, EmergencyId(id))
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        store::save(conn, self, rev)
    }

    fn remove(&self, conn: &Connection) -> Answer<()> {
        store::remove(conn, self.id)
    }
}
