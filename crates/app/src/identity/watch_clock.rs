//! The clock of the computer: whether it was set back, since the store was last open or while the program runs (AU-17).

use std::sync::PoisonError;

use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension};

use super::notice::{self, NoticeKind};
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::db::{Store, sql};
use crate::error::{Answer, AppError};

/// The last start, as a fact of this store.
const LAST_START: &str = "last_start_ms";
/// A clock may be set right by so much without a word.
const TOLERATED_MINUTES: i64 = 5;

impl App {
    /// Looks whether the clock was set back while the program ran; the administrators are told. Costs nothing until it was.
    ///
    /// # Errors
    /// [`AppError::WrongState`] without an open store; faults of the store.
    pub fn watch_clock(&self) -> Answer<()> {
        let (store, now) = (self.store()?, self.now());
        let seen = *self.clock_seen.lock().unwrap_or_else(PoisonError::into_inner);
        let back = seen.and_then(|before| gone_back(before, now));
        match back {
            Some(_) => self.note_clock(&store, back),
            None => {
                self.see_clock(seen.max(Some(now)));
                Ok(())
            }
        }
    }

    /// Writes down when the program started. Answers with the minutes by which the clock went back since anything was
    /// last written down, which then becomes an entry of its own.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn note_start(&self, store: &Store) -> Answer<Option<u32>> {
        let before = store.read(last_seen)?;
        let back = before.and_then(|before| gone_back(before, self.now()));
        match self.note_clock(store, back) {
            // Whoever starts the program on a full disk is to see the data, and the fault when something is written.
            Err(AppError::StoreFull) => Ok(back),
            noted => noted.map(|()| back),
        }
    }

    fn note_clock(&self, store: &Store, back: Option<u32>) -> Answer<()> {
        let (now, device) = (self.now(), &self.parts.device);
        self.see_clock(Some(now));
        let noted = back.map(|minutes| Entry {
            reason: format!("{minutes} min"),
            ..Entry::of_nobody(Op::ClockSetBack, now, device)
        });
        store.keep(noted.as_ref(), |conn| {
            conn.prepare_cached("INSERT OR REPLACE INTO fact (name, value) VALUES (?1, ?2)")?
                .execute([LAST_START, &sql::ms(now).to_string()])?;
            match back {
                Some(_) => {
                    notice::once_for_administrators(self, conn, NoticeKind::ClockSetBack, device, None)
                }
                None => Ok(()),
            }
        })
    }

    fn see_clock(&self, at: Option<Instant>) {
        *self.clock_seen.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

/// The latest moment that the store knows of: the last start or the newest entry of the log.
fn last_seen(conn: &Connection) -> Answer<Option<Instant>> {
    let start: Option<i64> = conn
        .prepare_cached("SELECT CAST(value AS INTEGER) FROM fact WHERE name = ?1")?
        .query_row([LAST_START], |row| row.get(0))
        .optional()?;
    let entry: Option<i64> = conn
        .prepare_cached("SELECT at_ms FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(start.max(entry).map(sql::instant))
}

/// By how many minutes the clock went back, if by more than a correction.
fn gone_back(before: Instant, now: Instant) -> Option<u32> {
    let minutes = (before - now).num_minutes();
    (minutes > TOLERATED_MINUTES).then(|| u32::try_from(minutes).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_is_told_and_a_correction_is_not() {
        let before = sql::instant(1_800_000_000_000);
        let later = |minutes| before + chrono::TimeDelta::minutes(minutes);
        assert_eq!(gone_back(before, later(60)), None);
        assert_eq!(gone_back(before, later(-4)), None);
        assert_eq!(gone_back(before, later(-90)), Some(90));
    }
}
