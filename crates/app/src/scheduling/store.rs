//! Reads and writes the table of appointments. No rule is here.

use clinic_domain::id::{AppointmentId, AppointmentTypeId, DoctorId, PatientId};
use clinic_domain::scheduling::booking::Busy;
use clinic_domain::time::{Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::appointment::Appointment;
use crate::db::sql;
use crate::directory::record::with_title;
use crate::error::Answer;

/// One appointment with its revision.
pub(super) fn load(conn: &Connection, id: AppointmentId) -> Answer<Option<(Appointment, u32)>> {
    Ok(conn
        .prepare_cached(
            "SELECT id, rev, doctor_id, patient_id, type_id, start_ms, end_ms, zone, status, reason, cancel_reason,
                 cancel_note, room, arrived_ms, created_ms, created_by
             FROM appointment WHERE id = ?1",
        )?
        .query_row([id.bytes()], |row| Ok((appointment(row)?, row.get("rev")?)))
        .optional()?)
}

fn appointment(row: &Row<'_>) -> rusqlite::Result<Appointment> {
    let zone: String = row.get("zone")?;
    let cancel_reason: Option<String> = row.get("cancel_reason")?;
    Ok(Appointment {
        id: AppointmentId(sql::id(row, "id")?),
        doctor_id: DoctorId(sql::id(row, "doctor_id")?),
        patient_id: PatientId(sql::id(row, "patient_id")?),
        type_id: sql::id_or_null(row, "type_id")?.map(AppointmentTypeId),
        start: sql::instant(row.get("start_ms")?),
        end: sql::instant(row.get("end_ms")?),
        // A zone this program does not know can only come from a newer one; wall times are then shown in UTC.
        zone: zone.parse().unwrap_or(chrono_tz::Tz::UTC),
        status: sql::name(row, "status")?,
        reason: row.get("reason")?,
        cancel_reason: cancel_reason.map(|_| sql::name(row, "cancel_reason")).transpose()?,
        cancel_note: row.get("cancel_note")?,
        room: row.get("room")?,
        arrived_at: row.get::<_, Option<i64>>("arrived_ms")?.map(sql::instant),
        created_at: sql::instant(row.get("created_ms")?),
        created_by: row.get("created_by")?,
    })
}

/// Writes an appointment: revision 1 is a new row, every other one replaces what is there.
///
/// # Errors
/// "slot taken" where another appointment holds a part of its time; faults of the store.
pub(super) fn write(conn: &Connection, a: &Appointment, rev: u32) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(if rev == 1 {
        "INSERT INTO appointment (id, rev, doctor_id, patient_id, type_id, start_ms, end_ms, day, zone, status, reason,
             cancel_reason, cancel_note, room, arrived_ms, created_ms, created_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    } else {
        "UPDATE appointment SET rev = ?2, doctor_id = ?3, patient_id = ?4, type_id = ?5, start_ms = ?6, end_ms = ?7,
             day = ?8, zone = ?9, status = ?10, reason = ?11, cancel_reason = ?12, cancel_note = ?13, room = ?14,
             arrived_ms = ?15, created_ms = ?16, created_by = ?17
         WHERE id = ?1"
    })?;
    let rows = statement.execute(params![
        a.id.bytes(),
        rev,
        a.doctor_id.bytes(),
        a.patient_id.bytes(),
        a.type_id.as_ref().map(AppointmentTypeId::bytes),
        sql::ms(a.start),
        sql::ms(a.end),
        sql::day(a.date()),
        a.zone.name(),
        sql::name_of(&a.status),
        a.reason,
        a.cancel_reason.as_ref().map(sql::name_of),
        a.cancel_note,
        a.room,
        a.arrived_at.map(sql::ms),
        sql::ms(a.created_at),
        a.created_by,
    ])?;
    if rows == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(rows)) }
}

/// Removes an appointment.
pub(super) fn delete(conn: &Connection, id: AppointmentId) -> Answer<()> {
    conn.prepare_cached("DELETE FROM appointment WHERE id = ?1")?.execute([id.bytes()])?;
    Ok(())
}

/// The doctor and day under which an appointment is stored.
pub(super) fn place_of(conn: &Connection, id: AppointmentId) -> Answer<Option<(DoctorId, NaiveDate)>> {
    Ok(conn
        .prepare_cached("SELECT doctor_id, day FROM appointment WHERE id = ?1")?
        .query_row([id.bytes()], |row| Ok((DoctorId(sql::id(row, "doctor_id")?), sql::date(row.get("day")?))))
        .optional()?)
}

