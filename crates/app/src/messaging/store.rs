//! Where mails are kept. Rows of the queue are no records of the clinic: nobody edits or undoes them.

use clinic_domain::id::MailId;
use clinic_domain::messaging::delivery::{Failure, LOG_KEPT, MailFault, MailState};
use clinic_domain::time::Instant;
use rusqlite::{Connection, Row, params};

use super::enqueue::Mail;
use super::letter::Letter;
use crate::db::sql;
use crate::error::Answer;

pub(super) const DUE: &str = "SELECT id, recipient, letter, created_ms, expires_ms, tries FROM mail
    WHERE state IN ('queued', 'sending') AND due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2";
pub(super) const NEXT_DUE: &str = "SELECT min(at) FROM (
    SELECT min(due_ms) AS at FROM mail WHERE state IN ('queued', 'sending')
    UNION ALL SELECT min(expires_ms) FROM mail WHERE secret AND letter IS NOT NULL)";

/// As the index over what is settled is cut.
pub(super) const OLD: &str = "state IN ('sent', 'failed', 'skipped') AND settled_ms <= ?1";

/// Puts a mail into the queue; one without an address is written down as skipped. What a secret one says is kept as long,
/// so that whether there is an address takes no other time.
///
/// # Errors
/// Faults of the store.
pub(super) fn insert(conn: &Connection, mail: &Mail) -> Answer<()> {
    let now = sql::ms(mail.created);
    let addressed = !mail.recipient.is_empty();
    let state = if addressed { MailState::Queued } else { MailState::Skipped };
    conn.prepare_cached(
        "INSERT INTO mail (id, template, letter, secret, recipient, recipient_name, created_ms, expires_ms, state,
             due_ms, fault, settled_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?7, ?10, ?11)",
    )?
    .execute(params![
        mail.id.bytes(),
        mail.letter.template(),
        sql::to_json(&mail.letter),
        mail.letter.is_secret(),
        mail.recipient,
        mail.letter.name(),
        now,
        sql::ms(mail.letter.expires(mail.created)),
        sql::name_of(&state),
        (!addressed).then(|| sql::name_of(&MailFault::NoAddress)),
        (!addressed).then_some(now),
    ])?;
    Ok(())
}

/// A mail whose time has come.
pub(super) struct Due {
    pub id: MailId,
    pub recipient: String,
    /// `None` when this version cannot read it.
    pub letter: Option<Letter>,
    pub created: Instant,
    pub expires: Instant,
    pub tries: u32,
}

