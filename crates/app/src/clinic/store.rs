//! Where the clinic, its kinds of appointment and its specialties are kept.

use clinic_domain::id::{AppointmentTypeId, SpecialtyId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::record::{AppointmentType, Clinic, Specialty};
use super::view::{AppointmentTypeView, ClinicProfile, ClinicView, SpecialtyView};
use crate::db::{Noun, Record, sql};
use crate::error::{Answer, AppError};

const SAVE_CLINIC: &str = "INSERT INTO clinic (
        id, rev, name, short_name, street, city, post_code, phone, time_zone, language, colour, hours, closed_days,
        slot_minutes, late_after_minutes, licence_pattern, is_demo)
    VALUES (
        :id, :rev, :name, :short_name, :street, :city, :post_code, :phone, :time_zone, :language, :colour, :hours,
        :closed_days, :slot_minutes, :late_after_minutes, :licence_pattern, :is_demo)
    ON CONFLICT (id) DO UPDATE SET
        rev = excluded.rev, name = excluded.name, short_name = excluded.short_name, street = excluded.street,
        city = excluded.city, post_code = excluded.post_code, phone = excluded.phone, time_zone = excluded.time_zone,
        language = excluded.language, colour = excluded.colour, hours = excluded.hours,
        closed_days = excluded.closed_days, slot_minutes = excluded.slot_minutes,
        late_after_minutes = excluded.late_after_minutes, licence_pattern = excluded.licence_pattern, is_demo = excluded.is_demo";

/// Most kinds of appointment that are read, retired ones included.
const MOST_TYPES: u32 = 500;
/// Most specialties that are read.
const MOST_SPECIALTIES: u32 = 1_000;

/// The clinic with its revision.
///
/// # Errors
/// [`AppError::WrongState`] before it was set up; faults of the store.
pub(crate) fn load(conn: &Connection) -> Answer<(Clinic, u32)> {
    find(conn)?.ok_or(AppError::WrongState)
}

/// The clinic with its revision, if it was set up.
///
/// # Errors
/// Faults of the store.
pub(crate) fn find(conn: &Connection) -> Answer<Option<(Clinic, u32)>> {
    let mut load = conn.prepare_cached("SELECT * FROM clinic LIMIT 1")?;
    Ok(load.query_row([], |row| Ok((read_clinic(row)?, row.get("rev")?))).optional()?)
}

impl Record for Clinic {
    const NOUN: Noun = Noun::Clinic;

