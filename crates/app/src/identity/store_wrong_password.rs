//! Where wrong passwords are counted (AU-16). The counters are no records: nobody edits or undoes one.

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, DeviceId};
use clinic_domain::identity::throttle::{self, Budget, Counter, Standing, Trust};
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension};

use super::access_view::{AccountLock, LockState};
use super::store_security_policy;
use crate::db::sql;
use crate::error::Answer;

/// Names that are no account's of which wrong passwords are remembered; those least recently tried are forgotten.
const MOST_NAMES: u32 = 10_000;

/// What a try is counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    whose: [u8; 16],
    place: [u8; 16],
    device: DeviceId,
    account: Option<AccountId>,
    trust: Trust,
}

impl Key {
    /// A salt of its own for each name.
    pub(super) fn salt(&self) -> &[u8; 16] {
        &self.whose
    }

    /// The counter of an account in a place.
    pub(super) fn of_account(account: AccountId, device: DeviceId, trust: Trust) -> Self {
        let place = match trust {
            Trust::Trusted => *device.bytes(),
            Trust::Untrusted => [0; 16],
        };
        Self { whose: *account.bytes(), place, device, account: Some(account), trust }
    }

    /// The counter of a name that is no account's, by a keyed hash: people type their password into the wrong field.
    pub(super) fn of_nobody(key: &[u8; 32], name: &str, device: DeviceId) -> Self {
        let hash = crate::db::audit::hmac(key, &[b"clinic desk sign-in name 1", name.as_bytes()]);
        let mut whose = [0; 16];
        whose.copy_from_slice(&hash[..16]);
        Self { whose, place: [0; 16], device, account: None, trust: Trust::Untrusted }
    }
}

/// All that a try is judged by. A time that the clock has not reached yet, because somebody set it back, becomes now.
///
/// # Errors
/// Faults of the store.
pub(super) fn standing(conn: &Connection, key: &Key, now: Instant) -> Answer<Standing> {
    conn.prepare_cached("UPDATE wrong_password SET last_ms = ?2 WHERE whose = ?1 AND last_ms > ?2")?
        .execute((key.whose, sql::ms(now)))?;
    conn.prepare_cached("UPDATE guessing SET last_ms = ?1 WHERE last_ms > ?1")?.execute([sql::ms(now)])?;
    let here = conn
        .prepare_cached("SELECT failures, last_ms FROM wrong_password WHERE whose = ?1 AND place = ?2")?
        .query_row((key.whose, key.place), |row| {
            Ok(Counter { failures: row.get(0)?, last: Some(sql::instant(row.get(1)?)) })
        })
        .optional()?;
    let in_a_row = conn
        .prepare_cached("SELECT coalesce(sum(in_a_row), 0) FROM wrong_password WHERE whose = ?1")?
        .query_row([key.whose], |row| row.get(0))?;
    Ok(Standing {
        trust: key.trust,
        here: here.unwrap_or_default(),
        in_a_row,
        budget: budget(conn)?,
        can_be_reopened: can_be_reopened(conn, key.whose)?,
        limits: store_security_policy::load(conn)?.0.limits(),
    })
}

