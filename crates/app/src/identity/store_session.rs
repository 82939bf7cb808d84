//! Where sessions are kept (AU-11, AU-12). A session is no record: it belongs to this device and is never undone.

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, DeviceId, SessionId};
use clinic_domain::identity::duty::{self, Duty};
use clinic_domain::identity::security_policy::Demand;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row};

use super::access_view::SessionRow;
use super::account::Account;
use super::device::Device;
use super::{store_account, store_security_policy};
use crate::db::sql;
use crate::error::Answer;

/// How often at most the last act of a session is written down.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Most sessions of one person that are listed.
const MOST_ROWS: u32 = 200;

/// A live session's account, and whether it has a second factor.
pub(super) const LIVE: &str = "SELECT account.*, second_factor.since_ms IS NOT NULL AS has_factor
    FROM session JOIN account ON account.id = session.account_id
    LEFT JOIN second_factor ON second_factor.account_id = account.id
    WHERE session.id = ?1 AND session.ended_ms IS NULL AND session.expires_ms > ?2 AND account.active";

/// Whose a live session is, and what holds for it.
pub(super) struct Live {
    /// Whose.
    pub account: Account,
    /// Minutes after which the desk locks itself.
    pub idle_minutes: u16,
    /// What comes before anything else.
    pub duty: Option<Duty>,
}

/// Starts a session.
///
/// # Errors
/// Faults of the store.
pub(super) fn start(
    conn: &Connection,
    id: SessionId,
    account: AccountId,
    device: &Device,
    now: Instant,
) -> Answer<()> {
    let ends = now + store_security_policy::load(conn)?.0.session_lifetime();
    conn.prepare_cached(
        "INSERT INTO session (id, account_id, device, device_id, started_ms, last_active_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
    )?
    .execute((
        id.bytes(),
        account.bytes(),
        &device.name,
        device.id.bytes(),
        sql::ms(now),
        sql::ms(ends),
    ))?;
    Ok(())
}

/// Whether a person has ever signed in anywhere.
///
/// # Errors
/// Faults of the store.
pub(super) fn had_one(conn: &Connection, account: AccountId) -> Answer<bool> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM session WHERE account_id = ?1)")?;
    Ok(query.query_row([account.bytes()], |row| row.get(0))?)
}

/// Whose a session is, as long as it is live: not ended, not run out, the account active. Every command of a signed-in
/// person asks this.
///
/// # Errors
/// Faults of the store.
pub(super) fn live(conn: &Connection, id: SessionId, now: Instant) -> Answer<Option<Live>> {
    let mut query = conn.prepare_cached(LIVE)?;
    let found = query.query_row((id.bytes(), sql::ms(now)), |row| {
        Ok((store_account::read(row)?, row.get::<_, bool>("has_factor")?))
    });
    let Some((account, has_factor)) = found.optional()? else { return Ok(None) };
    let policy = store_security_policy::load(conn)?.0;
    let demand = match has_factor {
        true => Demand::Nothing,
        false => store_security_policy::demand_on(conn, &policy, &account)?,
    };
    // Setting the clock back prolongs no grace.
    let now = match demand {
        Demand::From(_) => latest_entry(conn)?.map_or(now, |latest| latest.max(now)),
        Demand::Nothing | Demand::Recommended => now,
    };
    let duty = duty::decide_duty(account.password_standing, has_factor, demand, now);
    Ok(Some(Live { idle_minutes: policy.idle_minutes(account.role), account, duty }))
}

/// The latest time that was ever written down, wherever the clock stands now.
fn latest_entry(conn: &Connection) -> Answer<Option<Instant>> {
    let latest: Option<i64> =
        conn.prepare_cached("SELECT max(at_ms) FROM audit")?.query_row([], |row| row.get(0))?;
    Ok(latest.map(sql::instant))
}

/// Writes down when somebody last was there, once a minute at most. Answers whether it wrote.
///
/// # Errors
/// Faults of the store.
pub(super) fn touch(conn: &Connection, id: SessionId, now: Instant) -> Answer<bool> {
    let rows = conn
        .prepare_cached("UPDATE session SET last_active_ms = ?2 WHERE id = ?1 AND last_active_ms < ?3")?
        .execute((id.bytes(), sql::ms(now), sql::ms(now - TOUCH_EVERY)))?;
    Ok(rows > 0)
}

/// Whether [`touch`] would write.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_touch_due(conn: &Connection, id: SessionId, now: Instant) -> Answer<bool> {
    let mut query = conn.prepare_cached("SELECT last_active_ms < ?2 FROM session WHERE id = ?1")?;
    let due = query.query_row((id.bytes(), sql::ms(now - TOUCH_EVERY)), |row| row.get(0)).optional()?;
    Ok(due.unwrap_or(false))
}

/// Ends one session of a person. Answers whether there was one to end.
///
/// # Errors
/// Faults of the store.
pub(super) fn end(conn: &Connection, id: SessionId, account: AccountId, now: Instant) -> Answer<bool> {
    let rows = conn
        .prepare_cached(
            "UPDATE session SET ended_ms = ?3 WHERE id = ?1 AND account_id = ?2 AND ended_ms IS NULL",
        )?
        .execute((id.bytes(), account.bytes(), sql::ms(now)))?;
    Ok(rows > 0)
}

/// Ends every session of a person, or all but one. Answers how many.
///
/// # Errors
/// Faults of the store.
pub(super) fn end_all_but(
    conn: &Connection,
    account: AccountId,
    kept: Option<SessionId>,
    now: Instant,
) -> Answer<usize> {
    let kept = kept.map(|id| *id.bytes()).unwrap_or_default();
    let rows = conn
        .prepare_cached(
            "UPDATE session SET ended_ms = ?3 WHERE account_id = ?1 AND ended_ms IS NULL AND id <> ?2",
        )?
        .execute((account.bytes(), kept, sql::ms(now)))?;
    Ok(rows)
}

/// How many live sessions a person has.
///
/// # Errors
/// Faults of the store.
pub(super) fn count_live(conn: &Connection, account: AccountId, now: Instant) -> Answer<u32> {
    let mut count = conn.prepare_cached(
        "SELECT count(*) FROM session WHERE account_id = ?1 AND ended_ms IS NULL AND expires_ms > ?2",
    )?;
    Ok(count.query_row((account.bytes(), sql::ms(now)), |row| row.get(0))?)
}

/// The live sessions of a person, latest first.
///
/// # Errors
/// Faults of the store.
pub(super) fn list_active(
    conn: &Connection,
    account: AccountId,
    current: SessionId,
    now: Instant,
) -> Answer<Vec<SessionRow>> {
    let mut query = conn.prepare_cached(
        "SELECT session.*, device.platform FROM session LEFT JOIN device ON device.id = session.device_id
         WHERE account_id = ?1 AND ended_ms IS NULL AND expires_ms > ?2
         ORDER BY last_active_ms DESC, session.id LIMIT ?3",
    )?;
    let rows = query.query_map((account.bytes(), sql::ms(now), MOST_ROWS), |row| read(row, current))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>, current: SessionId) -> rusqlite::Result<SessionRow> {
    let id = SessionId(sql::id(row, "id")?);
    Ok(SessionRow {
        id,
        device_id: sql::id_or_null(row, "device_id")?.map(DeviceId),
        device: row.get("device")?,
        platform: row.get::<_, Option<String>>("platform")?.unwrap_or_default(),
        started_at: sql::instant(row.get("started_ms")?),
        last_active_at: sql::instant(row.get("last_active_ms")?),
        expires_at: sql::instant(row.get("expires_ms")?),
        current: id == current,
    })
}
