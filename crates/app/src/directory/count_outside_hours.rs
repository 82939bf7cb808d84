//! What a change of hours would leave outside, before it is made. Appointments stay as they are when hours change
//! ([`App::edit_clinic`], [`App::edit_doctor`]), so whoever changes them is told how many need a look.

use clinic_domain::id::DoctorId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::hours::{
    ClosedDay, WeeklyHours, check_closed_days, check_weekly, closed_days_allow, week_allows,
};
use clinic_domain::time::{Instant, NaiveDate, Span};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::record::Doctor;
use super::store_visits;
use crate::app::{Actor, App};
use crate::clinic;
use crate::db::Record;
use crate::error::{Answer, AppError};

/// Hours somebody is about to save.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PlannedHours {
    /// The clinic's.
    Clinic {
        /// The week.
        hours: WeeklyHours,
        /// Days on which the clinic is closed.
        closed_days: Vec<ClosedDay>,
    },
    /// A doctor's.
    Doctor {
        /// Whose.
        id: DoctorId,
        /// The week.
        hours: WeeklyHours,
    },
}

/// What planned hours would leave outside.
#[derive(Debug, Clone, Serialize, Type)]
pub struct OutsideHours {
    /// Appointments from now on that the hours as they are allow and the planned ones would not.
    pub appointments: u32,
    /// The day of the first of them.
    pub first: Option<NaiveDate>,
}

impl App {
    /// How many appointments from now on the hours as they are allow and the planned ones would not.
    ///
    /// # Errors
    /// [`AppError::Validation`] when the planned hours could not be saved; [`AppError::NotFound`];
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn count_outside_hours(&self, actor: &Actor, request: PlannedHours) -> Answer<OutsideHours> {
        self.read(actor, Action::ViewDoctors, |conn, _| count(conn, &request, self.now()))
    }
}

/// Hours, and the days on which they do not hold.
#[derive(Clone, Copy)]
struct Open<'a> {
    week: &'a WeeklyHours,
    closed: &'a [ClosedDay],
}

impl Open<'_> {
    fn allows(self, date: NaiveDate, span: Span) -> bool {
        week_allows(self.week, date, span) && closed_days_allow(self.closed, date, span)
    }
}

fn count(conn: &Connection, planned: &PlannedHours, now: Instant) -> Answer<OutsideHours> {
    let (clinic, _) = clinic::store::load(conn)?;
    let doctor = match planned {
        PlannedHours::Clinic { .. } => None,
        PlannedHours::Doctor { id, .. } => Some(Doctor::load(conn, id.0)?.ok_or(AppError::NotFound)?.0),
    };
    let (present, after) = match (planned, &doctor) {
        (PlannedHours::Clinic { hours, closed_days }, _) => (
            Open { week: &clinic.hours, closed: &clinic.closed_days },
            Open { week: hours, closed: closed_days },
        ),
        (PlannedHours::Doctor { hours, .. }, doctor) => {
            let present = doctor.as_ref().map_or(hours, |doctor| &doctor.form.schedule);
            (Open { week: present, closed: &[] }, Open { week: hours, closed: &[] })
        }
    };
    let mut fields = check_weekly("hours", after.week, clinic.slot_minutes);
    fields.extend(check_closed_days("closed_days", after.closed));
    if !fields.is_empty() {
        return Err(AppError::Validation { fields });
    }
    let mut found = OutsideHours { appointments: 0, first: None };
    for parts in store_visits::coming(conn, doctor.as_ref().map(|doctor| doctor.id), clinic.zone(), now)? {
        let parts = || parts.iter().flatten();
        if parts().all(|&(date, span)| present.allows(date, span))
            && parts().any(|&(date, span)| !after.allows(date, span))
        {
            found.appointments += 1;
            found.first = found.first.into_iter().chain(parts().next().map(|&(date, _)| date)).min();
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use clinic_domain::scheduling::hours::default_week;
    use clinic_domain::validation::FieldRule;

    use super::*;
    use crate::directory::fixture::{Clinic, date, person, physician};

    /// A clinic from nine to five with two doctors. Today is Tuesday, 24 November 2026, nine o'clock.
    fn booked() -> (Clinic, DoctorId, DoctorId) {
        let clinic = Clinic::new();
        let hours = serde_json::to_string(&default_week()).unwrap();
        clinic.write(|conn| Ok(conn.execute("UPDATE clinic SET hours = ?1", [&hours])?));
        let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
        let other = clinic.add_doctor(physician("Park", "Jin")).id;
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12")).id;
        for (who, day, minute, status) in [
            (doctor, "2026-11-20", 990, "confirmed"),
            (doctor, "2026-11-27", 990, "confirmed"),
            (doctor, "2026-12-04", 930, "scheduled"),
            (doctor, "2026-12-04", 960, "scheduled"),
            (doctor, "2026-12-11", 960, "cancelled"),
            (doctor, "2026-12-11", 1020, "scheduled"),
            (doctor, "2026-12-03", 990, "scheduled"),
            (other, "2026-12-04", 975, "scheduled"),
        ] {
            clinic.book(who, patient, day, minute, status);
        }
        (clinic, doctor, other)
    }

    /// Fridays end at four.
    fn short_friday() -> WeeklyHours {
        let mut week = default_week();
        week.0[4].hours.end = 960;
        week
    }

    fn ask(clinic: &Clinic, planned: PlannedHours) -> (u32, Option<NaiveDate>) {
        let found = clinic.app.count_outside_hours(&clinic.admin(), planned).unwrap();
        (found.appointments, found.first)
    }

    #[test]
    fn those_that_the_new_hours_would_not_allow_are_counted_and_no_others() {
        let (clinic, _, _) = booked();
        let planned = PlannedHours::Clinic { hours: short_friday(), closed_days: Vec::new() };
        // Not the past one, the cancelled one, the one that was outside before, and the one on a Thursday.
        assert_eq!(ask(&clinic, planned), (3, Some(date("2026-11-27"))));
        let same = PlannedHours::Clinic { hours: default_week(), closed_days: Vec::new() };
        assert_eq!(ask(&clinic, same), (0, None));
    }

    #[test]
    fn a_doctors_schedule_counts_that_doctors() {
        let (clinic, doctor, other) = booked();
        assert_eq!(ask(&clinic, PlannedHours::Doctor { id: doctor, hours: short_friday() }).0, 2);
        let mut week = default_week();
        week.0[4].breaks.push(Span::new(990, 1000));
        let found = ask(&clinic, PlannedHours::Doctor { id: other, hours: week });
        assert_eq!(found, (1, Some(date("2026-12-04"))), "a break counts as well");
    }

    #[test]
    fn a_closed_day_counts_what_is_booked_on_it() {
        let (clinic, _, _) = booked();
        let mut day = ClosedDay { date: date("2026-12-04"), span: None, name: "Team day".into() };
        let closed =
            |day: &ClosedDay| PlannedHours::Clinic { hours: default_week(), closed_days: vec![day.clone()] };
        assert_eq!(ask(&clinic, closed(&day)).0, 3);
        day.span = Some(Span::new(0, 960));
        assert_eq!(ask(&clinic, closed(&day)).0, 1, "only the one before four");
    }

    #[test]
    fn hours_that_could_not_be_saved_are_refused_by_name() {
        let (clinic, doctor, _) = booked();
        let mut week = default_week();
        week.0[0].hours.end = 540;
        let planned = PlannedHours::Doctor { id: doctor, hours: week };
        let refusal = clinic.app.count_outside_hours(&clinic.admin(), planned).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].rule), ("hours.0.hours", FieldRule::EndBeforeStart));
    }
}