/// Mails whose time has come, longest waiting first. One that was being sent when the program ended is among them once
/// its time is over.
///
/// # Errors
/// Faults of the store.
pub(super) fn due(conn: &Connection, now: Instant, most: u32) -> Answer<Vec<Due>> {
    let mut load = conn.prepare_cached(DUE)?;
    let rows = load.query_map(params![sql::ms(now), most], read_due)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read_due(row: &Row<'_>) -> rusqlite::Result<Due> {
    Ok(Due {
        id: MailId(sql::id(row, "id")?),
        recipient: row.get("recipient")?,
        letter: sql::json(row, "letter").ok(),
        created: sql::instant(row.get("created_ms")?),
        expires: sql::instant(row.get("expires_ms")?),
        tries: row.get("tries")?,
    })
}

/// When there is something to do next; `None` while nothing waits.
///
/// # Errors
/// Faults of the store.
pub(super) fn next_due(conn: &Connection) -> Answer<Option<Instant>> {
    let mut load = conn.prepare_cached(NEXT_DUE)?;
    let next: Option<i64> = load.query_row([], |row| row.get(0))?;
    Ok(next.map(sql::instant))
}

/// Takes a mail out of the queue for one try, which counts as lost at `until`.
///
/// # Errors
/// Faults of the store.
pub(super) fn claim(conn: &Connection, id: MailId, until: Instant) -> Answer<()> {
    conn.prepare_cached("UPDATE mail SET state = 'sending', tries = tries + 1, due_ms = ?2 WHERE id = ?1")?
        .execute(params![id.bytes(), sql::ms(until)])?;
    Ok(())
}

/// The server has taken it. What a secret one said is wiped.
///
/// # Errors
/// Faults of the store.
pub(super) fn sent(conn: &Connection, id: MailId, sender: &str, now: Instant) -> Answer<()> {
    conn.prepare_cached(
        "UPDATE mail SET state = 'sent', sender = ?2, settled_ms = ?3, fault = NULL, status = NULL,
             letter = CASE WHEN secret THEN NULL ELSE letter END WHERE id = ?1",
    )?
    .execute(params![id.bytes(), sender, sql::ms(now)])?;
    Ok(())
}

/// A try did not succeed; there will be another one.
///
/// # Errors
/// Faults of the store.
pub(super) fn put_off(
    conn: &Connection,
    id: MailId,
    failure: Failure,
    tries: u32,
    due: Instant,
) -> Answer<()> {
    conn.prepare_cached(
        "UPDATE mail SET state = 'queued', tries = ?2, due_ms = ?3, fault = ?4, status = ?5 WHERE id = ?1",
    )?
    .execute(params![id.bytes(), tries, sql::ms(due), sql::name_of(&failure.fault), failure.status])?;
    Ok(())
}

/// The server will never take it. What a secret one says stays until it is of no more use, for a try by hand.
///
/// # Errors
/// Faults of the store.
pub(super) fn failed(conn: &Connection, id: MailId, failure: Failure, now: Instant) -> Answer<()> {
    conn.prepare_cached(
        "UPDATE mail SET state = 'failed', settled_ms = ?2, fault = ?3, status = ?4 WHERE id = ?1",
    )?
    .execute(params![id.bytes(), sql::ms(now), sql::name_of(&failure.fault), failure.status])?;
    Ok(())
}

/// Skips what is of no more use and wipes what secret mails said whose end has come. Answers with how many were skipped.
///
/// # Errors
/// Faults of the store.
pub(super) fn expire(conn: &Connection, now: Instant) -> Answer<usize> {
    let skipped = conn
        .prepare_cached(
            "UPDATE mail SET state = 'skipped', fault = ?2, settled_ms = ?1
             WHERE expires_ms <= ?1 AND (state = 'queued' OR (state = 'sending' AND due_ms <= ?1))",
        )?
        .execute(params![sql::ms(now), sql::name_of(&MailFault::Expired)])?;
    conn.prepare_cached(
        "UPDATE mail SET letter = NULL
         WHERE secret AND letter IS NOT NULL AND expires_ms <= ?1 AND state <> 'sending'",
    )?
    .execute([sql::ms(now)])?;
    Ok(skipped)
}

/// Takes a secret mail away, sent or not: nobody has any use for it, and its address may never have been proved. A notice
/// stays; it is for somebody who has an account.
///
/// # Errors
/// Faults of the store.
pub(crate) fn forget_secret(conn: &Connection, id: MailId) -> Answer<()> {
    conn.prepare_cached("DELETE FROM mail WHERE id = ?1 AND secret")?.execute([id.bytes()])?;
    Ok(())
}

/// Whether any mail is older than what the log keeps.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_any_old(conn: &Connection, now: Instant) -> Answer<bool> {
    let mut query = conn.prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM mail WHERE {OLD})"))?;
    Ok(query.query_row([sql::ms(now - LOG_KEPT)], |row| row.get(0))?)
}

/// Takes away what is older than what the log keeps.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget_old(conn: &Connection, now: Instant) -> Answer<()> {
    conn.prepare_cached(&format!("DELETE FROM mail WHERE {OLD}"))?.execute([sql::ms(now - LOG_KEPT)])?;
    Ok(())
}

/// Makes everything that waits due now.
///
/// # Errors
/// Faults of the store.
pub(super) fn try_now(conn: &Connection, now: Instant) -> Answer<()> {
    conn.prepare_cached("UPDATE mail SET due_ms = ?1 WHERE state = 'queued'")?.execute([sql::ms(now)])?;
    Ok(())
}

/// Puts what failed and is still of use into the queue again.
///
/// # Errors
/// Faults of the store.
pub(super) fn revive(conn: &Connection, now: Instant) -> Answer<()> {
    conn.prepare_cached(
        "UPDATE mail SET state = 'queued', settled_ms = NULL
         WHERE state = 'failed' AND expires_ms > ?1 AND letter IS NOT NULL",
    )?
    .execute([sql::ms(now)])?;
    Ok(())
}
