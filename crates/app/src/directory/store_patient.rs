//! Where patients are kept: the row, its search keys, and how many patients bear each name part.

use std::collections::BTreeSet;

use clinic_domain::directory::name;
use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::{DoctorId, PatientId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::keys;
use super::record::Patient;
use super::store_number;
use crate::db::{Noun, Record, sql};
use crate::error::{Answer, AppError};

const LOAD: &str = "SELECT * FROM patient WHERE id = ?1";

const SAVE: &str = "INSERT INTO patient (
        id, rev, public_id, family_name, given_names, called, name_key, birth_date, sex, is_pregnant, phone,
        phone_other, email, street, city, post_code, language, channel, emergency_contacts, alerts, doctor_id, notes,
        validation, archived_ms, created_ms, changed_ms, changed_by)
    VALUES (
        :id, :rev, :public_id, :family_name, :given_names, :called, :name_key, :birth_date, :sex, :is_pregnant,
        :phone, :phone_other, :email, :street, :city, :post_code, :language, :channel, :emergency_contacts, :alerts,
        :doctor_id, :notes, :validation, :archived_ms, :created_ms, :changed_ms, :changed_by)
    ON CONFLICT (id) DO UPDATE SET
        rev = excluded.rev, public_id = excluded.public_id, family_name = excluded.family_name,
        given_names = excluded.given_names, called = excluded.called, name_key = excluded.name_key,
        birth_date = excluded.birth_date, sex = excluded.sex, is_pregnant = excluded.is_pregnant,
        phone = excluded.phone, phone_other = excluded.phone_other, email = excluded.email,
        street = excluded.street, city = excluded.city, post_code = excluded.post_code,
        language = excluded.language, channel = excluded.channel,
        emergency_contacts = excluded.emergency_contacts, alerts = excluded.alerts,
        doctor_id = excluded.doctor_id, notes = excluded.notes, validation = excluded.validation,
        archived_ms = excluded.archived_ms, created_ms = excluded.created_ms, changed_ms = excluded.changed_ms,
        changed_by = excluded.changed_by";

impl Record for Patient {
    const NOUN: Noun = Noun::Patient;
    // When and by whom is what an audit entry says anyway.
    const HIDDEN: &'static [&'static str] = &["created_at", "changed_at", "changed_by"];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached(LOAD)?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read_patient(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        save_row(conn, self, rev).map_err(in_use)?;
        save_keys(conn, self.id, &keys::keys_of(self))
    }

    /// # Errors
    /// [`AppError::Stale`] when something refers to the patient by now: nobody loses an appointment to an undo.
    fn remove(&self, conn: &Connection) -> Answer<()> {
        conn.prepare_cached("DELETE FROM patient WHERE id = ?1")?
            .execute([self.id.bytes()])
            .map_err(in_use)?;
        save_keys(conn, self.id, &BTreeSet::new())?;
        store_number::retire(conn, &self.public_id)
    }
}

/// A record from a row with every column.
fn read_patient(row: &Row<'_>) -> rusqlite::Result<Patient> {
    Ok(Patient {
        id: PatientId(sql::id(row, "id")?),
        public_id: row.get("public_id")?,
        form: PatientForm {
            family_name: row.get("family_name")?,
            given_names: row.get("given_names")?,
            called: row.get("called")?,
            birth_date: row.get::<_, String>("birth_date")?.parse().ok(),
            sex: sql::name(row, "sex")?,
            is_pregnant: row.get("is_pregnant")?,
            phone: row.get("phone")?,
            phone_other: row.get("phone_other")?,
            email: row.get("email")?,
            street: row.get("street")?,
            city: row.get("city")?,
            post_code: row.get("post_code")?,
            language: row.get("language")?,
            channel: sql::name(row, "channel")?,
            emergency_contacts: sql::json(row, "emergency_contacts")?,
            alerts: sql::json(row, "alerts")?,
            doctor_id: sql::id_or_null(row, "doctor_id")?.map(DoctorId),
            notes: row.get("notes")?,
        },
        validation: sql::name(row, "validation")?,
        archived_at: row.get::<_, Option<i64>>("archived_ms")?.map(sql::instant),
        created_at: sql::instant(row.get("created_ms")?),
        changed_at: sql::instant(row.get("changed_ms")?),
        changed_by: row.get("changed_by")?,
    })
}

