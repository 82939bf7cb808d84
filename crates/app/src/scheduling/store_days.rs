//! What is kept of each doctor's day beside its appointments: the mask of booked ticks and the counts by status. Both
//! are written anew from the day's appointments whenever one of them changes, so that they cannot drift.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use clinic_domain::id::DoctorId;
use clinic_domain::scheduling::mask::{DayClock, DayMask};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Instant, NaiveDate};
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
            conn.prepare_cached("INSERT OR REPLACE INTO day_mask (doctor_id, day, mask) VALUES (?1, ?2, ?3)")?
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
    let mut statement = conn.prepare_cached(
        "SELECT start_ms, end_ms, status FROM appointment WHERE doctor_id = ?1 AND day = ?2 ORDER BY start_ms",
    )?;
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

/// The booked ticks of a doctor's day.
pub(super) fn mask(conn: &Connection, doctor: DoctorId, date: NaiveDate) -> Answer<DayMask> {
    let found: Option<[u8; 40]> = conn
        .prepare_cached("SELECT mask FROM day_mask WHERE doctor_id = ?1 AND day = ?2")?
        .query_row(params![doctor.bytes(), sql::day(date)], |row| row.get(0))
        .optional()?;
    Ok(found.as_ref().map_or(DayMask::EMPTY, DayMask::from_bytes))
}

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
