//! Reads appointments as the interface draws them: with names, on the clinic's wall clock.

use chrono_tz::Tz;
use clinic_domain::directory::name::{given_first, surname_initial};
use clinic_domain::id::{AppointmentId, DoctorId, PatientId};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Instant, NaiveDate, Span, wall_of};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::view::AppointmentBox;
use crate::db::sql;
use crate::error::{Answer, AppError, Holder};

/// When and where a view is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The clinic's zone.
    pub zone: Tz,
    /// The clock's reading.
    pub now: Instant,
}

/// The columns that [`read_box`] reads, by position. The cross join keeps the planner from going through the patients
/// first, however few it believes there are.
macro_rules! box_select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.rev, a.doctor_id, a.patient_id, a.start_ms, a.end_ms, a.status, p.family_name, p.given_names,
                 coalesce(t.name, ''), a.room, a.arrived_ms, p.alerts <> '[]'
             FROM appointment a CROSS JOIN patient p ON p.id = a.patient_id
                 LEFT JOIN appointment_type t ON t.id = a.type_id
             ",
            $rest
        )
    };
}

/// A doctor's appointments from one day up to and without another.
pub(super) const DOCTOR_DAYS: &str =
    box_select!("WHERE a.doctor_id = ?1 AND a.day >= ?2 AND a.day < ?3 ORDER BY a.day, a.start_ms");
/// Who waits on a day.
pub(super) const WAITING: &str =
    box_select!("WHERE a.day = ?1 AND a.status = 'arrived' ORDER BY a.arrived_ms, a.start_ms LIMIT 1000");
/// A page of a patient's appointments.
pub(super) const PATIENT_PAGE: &str =
    box_select!("WHERE a.patient_id = ?1 ORDER BY a.start_ms DESC LIMIT ?2 OFFSET ?3");
/// A page of a doctor's appointments.
pub(super) const DOCTOR_PAGE: &str =
    box_select!("WHERE a.doctor_id = ?1 ORDER BY a.day DESC, a.start_ms DESC LIMIT ?2 OFFSET ?3");
/// A page of a patient's appointments with one doctor.
pub(super) const BOTH_PAGE: &str =
    box_select!("WHERE a.patient_id = ?1 AND a.doctor_id = ?4 ORDER BY a.start_ms DESC LIMIT ?2 OFFSET ?3");

/// One appointment.
///
/// # Errors
/// [`AppError::NotFound`]; faults of the store.
pub(super) fn one(conn: &Connection, id: AppointmentId, moment: &Moment) -> Answer<AppointmentBox> {
    conn.prepare_cached(box_select!("WHERE a.id = ?1"))?
        .query_row([id.bytes()], |row| read_box(row, moment))
        .optional()?
        .ok_or(AppError::NotFound)
}

/// Who holds a slot that somebody else asks for.
pub(super) fn holder(conn: &Connection, id: AppointmentId, zone: Tz) -> Answer<Option<Holder>> {
    Ok(conn
        .prepare_cached(
            "SELECT p.family_name, p.given_names, d.short_name, a.start_ms, a.end_ms, a.created_by, a.created_ms
             FROM appointment a JOIN patient p ON p.id = a.patient_id JOIN doctor d ON d.id = a.doctor_id
             WHERE a.id = ?1",
        )?
        .query_row([id.bytes()], |row| {
            let (family_name, given_names): (String, String) = (row.get(0)?, row.get(1)?);
            let (date, start) = wall_of(sql::instant(row.get(3)?), zone);
            Ok(Holder {
                patient: surname_initial(&family_name, &given_names),
                doctor: row.get(2)?,
                span: Span::new(start, end_minute(date, sql::instant(row.get(4)?), zone)),
                booked_by: row.get(5)?,
                booked_at: sql::instant(row.get(6)?),
            })
        })
        .optional()?)
}

/// The appointments of a doctor's days, by their start.
pub(super) fn of_doctor(
    conn: &Connection,
    doctor: DoctorId,
    from: NaiveDate,
    until: NaiveDate,
    moment: &Moment,
    into: &mut Vec<AppointmentBox>,
) -> Answer<()> {
    let mut statement = conn.prepare_cached(DOCTOR_DAYS)?;
    let mut rows = statement.query(params![doctor.bytes(), sql::day(from), sql::day(until)])?;
    while let Some(row) = rows.next()? {
        into.push(read_box(row, moment)?);
    }
    Ok(())
}

