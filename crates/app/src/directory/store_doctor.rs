//! Where doctors and the dated changes to their schedules are kept.

use std::collections::HashMap;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::name;
use clinic_domain::id::{DoctorId, ExceptionId};
use clinic_domain::scheduling::hours::Exception;
use clinic_domain::time::{NaiveDate, Span};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::record::{Doctor, DoctorException};
use super::store_number;
use super::store_patient::in_use;
use crate::db::{Noun, Record, sql};
use crate::error::Answer;

const SAVE_DOCTOR: &str = "INSERT INTO doctor (
        id, rev, public_id, family_name, given_names, short_name, name_key, specialty_ids, licence_number,
        licence_until, phone, email, schedule, position, active)
    VALUES (
        :id, :rev, :public_id, :family_name, :given_names, :short_name, :name_key, :specialty_ids, :licence_number,
        :licence_until, :phone, :email, :schedule, :position, :active)
    ON CONFLICT (id) DO UPDATE SET
        rev = excluded.rev, public_id = excluded.public_id, family_name = excluded.family_name,
        given_names = excluded.given_names, short_name = excluded.short_name, name_key = excluded.name_key,
        specialty_ids = excluded.specialty_ids, licence_number = excluded.licence_number,
        licence_until = excluded.licence_until, phone = excluded.phone, email = excluded.email,
        schedule = excluded.schedule, position = excluded.position, active = excluded.active";

const SAVE_EXCEPTION: &str = "INSERT INTO doctor_exception (
        id, rev, doctor_id, kind, from_day, until_day, start_minute, end_minute, reason, entered_ms)
    VALUES (:id, :rev, :doctor_id, :kind, :from_day, :until_day, :start_minute, :end_minute, :reason, :entered_ms)
    ON CONFLICT (id) DO UPDATE SET
        rev = excluded.rev, doctor_id = excluded.doctor_id, kind = excluded.kind, from_day = excluded.from_day,
        until_day = excluded.until_day, start_minute = excluded.start_minute, end_minute = excluded.end_minute,
        reason = excluded.reason, entered_ms = excluded.entered_ms";

impl Record for Doctor {
    const NOUN: Noun = Noun::Doctor;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM doctor WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read_doctor(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        let form = &self.form;
        conn.prepare_cached(SAVE_DOCTOR)?.execute(named_params! {
            ":id": self.id.bytes(),
            ":rev": rev,
            ":public_id": self.public_id,
            ":family_name": form.family_name,
            ":given_names": form.given_names,
            ":short_name": form.short_name,
            ":name_key": name::sort_key(&form.family_name, &form.given_names),
            ":specialty_ids": sql::to_json(&form.specialty_ids),
            ":licence_number": form.licence_number,
            ":licence_until": form.licence_until.map(|date| date.to_string()),
            ":phone": form.phone,
            ":email": form.email,
            ":schedule": sql::to_json(&form.schedule),
            ":position": self.position,
            ":active": self.active,
        })?;
        Ok(())
    }

    /// # Errors
    /// [`crate::AppError::Stale`] when appointments, patients or an account refer to the doctor by now.
    fn remove(&self, conn: &Connection) -> Answer<()> {
        conn.prepare_cached("DELETE FROM doctor WHERE id = ?1")?
            .execute([self.id.bytes()])
            .map_err(in_use)?;
        store_number::retire(conn, &self.public_id)
    }
}

fn read_doctor(row: &Row<'_>) -> rusqlite::Result<Doctor> {
    let until: Option<String> = row.get("licence_until")?;
    Ok(Doctor {
        id: DoctorId(sql::id(row, "id")?),
        public_id: row.get("public_id")?,
        form: DoctorForm {
            family_name: row.get("family_name")?,
            given_names: row.get("given_names")?,
            short_name: row.get("short_name")?,
            specialty_ids: sql::json(row, "specialty_ids")?,
            licence_number: row.get("licence_number")?,
            licence_until: until.and_then(|text| text.parse().ok()),
            phone: row.get("phone")?,
            email: row.get("email")?,
            schedule: sql::json(row, "schedule")?,
        },
        position: row.get("position")?,
        active: row.get("active")?,
    })
}

