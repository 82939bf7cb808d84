//! A month as counts (FD-1), from the counts and masks that each booking keeps: no appointment is read.

use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::mask::{DayMask, TICK_MINUTES};
use clinic_domain::scheduling::openings::{Day, Week};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Datelike, Days, Instant, NaiveDate};
use rusqlite::Connection;

use super::rules::Rules;
use super::store_weeks::{self, Counts};
use super::view_schedule::{default_doctors, shown};
use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::{MonthDay, MonthView, ViewMonth};

impl App {
    /// A month as counts (FD-1).
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn view_month(&self, actor: &Actor, request: ViewMonth) -> Answer<MonthView> {
        let now = self.now();
        self.read(actor, Action::ViewSchedule, |conn, _| view(conn, actor, &request, now))
    }
}

fn view(conn: &Connection, actor: &Actor, request: &ViewMonth, now: Instant) -> Answer<MonthView> {
    let rules = Rules::load(conn)?;
    let (from, until) = whole_weeks(request.month);
    let doctors = shown(conn, &default_doctors(actor, &request.doctor_ids), from, until)?;
    let mut days: Vec<MonthDay> = from
        .iter_days()
        .take_while(|date| *date < until)
        .map(|date| MonthDay { closed: closed(&rules, date), ..empty(date) })
        .collect();
    let rules_of: Vec<Day> = days.iter().map(|day| Day::new(day.date, &rules.policy, now)).collect();
    let slot = rules.policy.slot_minutes;
    for doctor in &doctors {
        let week = Week::new(&rules.policy, &doctor.day);
        let kept = store_weeks::weeks(conn, doctor.id, from, until)?;
        let kept = kept.iter().flat_map(|kept| kept.masks.iter().zip(&kept.counts));
        for ((shown, day), (booked, counts)) in days.iter_mut().zip(&rules_of).zip(kept) {
            add_open(shown, day, &week, *booked, slot);
            add_counts(shown, counts);
        }
    }
    let month = || days.iter().filter(|day| day.date.month() == request.month.month());
    Ok(MonthView {
        clock: rules.clock(now),
        booked: month().map(|day| day.booked).sum(),
        no_shows: month().map(|day| day.no_shows).sum(),
        days,
    })
}

/// From the Monday on or before the first of the month until the Monday after its last day.
fn whole_weeks(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let monday_of = |date: NaiveDate| date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    let first = day.with_day(1).unwrap_or(day);
    let next = first + chrono::Months::new(1);
    (monday_of(first), monday_of(next + Days::new(6)))
}

/// The name of a day on which the clinic is closed all day.
fn closed(rules: &Rules, date: NaiveDate) -> Option<String> {
    rules
        .policy
        .closed_days
        .iter()
        .find(|closed| closed.date == date && closed.span.is_none())
        .map(|closed| closed.name.clone())
}

fn empty(date: NaiveDate) -> MonthDay {
    MonthDay {
        date,
        booked: 0,
        no_shows: 0,
        cancelled: 0,
        open_minutes: 0,
        booked_minutes: 0,
        free_slots: 0,
        first_free: None,
        away: 0,
        closed: None,
    }
}

/// Adds what a doctor's mask says about a day.
fn add_open(shown: &mut MonthDay, day: &Day, week: &Week<'_>, booked: DayMask, slot: u16) {
    let open = week.open(day);
    let free = day.starts(open.and_not(booked).and(day.ahead()), slot);
    shown.open_minutes += u32::from(open.count() * TICK_MINUTES);
    shown.booked_minutes += u32::from(booked.count() * TICK_MINUTES);
    shown.free_slots += u32::from(free.count());
    let first = free.first(0).map(|tick| day.clock().wall(tick).0);
    shown.first_free = [shown.first_free, first].into_iter().flatten().min();
    shown.away += u16::from(week.is_away(day));
}

/// Adds what a doctor's counts say about a day.
fn add_counts(shown: &mut MonthDay, counts: &Counts) {
    for status in Status::ALL {
        let count = counts.of(status);
        match status {
            Status::Cancelled => shown.cancelled += count,
            Status::NeedsRebooking => {}
            Status::NoShow => {
                shown.booked += count;
                shown.no_shows += count;
            }
            _ => shown.booked += count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};

    #[test]
    fn whole_weeks_touch_the_month() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(whole_weeks(date("2026-11-15")), (date("2026-10-26"), date("2026-12-07")));
        assert_eq!(whole_weeks(date("2027-02-28")), (date("2027-02-01"), date("2027-03-01")), "exactly four");
        assert_eq!(whole_weeks(date("2026-12-31")), (date("2026-11-30"), date("2027-01-04")));
    }

    #[test]
    fn a_month_counts_what_is_booked_cancelled_missed_and_free() {
        let clinic = Clinic::new(2, 4);
        clinic.book(0, 0, monday(), 540).unwrap();
        let missed = clinic.book(0, 1, monday(), 570).unwrap().appointment;
        let gone = clinic.book(1, 2, monday(), 600).unwrap().appointment;
        clinic.at("2026-11-23T14:40:00Z");
        clinic.step(&missed, Status::NoShow).unwrap();
        clinic.step(&gone, Status::Cancelled).unwrap();
        clinic.book(0, 3, NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(), 540).unwrap();
        let request = ViewMonth { month: monday(), doctor_ids: Vec::new() };
        let view = clinic.app.view_month(&clinic.desk(1), request).unwrap();
        assert_eq!((view.days.len(), view.booked, view.no_shows), (42, 2, 1));
        let day = view.days.iter().find(|day| day.date == monday()).unwrap();
        assert_eq!((day.booked, day.no_shows, day.cancelled), (2, 1, 1));
        assert_eq!((day.open_minutes, day.booked_minutes), (960, 30));
        // 09:40 now: two columns of fifteen slots from 09:30, the missed one free again.
        assert_eq!((day.free_slots, day.first_free), (30, Some(570)));
        let friday = &view.days[view.days.iter().position(|d| d.date == monday()).unwrap() - 3];
        assert_eq!((friday.open_minutes, friday.free_slots, friday.first_free), (960, 0, None), "past");
    }

    #[test]
    fn a_doctor_counts_the_own_column() {
        let clinic = Clinic::new(2, 2);
        clinic.book(0, 0, monday(), 600).unwrap();
        clinic.book(1, 1, monday(), 600).unwrap();
        let request = ViewMonth { month: monday(), doctor_ids: Vec::new() };
        assert_eq!(clinic.app.view_month(&clinic.doctor(0), request).unwrap().booked, 1);
    }

    #[test]
    fn a_named_closed_day_shows_its_name() {
        let clinic = Clinic::new(1, 0);
        let close =
            r#"UPDATE clinic SET closed_days = '[{"date":"2026-11-26","span":null,"name":"Thanksgiving"}]'"#;
        clinic.write(|conn| Ok(conn.execute(close, [])?));
        let request = ViewMonth { month: monday(), doctor_ids: Vec::new() };
        let view = clinic.app.view_month(&clinic.desk(1), request).unwrap();
        let thursday = view.days.iter().find(|day| day.closed.is_some()).unwrap();
        assert_eq!(thursday.closed.as_deref(), Some("Thanksgiving"));
        assert_eq!((thursday.open_minutes, thursday.away), (0, 0));
    }
}
