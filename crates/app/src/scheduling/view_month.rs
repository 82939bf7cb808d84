//! A month as counts (FD-1), from the counts and masks that each booking keeps: no appointment is read.

use std::collections::HashSet;

use clinic_domain::id::DoctorId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::availability::{ahead, away_all_day, open_ticks, starts};
use clinic_domain::scheduling::mask::{DayClock, DayMask, TICK_MINUTES};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Datelike, Days, Instant, NaiveDate};
use rusqlite::Connection;

use super::rules::{Doctor, Rules};
use super::store_days;
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
    let clocks: Vec<DayClock> = days.iter().map(|day| DayClock::new(day.date, rules.policy.zone)).collect();
    for doctor in &doctors {
        let booked = store_days::masks(conn, doctor.head.id, from, u16::try_from(days.len()).unwrap_or(0))?;
        for ((day, clock), booked) in days.iter_mut().zip(&clocks).zip(booked) {
            add_open(day, clock, &rules, doctor, booked, now);
        }
    }
    add_counts(conn, &mut days, &doctors, from, until)?;
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
fn add_open(
    day: &mut MonthDay,
    clock: &DayClock,
    rules: &Rules,
    doctor: &Doctor,
    booked: DayMask,
    now: Instant,
) {
    let policy = &rules.policy;
    let slot = policy.slot_minutes;
    let open = open_ticks(clock, policy, &doctor.day);
    let free = starts(clock, open.and_not(booked).and(ahead(clock, slot, now)), slot, slot);
    day.open_minutes += u32::from(open.count() * TICK_MINUTES);
    day.booked_minutes += u32::from(booked.count() * TICK_MINUTES);
    day.free_slots += u32::from(free.count());
    let first = free.first(0).map(|tick| clock.wall(tick).0);
    day.first_free = [day.first_free, first].into_iter().flatten().min();
    day.away += u16::from(away_all_day(clock, policy, &doctor.day));
}

/// Adds what the counts say about the days.
fn add_counts(
    conn: &Connection,
    days: &mut [MonthDay],
    doctors: &[Doctor],
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<()> {
    let shown: HashSet<DoctorId> = doctors.iter().map(|doctor| doctor.head.id).collect();
    for count in store_days::counts(conn, from, until)? {
        let at = usize::try_from((count.date - from).num_days()).unwrap_or(usize::MAX);
        let Some(day) = days.get_mut(at).filter(|_| shown.contains(&count.doctor)) else { continue };
        match count.status {
            Status::Cancelled => day.cancelled += count.appointments,
            Status::NeedsRebooking => {}
            Status::NoShow => {
                day.booked += count.appointments;
                day.no_shows += count.appointments;
            }
            _ => day.booked += count.appointments,
        }
    }
    Ok(())
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
