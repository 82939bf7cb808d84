//! Where codes that were sent by mail are kept, hashed (AU-3 to AU-6). They are no records: nobody edits or undoes one.

use chrono::TimeDelta;
use clinic_domain::id::{CodeId, DeviceId, MailId};
use clinic_domain::identity::one_time_code::Issued;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Serialize;
use uuid::Uuid;

use crate::db::sql;
use crate::error::Answer;

/// A code bounds how many more may be sent for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// What a code is good for. The names are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    /// Another password for an account.
    Reset,
    /// An account for whoever registers.
    Registration,
}

/// Who asked for a code, where, and in which mailbox it ends.
pub(super) struct Asked {
    /// Keyed hash of what was typed.
    pub typed: [u8; 16],
    /// Keyed hash of the address; `None` where nothing is to be sent.
    pub mailbox: Option<[u8; 16]>,
    /// The device.
    pub device: DeviceId,
}

/// A code as it is kept.
pub(super) struct Kept {
    /// The flow in which its six digits count.
    pub id: CodeId,
    /// What it opens; `None` for nothing.
    pub subject: Option<Uuid>,
    /// PHC string of the six digits; empty where there are none.
    pub code_hash: String,
    /// What it is judged by.
    pub issued: Issued,
}

/// When codes were sent that bound whether another one may be.
pub(super) struct Earlier {
    /// For what was typed.
    pub typed: Vec<Instant>,
    /// To the same mailbox.
    pub mailbox: Vec<Instant>,
    /// From the same device.
    pub device: Vec<Instant>,
}

/// When codes were sent in the last day. Asked for a mailbox that there is none of, too, so that it is the same work.
///
/// # Errors
/// Faults of the store.
pub(super) fn earlier(conn: &Connection, asked: &Asked, now: Instant) -> Answer<Earlier> {
    let times = |column: &str, value: &[u8]| -> Answer<Vec<Instant>> {
        let mut query = conn.prepare_cached(&format!(
            "SELECT at_ms FROM one_time_code WHERE {column} = ?1 AND at_ms > ?2 AND at_ms <= ?3"
        ))?;
        let span = (value, sql::ms(now - REMEMBERED), sql::ms(now));
        let times = query.query_map(span, |row| Ok(sql::instant(row.get(0)?)))?;
        Ok(times.collect::<rusqlite::Result<_>>()?)
    };
    Ok(Earlier {
        typed: times("asked", &asked.typed)?,
        mailbox: times("mailbox", &asked.mailbox.unwrap_or_default())?,
        device: times("device_id", asked.device.bytes())?,
    })
}

/// What a new code is kept as.
pub(super) struct New<'a> {
    pub id: CodeId,
    pub purpose: Purpose,
    pub subject: Option<Uuid>,
    pub code_hash: Option<&'a str>,
    pub link_hash: Option<[u8; 32]>,
    /// The mail in which it goes out.
    pub mail: MailId,
}

/// Keeps a new code. One that goes nowhere and opens nothing has its own id in both places, so that the same indexes are
/// written and it takes no other time.
///
/// # Errors
/// Faults of the store.
pub(super) fn insert(conn: &Connection, asked: &Asked, new: &New<'_>, now: Instant) -> Answer<()> {
    conn.prepare_cached(
        "INSERT INTO one_time_code (id, purpose, asked, mailbox, device_id, subject_id, at_ms, code_hash, link_hash,
             mail_id)
         VALUES (:id, :purpose, :asked, :mailbox, :device, :subject, :at, :code_hash, :link_hash, :mail)",
    )?
    .execute(named_params! {
        ":id": new.id.bytes(),
        ":purpose": sql::name_of(&new.purpose),
        ":asked": asked.typed,
        ":mailbox": asked.mailbox.unwrap_or(*new.id.bytes()),
        ":device": asked.device.bytes(),
        ":subject": new.subject.unwrap_or(new.id.0).as_bytes(),
        ":at": sql::ms(now),
        ":code_hash": new.code_hash,
        ":link_hash": new.link_hash,
        ":mail": new.mail.bytes(),
    })?;
    Ok(())
}

