//! What happened to an appointment, read from the audit log.

use clinic_domain::id::AppointmentId;
use clinic_domain::time::Instant;
use rusqlite::{Connection, params};

use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::db::sql;
use crate::error::{Answer, AppError};

/// Lines of history that a drawer shows at most.
const LINES: u32 = 50;

/// The entries about an appointment, latest first.
pub(super) fn entries(conn: &Connection, id: AppointmentId) -> Answer<Vec<Entry>> {
    let mut statement = conn.prepare_cached(ENTRIES)?;
    let mut rows = statement.query(params![id.bytes(), LINES])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(Entry::of_row(row)?);
    }
    Ok(entries)
}

pub(super) const ENTRIES: &str =
    "SELECT body, words FROM audit WHERE subject_id = ?1 ORDER BY seq DESC LIMIT ?2";

/// What was done last, by whom and when.
pub(super) fn last(conn: &Connection, id: AppointmentId) -> Answer<Option<(Op, String, Instant)>> {
    let mut statement = conn.prepare_cached(ENTRIES)?;
    let mut rows = statement.query(params![id.bytes(), 1])?;
    let entry = rows.next()?.map(Entry::of_row).transpose()?;
    Ok(entry.map(|entry| (entry.op, entry.actor, sql::instant(entry.at_ms))))
}

/// Checks that the revision that was seen is the one that is stored.
///
/// # Errors
/// [`AppError::Stale`] with who changed it last; faults of the store.
pub(super) fn fresh(conn: &Connection, id: AppointmentId, stored: u32, seen: u32) -> Answer<()> {
    if stored == seen {
        return Ok(());
    }
    Err(AppError::Stale { by: last(conn, id)?.map(|(_, by, _)| by) })
}
