//! Reads the clinic's part of the rules.

use clinic_domain::scheduling::booking::{BookingPolicy, LONGEST_MINUTES};
use rusqlite::{Connection, OptionalExtension};

use super::rules::Rules;
use crate::db::sql;
use crate::error::{Answer, AppError};

/// The clinic's rules as they stand.
///
/// # Errors
/// [`AppError::WrongState`] before the clinic is set up; faults of the store.
pub(super) fn load(conn: &Connection) -> Answer<Rules> {
    conn.prepare_cached(
        "SELECT time_zone, slot_minutes, hours, closed_days, late_after_minutes FROM clinic LIMIT 1",
    )?
    .query_row([], |row| {
        let zone: String = row.get("time_zone")?;
        Ok(Rules {
            policy: BookingPolicy {
                zone: zone.parse().unwrap_or(chrono_tz::Tz::UTC),
                slot_minutes: row.get("slot_minutes")?,
                longest_minutes: LONGEST_MINUTES,
                clinic_hours: sql::json(row, "hours")?,
                closed_days: sql::json(row, "closed_days")?,
            },
            late_after_minutes: row.get("late_after_minutes")?,
        })
    })
    .optional()?
    .ok_or(AppError::WrongState)
}
