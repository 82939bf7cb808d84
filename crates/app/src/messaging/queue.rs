//! The queue in numbers, for whoever looks after it.

use clinic_domain::messaging::delivery::MailFault;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension};

use super::view::{LastSent, MailQueue};
use crate::db::sql;
use crate::error::Answer;

/// As the two indexes of the table are cut.
const WAITING: &str = "state IN ('queued', 'sending')";
const FAILED: &str = "state = 'failed' AND settled_ms IS NOT NULL";

/// The queue in numbers.
///
/// # Errors
/// Faults of the store.
pub(super) fn queue(conn: &Connection, now: Instant) -> Answer<MailQueue> {
    let (waiting, next): (u32, Option<i64>) = conn
        .prepare_cached(&format!("SELECT count(*), min(due_ms) FROM mail WHERE {WAITING}"))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // A failure is of interest as long as the mail is.
    let failed: u32 = conn
        .prepare_cached(&format!("SELECT count(*) FROM mail WHERE {FAILED} AND expires_ms > ?1"))?
        .query_row([sql::ms(now)], |row| row.get(0))?;
    Ok(MailQueue {
        waiting,
        next_try: next.map(sql::instant),
        waiting_because: last_fault(conn, WAITING, now)?,
        failed,
        failed_because: last_fault(conn, FAILED, now)?,
        last_sent: last_sent(conn)?,
    })
}

/// Why the last mail of some has not been sent.
fn last_fault(conn: &Connection, some: &str, now: Instant) -> Answer<Option<MailFault>> {
    let mut load = conn.prepare_cached(&format!(
        "SELECT fault FROM mail WHERE {some} AND expires_ms > ?1 AND fault IS NOT NULL
         ORDER BY settled_ms DESC, due_ms DESC LIMIT 1",
    ))?;
    Ok(load.query_row([sql::ms(now)], |row| sql::name(row, "fault")).optional()?)
}

fn last_sent(conn: &Connection) -> Answer<Option<LastSent>> {
    let mut load = conn.prepare_cached(
        "SELECT template, settled_ms FROM mail
         WHERE state = 'sent' AND settled_ms IS NOT NULL ORDER BY settled_ms DESC LIMIT 1",
    )?;
    let last: Option<(String, i64)> = load.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(last.map(|(template, at)| LastSent { template, when: sql::instant(at) }))
}
