//! What is kept of each doctor's week beside its appointments: the masks of booked ticks and the counts by status, a row
//! for a week. A day's part is written anew from its appointments whenever one of them changes, so that it cannot drift.

use chrono_tz::Tz;
use clinic_domain::id::DoctorId;
use clinic_domain::scheduling::mask::{DayClock, DayMask};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Instant, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::db::sql;
use crate::error::Answer;

/// Days of a week, Monday first.
const DAYS: usize = 7;
/// Statuses there are.
const STATUSES: usize = Status::ALL.len();
/// Bytes of a mask and of a day's counts.
const MASK: usize = 40;
const COUNTS: usize = STATUSES * 2;

/// How many appointments of a day have each status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts([u16; STATUSES]);

impl Counts {
    /// How many have a status.
    pub fn of(&self, status: Status) -> u32 {
        self.0.get(place_of(status)).copied().unwrap_or_default().into()
    }

    /// Whether there is no appointment.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, status: Status) {
        if let Some(count) = self.0.get_mut(place_of(status)) {
            *count = count.saturating_add(1);
        }
    }
}

/// Where the counts of a day have a status. Part of the store: add at the end, never reorder.
const fn place_of(status: Status) -> usize {
    match status {
        Status::Scheduled => 0,
        Status::Confirmed => 1,
        Status::Arrived => 2,
        Status::InRoom => 3,
        Status::Completed => 4,
        Status::Cancelled => 5,
        Status::NoShow => 6,
        Status::NeedsRebooking => 7,
    }
}

/// What is kept of one doctor's week.
#[derive(Debug, Clone, Default)]
pub(super) struct Week {
    /// The booked ticks of each day.
    pub masks: [DayMask; DAYS],
    /// The counts of each day.
    pub counts: [Counts; DAYS],
}

impl Week {
    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut week = Self::default();
        read_masks(row, &mut week.masks)?;
        let (days, _) = row.get_ref(2)?.as_blob()?.as_chunks::<COUNTS>();
        for (counts, bytes) in week.counts.iter_mut().zip(days) {
            for (count, bytes) in counts.0.iter_mut().zip(bytes.as_chunks::<2>().0) {
                *count = u16::from_le_bytes(*bytes);
            }
        }
        Ok(week)
    }

    fn save(&self, conn: &Connection, doctor: DoctorId, week: i32) -> Answer<()> {
        if self.counts.iter().all(Counts::is_empty) {
            conn.prepare_cached("DELETE FROM doctor_week WHERE doctor_id = ?1 AND week = ?2")?
                .execute(params![doctor.bytes(), week])?;
            return Ok(());
        }
        let masks: Vec<u8> = self.masks.iter().flat_map(|mask| mask.to_bytes()).collect();
        let counts = self.counts.iter().flat_map(|counts| counts.0);
        let counts: Vec<u8> = counts.flat_map(u16::to_le_bytes).collect();
        conn.prepare_cached(
            "INSERT INTO doctor_week (doctor_id, week, masks, counts) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (doctor_id, week) DO UPDATE SET masks = excluded.masks, counts = excluded.counts",
        )?
        .execute(params![doctor.bytes(), week, masks, counts])?;
        Ok(())
    }
}

/// Reads the masks of a row that begins with the week and them.
fn read_masks(row: &Row<'_>, masks: &mut [DayMask; DAYS]) -> rusqlite::Result<()> {
    let (days, _) = row.get_ref(1)?.as_blob()?.as_chunks::<MASK>();
    for (mask, bytes) in masks.iter_mut().zip(days) {
        *mask = DayMask::from_bytes(bytes);
    }
    Ok(())
}

/// The week a date lies in, counted from that of 1 January 1970, and its place in it.
fn week_of(date: NaiveDate) -> (i32, usize) {
    // That day was a Thursday.
    let days = sql::day(date) + 3;
    (days.div_euclid(7), days.rem_euclid(7) as usize)
}

/// The numbers of one doctor's day.
pub(super) struct Day {
    date: NaiveDate,
    zone: Tz,
    clock: DayClock,
    mask: DayMask,
    counts: Counts,
}

impl Day {
    /// A day without appointments.
    pub fn new(date: NaiveDate, zone: Tz) -> Self {
        let clock = DayClock::new(date, zone);
        Self { date, zone, clock, mask: DayMask::EMPTY, counts: Counts::default() }
    }

