//! Recomputes the audit chain (TR-4).

use std::collections::HashMap;
use std::sync::PoisonError;

use chrono_tz::Tz;
use clinic_domain::audit as code;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::wall_of;
use rusqlite::Connection;
use serde::Deserialize;
use uuid::Uuid;

use super::store;
use crate::app::{Actor, App};
use crate::audit::view::{AuditReport, Op};
use crate::db::audit::{Chain, Head};
use crate::db::checkpoint::Checkpoints;
use crate::db::sql::named;
use crate::db::{Store, words};
use crate::error::{Answer, AppError};

impl App {
    /// Recomputes the whole audit chain and compares it with the checkpoints outside the store (TR-4): edited, removed,
    /// inserted, swapped and renumbered entries are found, words that were changed or taken out by no act, and an end that was cut off as far back as the last
    /// checkpoint or the last command reaches. When all fits, the end becomes a checkpoint.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn verify_audit(&self, actor: &Actor) -> Answer<AuditReport> {
        let opened = self.store()?;
        let found = self.read(actor, Action::ReadAudit, |conn, _| recompute(conn, &opened))?;
        Ok(self.report(&opened, found))
    }

    /// What came of verifying the log the last time since the start.
    pub(super) fn last_verified(&self) -> Option<AuditReport> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what was found and says it.
    pub(super) fn report(&self, opened: &Store, (zone, verified): (Tz, Verified)) -> AuditReport {
        if verified.broken_at.is_none() && verified.checkpoint_broken.is_none() && verified.head.seq > 0 {
            opened.checkpoint(&verified.head);
        }
        let at = self.now();
        let report = AuditReport {
            at,
            minute: wall_of(at, zone).1,
            entries: number(verified.head.seq),
            log_code: code::write(number(verified.head.seq), &verified.head.hash),
            broken_at: verified.broken_at.map(number),
            checkpoint_broken: verified.checkpoint_broken.map(number),
        };
        *self.verified.lock().unwrap_or_else(PoisonError::into_inner) = Some(report.clone());
        report
    }
}

/// Recomputes the chain of an open store, and in which zone its clinic is.
///
/// # Errors
/// Faults of the store.
pub(super) fn recompute(conn: &Connection, opened: &Store) -> Answer<(Tz, Verified)> {
    Ok((store::zone(conn)?, verify(conn, &opened.audit_key, &opened.checkpoints())?))
}

/// Whether the chain and its checkpoints hold.
///
/// # Errors
/// Faults of the store.
pub(super) fn chain_fits(conn: &Connection, opened: &Store) -> Answer<bool> {
    let verified = verify(conn, &opened.audit_key, &opened.checkpoints())?;
    Ok(verified.broken_at.is_none() && verified.checkpoint_broken.is_none())
}

fn number(seq: i64) -> u32 {
    u32::try_from(seq).unwrap_or(u32::MAX)
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verified {
    /// The last entry that fits.
    pub(super) head: Head,
    pub(super) broken_at: Option<i64>,
    pub(super) checkpoint_broken: Option<i64>,
}

/// The part of a body that is also kept in columns, for the indexes, and the hash of its words.
#[derive(Deserialize)]
struct Indexed<'a> {
    at_ms: i64,
    op: &'a str,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    action: Option<Uuid>,
    /// None in entries from before words were apart.
    words: Option<&'a str>,
}

/// What is missing from the log without an entry that says so: the first entry about each person or thing.
#[derive(Default)]
struct Missing(HashMap<Option<Uuid>, i64>);

impl Missing {
    /// Looks at the words of an entry, and whether they are those that were chained, or are not there any more.
    fn words_fit(&mut self, seq: i64, body: &Indexed<'_>, words: Option<&str>) -> bool {
        match (body.words, words) {
            (Some(hash), Some(words)) if hash != words::hash(words) => return false,
            (None, Some(_)) => return false,
            (Some(_), None) => drop(self.0.entry(body.subject_id).or_insert(seq)),
            (Some(_), Some(_)) | (None, None) => {}
        }
        if !self.0.is_empty() && named(body.op).is_ok_and(Op::erases) {
            self.0.remove(&body.subject_id);
        }
        true
    }

    /// The first entry whose words nobody took out.
    fn first(&self) -> Option<i64> {
        self.0.values().copied().min()
    }
}

pub(super) fn verify(conn: &Connection, key: &[u8; 32], checkpoints: &Checkpoints) -> Answer<Verified> {
    let mut chain = Chain::new(key).ok_or(AppError::StoreUnreadable)?;
    let mut named: Vec<Head> = checkpoints.heads.clone();
    named.sort_by_key(|head| head.seq);
    let mut named = named.into_iter().peekable();
    let mut checkpoint_broken = checkpoints.unreadable_after;
    let mut entries = conn.prepare(
        "SELECT seq, body, hash, at_ms, op, actor_id, subject_id, patient_id, action, words
         FROM audit ORDER BY seq",
    )?;
    let mut rows = entries.query([])?;
    let (mut broken_at, mut missing) = (None, Missing::default());
    while let Some(row) = rows.next()? {
        // A hash of another type or length fits nothing, as it must.
        let hash = row.get::<_, [u8; 32]>(2).unwrap_or_default();
        let body = row.get_ref(1)?.as_str().unwrap_or_default();
        let expected = chain.head().seq + 1;
        if !chain.fits(row.get(0)?, body, &hash) || !columns_fit(row, expected, body, &mut missing) {
            broken_at = Some(expected);
            break;
        }
        while let Some(head) = named.next_if(|head| head.seq <= expected) {
            if head != chain.head() && checkpoint_broken.is_none_or(|seq| head.seq < seq) {
                checkpoint_broken = Some(head.seq);
            }
        }
    }
    let head = chain.head();
    broken_at = broken_at.or(missing.first());
    if broken_at.is_none() && checkpoint_broken.is_none() {
        // What comes after the end was there once.
        checkpoint_broken = named.next().map(|head| head.seq);
    }
    if broken_at.is_none() && !store::commands_have_entries(conn)? {
        broken_at = Some(head.seq + 1);
    }
    Ok(Verified { head, broken_at, checkpoint_broken })
}

/// Whether the columns say what the hashed body says: they are what filters go by, and what a screen shows.
fn columns_fit(row: &rusqlite::Row<'_>, seq: i64, body: &str, missing: &mut Missing) -> bool {
    let Ok(indexed) = serde_json::from_str::<Indexed<'_>>(body) else { return false };
    let id = |at: usize| row.get_ref(at).ok().and_then(|value| value.as_blob_or_null().ok()).flatten();
    let same =
        |at: usize, id_in_body: Option<Uuid>| id(at) == id_in_body.as_ref().map(|id| &id.as_bytes()[..]);
    let words = row.get_ref(9).ok().and_then(|words| words.as_str_or_null().ok());
    row.get_ref(3).is_ok_and(|at| at.as_i64() == Ok(indexed.at_ms))
        && row.get_ref(4).is_ok_and(|op| op.as_str() == Ok(indexed.op))
        && same(5, indexed.actor_id)
        && same(6, indexed.subject_id)
        && same(7, indexed.patient_id)
        && same(8, indexed.action)
        && words.is_some_and(|words| missing.words_fit(seq, &indexed, words))
}
