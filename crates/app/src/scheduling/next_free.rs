//! The next free slots over doctors and days (AP-3, FD-4), from the masks that each booking keeps.

use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::mask::TICK_MINUTES;
use clinic_domain::scheduling::openings::{self, FreeSearch};
use clinic_domain::time::{Days, Instant};
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::refuse::named;
use super::rules::Rules;
use super::store_weeks::Booked;
use crate::app::{Actor, App};
use crate::directory::store_columns::{self, Which};
use crate::error::{Answer, AppError};
use crate::scheduling::view::{NextFree, Opening};

impl App {
    /// The next free slots over doctors and days (AP-3, FD-4), soonest first, then in the order of the columns.
    ///
    /// # Errors
    /// [`AppError::Validation`] for numbers out of range; [`AppError::Forbidden`]; faults of the store.
    pub fn next_free(&self, actor: &Actor, request: NextFree) -> Answer<Vec<Opening>> {
        let now = self.now();
        self.read(actor, Action::ViewSchedule, |conn, _| next_free(conn, &request, now))
    }
}

fn next_free(conn: &Connection, request: &NextFree, now: Instant) -> Answer<Vec<Opening>> {
    let rules = Rules::load(conn)?;
    let today = rules.clock(now).today;
    let limit = check(request, &rules)?;
    // What is past is not free; looking through it would only cost.
    let from = request.from.max(today);
    let search = FreeSearch {
        from,
        from_minute: if from == request.from { request.from_minute } else { 0 },
        days: request.days,
        minutes: request.minutes,
        limit,
    };
    let which = if request.doctor_ids.is_empty() { Which::Active } else { Which::These(&request.doctor_ids) };
    let until = from + Days::new(u64::from(request.days));
    let mut doctors = store_columns::doctors(conn, which, from, until)?;
    if let Some(specialty) = request.specialty_id {
        doctors.retain(|doctor| doctor.specialty_ids.contains(&specialty));
    }
    let facts: Vec<_> = doctors.iter().map(|doctor| (doctor.id, &doctor.day)).collect();
    let mut booked = Booked::new(conn, facts.iter().map(|(id, _)| *id), from, until);
    let found =
        openings::next_free(&search, &rules.policy, &facts, now, |date, free| booked.take(date, free))?;
    Ok(found.into_iter().map(|opening| named(&doctors, opening)).collect())
}

/// Checks the numbers; returns how many answers are wanted.
fn check(request: &NextFree, rules: &Rules) -> Answer<usize> {
    let longest = u32::from(rules.policy.longest_minutes);
    let in_range = |field: &str, value: u32, most: u32| {
        (!(1..=most).contains(&value)).then(|| FieldError::new(field, FieldRule::OutOfRange).bound(most))
    };
    let fields: Vec<FieldError> = [
        in_range("minutes", u32::from(request.minutes), longest),
        in_range("limit", request.limit, 50),
        in_range("days", u32::from(request.days), 366),
        (request.from_minute >= 1440)
            .then(|| FieldError::new("from_minute", FieldRule::OutOfRange).bound(1439)),
        (!request.minutes.is_multiple_of(TICK_MINUTES))
            .then(|| FieldError::new("minutes", FieldRule::NotAligned).bound(u32::from(TICK_MINUTES))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if fields.is_empty() {
        Ok(usize::try_from(request.limit).unwrap_or(usize::MAX))
    } else {
        Err(AppError::Validation { fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};

    fn ask() -> NextFree {
        NextFree {
            from: monday(),
            from_minute: 0,
            minutes: 30,
            doctor_ids: Vec::new(),
            specialty_id: None,
            limit: 3,
            days: 30,
        }
    }

    fn found(clinic: &Clinic, request: NextFree) -> Vec<(String, NaiveDate, u16)> {
        let openings = clinic.app.next_free(&clinic.desk(1), request).unwrap();
        openings.into_iter().map(|o| (o.doctor, o.date, o.start)).collect()
    }

    #[test]
    fn the_soonest_come_first_and_then_the_order_of_the_columns() {
        let clinic = Clinic::new(2, 1);
        clinic.book(0, 0, monday(), 540).unwrap();
        let expected =
            [("Lee1".into(), monday(), 540), ("Lee0".into(), monday(), 570), ("Lee1".into(), monday(), 570)];
        assert_eq!(found(&clinic, ask()), expected);
    }

    #[test]
    fn a_search_from_the_past_begins_now() {
        let clinic = Clinic::new(1, 0);
        clinic.at("2026-11-23T17:10:00Z");
        let request = NextFree { from: monday() - Days::new(30), from_minute: 900, limit: 1, ..ask() };
        assert_eq!(found(&clinic, request), [("Lee0".into(), monday(), 720)]);
    }

    #[test]
    fn a_full_week_is_skipped_and_the_masks_of_the_next_are_read() {
        let clinic = Clinic::new(1, 1);
        let away =
            "INSERT INTO doctor_exception (id, rev, doctor_id, kind, from_day, until_day, reason, entered_ms)
                    SELECT randomblob(16), 1, id, 'time_off', ?1, ?1 + 20, '', 0 FROM doctor";
        let first = sql_day(monday());
        clinic.write(|conn| Ok(conn.execute(away, [first])?));
        let back = monday() + Days::new(21);
        clinic.book(0, 0, back, 540).unwrap();
        assert_eq!(found(&clinic, NextFree { limit: 1, ..ask() }), [("Lee0".into(), back, 570)]);
        assert!(found(&clinic, NextFree { limit: 1, days: 21, ..ask() }).is_empty());
    }

    fn sql_day(date: NaiveDate) -> i32 {
        crate::db::sql::day(date)
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let clinic = Clinic::new(1, 0);
        let request = NextFree { minutes: 7, limit: 0, days: 367, from_minute: 1440, ..ask() };
        let AppError::Validation { fields } = clinic.app.next_free(&clinic.desk(1), request).unwrap_err()
        else {
            panic!("accepted");
        };
        let named: Vec<_> = fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(named, ["limit", "days", "from_minute", "minutes"]);
    }

    use clinic_domain::time::NaiveDate;
}
