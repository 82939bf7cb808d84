//! Recomputes the audit chain from its first entry on (TR-4). One thread reads while another checks, because a long log takes
//! either of them seconds. Nothing here writes.

use std::collections::HashMap;
use std::iter::Peekable;
use std::ops::Range;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::vec;

use rusqlite::{Connection, Row};
use serde::Deserialize;
use uuid::Uuid;

use super::store;
use crate::audit::view::Op;
use crate::db::audit::{Chain, Head};
use crate::db::checkpoint::Checkpoints;
use crate::db::sql::named;
use crate::db::words;
use crate::error::{Answer, AppError};

/// Entries that are handed over at a time, about two megabytes.
const LOT: usize = 2_048;
/// Lots that wait to be checked, before reading does.
const WAITING: usize = 4;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verified {
    /// The last entry that fits.
    pub(super) head: Head,
    /// The first entry that does not, or that is missing.
    pub(super) broken_at: Option<i64>,
    /// The first entry that was another one when it was named outside the store.
    pub(super) checkpoint_broken: Option<i64>,
}

/// Recomputes the chain and compares it with what was named outside the store.
///
/// # Errors
/// Faults of the store.
pub(super) fn verify(conn: &Connection, key: &[u8; 32], checkpoints: &Checkpoints) -> Answer<Verified> {
    let mut check = Check::new(key, checkpoints)?;
    let (lots, taken) = sync_channel::<Lot>(WAITING);
    std::thread::scope(|scope| {
        let check = &mut check;
        // Where something is broken nothing after it is looked at: reading ends with the channel.
        scope.spawn(move || {
            taken.into_iter().all(|lot| lot.entries.iter().all(|entry| check.fits(&lot, entry)))
        });
        read(conn, lots)
    })?;
    let Check { chain, mut named, missing, broken_at, mut checkpoint_broken } = check;
    let head = chain.head();
    let mut broken_at = broken_at.or(missing.first());
    if broken_at.is_none() && checkpoint_broken.is_none() {
        // What comes after the end was there once.
        checkpoint_broken = named.next().map(|head| head.seq);
    }
    if broken_at.is_none() && !store::commands_have_entries(conn)? {
        broken_at = Some(head.seq + 1);
    }
    Ok(Verified { head, broken_at, checkpoint_broken })
}

/// A piece of the log. All its text lies together: a thread that frees what another one allocates waits for it each time.
#[derive(Default)]
struct Lot {
    text: String,
    entries: Vec<Kept>,
}

/// A place in the text of a lot.
type Text = Range<usize>;

/// An id, or that there is none.
type Id = Option<[u8; 16]>;

/// An entry as the table has it. What is of another type or length than it must be is `None`, and fits nothing.
struct Kept {
    seq: i64,
    body: Option<Text>,
    hash: Option<[u8; 32]>,
    at_ms: Option<i64>,
    op: Option<Text>,
    actor_id: Option<Id>,
    subject_id: Option<Id>,
    patient_id: Option<Id>,
    action: Option<Id>,
    words: Option<Option<Text>>,
}

impl Lot {
    fn add(&mut self, row: &Row<'_>) -> Answer<()> {
        let mut text = |at: usize| {
            let found = row.get_ref(at).ok()?.as_str_or_null().ok()?;
            let from = self.text.len();
            self.text.push_str(found.unwrap_or_default());
            Some(found.map(|_| from..self.text.len()))
        };
        let (body, op, words) = (text(1).flatten(), text(4).flatten(), text(9));
        self.entries.push(Kept {
            seq: row.get(0)?,
            body,
            hash: row.get(2).ok(),
            at_ms: row.get(3).ok(),
            op,
            actor_id: row.get(5).ok(),
            subject_id: row.get(6).ok(),
            patient_id: row.get(7).ok(),
            action: row.get(8).ok(),
            words,
        });
        Ok(())
    }

    /// The text at a place.
    fn at(&self, place: Option<&Text>) -> Option<&str> {
        place.and_then(|place| self.text.get(place.clone()))
    }
}

/// Hands all entries over, the oldest first, until nobody takes them any more.
fn read(conn: &Connection, lots: SyncSender<Lot>) -> Answer<()> {
    let mut entries = conn.prepare(
        "SELECT seq, body, hash, at_ms, op, actor_id, subject_id, patient_id, action, words
         FROM audit ORDER BY seq",
    )?;
    let mut rows = entries.query([])?;
    let mut lot = Lot::default();
    while let Some(row) = rows.next()? {
        lot.add(row)?;
        if lot.entries.len() == LOT && lots.send(std::mem::take(&mut lot)).is_err() {
            return Ok(());
        }
    }
    // Who found something broken does not listen any more.
    lots.send(lot).ok();
    Ok(())
}

