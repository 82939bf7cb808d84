//! Where devices are kept, and whom each one knows (AU-15). A device is no record: nobody edits or undoes one.

use clinic_domain::id::{AccountId, DeviceId};
use clinic_domain::identity::throttle::Trust;
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::device::Device;
use crate::db::sql;
use crate::error::Answer;

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