/// Counts a try, whatever comes of it; answers with the code, this try included.
///
/// # Errors
/// Faults of the store.
pub(super) fn count_try(conn: &Connection, id: CodeId, purpose: Purpose) -> Answer<Option<Kept>> {
    let mut count = conn.prepare_cached(
        "UPDATE one_time_code SET tries = min(tries + 1, 100)
         WHERE id = ?1 AND purpose = ?2 AND code_hash IS NOT NULL RETURNING *",
    )?;
    Ok(count.query_row((id.bytes(), sql::name_of(&purpose)), read).optional()?)
}

/// The flow of the newest code that opens this and was not used.
///
/// # Errors
/// Faults of the store.
pub(super) fn newest(conn: &Connection, subject: Uuid) -> Answer<Option<CodeId>> {
    let mut query = conn.prepare_cached(
        "SELECT id FROM one_time_code WHERE subject_id = ?1 AND used_ms IS NULL ORDER BY at_ms DESC, rowid DESC LIMIT 1",
    )?;
    Ok(query.query_row([subject.as_bytes()], |row| Ok(CodeId(sql::id(row, 0)?))).optional()?)
}

/// The code that this long one belongs to.
///
/// # Errors
/// Faults of the store.
pub(super) fn by_link(conn: &Connection, hash: &[u8; 32], purpose: Purpose) -> Answer<Option<Kept>> {
    let mut query =
        conn.prepare_cached("SELECT * FROM one_time_code WHERE link_hash = ?1 AND purpose = ?2")?;
    Ok(query.query_row((hash, sql::name_of(&purpose)), read).optional()?)
}

/// Uses a code up. Of a hundred who have the same one, one is told that it was theirs.
///
/// # Errors
/// Faults of the store.
pub(super) fn use_up(conn: &Connection, id: CodeId, now: Instant) -> Answer<bool> {
    let rows = conn
        .prepare_cached("UPDATE one_time_code SET used_ms = ?2 WHERE id = ?1 AND used_ms IS NULL")?
        .execute((id.bytes(), sql::ms(now)))?;
    Ok(rows > 0)
}

/// Closes whatever else would open this.
///
/// # Errors
/// Faults of the store.
pub(super) fn close(conn: &Connection, subject: Uuid, now: Instant) -> Answer<()> {
    conn.prepare_cached("UPDATE one_time_code SET used_ms = ?2 WHERE subject_id = ?1 AND used_ms IS NULL")?
        .execute((subject.as_bytes(), sql::ms(now)))?;
    Ok(())
}

/// Leaves nothing of the codes that open this but what bounds how many more may be sent. Answers with the mails in which
/// they went out.
///
/// # Errors
/// Faults of the store.
pub(super) fn give_up(conn: &Connection, subject: Uuid, now: Instant) -> Answer<Vec<MailId>> {
    let mut query = conn
        .prepare_cached("SELECT mail_id FROM one_time_code WHERE subject_id = ?1 AND mail_id IS NOT NULL")?;
    let mails = query.query_map([subject.as_bytes()], |row| Ok(MailId(sql::id(row, 0)?)))?;
    let mails = mails.collect::<rusqlite::Result<_>>()?;
    conn.prepare_cached(
        "UPDATE one_time_code SET subject_id = id, code_hash = NULL, mail_id = NULL, used_ms = coalesce(used_ms, ?2)
         WHERE subject_id = ?1",
    )?
    .execute((subject.as_bytes(), sql::ms(now)))?;
    Ok(mails)
}

/// Whether any code bounds nothing any more.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_any_over(conn: &Connection, now: Instant) -> Answer<bool> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM one_time_code WHERE at_ms <= ?1)")?;
    Ok(query.query_row([sql::ms(now - REMEMBERED)], |row| row.get(0))?)
}

/// Forgets the codes that bound nothing any more.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget_over(conn: &Connection, now: Instant) -> Answer<()> {
    conn.prepare_cached("DELETE FROM one_time_code WHERE at_ms <= ?1")?
        .execute([sql::ms(now - REMEMBERED)])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let id = sql::id(row, "id")?;
    Ok(Kept {
        id: CodeId(id),
        subject: sql::id_or_null(row, "subject_id")?.filter(|subject| *subject != id),
        code_hash: row.get::<_, Option<String>>("code_hash")?.unwrap_or_default(),
        issued: Issued {
            at: sql::instant(row.get("at_ms")?),
            tries: row.get("tries")?,
            used: row.get::<_, Option<i64>>("used_ms")?.is_some(),
        },
    })
}