    fn id(&self) -> Uuid {
        self.id
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM clinic WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read_clinic(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        let profile = &self.profile;
        conn.prepare_cached(SAVE_CLINIC)?.execute(named_params! {
            ":id": self.id.as_bytes(),
            ":rev": rev,
            ":name": profile.name,
            ":short_name": profile.short_name,
            ":street": profile.street,
            ":city": profile.city,
            ":post_code": profile.post_code,
            ":phone": profile.phone,
            ":time_zone": profile.time_zone,
            ":language": profile.language,
            ":colour": profile.colour,
            ":hours": sql::to_json(&self.hours),
            ":closed_days": sql::to_json(&self.closed_days),
            ":slot_minutes": self.slot_minutes,
            ":late_after_minutes": self.late_after_minutes,
            ":licence_pattern": self.licence_pattern,
            ":is_demo": self.is_demo,
        })?;
        Ok(())
    }

    /// # Errors
    /// Always: a store keeps its clinic.
    fn remove(&self, _: &Connection) -> Answer<()> {
        Err(AppError::WrongState)
    }
}

fn read_clinic(row: &Row<'_>) -> rusqlite::Result<Clinic> {
    Ok(Clinic {
        id: sql::id(row, "id")?,
        profile: ClinicProfile {
            name: row.get("name")?,
            short_name: row.get("short_name")?,
            street: row.get("street")?,
            city: row.get("city")?,
            post_code: row.get("post_code")?,
            phone: row.get("phone")?,
            time_zone: row.get("time_zone")?,
            language: row.get("language")?,
            colour: row.get("colour")?,
        },
        hours: sql::json(row, "hours")?,
        closed_days: sql::json(row, "closed_days")?,
        slot_minutes: row.get("slot_minutes")?,
        late_after_minutes: row.get("late_after_minutes")?,
        licence_pattern: row.get("licence_pattern")?,
        is_demo: row.get("is_demo")?,
    })
}

/// Every kind of appointment in the order of their keys, those no longer offered last.
///
/// # Errors
/// Faults of the store.
pub(crate) fn types(conn: &Connection) -> Answer<Vec<AppointmentType>> {
    let mut load =
        conn.prepare_cached("SELECT * FROM appointment_type ORDER BY retired, position, id LIMIT ?1")?;
    let rows = load.query_map([MOST_TYPES], read_type)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Record for AppointmentType {
    const NOUN: Noun = Noun::AppointmentType;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM appointment_type WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read_type(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        conn.prepare_cached(
            "INSERT INTO appointment_type (id, rev, name, minutes, position, retired) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name, minutes = excluded.minutes,
                 position = excluded.position, retired = excluded.retired",
        )?
        .execute((self.id.bytes(), rev, &self.name, self.minutes, self.position, self.retired))?;
        Ok(())
    }

    fn remove(&self, conn: &Connection) -> Answer<()> {
        conn.prepare_cached("DELETE FROM appointment_type WHERE id = ?1")?.execute([self.id.bytes()])?;
        Ok(())
    }
}

fn read_type(row: &Row<'_>) -> rusqlite::Result<AppointmentType> {
    Ok(AppointmentType {
        id: AppointmentTypeId(sql::id(row, "id")?),
        name: row.get("name")?,
        minutes: row.get("minutes")?,
        position: row.get("position")?,
        retired: row.get("retired")?,
    })
}

/// The managed list of specialties by name.
///
/// # Errors
/// Faults of the store.
pub(crate) fn specialties(conn: &Connection) -> Answer<Vec<Specialty>> {
    let mut load = conn.prepare_cached("SELECT * FROM specialty ORDER BY name, id LIMIT ?1")?;
    let rows = load.query_map([MOST_SPECIALTIES], read_specialty)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Record for Specialty {
    const NOUN: Noun = Noun::Specialty;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM specialty WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read_specialty(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        conn.prepare_cached(
            "INSERT INTO specialty (id, rev, name) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name",
        )?
        .execute((self.id.bytes(), rev, &self.name))?;
        Ok(())
    }

    fn remove(&self, conn: &Connection) -> Answer<()> {
        conn.prepare_cached("DELETE FROM specialty WHERE id = ?1")?.execute([self.id.bytes()])?;
        Ok(())
    }
}

fn read_specialty(row: &Row<'_>) -> rusqlite::Result<Specialty> {
    Ok(Specialty { id: SpecialtyId(sql::id(row, "id")?), name: row.get("name")? })
}

/// Whether anything was ever booked.
///
/// # Errors
/// Faults of the store.
pub(crate) fn has_appointments(conn: &Connection) -> Answer<bool> {
    let mut any = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM appointment)")?;
    Ok(any.query_row([], |row| row.get(0))?)
}

/// The clinic as every screen needs it.
///
/// # Errors
/// [`AppError::WrongState`] before the clinic was set up; faults of the store.
pub(crate) fn view(conn: &Connection) -> Answer<ClinicView> {
    let (clinic, rev) = load(conn)?;
    let offered = types(conn)?.into_iter().filter(|kind| !kind.retired);
    Ok(ClinicView {
        profile: clinic.profile,
        hours: clinic.hours,
        slot_minutes: clinic.slot_minutes,
        closed_days: clinic.closed_days,
        appointment_types: offered
            .map(|kind| AppointmentTypeView { id: kind.id, name: kind.name, minutes: kind.minutes })
            .collect(),
        specialties: specialties(conn)?
            .into_iter()
            .map(|specialty| SpecialtyView { id: specialty.id, name: specialty.name })
            .collect(),
        late_after_minutes: clinic.late_after_minutes,
        is_demo: clinic.is_demo,
        rev,
    })
}
