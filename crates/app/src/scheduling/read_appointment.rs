//! Everything about one appointment, its history included (AP-6). It shows a part of the patient's record, so that the
//! reading is written down (TR-4).

use clinic_domain::directory::contact::display_phone;
use clinic_domain::directory::patient::age_on;
use clinic_domain::id::{AppointmentId, AppointmentTypeId, DoctorId};
use clinic_domain::identity::policy::{Action, allows, reach};
use clinic_domain::scheduling::status::{self, Status, decide_status};
use clinic_domain::time::{Instant, wall_of};
use rusqlite::Connection;

use super::appointment::Appointment;
use super::change_status::action_of;
use super::rules::{self, Rules};
use super::{store, store_boxes, store_history};
use crate::app::{Actor, App};
use crate::audit::view::{FieldChange, Op};
use crate::db::audit::Entry;
use crate::db::{Record, sql};
use crate::directory::read_patient::reading;
use crate::directory::record::Patient;
use crate::directory::whose::Ground;
use crate::error::{Answer, AppError};
use crate::scheduling::view::{AppointmentView, HistoryLine, RecordPart};

impl App {
    /// Everything about one appointment, its history included (AP-6). Where the record is closed to the reader, only what
    /// the schedule shows anyway.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn read_appointment(&self, actor: &Actor, request: AppointmentId) -> Answer<AppointmentView> {
        let now = self.now();
        let (view, reading) = self.read(actor, Action::ViewSchedule, |conn, _| {
            let (appointment, _) = Appointment::load(conn, request.0)?.ok_or(AppError::NotFound)?;
            let (patient, _) = Patient::load(conn, appointment.patient_id.0)?.ok_or(AppError::NotFound)?;
            let reach = reach(actor.person.role, Action::ReadPatient);
            match self.ground(conn, actor, reach, patient.id) {
                Ok(ground) => {
                    let in_emergency = Op::ReadAppointmentsInEmergency;
                    let entry = reading(conn, actor, &patient, (&ground, in_emergency), now)?;
                    let reading = entry.map_or(Reading::None, |entry| match ground {
                        Ground::Policy => Reading::Usual(entry),
                        Ground::Emergency(_) => Reading::InEmergency(entry),
                    });
                    Ok((view(conn, actor, appointment, patient, now)?, reading))
                }
                Err(AppError::Forbidden) => {
                    Ok((closed(view(conn, actor, appointment, patient, now)?), Reading::None))
                }
                Err(fault) => Err(fault),
            }
        })?;
        match reading {
            Reading::None => {}
            Reading::InEmergency(entry) => self.store()?.note(&entry)?,
            Reading::Usual(entry) => {
                // A full disk keeps nobody from seeing who sits in front of them.
                if let Err(error) = self.store()?.note(&entry) {
                    tracing::error!(%error, "a reading could not be written down");
                }
            }
        }
        Ok(view)
    }
}

/// What is to be written down about a reading.
enum Reading {
    /// Nothing: the record is closed, or it was read in the same session a moment ago.
    None,
    /// As any other reading.
    Usual(Entry),
    /// Without this entry nothing is handed out.
    InEmergency(Entry),
}

fn view(
    conn: &Connection,
    actor: &Actor,
    appointment: Appointment,
    patient: Patient,
    now: Instant,
) -> Answer<AppointmentView> {
    let rules = Rules::load(conn)?;
    let id = appointment.id;
    let visits = store::visits(conn, patient.id)?;
    let today = rules.clock(now).today;
    let born = patient.form.birth_date.unwrap_or_default();
    Ok(AppointmentView {
        summary: store_boxes::one(conn, id, &rules.moment(now))?,
        doctor: store::full_name(conn, appointment.doctor_id)?,
        next: next(actor, &appointment, &rules, now),
        type_id: appointment.type_id,
        reason: appointment.reason,
        cancel_reason: appointment.cancel_reason,
        cancel_note: appointment.cancel_note,
        public_id: patient.public_id,
        sex: patient.form.sex,
        age: age_on(born, today),
        birth_date: born,
        record: Some(RecordPart {
            phone: display_phone(&patient.form.phone),
            alerts: patient.form.alerts,
            language: patient.form.language,
            notes: patient.form.notes,
            visits: visits.completed,
            last_visit: visits.last,
            no_shows: visits.no_shows,
        }),
        history: history(conn, id, &rules)?,
    })
}

/// What is left of it for a reader to whom the record is closed.
fn closed(mut view: AppointmentView) -> AppointmentView {
    view.history.iter_mut().for_each(|line| line.changes.clear());
    AppointmentView { record: None, reason: String::new(), cancel_note: String::new(), ..view }
}

/// The steps that this person may take now, likeliest first, the step back last.
fn next(actor: &Actor, appointment: &Appointment, rules: &Rules, now: Instant) -> Vec<Status> {
    let from = appointment.status;
    let ownership = rules::ownership(actor, appointment.doctor_id);
    status::next(from)
        .iter()
        .copied()
        .chain(from.step_back())
        .filter(|to| allows(&actor.person, action_of(*to), ownership))
        .filter(|to| decide_status(from, *to, appointment.start, rules.policy.zone, now).is_ok())
        .collect()
}

fn history(conn: &Connection, id: AppointmentId, rules: &Rules) -> Answer<Vec<HistoryLine>> {
    store_history::entries(conn, id)?
        .into_iter()
        .map(|entry| {
            let at = sql::instant(entry.at_ms);
            let (date, minute) = wall_of(at, rules.policy.zone);
            let changes = entry
                .changes
                .into_iter()
                .filter_map(|change| in_words(conn, change).transpose())
                .collect::<Answer<_>>()?;
            Ok(HistoryLine {
                at,
                date,
                minute,
                op: entry.op,
                actor: entry.actor,
                device: entry.device,
                changes,
            })
        })
        .collect()
}

