//! Where second factors are kept. They are no records: they belong to one person, are never undone and never logged.

use clinic_domain::id::AccountId;
use clinic_domain::identity::second_factor::SECRET_BYTES;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroizing;

use super::recovery_code::KeptCodes;
use crate::db::sql;
use crate::error::Answer;

/// A second factor as it is kept.
pub(super) struct Factor {
    /// The secret that the app has, too.
    pub secret: Zeroizing<[u8; SECRET_BYTES]>,
    /// Since when it is asked for; `None` while it is being set up.
    pub since: Option<Instant>,
    /// Step of the code that was accepted last.
    pub last_step: Option<u64>,
}

/// The factor of an account, set up or being set up.
///
/// # Errors
/// Faults of the store.
pub(super) fn load(conn: &Connection, account: AccountId) -> Answer<Option<Factor>> {
    let mut select =
        conn.prepare_cached("SELECT secret, since_ms, last_step FROM second_factor WHERE account_id = ?1")?;
    let found = select.query_row([account.bytes()], |row| {
        Ok(Factor {
            secret: Zeroizing::new(row.get(0)?),
            since: row.get::<_, Option<i64>>(1)?.map(sql::instant),
            last_step: row.get::<_, Option<i64>>(2)?.map(i64::unsigned_abs),
        })
    });
    Ok(found.optional()?)
}

/// Whether an account is asked for a second factor.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_on(conn: &Connection, account: AccountId) -> Answer<bool> {
    Ok(load(conn, account)?.is_some_and(|factor| factor.since.is_some()))
}

/// Keeps a secret that is not asked for yet, in place of another such. False where one is asked for already.
///
/// # Errors
/// Faults of the store.
pub(super) fn begin(
    conn: &Connection,
    account: AccountId,
    secret: &[u8; SECRET_BYTES],
    now: Instant,
) -> Answer<bool> {
    let changed = conn
        .prepare_cached(
            "INSERT INTO second_factor (account_id, secret, begun_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, begun_ms = excluded.begun_ms
             WHERE since_ms IS NULL",
        )?
        .execute((account.bytes(), secret, sql::ms(now)))?;
    Ok(changed == 1)
}

/// From now on the factor is asked for. False where it is already.
///
/// # Errors
/// Faults of the store.
pub(super) fn turn_on(conn: &Connection, account: AccountId, step: u64, now: Instant) -> Answer<bool> {
    let changed = conn
        .prepare_cached(
            "UPDATE second_factor SET since_ms = ?2, last_step = ?3 WHERE account_id = ?1 AND since_ms IS NULL",
        )?
        .execute((account.bytes(), sql::ms(now), step.cast_signed()))?;
    Ok(changed == 1)
}

/// Uses up a step and all before it. False where somebody else was faster: one code leads in once.
///
/// # Errors
/// Faults of the store.
pub(super) fn use_step(conn: &Connection, account: AccountId, step: u64) -> Answer<bool> {
    let changed = conn
        .prepare_cached("UPDATE second_factor SET last_step = ?2 WHERE account_id = ?1 AND last_step < ?2")?
        .execute((account.bytes(), step.cast_signed()))?;
    Ok(changed == 1)
}

/// Uses up a recovery code. False where it is none of this account or was used.
///
/// # Errors
/// Faults of the store.
pub(super) fn use_recovery_code(
    conn: &Connection,
    account: AccountId,
    hash: &[u8; 32],
    now: Instant,
) -> Answer<bool> {
    let changed = conn
        .prepare_cached(
            "UPDATE recovery_code SET used_ms = ?3 WHERE account_id = ?1 AND hash = ?2 AND used_ms IS NULL",
        )?
        .execute((account.bytes(), hash, sql::ms(now)))?;
    Ok(changed == 1)
}

/// Puts these recovery codes in the place of all others of the account.
///
/// # Errors
/// Faults of the store.
pub(super) fn put_recovery_codes(conn: &Connection, account: AccountId, kept: &KeptCodes) -> Answer<()> {
    conn.prepare_cached("DELETE FROM recovery_code WHERE account_id = ?1")?.execute([account.bytes()])?;
    let mut insert =
        conn.prepare_cached("INSERT INTO recovery_code (account_id, set_phc, hash) VALUES (?1, ?2, ?3)")?;
    for hash in &kept.hashes {
        insert.execute((account.bytes(), &kept.set, hash))?;
    }
    Ok(())
}

/// What is kept of the recovery codes of an account, used ones included; `None` where it has none.
///
/// # Errors
/// Faults of the store.
pub(super) fn recovery_codes(conn: &Connection, account: AccountId) -> Answer<Option<KeptCodes>> {
    let mut select = conn.prepare_cached("SELECT set_phc, hash FROM recovery_code WHERE account_id = ?1")?;
    let rows = select.query_map([account.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(String, [u8; 32])> = rows.collect::<rusqlite::Result<_>>()?;
    let (sets, hashes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    Ok(sets.into_iter().next().map(|set| KeptCodes { set, hashes }))
}

/// How many recovery codes are left.
///
/// # Errors
/// Faults of the store.
pub(super) fn recovery_codes_left(conn: &Connection, account: AccountId) -> Answer<u32> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM recovery_code WHERE account_id = ?1 AND used_ms IS NULL")?
        .query_row([account.bytes()], |row| row.get(0))?)
}

/// Takes the factor and its recovery codes away. False where there is none.
///
/// # Errors
/// Faults of the store.
pub(super) fn remove(conn: &Connection, account: AccountId) -> Answer<bool> {
    conn.prepare_cached("DELETE FROM recovery_code WHERE account_id = ?1")?.execute([account.bytes()])?;
    let changed =
        conn.prepare_cached("DELETE FROM second_factor WHERE account_id = ?1")?.execute([account.bytes()])?;
    Ok(changed == 1)
}