/// Another appointment that holds a part of this one's time with its doctor.
pub(super) fn occupant(conn: &Connection, a: &Appointment) -> Answer<Option<AppointmentId>> {
    Ok(conn
        .prepare_cached(
            "SELECT appointment_id FROM occupancy
             WHERE doctor_id = ?1 AND slot >= ?2 / 300000 AND slot < ?3 / 300000 AND appointment_id <> ?4
             ORDER BY slot LIMIT 1",
        )?
        .query_row(params![a.doctor_id.bytes(), sql::ms(a.start), sql::ms(a.end), a.id.bytes()], |row| {
            sql::id(row, "appointment_id").map(AppointmentId)
        })
        .optional()?)
}

/// What keeps a doctor from a day: the appointments that hold a slot on it, and those of its neighbours, which may
/// reach into it when they were agreed in another zone.
pub(super) fn doctor_busy(conn: &Connection, doctor: DoctorId, date: NaiveDate) -> Answer<Vec<Busy>> {
    let mut statement = conn.prepare_cached(DOCTOR_BUSY)?;
    let rows = statement.query_map(
        params![doctor.bytes(), sql::day(date - Days::new(1)), sql::day(date + Days::new(1))],
        busy,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) const DOCTOR_BUSY: &str = "SELECT id, doctor_id, start_ms, end_ms FROM appointment
     WHERE doctor_id = ?1 AND day BETWEEN ?2 AND ?3 AND status NOT IN ('cancelled', 'no_show', 'needs_rebooking')
     ORDER BY day, start_ms";

/// The appointments of a patient that hold a slot around a day, with any doctor: those of its neighbours and of the
/// weeks in which an alternative is looked for.
pub(super) fn patient_busy(conn: &Connection, patient: PatientId, date: NaiveDate) -> Answer<Vec<Busy>> {
    const DAY_MS: i64 = 86_400_000;
    let midnight = i64::from(sql::day(date)) * DAY_MS;
    let mut statement = conn.prepare_cached(PATIENT_BUSY)?;
    let rows =
        statement.query_map(params![patient.bytes(), midnight - 3 * DAY_MS, midnight + 32 * DAY_MS], busy)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) const PATIENT_BUSY: &str = "SELECT id, doctor_id, start_ms, end_ms FROM appointment
     WHERE patient_id = ?1 AND start_ms BETWEEN ?2 AND ?3 AND status NOT IN ('cancelled', 'no_show', 'needs_rebooking')
     ORDER BY start_ms";

fn busy(row: &Row<'_>) -> rusqlite::Result<Busy> {
    Ok(Busy {
        id: AppointmentId(Uuid::from_bytes(row.get(0)?)),
        doctor: DoctorId(Uuid::from_bytes(row.get(1)?)),
        start: sql::instant(row.get(2)?),
        end: sql::instant(row.get(3)?),
    })
}

/// Whether an appointment may be of this kind: it is on the list and not retired.
pub(super) fn is_type(conn: &Connection, id: AppointmentTypeId) -> Answer<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM appointment_type WHERE id = ?1 AND NOT retired)")?
        .query_row([id.bytes()], |row| row.get(0))?)
}

/// What stands above a doctor's column.
pub(super) fn short_name(conn: &Connection, id: DoctorId) -> Answer<String> {
    Ok(conn
        .prepare_cached("SELECT short_name FROM doctor WHERE id = ?1")?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}

/// "Dr Given Surname".
pub(super) fn full_name(conn: &Connection, id: DoctorId) -> Answer<String> {
    Ok(conn
        .prepare_cached("SELECT family_name, given_names FROM doctor WHERE id = ?1")?
        .query_row([id.bytes()], |row| Ok(with_title(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?)))
        .optional()?
        .unwrap_or_default())
}

/// The name of a kind of appointment.
pub(super) fn type_name(conn: &Connection, id: AppointmentTypeId) -> Answer<String> {
    Ok(conn
        .prepare_cached("SELECT name FROM appointment_type WHERE id = ?1")?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}

/// What a patient's appointments say about the patient.
pub(super) struct Visits {
    /// Completed ones.
    pub completed: u32,
    /// Date of the last completed one.
    pub last: Option<NaiveDate>,
    /// No-shows.
    pub no_shows: u32,
}

/// What a patient's appointments say about the patient.
pub(super) fn visits(conn: &Connection, patient: PatientId) -> Answer<Visits> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE status = 'completed'), max(day) FILTER (WHERE status = 'completed'),
                 count(*) FILTER (WHERE status = 'no_show')
             FROM appointment WHERE patient_id = ?1",
        )?
        .query_row([patient.bytes()], |row| {
            Ok(Visits {
                completed: row.get(0)?,
                last: row.get::<_, Option<i32>>(1)?.map(sql::date),
                no_shows: row.get(2)?,
            })
        })?)
}
