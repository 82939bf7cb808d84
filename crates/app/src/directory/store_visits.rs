//! What the directory reads of appointments: how many, the last one and the next one. It never writes them.

use clinic_domain::id::PatientId;
use rusqlite::Connection;

use crate::error::Answer;

/// How often a patient was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visits {
    /// Appointments in all, cancelled ones included.
    pub appointments: u32,
    /// No-shows among them.
    pub no_shows: u32,
}

/// How often a patient was booked.
///
/// # Errors
/// Faults of the store.
pub(super) fn count_of(conn: &Connection, patient: PatientId) -> Answer<Visits> {
    let mut count = conn.prepare_cached(COUNT_OF)?;
    Ok(count.query_row([patient.bytes()], |row| {
        Ok(Visits { appointments: row.get(0)?, no_shows: row.get(1)? })
    })?)
}

const COUNT_OF: &str =
    "SELECT count(*), count(*) FILTER (WHERE status = 'no_show') FROM appointment WHERE patient_id = ?1";
