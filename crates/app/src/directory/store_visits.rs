//! What the directory reads of appointments: how many, the last one and the next one. It never writes them.

use chrono_tz::Tz;
use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::scheduling::hours::ExceptionKind;
use clinic_domain::time::{Instant, NaiveDate, Span, wall_of};
use rusqlite::{Connection, OptionalExtension, Row};

use super::record::DoctorException;
use crate::db::sql;
use crate::directory::view::NextVisit;
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

/// The date of a patient's last completed visit.
///
/// # Errors
/// Faults of the store.
pub(super) fn last_seen(conn: &Connection, patient: PatientId, now: Instant) -> Answer<Option<NaiveDate>> {
    let mut last = conn.prepare_cached(LAST_SEEN)?;
    let day = last.query_row((patient.bytes(), sql::ms(now)), |row| row.get(0)).optional()?;
    Ok(day.map(sql::date))
}

const LAST_SEEN: &str = "SELECT day FROM appointment
    WHERE patient_id = ?1 AND start_ms <= ?2 AND status = 'completed' ORDER BY start_ms DESC LIMIT 1";

/// A patient's next appointment.
///
/// # Errors
/// Faults of the store.
pub(super) fn next(
    conn: &Connection,
    patient: PatientId,
    now: Instant,
    zone: Tz,
) -> Answer<Option<NextVisit>> {
    let mut next = conn.prepare_cached(NEXT)?;
    let found = next.query_row((patient.bytes(), sql::ms(now)), |row| {
        let (date, minute) = wall_of(sql::instant(row.get("start_ms")?), zone);
        Ok(NextVisit { date, minute, status: sql::name(row, "status")? })
    });
    Ok(found.optional()?)
}

const NEXT: &str = "SELECT start_ms, status FROM appointment
    WHERE patient_id = ?1 AND start_ms > ?2 AND status IN ('scheduled', 'confirmed') ORDER BY start_ms LIMIT 1";

/// Appointments of a doctor from now on that nobody has cancelled.
///
/// # Errors
/// Faults of the store.
pub(super) fn booked(conn: &Connection, doctor: DoctorId, now: Instant) -> Answer<u32> {
    booked_from(conn, doctor, now, NaiveDate::MIN)
}

/// Those of them after a day.
///
/// # Errors
/// Faults of the store.
pub(super) fn booked_after(conn: &Connection, doctor: DoctorId, now: Instant, day: NaiveDate) -> Answer<u32> {
    booked_from(conn, doctor, now, day.succ_opt().unwrap_or(NaiveDate::MAX))
}

fn booked_from(conn: &Connection, doctor: DoctorId, now: Instant, from: NaiveDate) -> Answer<u32> {
    let mut count = conn.prepare_cached(BOOKED)?;
    let first = sql::day(from).max(earliest_day(now));
    Ok(count.query_row((doctor.bytes(), first, sql::ms(now)), |row| row.get(0))?)
}

const BOOKED: &str = "SELECT count(*) FROM appointment WHERE doctor_id = ?1 AND day >= ?2 AND start_ms >= ?3
    AND status IN ('scheduled', 'confirmed')";

/// The local date is no more than a day away from the date in UTC, whatever the zone: where an index range may begin.
fn earliest_day(now: Instant) -> i32 {
    sql::day(now.date_naive()) - 1
}

/// Appointments from now on that lie in a doctor's time off. Extra hours have none.
///
/// # Errors
/// Faults of the store.
pub(super) fn in_time_off(conn: &Connection, entry: &DoctorException, zone: Tz, now: Instant) -> Answer<u32> {
    let exception = &entry.exception;
    if exception.kind != ExceptionKind::TimeOff {
        return Ok(0);
    }
    let mut load = conn.prepare_cached(BOOKED_BETWEEN)?;
    // The day before as well: an appointment may go past midnight.
    let first = (sql::day(exception.from) - 1).max(earliest_day(now));
    let rows = load
        .query_map((entry.doctor_id.bytes(), first, sql::day(exception.until), sql::ms(now)), |row| {
            Ok((sql::instant(row.get(0)?), sql::instant(row.get(1)?)))
        })?;
    let mut inside = 0;
    for row in rows {
        let (start, end) = row?;
        let off = exception.span.unwrap_or(Span::new(0, 1440));
        let touches = |(date, span): (NaiveDate, Span)| {
            (exception.from..=exception.until).contains(&date) && span.overlaps(off)
        };
        inside += u32::from(days_of(start, end, zone).into_iter().flatten().any(touches));
    }
    Ok(inside)
}