    /// Adds an appointment.
    pub fn add(&mut self, start: Instant, end: Instant, status: Status) {
        if status.holds_slot() {
            self.mask = self.mask.or(self.clock.mask_of([(start, end)]));
        }
        self.counts.add(status);
    }

    /// Stores a day that had no appointments before; one that had is read again as a whole.
    pub fn write_new(&self, conn: &Connection, doctor: DoctorId) -> Answer<()> {
        let (at, day) = week_of(self.date);
        let week = week(conn, doctor, at)?;
        if week.counts.get(day).is_some_and(|counts| !counts.is_empty()) {
            return refresh(conn, doctor, self.date, self.zone);
        }
        self.write(conn, doctor, week)
    }

    /// Stores a day as a part of its week.
    fn write(&self, conn: &Connection, doctor: DoctorId, mut week: Week) -> Answer<()> {
        let (at, day) = week_of(self.date);
        if let (Some(mask), Some(counts)) = (week.masks.get_mut(day), week.counts.get_mut(day)) {
            (*mask, *counts) = (self.mask, self.counts);
        }
        week.save(conn, doctor, at)
    }
}

/// Writes the mask and the counts of a doctor's day anew from its appointments.
pub(super) fn refresh(conn: &Connection, doctor: DoctorId, date: NaiveDate, zone: Tz) -> Answer<()> {
    let mut day = Day::new(date, zone);
    let mut statement = conn.prepare_cached(DAY)?;
    let mut rows = statement.query(params![doctor.bytes(), sql::day(date)])?;
    while let Some(row) = rows.next()? {
        day.add(sql::instant(row.get(0)?), sql::instant(row.get(1)?), sql::name(row, 2)?);
    }
    day.write(conn, doctor, week(conn, doctor, week_of(date).0)?)
}

pub(super) const DAY: &str =
    "SELECT start_ms, end_ms, status FROM appointment WHERE doctor_id = ?1 AND day = ?2 ORDER BY start_ms";

fn week(conn: &Connection, doctor: DoctorId, week: i32) -> Answer<Week> {
    let mut load = conn.prepare_cached(WEEKS)?;
    let found = load.query_row(params![doctor.bytes(), week, week + 1], Week::of_row);
    Ok(found.optional()?.unwrap_or_default())
}

