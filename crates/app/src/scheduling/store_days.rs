//! What is kept of each doctor's day beside its appointments: the mask of booked ticks and the counts by status. Both
//! are written anew from the day's appointments whenever one of them changes, so that they cannot drift.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use clinic_domain::id::DoctorId;
use clinic_domain::scheduling::mask::{DayClock, DayMask};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Days, Instant, NaiveDate};
use rusqlite::{Connection, OptionalExtension, params};

use crate::db::sql;
use crate::error::Answer;

/// The numbers of one doctor's day.
pub(super) struct Day {
    zone: Tz,
    clock: DayClock,
    mask: DayMask,
    counts: BTreeMap<&'static str, Count>,
}

/// Appointments of one status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// How many.
    pub appointments: u32,
    /// How long together.
    pub minutes: u32,
}

impl Day {
    /// A day without appointments.
    pub fn new(date: NaiveDate, zone: Tz) -> Self {
        Self { zone, clock: DayClock::new(date, zone), mask: DayMask::EMPTY, counts: BTreeMap::new() }
    }

    /// Adds an appointment.
    pub fn add(&mut self, start: Instant, end: Instant, status: Status) {
        if status.holds_slot() {
            self.mask = self.mask.or(self.clock.mask_of([(start, end)]));
        }
        let count = self.counts.entry(status_name(status)).or_default();
        count.appointments += 1;
        count.minutes += u32::try_from((end - start).num_minutes()).unwrap_or_default();
    }

    /// Stores a day that had no appointments before; one that had is read again as a whole.
    pub fn write_new(&self, conn: &Connection, doctor: DoctorId, date: NaiveDate) -> Answer<()> {
        let known: bool = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM day_count WHERE day = ?1 AND doctor_id = ?2)")?
            .query_row(params![sql::day(date), doctor.bytes()], |row| row.get(0))?;
        if known { refresh(conn, doctor, date, self.zone) } else { self.insert(conn, doctor, date) }
    }

    fn insert(&self, conn: &Connection, doctor: DoctorId, date: NaiveDate) -> Answer<()> {
        if !self.mask.is_empty() {
            conn.prepare_cached(
                "INSERT OR REPLACE INTO day_mask (doctor_id, day, mask) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![doctor.bytes(), sql::day(date), self.mask.to_bytes()])?;
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO day_count (day, doctor_id, status, appointments, minutes) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (status, count) in &self.counts {
            statement.execute(params![
                sql::day(date),
                doctor.bytes(),
                status,
                count.appointments,
                count.minutes
            ])?;
        }
        Ok(())
    }
}

/// Writes the mask and the counts of a doctor's day anew from its appointments.
pub(super) fn refresh(conn: &Connection, doctor: DoctorId, date: NaiveDate, zone: Tz) -> Answer<()> {
    let mut day = Day::new(date, zone);
    let key = params![doctor.bytes(), sql::day(date)];
    let mut statement = conn.prepare_cached(DAY)?;
    let mut rows = statement.query(key)?;
    while let Some(row) = rows.next()? {
        day.add(sql::instant(row.get(0)?), sql::instant(row.get(1)?), sql::name(row, "status")?);
    }
    if day.mask.is_empty() {
        conn.prepare_cached("DELETE FROM day_mask WHERE doctor_id = ?1 AND day = ?2")?.execute(key)?;
    }
    conn.prepare_cached("DELETE FROM day_count WHERE doctor_id = ?1 AND day = ?2")?.execute(key)?;
    day.insert(conn, doctor, date)
}

pub(super) const DAY: &str =
    "SELECT start_ms, end_ms, status FROM appointment WHERE doctor_id = ?1 AND day = ?2 ORDER BY start_ms";

/// The booked ticks of a doctor's day.
pub(super) fn mask(conn: &Connection, doctor: DoctorId, date: NaiveDate) -> Answer<DayMask> {
    let found: Option<[u8; 40]> = conn
        .prepare_cached("SELECT mask FROM day_mask WHERE doctor_id = ?1 AND day = ?2")?
        .query_row(params![doctor.bytes(), sql::day(date)], |row| row.get(0))
        .optional()?;
    Ok(found.as_ref().map_or(DayMask::EMPTY, DayMask::from_bytes))
}

/// The booked ticks of a doctor's days, one mask a day from `from` on.
pub(super) fn masks(conn: &Connection, doctor: DoctorId, from: NaiveDate, days: u16) -> Answer<Vec<DayMask>> {
    let first = sql::day(from);
    let mut found = vec![DayMask::EMPTY; usize::from(days)];
    let mut statement = conn.prepare_cached(MASKS)?;
    let mut rows = statement.query(params![doctor.bytes(), first, first + i32::from(days)])?;
    while let Some(row) = rows.next()? {
        let at = usize::try_from(row.get::<_, i32>(0)? - first).unwrap_or(usize::MAX);
        if let Some(mask) = found.get_mut(at) {
            *mask = DayMask::from_bytes(&row.get(1)?);
        }
    }
    Ok(found)
}

pub(super) const MASKS: &str =
    "SELECT day, mask FROM day_mask WHERE doctor_id = ?1 AND day >= ?2 AND day < ?3";

/// Masks as a search asks for them, day by day: each doctor's are read a week at first and then twice as many each
/// time, so that a search that ends early reads little and a long one asks seldom.
pub(super) struct MaskReader<'c> {
    conn: &'c Connection,
    from: NaiveDate,
    read: HashMap<DoctorId, Vec<DayMask>>,
}

