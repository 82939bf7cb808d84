//! Doctors as the columns of the schedule: in their order, with what says when they can be booked and no more. Every view
//! of the schedule reads them, so that they are read by position and nothing is copied that is not kept.

use std::collections::HashMap;

use clinic_domain::id::{DoctorId, SpecialtyId};
use clinic_domain::scheduling::booking::DoctorDay;
use clinic_domain::scheduling::hours::Exception;
use clinic_domain::time::NaiveDate;
use rusqlite::{Connection, Row};

use super::schedule_text;
use super::store_doctor::read_exception;
use crate::db::sql;
use crate::error::Answer;

/// Most doctors of a clinic that are ever loaded together, retired ones included.
const MOST_DOCTORS: u32 = 2_000;

/// Which doctors are meant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which<'a> {
    /// Those who work here.
    Active,
    /// Those who work here and those who no longer do.
    All,
    /// These, working here or not; ids of nobody are left out.
    These(&'a [DoctorId]),
}

/// A doctor as a column of the schedule.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColumnDoctor {
    /// Who.
    pub id: DoctorId,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_names: String,
    /// What stands above the column.
    pub short_name: String,
    /// Specialties, the one that is shown first.
    pub specialty_ids: Vec<SpecialtyId>,
    /// What rules look at; the dated changes by first day.
    pub day: DoctorDay,
}

/// Doctors in the order of their columns, each with the dated changes that touch `from..=until`.
///
/// # Errors
/// Faults of the store.
pub(crate) fn doctors(
    conn: &Connection,
    which: Which<'_>,
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<Vec<ColumnDoctor>> {
    let mut found = without_exceptions(conn, which)?;
    let mut changes = exceptions_between(conn, from, until)?;
    for doctor in &mut found {
        doctor.day.exceptions = changes.remove(&doctor.id).unwrap_or_default();
    }
    Ok(found)
}

/// Doctors in the order of their columns, without the dated changes to their schedules.
pub(super) fn without_exceptions(conn: &Connection, which: Which<'_>) -> Answer<Vec<ColumnDoctor>> {
    let Which::These(ids) = which else {
        let mut load = conn.prepare_cached(IN_ORDER)?;
        let least = i32::from(matches!(which, Which::Active));
        let rows = load.query_map((least, MOST_DOCTORS), read_column)?;
        return Ok(rows.collect::<rusqlite::Result<_>>()?);
    };
    let mut load = conn.prepare_cached(ONE)?;
    let mut found: Vec<((u32, String), ColumnDoctor)> = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = load.query([id.bytes()])?;
        if let Some(row) = rows.next()? {
            found.push(((row.get(8)?, row.get(9)?), read_column(row)?));
        }
    }
    found.sort_by(|(place, a), (other, b)| place.cmp(other).then(a.id.cmp(&b.id)));
    found.dedup_by_key(|(_, doctor)| doctor.id);
    Ok(found.into_iter().map(|(_, doctor)| doctor).collect())
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, family_name, given_names, short_name, specialty_ids, licence_until, schedule, active, position,
                 name_key FROM doctor ",
            $rest
        )
    };
}

const IN_ORDER: &str = columns!("WHERE active >= ?1 ORDER BY position, name_key, id LIMIT ?2");
const ONE: &str = columns!("WHERE id = ?1");

fn read_column(row: &Row<'_>) -> rusqlite::Result<ColumnDoctor> {
    let until = row.get_ref(5)?.as_str_or_null()?;
    Ok(ColumnDoctor {
        id: DoctorId(sql::id(row, 0)?),
        family_name: row.get(1)?,
        given_names: row.get(2)?,
        short_name: row.get(3)?,
        specialty_ids: sql::json(row, 4)?,
        day: DoctorDay {
            active: row.get(7)?,
            licence_until: until.and_then(|text| text.parse().ok()),
            schedule: sql::parsed(row, 6, schedule_text::parse)?,
            exceptions: Vec::new(),
        },
    })
}

/// The dated changes of every doctor that touch `from..=until`, by first day.
fn exceptions_between(
    conn: &Connection,
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<HashMap<DoctorId, Vec<Exception>>> {
    let mut load = conn.prepare_cached(EXCEPTIONS_BETWEEN)?;
    let rows = load.query_map((sql::day(from), sql::day(until)), read_exception)?;
    let mut found: HashMap<DoctorId, Vec<Exception>> = HashMap::new();
    for row in rows {
        let change = row?;
        found.entry(change.doctor_id).or_default().push(change.exception);
    }
    Ok(found)
}

const EXCEPTIONS_BETWEEN: &str = "SELECT * FROM doctor_exception WHERE until_day >= ?1 AND from_day <= ?2
    ORDER BY from_day, id LIMIT 20000";