impl Record for DoctorException {
    const NOUN: Noun = Noun::DoctorException;
    const HIDDEN: &'static [&'static str] = &["entered_at"];

    fn id(&self) -> Uuid {
        self.exception.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM doctor_exception WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read_exception(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        let exception = &self.exception;
        conn.prepare_cached(SAVE_EXCEPTION)?
            .execute(named_params! {
                ":id": exception.id.bytes(),
                ":rev": rev,
                ":doctor_id": self.doctor_id.bytes(),
                ":kind": sql::name_of(&exception.kind),
                ":from_day": sql::day(exception.from),
                ":until_day": sql::day(exception.until),
                ":start_minute": exception.span.map(|span| span.start),
                ":end_minute": exception.span.map(|span| span.end),
                ":reason": exception.reason,
                ":entered_ms": sql::ms(self.entered_at),
            })
            .map_err(in_use)?;
        Ok(())
    }

    fn remove(&self, conn: &Connection) -> Answer<()> {
        conn.prepare_cached("DELETE FROM doctor_exception WHERE id = ?1")?.execute([self.id().as_bytes()])?;
        Ok(())
    }
}

fn read_exception(row: &Row<'_>) -> rusqlite::Result<DoctorException> {
    let start: Option<u16> = row.get("start_minute")?;
    let end: Option<u16> = row.get("end_minute")?;
    Ok(DoctorException {
        doctor_id: DoctorId(sql::id(row, "doctor_id")?),
        exception: Exception {
            id: ExceptionId(sql::id(row, "id")?),
            kind: sql::name(row, "kind")?,
            from: sql::date(row.get("from_day")?),
            until: sql::date(row.get("until_day")?),
            span: start.zip(end).map(|(start, end)| Span::new(start, end)),
            reason: row.get("reason")?,
        },
        entered_at: sql::instant(row.get("entered_ms")?),
    })
}

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

/// A doctor with the dated changes that touch a range of days.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DoctorDays {
    /// The doctor, weekly schedule included.
    pub doctor: Doctor,
    /// The revision of the doctor's record.
    pub rev: u32,
    /// The changes, by first day.
    pub exceptions: Vec<Exception>,
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
) -> Answer<Vec<DoctorDays>> {
    let mut found = load_doctors(conn, which)?;
    let mut changes = exceptions_between(conn, from, until)?;
    Ok(found
        .drain(..)
        .map(|(doctor, rev)| {
            let exceptions = changes.remove(&doctor.id).unwrap_or_default();
            DoctorDays { doctor, rev, exceptions }
        })
        .collect())
}

/// Doctors with their revisions in the order of their columns.
pub(super) fn load_doctors(conn: &Connection, which: Which<'_>) -> Answer<Vec<(Doctor, u32)>> {
    if let Which::These(ids) = which {
        let found = ids.iter().map(|id| Doctor::load(conn, id.0)).collect::<Answer<Vec<_>>>()?;
        let mut doctors: Vec<_> = found.into_iter().flatten().collect();
        doctors.sort_by_cached_key(|(d, _)| {
            (d.position, name::sort_key(&d.form.family_name, &d.form.given_names), d.id)
        });
        doctors.dedup_by_key(|(doctor, _)| doctor.id);
        return Ok(doctors);
    }
    let mut load = conn
        .prepare_cached("SELECT * FROM doctor WHERE active >= ?1 ORDER BY position, name_key, id LIMIT ?2")?;
    let least = i32::from(matches!(which, Which::Active));
    let rows = load.query_map((least, MOST_DOCTORS), |row| Ok((read_doctor(row)?, row.get("rev")?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
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

/// The dated changes of one doctor from a day on, soonest first.
///
/// # Errors
/// Faults of the store.
pub(super) fn exceptions_from(
    conn: &Connection,
    doctor: DoctorId,
    from: NaiveDate,
) -> Answer<Vec<DoctorException>> {
    let mut load = conn.prepare_cached(EXCEPTIONS_FROM)?;
    let rows = load.query_map((doctor.bytes(), sql::day(from)), read_exception)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const EXCEPTIONS_FROM: &str = "SELECT * FROM doctor_exception WHERE doctor_id = ?1 AND until_day >= ?2
    ORDER BY from_day, id LIMIT 1000";