const BOOKED_BETWEEN: &str = "SELECT start_ms, end_ms FROM appointment
    WHERE doctor_id = ?1 AND day BETWEEN ?2 AND ?3 AND start_ms >= ?4 AND status IN ('scheduled', 'confirmed')
    LIMIT 20000";

/// Appointments from now on, of everybody or of one doctor, as the parts of the days they lie on; a doctor's in their
/// order.
///
/// # Errors
/// Faults of the store.
pub(super) fn coming(
    conn: &Connection,
    doctor: Option<DoctorId>,
    zone: Tz,
    now: Instant,
) -> Answer<Vec<DayParts>> {
    let read = |row: &Row<'_>| Ok(days_of(sql::instant(row.get(0)?), sql::instant(row.get(1)?), zone));
    let (first, at) = (earliest_day(now), sql::ms(now));
    match doctor {
        Some(doctor) => {
            let mut load = conn.prepare_cached(COMING_OF_DOCTOR)?;
            let rows = load.query_map((doctor.bytes(), first, at), read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        }
        None => {
            let mut load = conn.prepare_cached(COMING)?;
            Ok(load.query_map((first, at), read)?.collect::<rusqlite::Result<_>>()?)
        }
    }
}

// Doctor by doctor: an index by day alone would be written with every booking, and only this question would read it.
const COMING: &str = "SELECT start_ms, end_ms FROM doctor CROSS JOIN appointment ON doctor_id = doctor.id
    WHERE day >= ?1 AND start_ms >= ?2 AND status IN ('scheduled', 'confirmed')";

const COMING_OF_DOCTOR: &str = "SELECT start_ms, end_ms FROM appointment
    WHERE doctor_id = ?1 AND day >= ?2 AND start_ms >= ?3 AND status IN ('scheduled', 'confirmed')
    ORDER BY day, start_ms";

/// The parts of at most two days.
pub(super) type DayParts = [Option<(NaiveDate, Span)>; 2];

/// The wall-clock spans of an appointment on the day it starts and, when it goes past midnight, the next.
fn days_of(start: Instant, end: Instant, zone: Tz) -> DayParts {
    let (first, from) = wall_of(start, zone);
    let (last, until) = wall_of(end, zone);
    if first == last {
        return [Some((first, Span::new(from, until.max(from + 1)))), None];
    }
    let next = (until > 0).then_some((last, Span::new(0, until)));
    [Some((first, Span::new(from, 1440))), next]
}

/// Writes an appointment of half an hour past every rule.
#[cfg(test)]
pub(super) fn book_for_test(
    conn: &Connection,
    id: uuid::Uuid,
    doctor: DoctorId,
    patient: PatientId,
    date: NaiveDate,
    minute: u16,
    status: &str,
) -> Answer<()> {
    let zone = chrono_tz::Europe::Berlin;
    let start = clinic_domain::time::instant_of(date, minute, None, zone).unwrap();
    conn.execute(
        "INSERT INTO appointment (id, rev, doctor_id, patient_id, start_ms, end_ms, day, zone, status, reason,
             cancel_note, room, created_ms, created_by)
         VALUES (?1, 1, ?2, ?3, ?4, ?4 + 1800000, ?5, 'Europe/Berlin', ?6, '', '', '', 0, '')",
        (id.as_bytes(), doctor.bytes(), patient.bytes(), sql::ms(start), sql::day(date), status),
    )?;
    Ok(())
}

/// Every query of this file, for tests of their plans.
#[cfg(test)]
pub(super) const QUERIES_FOR_TEST: [&str; 7] =
    [COUNT_OF, LAST_SEEN, NEXT, BOOKED, BOOKED_BETWEEN, COMING, COMING_OF_DOCTOR];
