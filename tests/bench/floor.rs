//! The floors: the least that any program must do for the same answer. Bare SQL on the same store and connection
//! settings, a bare write and sync, one bare hash.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use clinic_app::db::Store;
use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::time::NaiveDate;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use crate::Fault;

/// Bytes of one page of the store, and pages that one booking may write.
const PAGE: usize = 4096;
pub const PAGES: usize = 12;

/// Steps through every row of a statement for each set of values and looks at every column.
pub fn step<V: rusqlite::Params>(
    conn: &Connection,
    sql: &str,
    values: impl IntoIterator<Item = V>,
    mut look: impl FnMut(ValueRef<'_>),
) -> rusqlite::Result<usize> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut read = 0;
    for values in values {
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                look(std::hint::black_box(row.get_ref(column)?));
            }
            read += 1;
        }
    }
    Ok(read)
}

/// What a floor does with a column that is shown as it is.
fn look(_: ValueRef<'_>) {}

/// What a floor does with a column that holds hours: the numbers in it, and no more.
fn numbers(value: ValueRef<'_>) {
    let ValueRef::Text(text) = value else { return };
    let (mut number, mut sum) = (0u32, 0u32);
    for byte in text {
        if byte.is_ascii_digit() {
            number = number.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
        } else {
            sum ^= number;
            number = 0;
        }
    }
    std::hint::black_box(sum ^ number);
}

/// Runs statements in one read transaction.
pub fn read(store: &Store, run: impl Fn(&Connection) -> rusqlite::Result<usize>) -> Result<(), Fault> {
    // Against a floor that reads nothing a ratio means nothing.
    match store.read(|conn| run(conn).map_err(Into::into))? {
        0 => Err("a floor found no rows".into()),
        _ => Ok(()),
    }
}

const DAYS: &str = "SELECT a.id, a.rev, a.doctor_id, a.patient_id, a.start_ms, a.end_ms, a.status, p.family_name,
         p.given_names, t.name, a.room, a.arrived_ms, p.alerts <> '[]'
     FROM appointment a CROSS JOIN patient p ON p.id = a.patient_id LEFT JOIN appointment_type t ON t.id = a.type_id
     WHERE a.doctor_id = ?1 AND a.day >= ?2 AND a.day < ?3 ORDER BY a.day, a.start_ms";
const MASKS: &str = "SELECT week, masks FROM doctor_week WHERE doctor_id = ?1 AND week >= ?2 AND week < ?3";
const WEEKS: &str =
    "SELECT week, masks, counts FROM doctor_week WHERE doctor_id = ?1 AND week >= ?2 AND week < ?3";
const WAITING: &str = "SELECT id FROM appointment WHERE day = ?1 AND status = 'arrived'";
const CLINIC: &str = "SELECT time_zone, slot_minutes, hours, closed_days, late_after_minutes FROM clinic";
const SPECIALTIES: &str = "SELECT id, name FROM specialty";
const DOCTOR: &str =
    "SELECT family_name, given_names, short_name, specialty_ids, licence_until, schedule, active, position
     FROM doctor WHERE id = ?1";
const EXCEPTIONS: &str =
    "SELECT doctor_id, kind, from_day, until_day, start_minute, end_minute FROM doctor_exception
     WHERE until_day >= ?1 AND from_day <= ?2";

/// The clinic's rules and the doctors' schedules.
fn rules(conn: &Connection, doctors: &[DoctorId], today: i32, days: i32) -> rusqlite::Result<usize> {
    Ok(step(conn, CLINIC, [()], numbers)?
        + step(conn, SPECIALTIES, [()], look)?
        + step(conn, EXCEPTIONS, [(today, today + days)], look)?
        + step(conn, DOCTOR, doctors.iter().map(|id| [id.bytes()]), numbers)?)
}

/// The rows of a day or week view, and of the days in which its first openings lie.
pub fn days(store: &Store, doctors: &[DoctorId], today: i32, days: i32) -> Result<(), Fault> {
    read(store, |conn| {
        let days_of = doctors.iter().map(|id| (id.bytes(), today, today + days));
        Ok(rules(conn, doctors, today, 60)?
            + step(conn, WAITING, [[today]], look)?
            + step(conn, DAYS, days_of, look)?
            + bits(conn, MASKS, doctors, today, days)?)
    })
}

/// The masks of some days and the bare work on them.
pub fn masks(store: &Store, doctors: &[DoctorId], today: i32, days: i32) -> Result<(), Fault> {
    read(store, |conn| Ok(rules(conn, doctors, today, days)? + bits(conn, MASKS, doctors, today, days)?))
}

/// The masks and counts of a month and the bare work on them.
pub fn month(store: &Store, doctors: &[DoctorId], from: i32) -> Result<(), Fault> {
    read(store, |conn| Ok(rules(conn, doctors, from, 42)? + bits(conn, WEEKS, doctors, from, 42)?))
}

/// Reads the weeks of some days; of each day finds where half an hour is free in an open day and counts it.
fn bits(conn: &Connection, sql: &str, doctors: &[DoctorId], from: i32, days: i32) -> rusqlite::Result<usize> {
    /// 09:00 to 17:00.
    const OPEN: [u64; 5] = [0, !0 << 44, !0, (1 << 12) - 1, 0];
    // A week begins on Monday; the first day of all was a Thursday.
    let (first, last) = ((from + 3).div_euclid(7), (from + days + 2).div_euclid(7));
    let mut free = 0;
    let read = step(conn, sql, doctors.iter().map(|id| (id.bytes(), first, last + 1)), |value| {
        let ValueRef::Blob(bytes) = value else { return };
        for day in bytes.as_chunks::<8>().0.chunks_exact(5) {
            let mut word = 0;
            let mut runs = [0; 5];
            for (run, (open, booked)) in runs.iter_mut().zip(OPEN.iter().zip(day)) {
                *run = open & !u64::from_le_bytes(*booked);
            }
            for by in [1, 2, 3] {
                for at in 0..5 {
                    let next = runs.get(at + 1).copied().unwrap_or(0);
                    runs[at] &= runs[at] >> by | next << (64 - by);
                }
            }
            for run in runs {
                word += run.count_ones();
            }
            free += word;
        }
    })?;
    std::hint::black_box(free);
    Ok(read)
}

/// Twenty patients whose search key begins with a text.
///
/// # Errors
/// There is none.
pub fn prefix(store: &Store, from: &str, until: &str) -> Result<(), Fault> {
    const PREFIX: &str =
        "SELECT p.id, p.public_id, p.family_name, p.given_names, p.birth_date, p.phone, p.alerts <> '[]'
         FROM patient_key k CROSS JOIN patient p ON p.id = k.patient_id
         WHERE k.key >= ?1 AND k.key < ?2 AND p.archived_ms IS NULL ORDER BY k.key LIMIT 20";
    read(store, |conn| step(conn, PREFIX, [(from, until)], look))
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

/// One Argon2id hash with the program's own work, in memory that is used again.
pub fn hash(memory: &mut Vec<argon2::Block>, memory_kib: u32, passes: u32) -> Result<(), Fault> {
    let params = argon2::Params::new(memory_kib, passes, 1, Some(32)).map_err(|e| e.to_string())?;
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    memory.resize_with(argon2.params().block_count(), argon2::Block::new);
    let mut out = [0; 32];
    argon2
        .hash_password_into_with_memory(b"plum harbour quiet lantern", &[7; 16], &mut out, memory)
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