impl<'c> MaskReader<'c> {
    /// Reads from `from` on.
    pub fn new(conn: &'c Connection, from: NaiveDate) -> Self {
        Self { conn, from, read: HashMap::new() }
    }

    /// The booked ticks of a doctor's day.
    pub fn mask(&mut self, doctor: DoctorId, date: NaiveDate) -> Answer<DayMask> {
        const WEEK: usize = 7;
        let Ok(at) = usize::try_from((date - self.from).num_days()) else {
            return mask(self.conn, doctor, date);
        };
        let read = self.read.entry(doctor).or_default();
        if at >= read.len() {
            let more = read.len().max(WEEK).max(at + 1 - read.len());
            let first = self.from + Days::new(read.len() as u64);
            read.extend(masks(self.conn, doctor, first, u16::try_from(more).unwrap_or(u16::MAX))?);
        }
        Ok(read.get(at).copied().unwrap_or_default())
    }
}

/// The counts of one doctor, day and status.
pub(super) struct DayCount {
    /// Which day.
    pub date: NaiveDate,
    /// Whose.
    pub doctor: DoctorId,
    /// Which status.
    pub status: Status,
    /// How many appointments.
    pub appointments: u32,
}

/// The counts of some days, the last one excluded, of every doctor.
pub(super) fn counts(conn: &Connection, from: NaiveDate, until: NaiveDate) -> Answer<Vec<DayCount>> {
    let mut statement = conn.prepare_cached(COUNTS)?;
    let rows = statement.query_map([sql::day(from), sql::day(until)], |row| {
        Ok(DayCount {
            date: sql::date(row.get(0)?),
            doctor: DoctorId(sql::id(row, "doctor_id")?),
            status: sql::name(row, "status")?,
            appointments: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) const COUNTS: &str =
    "SELECT day, doctor_id, status, appointments FROM day_count WHERE day >= ?1 AND day < ?2";

/// A status as the store spells it.
pub(super) const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Scheduled => "scheduled",
        Status::Confirmed => "confirmed",
        Status::Arrived => "arrived",
        Status::InRoom => "in_room",
        Status::Completed => "completed",
        Status::Cancelled => "cancelled",
        Status::NoShow => "no_show",
        Status::NeedsRebooking => "needs_rebooking",
    }
}