fn save_row(conn: &Connection, patient: &Patient, rev: u32) -> rusqlite::Result<()> {
    let form = &patient.form;
    conn.prepare_cached(SAVE)?.execute(named_params! {
        ":id": patient.id.bytes(),
        ":rev": rev,
        ":public_id": patient.public_id,
        ":family_name": form.family_name,
        ":given_names": form.given_names,
        ":called": form.called,
        ":name_key": name::sort_key(&form.family_name, &form.given_names),
        ":birth_date": form.birth_date.map(|date| date.to_string()).unwrap_or_default(),
        ":sex": sql::name_of(&form.sex),
        ":is_pregnant": form.is_pregnant,
        ":phone": form.phone,
        ":phone_other": form.phone_other,
        ":email": form.email,
        ":street": form.street,
        ":city": form.city,
        ":post_code": form.post_code,
        ":language": form.language,
        ":channel": sql::name_of(&form.channel),
        ":emergency_contacts": sql::to_json(&form.emergency_contacts),
        ":alerts": sql::to_json(&form.alerts),
        ":doctor_id": form.doctor_id.as_ref().map(DoctorId::bytes),
        ":notes": form.notes,
        ":validation": sql::name_of(&patient.validation),
        ":archived_ms": patient.archived_at.map(sql::ms),
        ":created_ms": sql::ms(patient.created_at),
        ":changed_ms": sql::ms(patient.changed_at),
        ":changed_by": patient.changed_by,
    })?;
    Ok(())
}

/// Brings the keys of a patient up to date and counts their bearers. What is stored decides what is taken away, not
/// what the keys should have been, so that a change in how keys are made leaves none behind.
fn save_keys(conn: &Connection, patient: PatientId, wanted: &BTreeSet<String>) -> Answer<()> {
    let stored = conn
        .prepare_cached("SELECT key FROM patient_key WHERE patient_id = ?1")?
        .query_map([patient.bytes()], |row| row.get(0))?
        .collect::<rusqlite::Result<BTreeSet<String>>>()?;
    for key in stored.difference(wanted) {
        conn.prepare_cached("DELETE FROM patient_key WHERE key = ?1 AND patient_id = ?2")?
            .execute((key, patient.bytes()))?;
        if let Some(part) = keys::counted_as(key) {
            conn.prepare_cached("UPDATE name_part SET bearers = bearers - 1 WHERE part = ?1")?
                .execute([&part])?;
            conn.prepare_cached("DELETE FROM name_part WHERE part = ?1 AND bearers <= 0")?
                .execute([&part])?;
        }
    }
    for key in wanted.difference(&stored) {
        conn.prepare_cached("INSERT INTO patient_key (key, patient_id) VALUES (?1, ?2)")?
            .execute((key, patient.bytes()))?;
        if let Some(part) = keys::counted_as(key) {
            conn.prepare_cached(
                "INSERT INTO name_part (part, bearers) VALUES (?1, 1)
                 ON CONFLICT (part) DO UPDATE SET bearers = bearers + 1",
            )?
            .execute([part])?;
        }
    }
    Ok(())
}

/// The number of the account of a patient, if there is one.
///
/// # Errors
/// Faults of the store.
pub(super) fn account_of(conn: &Connection, id: PatientId) -> Answer<Option<String>> {
    let mut query = conn.prepare_cached("SELECT public_id FROM account WHERE patient_id = ?1")?;
    Ok(query.query_row([id.bytes()], |row| row.get(0)).optional()?)
}

/// A write that a reference refuses: the record is used by others that came later, or refers to one that is gone.
pub(super) fn in_use(error: rusqlite::Error) -> AppError {
    match error.sqlite_extended_error_code() {
        Some(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => AppError::Stale { by: None },
        _ => error.into(),
    }
}
