//! Where devices are kept, and whom each one knows (AU-15). A device is no record: nobody edits or undoes one.

use clinic_domain::directory::name as person_name;
use clinic_domain::id::{AccountId, DeviceId, SessionId};
use clinic_domain::identity::throttle::Trust;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, named_params};
use sha2::{Digest, Sha256};

use super::access_view::{DeviceRow, KnownDevice};
use super::device::Device;
use crate::db::sql;
use crate::error::Answer;

/// Most rows of a list.
const MOST_ROWS: u32 = 200;

/// Whether a device knows a person.
///
/// # Errors
/// Faults of the store.
pub(super) fn trust(conn: &Connection, device: DeviceId, account: Option<AccountId>) -> Answer<Trust> {
    // Asked for nobody, too, so that an unknown name is the same work.
    let account = account.map(|account| *account.bytes()).unwrap_or_default();
    let mut query = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM trusted_device WHERE account_id = ?1 AND device_id = ?2)",
    )?;
    let known: bool = query.query_row((account, device.bytes()), |row| row.get(0))?;
    Ok(if known { Trust::Trusted } else { Trust::Untrusted })
}

/// Writes down that a person fully signed in on a device, which knows them from now on. Answers whether it did before.
///
/// # Errors
/// Faults of the store.
pub(super) fn meet(conn: &Connection, device: &Device, account: AccountId, now: Instant) -> Answer<Trust> {
    let before = trust(conn, device.id, Some(account))?;
    conn.prepare_cached(
        "INSERT INTO device (id, name, platform, first_seen_ms, last_seen_ms) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (id) DO UPDATE SET
             name = excluded.name, platform = excluded.platform, last_seen_ms = excluded.last_seen_ms",
    )?
    .execute((device.id.bytes(), &device.name, device.platform, sql::ms(now)))?;
    conn.prepare_cached(
        "INSERT OR IGNORE INTO trusted_device (account_id, device_id, since_ms) VALUES (?1, ?2, ?3)",
    )?
    .execute((account.bytes(), device.id.bytes(), sql::ms(now)))?;
    Ok(before)
}

/// What somebody acts from, which no forgetting takes away.
pub(super) struct Kept {
    /// Who.
    pub account: AccountId,
    /// In which session.
    pub session: SessionId,
    /// On which device.
    pub device: DeviceId,
}

/// Takes back that a device knows a person, or anybody, and ends what is open there.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget(
    conn: &Connection,
    device: DeviceId,
    account: Option<AccountId>,
    kept: &Kept,
    now: Instant,
) -> Answer<()> {
    let account = account.map(|account| *account.bytes());
    conn.prepare_cached(
        "DELETE FROM trusted_device WHERE device_id = :device AND (:account IS NULL OR account_id = :account)
             AND NOT (device_id = :here AND account_id = :me)",
    )?
    .execute(named_params! {
        ":device": device.bytes(), ":account": account, ":here": kept.device.bytes(), ":me": kept.account.bytes(),
    })?;
    conn.prepare_cached(
        "UPDATE session SET ended_ms = :now WHERE device_id = :device AND ended_ms IS NULL
             AND (:account IS NULL OR account_id = :account) AND id <> :session",
    )?
    .execute(named_params! {
        ":now": sql::ms(now), ":device": device.bytes(), ":account": account, ":session": kept.session.bytes(),
    })?;
    Ok(())
}

/// The name of a device, if there is one.
///
/// # Errors
/// Faults of the store.
pub(super) fn name(conn: &Connection, device: DeviceId) -> Answer<Option<String>> {
    let mut query = conn.prepare_cached("SELECT name FROM device WHERE id = ?1")?;
    Ok(query.query_row([device.bytes()], |row| row.get(0)).optional()?)
}

/// The devices that know a person, the one used last first.
///
/// # Errors
/// Faults of the store.
pub(super) fn of_account(conn: &Connection, account: AccountId, here: DeviceId) -> Answer<Vec<DeviceRow>> {
    let mut query = conn.prepare_cached(
        "SELECT device.*, since_ms,
             (SELECT max(last_active_ms) FROM session
              WHERE session.account_id = known.account_id AND session.device_id = device.id) AS used_ms
         FROM trusted_device AS known JOIN device ON device.id = known.device_id
         WHERE known.account_id = ?1 ORDER BY used_ms DESC, device.id LIMIT ?2",
    )?;
    let rows = query.query_map((account.bytes(), MOST_ROWS), |row| {
        let id = DeviceId(sql::id(row, "id")?);
        Ok(DeviceRow {
            id,
            name: row.get("name")?,
            platform: row.get("platform")?,
            fingerprint: fingerprint(id),
            since: sql::instant(row.get("since_ms")?),
            last_seen_at: row.get::<_, Option<i64>>("used_ms")?.map(sql::instant),
            current: id == here,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every device, the one used last first.
///
/// # Errors
/// Faults of the store.
pub(super) fn all(conn: &Connection, here: DeviceId, now: Instant) -> Answer<Vec<KnownDevice>> {
    let mut query = conn.prepare_cached(
        "SELECT device.*, (SELECT count(*) FROM session
             WHERE device_id = device.id AND ended_ms IS NULL AND expires_ms > ?1) AS sessions
         FROM device ORDER BY last_seen_ms DESC, id LIMIT ?2",
    )?;
    let rows = query.query_map((sql::ms(now), MOST_ROWS), |row| {
        let id = DeviceId(sql::id(row, "id")?);
        Ok(KnownDevice {
            id,
            name: row.get("name")?,
            platform: row.get("platform")?,
            fingerprint: fingerprint(id),
            first_seen_at: sql::instant(row.get("first_seen_ms")?),
            last_seen_at: sql::instant(row.get("last_seen_ms")?),
            people: Vec::new(),
            sessions: row.get("sessions")?,
            current: id == here,
        })
    })?;
    let devices = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    devices.into_iter().map(|device| Ok(KnownDevice { people: people(conn, device.id)?, ..device })).collect()
}

fn people(conn: &Connection, device: DeviceId) -> Answer<Vec<String>> {
    let mut query = conn.prepare_cached(
        "SELECT family_name, given_names FROM trusted_device JOIN account ON account.id = account_id
         WHERE device_id = ?1 ORDER BY name_key, account.id LIMIT ?2",
    )?;
    let names = query.query_map((device.bytes(), MOST_ROWS), |row| {
        let (family, given): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(person_name::given_first(&family, &given))
    })?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// "a1f0 77c2 9be4".
fn fingerprint(device: DeviceId) -> String {
    let digits = hex::encode(&Sha256::digest(device.bytes())[..6]);
    [&digits[..4], &digits[4..8], &digits[8..]].join(" ")
}