/// A change as a person reads it: names in place of ids. The patient and the zone never change.
fn in_words(conn: &Connection, change: FieldChange) -> Answer<Option<FieldChange>> {
    let named = |field: &str, name: &dyn Fn(uuid::Uuid) -> Answer<String>| {
        let words = |id: Option<String>| id.and_then(|id| id.parse().ok()).map(name).transpose();
        let (before, after) = (words(change.before.clone())?, words(change.after.clone())?);
        Ok(Some(FieldChange { field: field.to_owned(), before, after }))
    };
    match change.field.as_str() {
        "patient_id" | "zone" => Ok(None),
        "doctor_id" => named("doctor", &|id| store::short_name(conn, DoctorId(id))),
        "type_id" => named("type", &|id| store::type_name(conn, AppointmentTypeId(id))),
        _ => Ok(Some(change)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};
    use crate::scheduling::view::ListAppointments;

    #[test]
    fn the_drawer_tells_what_happened_latest_first_and_what_can_be_done() {
        let clinic = Clinic::new(2, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.at("2026-11-23T14:10:00Z");
        let moved = clinic.reschedule(&booked, clinic.place(1, monday(), 660, 30)).unwrap().appointment;
        let view = clinic.app.read_appointment(&clinic.desk(1), moved.id).unwrap();
        assert_eq!(
            (view.doctor.as_str(), view.public_id.as_str(), view.age),
            ("Dr Ann Lee1", "PAT00000000", 46)
        );
        assert_eq!(view.next.first(), Some(&Status::Confirmed));
        assert!(!view.next.contains(&Status::NoShow), "not before the start");
        let ops: Vec<_> =
            view.history.iter().map(|line| (line.op, line.minute, line.actor.as_str())).collect();
        assert_eq!(ops, [(Op::Reschedule, 550, "Person 1"), (Op::Book, 540, "Person 1")]);
        let changes: Vec<_> = view.history[0]
            .changes
            .iter()
            .map(|c| (c.field.as_str(), c.before.as_deref().unwrap(), c.after.as_deref().unwrap()))
            .collect();
        assert!(changes.contains(&("doctor", "Lee0", "Lee1")), "{changes:?}");
        assert!(changes.contains(&("start", "2026-11-23T10:00:00-05:00", "2026-11-23T11:00:00-05:00")));
    }

    #[test]
    fn a_doctor_is_offered_no_step_in_another_column() {
        let clinic = Clinic::new(2, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        assert!(clinic.app.read_appointment(&clinic.doctor(1), booked.id).unwrap().next.is_empty());
        assert!(!clinic.app.read_appointment(&clinic.doctor(0), booked.id).unwrap().next.is_empty());
    }

    #[test]
    fn a_colleague_sees_what_the_schedule_shows_and_nothing_of_the_record() {
        let clinic = Clinic::new(2, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.reschedule(&booked, clinic.place(0, monday(), 660, 30)).unwrap();
        let of = |doctor| clinic.app.read_appointment(&clinic.doctor(doctor), booked.id).unwrap();
        let own = of(0);
        assert!(own.record.is_some() && own.reason == "Check-up" && !own.history[0].changes.is_empty());
        let colleagues = of(1);
        assert_eq!((colleagues.record, colleagues.reason.as_str()), (None, ""));
        assert!(
            colleagues.history.len() == 2 && colleagues.history.iter().all(|line| line.changes.is_empty())
        );
        let list = ListAppointments { patient_id: Some(clinic.patients[0]), doctor_id: None, page: 0 };
        assert_eq!(clinic.app.list_appointments(&clinic.doctor(0), list.clone()).unwrap().total, 1);
        let refused = clinic.app.list_appointments(&clinic.doctor(1), list).unwrap_err();
        assert_eq!(refused, AppError::Forbidden);
        let reads = "SELECT count(*) FROM audit WHERE op = 'read_patient'";
        assert_eq!(
            clinic.read(|c| Ok(c.query_row(reads, [], |r| r.get::<_, u32>(0))?)),
            1,
            "one read a record"
        );
    }

    #[test]
    fn the_reading_is_written_down_once_in_a_while_for_each_person() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        let count = || {
            let sql = "SELECT count(*) FROM audit WHERE op = 'read_patient' AND patient_id IS NOT NULL";
            clinic.read(|c| Ok(c.query_row(sql, [], |r| r.get::<_, u32>(0))?))
        };
        clinic.app.read_appointment(&clinic.desk(1), booked.id).unwrap();
        clinic.app.read_appointment(&clinic.desk(1), booked.id).unwrap();
        assert_eq!(count(), 1);
        clinic.app.read_appointment(&clinic.desk(2), booked.id).unwrap();
        assert_eq!(count(), 2);
        clinic.at("2026-11-23T14:10:00Z");
        clinic.app.read_appointment(&clinic.desk(1), booked.id).unwrap();
        assert_eq!(count(), 3);
    }

    #[test]
    fn visits_and_no_shows_of_the_patient_are_counted() {
        let clinic = Clinic::new(1, 1);
        let first = clinic.book(0, 0, monday(), 540).unwrap().appointment;
        let arrived = clinic.step(&first, Status::Arrived).unwrap().appointment;
        clinic.step(&arrived, Status::Completed).unwrap();
        let second = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.at("2026-11-23T15:30:00Z");
        clinic.step(&second, Status::NoShow).unwrap();
        let view = clinic.app.read_appointment(&clinic.desk(1), second.id).unwrap();
        let record = view.record.unwrap();
        assert_eq!((record.visits, record.last_visit, record.no_shows), (1, Some(monday()), 1));
    }
}
