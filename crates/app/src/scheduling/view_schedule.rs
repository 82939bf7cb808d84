//! Days of the schedule (FD-1): one call for everything a day or week view draws.

use std::collections::{HashMap, HashSet};

use clinic_domain::id::{DoctorId, SpecialtyId};
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::role::Role;
use clinic_domain::scheduling::availability::{closed_spans, free_spans};
use clinic_domain::scheduling::mask::{DayMask, TICK_MINUTES};
use clinic_domain::scheduling::openings::{Day, FreeSearch, Week, next_free};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Days, Instant, NaiveDate, Span};
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::refuse::named;
use super::rules::Rules;
use super::store_boxes;
use super::store_weeks::{self, Booked};
use super::view::{
    AppointmentBox, ClosedSpan, Column, DoctorHead, Opening, ScheduleView, StatusCount, ViewSchedule,
};
use crate::app::{Actor, App};
use crate::clinic;
use crate::directory::record::with_title;
use crate::directory::store_columns::{self, ColumnDoctor, Which};
use crate::error::{Answer, AppError};

/// How far ahead the first openings are looked for, in days.
const DAYS_AHEAD: u16 = 60;
/// How many of them.
const OPENINGS: usize = 10;

impl App {
    /// Days of the schedule (FD-1).
    ///
    /// # Errors
    /// [`AppError::Validation`] for a number of days out of range; [`AppError::Forbidden`]; faults of the store.
    pub fn view_schedule(&self, actor: &Actor, request: ViewSchedule) -> Answer<ScheduleView> {
        if !(1..=7).contains(&request.days) {
            let error = FieldError::new("days", FieldRule::OutOfRange).bound(7);
            return Err(AppError::Validation { fields: vec![error] });
        }
        let now = self.now();
        self.read(actor, Action::ViewSchedule, |conn, _| view(conn, actor, &request, now))
    }
}

fn view(conn: &Connection, actor: &Actor, request: &ViewSchedule, now: Instant) -> Answer<ScheduleView> {
    let rules = Rules::load(conn)?;
    let clock = rules.clock(now);
    let until = request.from + Days::new(u64::from(request.days));
    let known_until = until.max(clock.today + Days::new(u64::from(DAYS_AHEAD)));
    let all = shown(
        conn,
        &default_doctors(actor, &request.doctor_ids),
        request.from.min(clock.today),
        known_until,
    )?;
    let doctors = with_work(conn, all, request.from, until)?;

    let moment = rules.moment(now);
    let mut appointments = Vec::new();
    for doctor in &doctors {
        store_boxes::of_doctor(conn, doctor.id, request.from, until, &moment, &mut appointments)?;
    }
    // Each is moved once, not at every step of the sorting.
    appointments.sort_by_cached_key(|a: &AppointmentBox| (a.date, a.start, a.end));
    let mut drawn = drawn_by(&appointments);
    let columns = columns(conn, &rules, &doctors, (request.from, until), now, &mut drawn)?;
    let hours = drawn.unwrap_or_else(|| usual_hours(&rules));
    Ok(ScheduleView {
        from: request.from,
        first_minute: hours.start / 60 * 60,
        last_minute: (hours.end.div_ceil(60) * 60).min(1440),
        slot_minutes: rules.policy.slot_minutes,
        late_after_minutes: rules.late_after_minutes,
        columns,
        counts: counts(&appointments),
        waiting: waiting(conn, &doctors, clock.today, &moment)?,
        openings: openings(conn, &rules, &doctors, clock.today, now)?,
        appointments,
        doctors: heads(conn, doctors)?,
        clock,
    })
}

/// Those who were asked for; when nobody was, a doctor's own column, and everybody's for all others.
pub(super) fn default_doctors(actor: &Actor, asked: &[DoctorId]) -> Vec<DoctorId> {
    match actor.person.doctor {
        Some(own) if asked.is_empty() && actor.person.role == Role::Doctor => vec![own],
        _ => asked.to_vec(),
    }
}