/// How far the chain was followed, and what was found on the way.
struct Check {
    chain: Chain,
    /// What was named outside the store and has not come yet.
    named: Peekable<vec::IntoIter<Head>>,
    missing: Missing,
    broken_at: Option<i64>,
    checkpoint_broken: Option<i64>,
}

impl Check {
    fn new(key: &[u8; 32], checkpoints: &Checkpoints) -> Answer<Self> {
        let mut named = checkpoints.heads.clone();
        named.sort_by_key(|head| head.seq);
        Ok(Self {
            chain: Chain::new(key).ok_or(AppError::StoreUnreadable)?,
            named: named.into_iter().peekable(),
            missing: Missing::default(),
            broken_at: None,
            checkpoint_broken: checkpoints.unreadable_after,
        })
    }

    /// Whether the next entry fits; what is named outside is compared with it.
    fn fits(&mut self, lot: &Lot, entry: &Kept) -> bool {
        let expected = self.chain.head().seq + 1;
        let (body, hash) = (lot.at(entry.body.as_ref()).unwrap_or_default(), entry.hash.unwrap_or_default());
        if !self.chain.fits(entry.seq, body, &hash) || !self.columns_fit(lot, entry, body) {
            self.broken_at = Some(expected);
            return false;
        }
        while let Some(head) = self.named.next_if(|head| head.seq <= expected) {
            if head != self.chain.head() && self.checkpoint_broken.is_none_or(|seq| head.seq < seq) {
                self.checkpoint_broken = Some(head.seq);
            }
        }
        true
    }

    /// Whether the columns say what the hashed body says: they are what filters go by, and what a screen shows.
    fn columns_fit(&mut self, lot: &Lot, entry: &Kept, body: &str) -> bool {
        let Ok(body) = serde_json::from_str::<Indexed<'_>>(body) else { return false };
        let ids = [
            (entry.actor_id, body.actor_id),
            (entry.subject_id, body.subject_id),
            (entry.patient_id, body.patient_id),
            (entry.action, body.action),
        ];
        let words = entry.words.as_ref().map(|words| lot.at(words.as_ref()));
        entry.at_ms == Some(body.at_ms)
            && lot.at(entry.op.as_ref()) == Some(body.op)
            && ids.into_iter().all(|(column, spelled)| spells(spelled, column))
            && words.is_some_and(|words| {
                self.missing.words_fit(entry.seq, entry.subject_id.flatten(), &body, words)
            })
    }
}

/// Whether an id in a body, as this program writes it, is the one in a column. Spelling one is less work than reading it.
fn spells(spelled: Option<&str>, column: Option<Id>) -> bool {
    let mut spelling = Uuid::encode_buffer();
    let column =
        column.map(|id| id.map(|id| &*Uuid::from_bytes(id).hyphenated().encode_lower(&mut spelling)));
    column == Some(spelled)
}

/// The part of a body that is also kept in columns, for the indexes, and the hash of its words.
#[derive(Deserialize)]
struct Indexed<'a> {
    at_ms: i64,
    op: &'a str,
    actor_id: Option<&'a str>,
    subject_id: Option<&'a str>,
    patient_id: Option<&'a str>,
    action: Option<&'a str>,
    /// None in entries from before words were apart.
    words: Option<&'a str>,
}

/// What is missing from the log without an entry that says so: the first entry about each person or thing.
#[derive(Default)]
struct Missing(HashMap<Id, i64>);

impl Missing {
    /// Looks at the words of an entry, and whether they are those that were chained, or are not there any more.
    fn words_fit(&mut self, seq: i64, subject: Id, body: &Indexed<'_>, words: Option<&str>) -> bool {
        match (body.words, words) {
            (Some(hash), Some(words)) if !words::fit(words, hash) => return false,
            (None, Some(_)) => return false,
            (Some(_), None) => drop(self.0.entry(subject).or_insert(seq)),
            (Some(_), Some(_)) | (None, None) => {}
        }
        if !self.0.is_empty() && named(body.op).is_ok_and(Op::erases) {
            self.0.remove(&subject);
        }
        true
    }

    /// The first entry whose words nobody took out.
    fn first(&self) -> Option<i64> {
        self.0.values().copied().min()
    }
}