/// Who waits on a day with any doctor, longest first.
pub(super) fn waiting(conn: &Connection, date: NaiveDate, moment: &Moment) -> Answer<Vec<AppointmentBox>> {
    let mut statement = conn.prepare_cached(WAITING)?;
    let rows = statement.query_map([sql::day(date)], |row| read_box(row, moment))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A page of fifty, latest first, with how many there are in all.
pub(super) fn page(
    conn: &Connection,
    patient: Option<PatientId>,
    doctor: Option<DoctorId>,
    page: u32,
    moment: &Moment,
) -> Answer<(Vec<AppointmentBox>, u32)> {
    const ROWS: u32 = 50;
    let offset = page.saturating_mul(ROWS);
    let read = |row: &Row<'_>| read_box(row, moment);
    let count = |sql: &str, values: &[&[u8; 16]]| -> Answer<u32> {
        Ok(conn.prepare_cached(sql)?.query_row(rusqlite::params_from_iter(values), |row| row.get(0))?)
    };
    Ok(match (&patient, &doctor) {
        (Some(patient), Some(doctor)) => (
            conn.prepare_cached(BOTH_PAGE)?
                .query_map(params![patient.bytes(), ROWS, offset, doctor.bytes()], read)?
                .collect::<rusqlite::Result<_>>()?,
            count(
                "SELECT count(*) FROM appointment WHERE patient_id = ?1 AND doctor_id = ?2",
                &[patient.bytes(), doctor.bytes()],
            )?,
        ),
        (Some(patient), None) => (
            conn.prepare_cached(PATIENT_PAGE)?
                .query_map(params![patient.bytes(), ROWS, offset], read)?
                .collect::<rusqlite::Result<_>>()?,
            count("SELECT count(*) FROM appointment WHERE patient_id = ?1", &[patient.bytes()])?,
        ),
        (None, Some(doctor)) => (
            conn.prepare_cached(DOCTOR_PAGE)?
                .query_map(params![doctor.bytes(), ROWS, offset], read)?
                .collect::<rusqlite::Result<_>>()?,
            count("SELECT count(*) FROM appointment WHERE doctor_id = ?1", &[doctor.bytes()])?,
        ),
        (None, None) => (Vec::new(), 0),
    })
}

fn read_box(row: &Row<'_>, moment: &Moment) -> rusqlite::Result<AppointmentBox> {
    let status: Status = sql::name(row, 6)?;
    let family_name: String = row.get(7)?;
    let given_names: String = row.get(8)?;
    let (date, start) = wall_of(sql::instant(row.get(4)?), moment.zone);
    let arrived_at = row.get::<_, Option<i64>>(11)?.map(sql::instant);
    Ok(AppointmentBox {
        id: AppointmentId(Uuid::from_bytes(row.get(0)?)),
        rev: row.get(1)?,
        doctor_id: DoctorId(Uuid::from_bytes(row.get(2)?)),
        patient_id: PatientId(Uuid::from_bytes(row.get(3)?)),
        date,
        start,
        end: end_minute(date, sql::instant(row.get(5)?), moment.zone),
        status,
        short_name: surname_initial(&family_name, &given_names),
        full_name: given_first(&family_name, &given_names),
        surname: family_name,
        type_name: row.get(9)?,
        room: row.get(10)?,
        arrived_at,
        waited: arrived_at.filter(|_| status == Status::Arrived).map(|at| minutes_between(at, moment.now)),
        alert: row.get(12)?,
    })
}

/// The wall-clock minute of an end: midnight is the end of the day it closes.
pub(super) fn end_minute(date: NaiveDate, end: Instant, zone: Tz) -> u16 {
    match wall_of(end, zone) {
        (day, minute) if day == date => minute,
        _ => 1440,
    }
}

fn minutes_between(from: Instant, to: Instant) -> u16 {
    u16::try_from((to - from).num_minutes().max(0)).unwrap_or(u16::MAX)
}
