//! Appends to the audit chain and recomputes it. The chain is keyed, so that whoever can write to the store but does
//! not hold its key cannot make a chain that fits. What an entry says of whom it was about is not in what is chained, but
//! beside it ([`super::words`]).

use hmac::{Hmac, Mac};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use super::words::{self, Words};
use crate::audit::view::{FieldChange, Op};
use crate::error::Answer;

/// Domain separation of chain links from anything else ever hashed with the key.
const LINK: [u8; 1] = [0];

/// An entry of the log.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// Milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What was done.
    pub op: Op,
    /// Who, if anybody was signed in.
    pub actor_id: Option<Uuid>,
    /// By name.
    pub actor: String,
    /// By account number.
    pub actor_public_id: String,
    /// In which session.
    pub session_id: Option<Uuid>,
    /// On which device.
    pub device: String,
    /// The act.
    pub action: Option<Uuid>,
    /// What it was about.
    pub subject_id: Option<Uuid>,
    /// In words.
    #[serde(default)]
    pub subject: String,
    /// The patient it was about.
    pub patient_id: Option<Uuid>,
    /// What changed.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    /// The reason given.
    #[serde(default)]
    pub reason: String,
}

/// What of an entry is chained: everything but the words, for which their hash stands.
#[derive(Serialize)]
struct Body<'e> {
    at_ms: i64,
    op: Op,
    actor_id: Option<Uuid>,
    actor: &'e str,
    actor_public_id: &'e str,
    session_id: Option<Uuid>,
    device: &'e str,
    action: Option<Uuid>,
    subject_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    words: &'e str,
}

impl Entry {
    /// An entry as it is stored: its body, and its words where they are apart and still there.
    ///
    /// # Errors
    /// What is stored is no entry.
    pub fn stored(body: &str, words: Option<&str>) -> Answer<Self> {
        let entry: Self = serde_json::from_str(body)?;
        let Some(words) = words else { return Ok(entry) };
        let Words { subject, changes, reason } = serde_json::from_str(words)?;
        Ok(Self { subject, changes, reason, ..entry })
    }

    /// The entry of a row with the columns `body` and `words`.
    ///
    /// # Errors
    /// What is stored is no entry.
    pub fn of_row(row: &Row<'_>) -> Answer<Self> {
        let words: Option<String> = row.get("words")?;
        Self::stored(&row.get::<_, String>("body")?, words.as_deref())
    }

    /// What is chained of it.
    fn body(&self, words: &str) -> Answer<String> {
        let body = Body {
            at_ms: self.at_ms,
            op: self.op,
            actor_id: self.actor_id,
            actor: &self.actor,
            actor_public_id: &self.actor_public_id,
            session_id: self.session_id,
            device: &self.device,
            action: self.action,
            subject_id: self.subject_id,
            patient_id: self.patient_id,
            words: &words::hash(words),
        };
        Ok(serde_json::to_string(&body)?)
    }

    /// An entry about nothing in particular while nobody is signed in.
    pub fn of_nobody(op: Op, now: clinic_domain::time::Instant, device: &str) -> Self {
        Self {
            at_ms: super::sql::ms(now),
            op,
            actor_id: None,
            actor: String::new(),
            actor_public_id: String::new(),
            session_id: None,
            device: device.to_owned(),
            action: None,
            subject_id: None,
            subject: String::new(),
            patient_id: None,
            changes: Vec::new(),
            reason: String::new(),
        }
    }
}

/// The newest entry of a chain, or any one that is named from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number, from 1.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Appends an entry; returns what the chain then ends with.
///
/// # Errors
/// Faults of the store.
pub fn append(conn: &Connection, key: &[u8; 32], entry: &Entry) -> Answer<Head> {
    let last: Option<(i64, [u8; 32])> = conn
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, [0; 32]), |(seq, hash)| (seq + 1, hash));
    let words = words::salted(conn, entry)?;
    let body = entry.body(&words)?;
    let hash = link(key, &previous, seq, &body);
    conn.prepare_cached(
        "INSERT INTO audit (seq, at_ms, op, actor_id, subject_id, patient_id, action, body, hash, words)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        seq,
        entry.at_ms,
        super::sql::name_of(&entry.op),
        entry.actor_id.as_ref().map(Uuid::as_bytes),
        entry.subject_id.as_ref().map(Uuid::as_bytes),
        entry.patient_id.as_ref().map(Uuid::as_bytes),
        entry.action.as_ref().map(Uuid::as_bytes),
        body,
        hash,
        words,
    ])?;
    Ok(Head { seq, hash })
}

/// Recomputes a chain from its first entry on.
pub struct Chain {
    keyed: Hmac<Sha256>,
    head: Head,
}

impl Chain {
    /// A chain without entries; `None` for no key that HMAC takes, which there is none of.
    pub fn new(key: &[u8; 32]) -> Option<Self> {
        let keyed = Hmac::<Sha256>::new_from_slice(key).ok()?;
        Some(Self { keyed, head: Head { seq: 0, hash: [0; 32] } })
    }

    /// What the chain ends with.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Adds the next entry as it is stored; false, with nothing added, when its number or its hash does not fit.
    pub fn fits(&mut self, seq: i64, body: &str, hash: &[u8; 32]) -> bool {
        let mut mac = self.keyed.clone();
        [&LINK[..], &self.head.hash, &seq.to_be_bytes(), body.as_bytes()]
            .iter()
            .for_each(|part| mac.update(part));
        let fits = seq == self.head.seq + 1 && mac.verify_slice(hash).is_ok();
        if fits {
            self.head = Head { seq, hash: *hash };
        }
        fits
    }
}

/// The hash of an entry.
pub fn link(key: &[u8; 32], previous: &[u8; 32], seq: i64, body: &str) -> [u8; 32] {
    hmac(key, &[&LINK, previous, &seq.to_be_bytes(), body.as_bytes()])
}

/// HMAC-SHA-256 (RFC 2104) over the parts in order.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so that this cannot fail; an all-zero code would fit no entry.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