fn budget(conn: &Connection) -> Answer<Budget> {
    let found = conn
        .prepare_cached("SELECT filled_ms, last_ms, alarmed_ms FROM guessing")?
        .query_row([], |row| {
            Ok(Budget {
                filled: TimeDelta::milliseconds(row.get(0)?),
                last: Some(sql::instant(row.get(1)?)),
                alarmed: row.get::<_, Option<i64>>(2)?.map(sql::instant),
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Whether an administrator would be left who could open the password again: another one, whose own is not closed.
fn can_be_reopened(conn: &Connection, whose: [u8; 16]) -> Answer<bool> {
    let mut query = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM account WHERE role = 'admin' AND active AND id <> ?1 AND ?2 >
             (SELECT coalesce(sum(in_a_row), 0) FROM wrong_password WHERE whose = account.id))",
    )?;
    Ok(query.query_row((whose, throttle::MOST), |row| row.get(0))?)
}

/// Keeps a try as if it were wrong already.
///
/// # Errors
/// Faults of the store.
pub(super) fn count(conn: &Connection, key: &Key, counted: &Standing, now: Instant) -> Answer<()> {
    conn.prepare_cached(
        "INSERT INTO wrong_password (whose, place, account_id, failures, in_a_row, last_ms)
         VALUES (?1, ?2, ?3, ?4, 1, ?5)
         ON CONFLICT (whose, place) DO UPDATE SET
             failures = excluded.failures, in_a_row = in_a_row + 1, last_ms = excluded.last_ms",
    )?
    .execute((
        key.whose,
        key.place,
        key.account.as_ref().map(AccountId::bytes),
        counted.here.failures,
        sql::ms(now),
    ))?;
    if key.trust == Trust::Untrusted {
        keep_budget(conn, &counted.budget, now)?;
    }
    // For an account, too, so that it takes no other time.
    conn.prepare_cached(
        "DELETE FROM wrong_password WHERE account_id IS NULL AND last_ms <
             (SELECT last_ms FROM wrong_password WHERE account_id IS NULL
              ORDER BY last_ms DESC LIMIT 1 OFFSET ?1)",
    )?
    .execute([MOST_NAMES])?;
    Ok(())
}

fn keep_budget(conn: &Connection, budget: &Budget, now: Instant) -> Answer<()> {
    conn.prepare_cached(
        "INSERT INTO guessing (only, filled_ms, last_ms, alarmed_ms) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (only) DO UPDATE SET
             filled_ms = excluded.filled_ms, last_ms = excluded.last_ms, alarmed_ms = excluded.alarmed_ms",
    )?
    .execute((
        budget.filled.num_milliseconds(),
        sql::ms(budget.last.unwrap_or(now)),
        budget.alarmed.map(sql::ms),
    ))?;
    Ok(())
}

/// The password was right: forgets what was counted here; what was counted elsewhere stays, but is no longer in a row.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget_here(conn: &Connection, key: &Key, now: Instant) -> Answer<()> {
    // A device whose trust was taken back may still have a counter of its own from before.
    conn.prepare_cached("DELETE FROM wrong_password WHERE whose = ?1 AND place IN (?2, ?3)")?.execute((
        key.whose,
        key.place,
        key.device.bytes(),
    ))?;
    conn.prepare_cached("UPDATE wrong_password SET in_a_row = 0 WHERE whose = ?1 AND in_a_row > 0")?
        .execute([key.whose])?;
    if key.trust == Trust::Untrusted {
        let limits = store_security_policy::load(conn)?.0.limits();
        keep_budget(conn, &budget(conn)?.given_back(&limits), now)?;
    }
    Ok(())
}

/// Whether any wrong password is counted for an account.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_counted(conn: &Connection, account: AccountId) -> Answer<bool> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM wrong_password WHERE whose = ?1)")?;
    Ok(query.query_row([account.bytes()], |row| row.get(0))?)
}

/// Forgets everything that was counted for an account.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget(conn: &Connection, account: AccountId) -> Answer<()> {
    conn.prepare_cached("DELETE FROM wrong_password WHERE whose = ?1")?.execute([account.bytes()])?;
    Ok(())
}

/// What wrong passwords for an account have led to: the worst of all places.
///
/// # Errors
/// Faults of the store.
pub(super) fn lock(conn: &Connection, account: AccountId, now: Instant) -> Answer<Option<AccountLock>> {
    let mut query = conn.prepare_cached(
        "SELECT failures, last_ms, device.name,
             (SELECT sum(in_a_row) FROM wrong_password WHERE whose = ?1)
         FROM wrong_password
         LEFT JOIN trusted_device AS known ON known.account_id = whose AND known.device_id = place
         LEFT JOIN device ON device.id = known.device_id
         WHERE whose = ?1 AND (device.id IS NOT NULL OR place = zeroblob(16))",
    )?;
    let counters = query.query_map([account.bytes()], |row| {
        let here = Counter { failures: row.get(0)?, last: Some(sql::instant(row.get(1)?).min(now)) };
        Ok((here, row.get::<_, Option<String>>(2)?, row.get::<_, u32>(3)?))
    })?;
    let counters = counters.collect::<rusqlite::Result<Vec<_>>>()?;
    if counters.is_empty() {
        return Ok(None);
    }
    let can_be_reopened = can_be_reopened(conn, *account.bytes())?;
    let limits = store_security_policy::load(conn)?.0.limits();
    let locks = counters.into_iter().filter_map(|(here, device, in_a_row)| {
        let trust = if device.is_some() { Trust::Trusted } else { Trust::Untrusted };
        let standing = Standing { trust, here, in_a_row, budget: Budget::default(), can_be_reopened, limits };
        state(&standing, now).map(|state| AccountLock { failures: here.failures, device, state })
    });
    Ok(locks.max_by_key(|lock| lock.state))
}

/// What wrong passwords have led to in one place.
pub(super) fn state(standing: &Standing, now: Instant) -> Option<LockState> {
    let wait = throttle::wait(standing, now);
    match throttle::is_closed(standing) {
        true if standing.in_a_row >= throttle::MOST => Some(LockState::Closed),
        true => Some(LockState::ClosedOutside),
        false => (wait > TimeDelta::zero()).then(|| LockState::Waits { until: now + wait }),
    }
}
