//! Lists of doctors, and what follows from a doctor's appointments and patients.

use std::collections::HashMap;

use clinic_domain::id::{DoctorId, SpecialtyId};
use clinic_domain::time::NaiveDate;
use rusqlite::{Connection, Row};

use crate::db::sql;
use crate::error::Answer;

/// Most doctors that are listed, retired ones included.
const MOST_DOCTORS: u32 = 2_000;

/// The managed list of specialties: name by id.
///
/// # Errors
/// Faults of the store.
pub(crate) fn specialty_names(conn: &Connection) -> Answer<HashMap<SpecialtyId, String>> {
    let listed = crate::clinic::store::specialties(conn)?;
    Ok(listed.into_iter().map(|specialty| (specialty.id, specialty.name)).collect())
}

/// The place after the last column.
///
/// # Errors
/// Faults of the store.
pub(super) fn next_position(conn: &Connection) -> Answer<u32> {
    let mut last = conn.prepare_cached("SELECT coalesce(max(position) + 1, 0) FROM doctor")?;
    Ok(last.query_row([], |row| row.get(0))?)
}

/// A doctor without the schedule.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub id: DoctorId,
    pub public_id: String,
    pub family_name: String,
    pub given_names: String,
    pub short_name: String,
    pub name_key: String,
    pub specialty_ids: Vec<SpecialtyId>,
    pub licence_number: String,
    pub licence_until: Option<NaiveDate>,
    pub active: bool,
}

/// Every doctor by name; those who no longer work here only when asked for.
///
/// # Errors
/// Faults of the store.
pub(super) fn listed(conn: &Connection, with_inactive: bool) -> Answer<Vec<Listed>> {
    let mut load = conn.prepare_cached(
        "SELECT id, public_id, family_name, given_names, short_name, name_key, specialty_ids, licence_number,
                licence_until, active
         FROM doctor WHERE active OR ?1 ORDER BY name_key, id LIMIT ?2",
    )?;
    let rows = load.query_map((with_inactive, MOST_DOCTORS), read_listed)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read_listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let until: Option<String> = row.get("licence_until")?;
    Ok(Listed {
        id: DoctorId(sql::id(row, "id")?),
        public_id: row.get("public_id")?,
        family_name: row.get("family_name")?,
        given_names: row.get("given_names")?,
        short_name: row.get("short_name")?,
        name_key: row.get("name_key")?,
        specialty_ids: sql::json(row, "specialty_ids")?,
        licence_number: row.get("licence_number")?,
        licence_until: until.and_then(|text| text.parse().ok()),
        active: row.get("active")?,
    })
}

/// Patients who have this doctor as theirs, archived ones left out.
///
/// # Errors
/// Faults of the store.
pub(super) fn patients_of(conn: &Connection, doctor: DoctorId) -> Answer<u32> {
    let mut count = conn.prepare_cached(PATIENTS_OF)?;
    Ok(count.query_row([doctor.bytes()], |row| row.get(0))?)
}

const PATIENTS_OF: &str = "SELECT count(*) FROM patient WHERE doctor_id = ?1 AND archived_ms IS NULL";

/// The name of the specialty that is shown, or empty.
pub(super) fn first_specialty(doctor: &Listed, specialties: &HashMap<SpecialtyId, String>) -> String {
    doctor.specialty_ids.first().and_then(|id| specialties.get(id)).cloned().unwrap_or_default()
}
