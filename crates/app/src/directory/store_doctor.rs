//! Where doctors and the dated changes to their schedules are kept.

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::name;
use clinic_domain::id::{DoctorId, ExceptionId};
use clinic_domain::scheduling::hours::Exception;
use clinic_domain::time::{NaiveDate, Span};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::record::{Doctor, DoctorException};
use super::store_patient::in_use;
use super::{schedule_text, store_number};
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
            ":schedule": schedule_text::to_text(&form.schedule),
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
            schedule: sql::parsed(row, "schedule", schedule_text::parse)?,
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

pub(super) fn read_exception(row: &Row<'_>) -> rusqlite::Result<DoctorException> {
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
