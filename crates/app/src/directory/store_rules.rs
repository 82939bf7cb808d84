//! What the settings of the clinic say about patients and doctors. Reads no more of them than that: a search asks for
//! the date at every key, and the rest of the settings takes longer to read than the search.

use chrono_tz::Tz;
use clinic_domain::directory::contact::Region;
use clinic_domain::time::{Instant, NaiveDate, wall_of};
use rusqlite::{Connection, OptionalExtension};

use crate::error::{Answer, AppError};

/// The part of the clinic's settings that the directory goes by.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// The clinic's zone.
    pub zone: Tz,
    /// Minutes of one slot.
    pub slot_minutes: u16,
    /// Pattern of licence numbers, or empty.
    pub licence_pattern: String,
}

impl Rules {
    /// The settings as they are stored.
    ///
    /// # Errors
    /// [`AppError::WrongState`] before the clinic was set up.
    pub fn load(conn: &Connection) -> Answer<Self> {
        conn.prepare_cached("SELECT time_zone, slot_minutes, licence_pattern FROM clinic LIMIT 1")?
            .query_row([], |row| {
                let zone: String = row.get(0)?;
                Ok(Self {
                    zone: zone.parse().unwrap_or(Tz::UTC),
                    slot_minutes: row.get(1)?,
                    licence_pattern: row.get(2)?,
                })
            })
            .optional()?
            .ok_or(AppError::WrongState)
    }

    /// The date in the clinic.
    pub fn today(&self, now: Instant) -> NaiveDate {
        wall_of(now, self.zone).0
    }

    /// How phone numbers without a country code are read.
    pub fn region(&self) -> Region {
        Region::of_zone(self.zone)
    }
}
