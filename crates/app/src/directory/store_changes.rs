//! What the audit log says about a record of this slice: who changed it last, and who read it.

use clinic_domain::id::PatientId;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use crate::app::Actor;
use crate::db::sql;
use crate::error::Answer;

/// Who changed a record last, by name.
///
/// # Errors
/// Faults of the store.
pub(super) fn last_changed_by(conn: &Connection, id: Uuid) -> Answer<Option<String>> {
    let mut last = conn.prepare_cached(LAST_CHANGE)?;
    Ok(last.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
}

// Entries without an act changed nothing.
const LAST_CHANGE: &str = "SELECT json_extract(body, '$.actor') FROM audit
    WHERE subject_id = ?1 AND action IS NOT NULL ORDER BY seq DESC LIMIT 1";

/// Whether this person wrote down reading this patient's record after an instant, in this session.
///
/// # Errors
/// Faults of the store.
pub(super) fn was_read(conn: &Connection, patient: PatientId, actor: &Actor, since: Instant) -> Answer<bool> {
    let mut read = conn.prepare_cached(WAS_READ)?;
    let session = actor.session.0.to_string();
    Ok(read.query_row((patient.bytes(), sql::ms(since), session), |row| row.get(0))?)
}

const WAS_READ: &str = "SELECT EXISTS (SELECT 1 FROM audit INDEXED BY audit_by_patient
    WHERE patient_id = ?1 AND op = 'read_patient' AND at_ms > ?2 AND json_extract(body, '$.session_id') = ?3)";

/// The last entry about a record, as it is stored.
#[cfg(test)]
pub(super) fn last_entry(conn: &Connection, id: Uuid) -> Answer<String> {
    let query = "SELECT body || words FROM audit WHERE subject_id = ?1 ORDER BY seq DESC LIMIT 1";
    Ok(conn.query_row(query, [id.as_bytes()], |row| row.get(0))?)
}

/// How many entries say that a patient's record was read.
#[cfg(test)]
pub(super) fn reads_of(conn: &Connection, patient: PatientId) -> Answer<u32> {
    let query = "SELECT count(*) FROM audit WHERE patient_id = ?1 AND op = 'read_patient'";
    Ok(conn.query_row(query, [patient.bytes()], |row| row.get(0))?)
}
