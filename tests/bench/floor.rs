//! The floors: the least that any program must do for the same answer. Bare SQL on the same store and connection
//! settings, a bare write and sync, one bare hash.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use clinic_app::db::Store;
use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::time::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use crate::Fault;

/// Bytes of one page of the store, and pages that one booking may write.
const PAGE: usize = 4096;
pub const PAGES: usize = 12;

/// Steps through every row of a statement and reads every column.
fn step(conn: &Connection, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<usize> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(values)?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            std::hint::black_box(row.get_ref(column)?);
        }
        read += 1;
    }
    Ok(read)
}

/// Runs statements in one read transaction.
fn read(store: &Store, run: impl Fn(&Connection) -> rusqlite::Result<usize>) -> Result<(), Fault> {
    // Against a floor that reads nothing a ratio means nothing.
    match store.read(|conn| run(conn).map_err(Into::into))? {
        0 => Err("a floor found no rows".into()),
        _ => Ok(()),
    }
}

const DAYS: &str = "SELECT a.*, p.family_name, p.given_names, p.alerts, t.name FROM appointment a
     JOIN patient p ON p.id = a.patient_id LEFT JOIN appointment_type t ON t.id = a.type_id
     WHERE a.doctor_id = ?1 AND a.day >= ?2 AND a.day < ?3 ORDER BY a.day, a.start_ms";
const MASKS: &str = "SELECT day, mask FROM day_mask WHERE doctor_id = ?1 AND day >= ?2 AND day < ?3";
const WAITING: &str = "SELECT * FROM appointment WHERE day = ?1 AND status = 'arrived'";
const COUNTS: &str = "SELECT * FROM day_count WHERE day >= ?1 AND day < ?2";
const CLINIC: &str = "SELECT * FROM clinic";
const SPECIALTIES: &str = "SELECT * FROM specialty";
const DOCTOR: &str = "SELECT * FROM doctor WHERE id = ?1";
const EXCEPTIONS: &str = "SELECT * FROM doctor_exception WHERE until_day >= ?1 AND from_day <= ?2";

/// The rows of a day or week view.
pub fn days(store: &Store, doctors: &[DoctorId], today: i32, days: i32) -> Result<(), Fault> {
    read(store, |conn| {
        let mut rows = rules(conn, today, 60)? + step(conn, WAITING, &[&today])?;
        for doctor in doctors {
            rows += step(conn, DOCTOR, &[doctor.bytes()])?;
            rows += step(conn, DAYS, &[doctor.bytes(), &today, &(today + days)])?;
            rows += step(conn, MASKS, &[doctor.bytes(), &today, &(today + days.max(7))])?;
        }
        Ok(rows)
    })
}

/// The masks of some days.
pub fn masks(store: &Store, doctors: &[DoctorId], today: i32, days: i32) -> Result<(), Fault> {
    read(store, |conn| {
        let mut rows = rules(conn, today, days)?;
        for doctor in doctors {
            rows += step(conn, DOCTOR, &[doctor.bytes()])?;
            rows += step(conn, MASKS, &[doctor.bytes(), &today, &(today + days)])?;
        }
        Ok(rows)
    })
}

/// The masks and counts of a month.
pub fn month(store: &Store, doctors: &[DoctorId], from: i32) -> Result<(), Fault> {
    masks(store, doctors, from, 42)?;
    read(store, |conn| step(conn, COUNTS, &[&from, &(from + 42)]))
}

fn rules(conn: &Connection, today: i32, days: i32) -> rusqlite::Result<usize> {
    Ok(step(conn, CLINIC, &[])?
        + step(conn, SPECIALTIES, &[])?
        + step(conn, EXCEPTIONS, &[&today, &(today + days)])?)
}

/// Twenty patients whose search key begins with a text.
///
/// # Errors
/// There is none.
pub fn prefix(store: &Store, from: &str, until: &str) -> Result<(), Fault> {
    const PREFIX: &str =
        "SELECT p.* FROM (SELECT DISTINCT patient_id FROM patient_key WHERE key >= ?1 AND key < ?2
         LIMIT 20) k JOIN patient p ON p.id = k.patient_id";
    read(store, |conn| step(conn, PREFIX, &[&from, &until]))
}

/// A file that grows like a write-ahead log.
pub struct Log(File);

impl Log {
    /// A log that is long enough already, as a store's is after its first checkpoint.
    pub fn new(folder: &Path) -> Result<Self, Fault> {
        let mut file = File::create(folder.join("floor.log"))?;
        file.write_all(&vec![0; PAGE * PAGES * 8])?;
        file.sync_all()?;
        Ok(Self(file))
    }

    /// Writes as many pages as a booking may and waits for the disk.
    pub fn write_and_sync(&mut self, turn: usize) -> Result<(), Fault> {
        let at = u64::try_from(turn % 8 * PAGE * PAGES)?;
        self.0.seek(SeekFrom::Start(at))?;
        self.0.write_all(&vec![u8::try_from(turn % 251)?; PAGE * PAGES])?;
        Ok(self.0.sync_data()?)
    }
}

/// One Argon2id hash with the program's own work.
pub fn hash(memory_kib: u32, passes: u32) -> Result<(), Fault> {
    let params = argon2::Params::new(memory_kib, passes, 1, Some(32)).map_err(|e| e.to_string())?;
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut out = [0; 32];
    argon2
        .hash_password_into(b"plum harbour quiet lantern", &[7; 16], &mut out)
        .map_err(|e| e.to_string())?;
    std::hint::black_box(out);
    Ok(())
}

/// The doctors of the clinic in their order.
pub fn doctors(store: &Store) -> Result<Vec<DoctorId>, Fault> {
    Ok(ids(store, "SELECT id FROM doctor ORDER BY position LIMIT 1000")?.into_iter().map(DoctorId).collect())
}

/// Some patients.
pub fn patients(store: &Store, many: usize) -> Result<Vec<PatientId>, Fault> {
    let sql = format!("SELECT id FROM patient ORDER BY id DESC LIMIT {many}");
    Ok(ids(store, &sql)?.into_iter().map(PatientId).collect())
}

/// Whether a patient has nothing on a day.
pub fn is_free(store: &Store, patient: PatientId, date: NaiveDate) -> Result<bool, Fault> {
    const OF_DAY: &str = "SELECT NOT EXISTS (SELECT 1 FROM appointment WHERE patient_id = ?1 AND day = ?2)";
    Ok(store.read(|conn| {
        let mut statement = conn.prepare_cached(OF_DAY)?;
        Ok(statement.query_row((patient.bytes(), date.to_epoch_days()), |row| row.get(0))?)
    })?)
}

/// One number.
pub fn count(store: &Store, sql: &str) -> Result<i64, Fault> {
    Ok(store.read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))?)
}

/// One text.
pub fn text(store: &Store, sql: &str) -> Result<String, Fault> {
    Ok(store.read(|conn| {
        Ok(match conn.query_row(sql, [], |row| row.get(0))? {
            Value::Text(text) => text,
            _ => String::new(),
        })
    })?)
}

fn ids(store: &Store, sql: &str) -> Result<Vec<uuid::Uuid>, Fault> {
    Ok(store.read(|conn| {
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok(uuid::Uuid::from_bytes(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })?)
}