/// What is kept of a doctor's weeks, one after the other, from that of `from` until that of the day before `until`.
pub(super) fn weeks(
    conn: &Connection,
    doctor: DoctorId,
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<Vec<Week>> {
    let (first, beyond) = (week_of(from).0, week_beyond(until));
    let mut found = vec![Week::default(); usize::try_from(beyond - first).unwrap_or_default()];
    let mut load = conn.prepare_cached(WEEKS)?;
    let mut rows = load.query(params![doctor.bytes(), first, beyond])?;
    while let Some(row) = rows.next()? {
        let at = usize::try_from(row.get::<_, i32>(0)? - first).unwrap_or(usize::MAX);
        if let Some(week) = found.get_mut(at) {
            *week = Week::of_row(row)?;
        }
    }
    Ok(found)
}

pub(super) const WEEKS: &str =
    "SELECT week, masks, counts FROM doctor_week WHERE doctor_id = ?1 AND week >= ?2 AND week < ?3";

/// The week after the last one that a day before `until` lies in.
fn week_beyond(until: NaiveDate) -> i32 {
    until.pred_opt().map_or(0, |last| week_of(last).0 + 1)
}

/// Whether a doctor has any appointment from a day up to and without another.
pub(super) fn has_any(
    conn: &Connection,
    doctor: DoctorId,
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<bool> {
    let monday = week_of(from).0 * 7 - 3;
    let days = sql::day(from)..sql::day(until);
    let counts = weeks(conn, doctor, from, until)?.into_iter().flat_map(|week| week.counts);
    Ok((monday..).zip(counts).any(|(day, counts)| days.contains(&day) && !counts.is_empty()))
}

/// The booked ticks of several doctors, read as they are asked for: what a month touches at first and then ever more, so
/// that a search that ends early reads little and a long one asks seldom.
pub(super) struct Booked<'c> {
    conn: &'c Connection,
    doctors: Vec<DoctorId>,
    /// The first week.
    first: i32,
    /// The week after the last one.
    beyond: i32,
    /// Week by week and in a week doctor by doctor.
    read: Vec<[DayMask; DAYS]>,
}

impl<'c> Booked<'c> {
    /// Reads from `from` on, and nothing from `until` on.
    pub fn new(
        conn: &'c Connection,
        doctors: impl IntoIterator<Item = DoctorId>,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Self {
        let (first, beyond) = (week_of(from).0, week_beyond(until));
        Self { conn, doctors: doctors.into_iter().collect(), first, beyond, read: Vec::new() }
    }

    /// The booked ticks of every doctor on a day, in their order.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn on(&mut self, date: NaiveDate) -> Answer<impl Iterator<Item = DayMask>> {
        let (week, day) = week_of(date);
        let many = self.doctors.len();
        let at = usize::try_from(week - self.first).unwrap_or_default() * many;
        while self.read.len() < at + many && self.weeks_read() < self.beyond {
            self.read_more()?;
        }
        let masks = self.read.get(at..at + many).unwrap_or_default();
        Ok(masks.iter().map(move |week| week.get(day).copied().unwrap_or_default()))
    }

    /// Takes what is booked of every doctor on a day out of what is free.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn take(&mut self, date: NaiveDate, free: &mut [DayMask]) -> Answer<()> {
        for (free, booked) in free.iter_mut().zip(self.on(date)?) {
            *free = free.and_not(booked);
        }
        Ok(())
    }

    /// The week after the last one that was read.
    fn weeks_read(&self) -> i32 {
        self.first + i32::try_from(self.read.len() / self.doctors.len().max(1)).unwrap_or(i32::MAX)
    }

    fn read_more(&mut self) -> Answer<()> {
        const MONTH: i32 = 6;
        let from = self.weeks_read();
        let until = self.beyond.min(from + ((from - self.first) * 7).max(MONTH));
        let (many, before) = (self.doctors.len(), self.read.len());
        self.read
            .resize(before + many * usize::try_from(until - from).unwrap_or_default(), Default::default());
        let mut load = self.conn.prepare_cached(MASKS)?;
        for (doctor, id) in self.doctors.iter().enumerate() {
            let mut rows = load.query(params![id.bytes(), from, until])?;
            while let Some(row) = rows.next()? {
                let week = usize::try_from(row.get::<_, i32>(0)? - from).unwrap_or_default();
                if let Some(masks) = self.read.get_mut(before + week * many + doctor) {
                    read_masks(row, masks)?;
                }
            }
        }
        Ok(())
    }
}

pub(super) const MASKS: &str =
    "SELECT week, masks FROM doctor_week WHERE doctor_id = ?1 AND week >= ?2 AND week < ?3";

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use clinic_domain::time::Datelike;

    use super::*;

    /// By doctor and day, in hex and in days since 1970: the mask and the counts of every day that has any.
    pub(in super::super) type Days = BTreeMap<(String, i32), ([u8; 40], Vec<u32>)>;

    /// What is kept.
    pub(in super::super) fn kept_days(conn: &Connection) -> Answer<Days> {
        let mut statement = conn.prepare("SELECT week, masks, counts, hex(doctor_id) FROM doctor_week")?;
        let mut rows = statement.query([])?;
        let mut days = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (week, first) = (Week::of_row(row)?, row.get::<_, i32>(0)? * 7 - 3);
            for (day, (mask, counts)) in (first..).zip(week.masks.iter().zip(week.counts)) {
                let counts = Status::ALL.map(|status| counts.of(status)).to_vec();
                if counts.iter().sum::<u32>() > 0 || !mask.is_empty() {
                    days.insert((row.get(3)?, day), (mask.to_bytes(), counts));
                }
            }
        }
        Ok(days)
    }

    #[test]
    fn a_week_begins_on_monday() {
        let first = NaiveDate::from_ymd_opt(1960, 2, 27).unwrap();
        for date in first.iter_days().step_by(17).take(2_000) {
            let (week, day) = week_of(date);
            assert_eq!(day, date.weekday().num_days_from_monday() as usize);
            let monday = date - clinic_domain::time::Days::new(day as u64);
            assert_eq!(sql::day(monday), week * 7 - 3);
            assert_eq!(week_beyond(monday), week, "a Monday that is left out leaves its week out");
            assert_eq!(week_beyond(date + clinic_domain::time::Days::new(1)), week + 1);
        }
    }
}