/// The doctors of some ids, or everybody when there are none.
pub(super) fn shown(
    conn: &Connection,
    ids: &[DoctorId],
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<Vec<ColumnDoctor>> {
    store_columns::doctors(conn, if ids.is_empty() { Which::All } else { Which::These(ids) }, from, until)
}

/// What stands above the columns.
fn heads(conn: &Connection, doctors: Vec<ColumnDoctor>) -> Answer<Vec<DoctorHead>> {
    let names: HashMap<SpecialtyId, String> = clinic::store::specialties(conn)?
        .into_iter()
        .map(|specialty| (specialty.id, specialty.name))
        .collect();
    let head = |doctor: ColumnDoctor| {
        let first = doctor.specialty_ids.first().copied();
        DoctorHead {
            id: doctor.id,
            name: with_title(&doctor.family_name, &doctor.given_names),
            short_name: doctor.short_name,
            specialty: first.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            specialty_id: first,
        }
    };
    Ok(doctors.into_iter().map(head).collect())
}

/// Leaves out those who no longer work here, but where one of their appointments is to be drawn.
fn with_work(
    conn: &Connection,
    doctors: Vec<ColumnDoctor>,
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<Vec<ColumnDoctor>> {
    let mut kept = Vec::with_capacity(doctors.len());
    for doctor in doctors {
        if doctor.day.active || store_weeks::has_any(conn, doctor.id, from, until)? {
            kept.push(doctor);
        }
    }
    Ok(kept)
}

/// Every doctor on every day from one up to and without another; `drawn` grows to what is worth drawing of them.
fn columns(
    conn: &Connection,
    rules: &Rules,
    doctors: &[ColumnDoctor],
    (from, until): (NaiveDate, NaiveDate),
    now: Instant,
    drawn: &mut Option<Span>,
) -> Answer<Vec<Column>> {
    let days: Vec<Day> = from
        .iter_days()
        .take_while(|date| *date < until)
        .map(|date| Day::new(date, &rules.policy, now))
        .collect();
    let mut booked = Booked::new(conn, doctors.iter().map(|doctor| doctor.id), from, until);
    let booked: Vec<Vec<DayMask>> =
        days.iter().map(|day| Ok(booked.on(day.clock().date())?.collect())).collect::<Answer<_>>()?;
    let mut columns = Vec::with_capacity(doctors.len() * days.len());
    for (at, doctor) in doctors.iter().enumerate() {
        let week = Week::new(&rules.policy, &doctor.day);
        for (day, booked) in days.iter().zip(&booked) {
            let booked = booked.get(at).copied().unwrap_or_default();
            columns.push(column(rules, doctor, &week, day, booked, drawn));
        }
    }
    Ok(columns)
}

/// One doctor on one day.
fn column(
    rules: &Rules,
    doctor: &ColumnDoctor,
    week: &Week<'_>,
    day: &Day,
    booked: DayMask,
    drawn: &mut Option<Span>,
) -> Column {
    let (policy, clock, open) = (&rules.policy, day.clock(), week.open(day));
    for span in clock.wall_spans(open) {
        grow(drawn, span);
    }
    let closed = closed_spans(clock, policy, &doctor.day)
        .into_iter()
        .map(|closed| ClosedSpan { span: closed.span, kind: closed.kind, words: closed.words })
        .collect();
    Column {
        doctor_id: doctor.id,
        date: clock.date(),
        closed,
        free: free_spans(clock, open.and_not(booked).and(day.ahead()), policy.slot_minutes),
        open_minutes: open.count() * TICK_MINUTES,
        booked_minutes: booked.count() * TICK_MINUTES,
        away: week.is_away(day),
    }
}

/// The span that all appointments lie in.
fn drawn_by(appointments: &[AppointmentBox]) -> Option<Span> {
    let mut drawn = None;
    for a in appointments {
        grow(&mut drawn, Span::new(a.start, a.end.max(a.start)));
    }
    drawn
}

fn grow(drawn: &mut Option<Span>, span: Span) {
    let now = drawn.unwrap_or(span);
    *drawn = Some(Span::new(now.start.min(span.start), now.end.max(span.end)));
}

/// The clinic's widest hours, for days on which nobody works.
fn usual_hours(rules: &Rules) -> Span {
    let mut hours = None;
    for day in rules.policy.clinic_hours.0.iter().filter(|day| day.open) {
        grow(&mut hours, day.hours);
    }
    hours.unwrap_or(Span::new(9 * 60, 17 * 60))
}

/// How many appointments have each status, in the order of a visit.
fn counts(appointments: &[AppointmentBox]) -> Vec<StatusCount> {
    let count = |status| appointments.iter().filter(|a| a.status == status).count();
    Status::ALL
        .into_iter()
        .map(|status| StatusCount { status, count: u32::try_from(count(status)).unwrap_or(u32::MAX) })
        .collect()
}

/// Who waits today for one of these doctors, longest first.
fn waiting(
    conn: &Connection,
    doctors: &[ColumnDoctor],
    today: NaiveDate,
    moment: &store_boxes::Moment,
) -> Answer<Vec<AppointmentBox>> {
    let shown: HashSet<DoctorId> = doctors.iter().map(|doctor| doctor.id).collect();
    let mut waiting = store_boxes::waiting(conn, today, moment)?;
    waiting.retain(|a| shown.contains(&a.doctor_id));
    Ok(waiting)
}

/// The first openings of these doctors from now on.
fn openings(
    conn: &Connection,
    rules: &Rules,
    doctors: &[ColumnDoctor],
    today: NaiveDate,
    now: Instant,
) -> Answer<Vec<Opening>> {
    let search = FreeSearch {
        from: today,
        from_minute: 0,
        days: DAYS_AHEAD,
        minutes: rules.policy.slot_minutes,
        limit: OPENINGS,
    };
    let facts: Vec<_> = doctors.iter().map(|doctor| (doctor.id, &doctor.day)).collect();
    let until = today + Days::new(u64::from(DAYS_AHEAD));
    let mut booked = Booked::new(conn, facts.iter().map(|(id, _)| *id), today, until);
    let found = next_free(&search, &rules.policy, &facts, now, |date, free| booked.take(date, free))?;
    Ok(found.into_iter().map(|opening| named(doctors, opening)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};

    fn day(date: NaiveDate, days: u8) -> ViewSchedule {
        ViewSchedule { from: date, days, doctor_ids: Vec::new() }
    }

    #[test]
    fn a_day_is_drawn_with_its_columns_appointments_counts_and_openings() {
        let clinic = Clinic::new(2, 2);
        clinic.book(0, 0, monday(), 600).unwrap();
        let gone = clinic.book(1, 1, monday(), 540).unwrap().appointment;
        clinic.step(&gone, Status::Cancelled).unwrap();
        let view = clinic.app.view_schedule(&clinic.desk(1), day(monday(), 1)).unwrap();
        assert_eq!((view.first_minute, view.last_minute, view.slot_minutes), (540, 1020, 30));
        assert_eq!((view.clock.today, view.clock.minute), (monday(), 540));
        let drawn: Vec<_> =
            view.appointments.iter().map(|a| (a.start, a.short_name.as_str(), a.status)).collect();
        assert_eq!(drawn, [(540, "Smith1, J.", Status::Cancelled), (600, "Smith0, J.", Status::Scheduled)]);
        let first = &view.columns[0];
        assert_eq!(first.free, [Span::new(540, 600), Span::new(630, 1020)]);
        assert_eq!((first.open_minutes, first.booked_minutes, first.away), (480, 30, false));
        assert_eq!(view.columns[1].free, [Span::new(540, 1020)]);
        let count = |status| view.counts.iter().find(|c| c.status == status).unwrap().count;
        assert_eq!((count(Status::Scheduled), count(Status::Cancelled), count(Status::Arrived)), (1, 1, 0));
        let openings: Vec<_> = view.openings.iter().take(3).map(|o| (o.doctor.as_str(), o.start)).collect();
        assert_eq!(openings, [("Lee0", 540), ("Lee1", 540), ("Lee0", 570)]);
        assert_eq!(view.openings.len(), 10);
    }

    #[test]
    fn a_doctor_sees_the_own_column_and_others_when_asked() {
        let clinic = Clinic::new(3, 1);
        let own = clinic.app.view_schedule(&clinic.doctor(1), day(monday(), 1)).unwrap();
        assert_eq!(own.doctors.iter().map(|d| d.id).collect::<Vec<_>>(), [clinic.doctors[1]]);
        let asked = ViewSchedule { doctor_ids: vec![clinic.doctors[2]], ..day(monday(), 1) };
        let other = clinic.app.view_schedule(&clinic.doctor(1), asked).unwrap();
        assert_eq!(other.doctors.iter().map(|d| d.id).collect::<Vec<_>>(), [clinic.doctors[2]]);
    }

    #[test]
    fn a_week_has_a_column_for_each_doctor_and_day_doctors_first() {
        let clinic = Clinic::new(2, 1);
        let view = clinic.app.view_schedule(&clinic.desk(1), day(monday(), 7)).unwrap();
        let columns: Vec<_> = view.columns.iter().map(|c| (c.doctor_id, c.date)).collect();
        let expected: Vec<_> = clinic
            .doctors
            .iter()
            .flat_map(|id| monday().iter_days().take(7).map(|date| (*id, date)))
            .collect();
        assert_eq!(columns, expected);
        assert_eq!(view.columns[5].open_minutes, 0, "Saturday");
        assert_eq!(view.columns[5].closed.iter().map(|c| c.span.minutes()).sum::<u16>(), 1440);
    }

    #[test]
    fn those_who_wait_are_named_longest_first() {
        let clinic = Clinic::new(1, 2);
        let first = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        let second = clinic.book(0, 1, monday(), 630).unwrap().appointment;
        clinic.step(&second, Status::Arrived).unwrap();
        clinic.at("2026-11-23T14:10:00Z");
        clinic.step(&first, Status::Arrived).unwrap();
        clinic.at("2026-11-23T14:20:00Z");
        // Those of today, whatever day is looked at.
        let view = clinic.app.view_schedule(&clinic.desk(1), day(monday() + Days::new(7), 1)).unwrap();
        let waiting: Vec<_> = view.waiting.iter().map(|a| (a.surname.as_str(), a.waited)).collect();
        assert_eq!(waiting, [("Smith1", Some(20)), ("Smith0", Some(10))]);
    }

    #[test]
    fn a_doctor_who_left_is_drawn_where_there_is_work_of_theirs() {
        let clinic = Clinic::new(2, 1);
        clinic.book(1, 0, monday(), 600).unwrap();
        let leave = "UPDATE doctor SET active = 0";
        clinic.write(|conn| Ok(conn.execute(leave, [])?));
        let shown = |date| {
            let view = clinic.app.view_schedule(&clinic.desk(1), day(date, 1)).unwrap();
            view.doctors.into_iter().map(|d| d.id).collect::<Vec<_>>()
        };
        assert_eq!(shown(monday()), [clinic.doctors[1]]);
        assert!(shown(monday() + Days::new(1)).is_empty());
    }

    #[test]
    fn eight_days_are_too_many() {
        let clinic = Clinic::new(1, 0);
        let refused = clinic.app.view_schedule(&clinic.desk(1), day(monday(), 8)).unwrap_err();
        assert!(matches!(refused, AppError::Validation { .. }));
    }
}
