//! Moves an appointment or changes its length (AP-6).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::booking::{BookingFacts, Standing, decide_reschedule};

use super::appointment::Appointment;
use super::refuse::{Asked, told};
use super::rules::{self, Rules, wall_place};
use super::{store, store_history};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Tx;
use crate::directory::record::Patient;
use crate::error::Answer;
use crate::scheduling::view::{AppointmentChanged, Reschedule};

impl App {
    /// Moves an appointment, to another doctor too, or changes its length (AP-6).
    ///
    /// # Errors
    /// [`crate::AppError::Stale`] when somebody changed it in the meantime; [`crate::AppError::Refused`] with the
    /// holder of the slot and the nearest free ones; [`crate::AppError::NotFound`]; [`crate::AppError::Forbidden`];
    /// faults of the store.
    pub fn reschedule(&self, actor: &Actor, request: Reschedule) -> Answer<AppointmentChanged> {
        let action_id = ActionId(self.new_id()?);
        let act =
            self.act(Op::Reschedule, Action::Reschedule, action_id, "appointment.reschedule", &request)?;
        told(self, actor, |asked| {
            self.transact(actor, act, |tx| {
                let op = reschedule(tx, &request, asked)?;
                rules::changed(tx, action_id, op, request.id)
            })
        })
    }
}

fn reschedule(tx: &mut Tx<'_>, request: &Reschedule, asked: &mut Option<Asked>) -> Answer<Op> {
    let (current, rev) = tx.get::<Appointment>(request.id.0)?;
    let place = &request.place;
    // Out of somebody's column is as much theirs as into it.
    tx.owned(rules::ownership(tx.actor, current.doctor_id))?;
    tx.owned(rules::ownership(tx.actor, place.doctor_id))?;
    store_history::fresh(tx.conn(), request.id, rev, request.rev)?;
    let rules = Rules::load(tx.conn())?;
    let doctor = rules::doctor(tx.conn(), place.doctor_id, place.date)?;
    let (patient, _) = tx.get::<Patient>(current.patient_id.0)?;
    let doctor_busy = store::doctor_busy(tx.conn(), place.doctor_id, place.date)?;
    let mut patient_busy = store::patient_busy(tx.conn(), patient.id, place.date)?;
    patient_busy.retain(|busy| busy.id != request.id);
    let facts = BookingFacts {
        doctor: &doctor.day,
        doctor_busy: &doctor_busy,
        patient_busy: &patient_busy,
        patient_archived: patient.archived_at.is_some(),
    };
    let standing = Standing { id: current.id, status: current.status, start: current.start };
    let zone = rules.policy.zone;
    let booked = decide_reschedule(&standing, &wall_place(place), &rules.policy, &facts, tx.now).map_err(
        |refusal| Asked { refusal, rules, doctor, place: *place, patient_busy, now: tx.now }.refuse(asked),
    )?;
    let start_moved = booked.start != current.start;
    let op = if start_moved || place.doctor_id != current.doctor_id { Op::Reschedule } else { Op::Resize };
    let moved = Appointment {
        doctor_id: place.doctor_id,
        start: booked.start,
        end: booked.end,
        zone,
        status: current.status.after_reschedule(start_moved),
        ..current.clone()
    };
    // Dropped where it was: nothing happened, and undo shall not find it.
    if moved != current {
        tx.becomes(op);
        tx.put(&moved)?;
        tx.about(request.id.0, patient.subject(), Some(patient.id.0));
    }
    Ok(op)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::scheduling::refusal::Refusal;
    use clinic_domain::scheduling::status::Status;

    #[test]
    fn a_move_frees_the_old_slot_and_takes_the_new_one() {
        let clinic = Clinic::new(2, 2);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let moved = clinic.reschedule(&booked.appointment, clinic.place(1, monday(), 660, 30)).unwrap();
        assert_eq!((moved.op, moved.doctor.as_str(), moved.appointment.start), (Op::Reschedule, "Lee1", 660));
        assert!(clinic.book(0, 1, monday(), 600).is_ok(), "the old slot is free");
        let taken = clinic.book(1, 1, monday(), 660).unwrap_err();
        assert!(matches!(taken, AppError::Refused { refusal: Refusal::Taken { .. }, .. }));
    }

    #[test]
    fn a_change_of_length_is_written_down_as_one() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let longer = clinic.reschedule(&booked.appointment, clinic.place(0, monday(), 600, 45)).unwrap();
        assert_eq!((longer.op, longer.appointment.end), (Op::Resize, 645));
        let op: String =
            clinic.read(|c| Ok(c.query_row("SELECT op FROM audit ORDER BY seq DESC", [], |r| r.get(0))?));
        assert_eq!(op, "resize");
    }

    #[test]
    fn whoever_looked_at_an_older_state_is_told_who_changed_it() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let request =
            Reschedule { id: booked.appointment.id, rev: 1, place: clinic.place(0, monday(), 660, 30) };
        clinic.app.reschedule(&clinic.desk(2), request).unwrap();
        let stale = clinic.reschedule(&booked.appointment, clinic.place(0, monday(), 720, 30)).unwrap_err();
        assert_eq!(stale, AppError::Stale { by: Some("Person 2".into()) });
    }

    #[test]
    fn a_drop_on_the_same_place_is_no_act() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let same = clinic.reschedule(&booked.appointment, clinic.place(0, monday(), 600, 30)).unwrap();
        assert_eq!(same.appointment, booked.appointment);
        let acts: u32 = clinic.read(|c| Ok(c.query_row("SELECT count(*) FROM act", [], |r| r.get(0))?));
        assert_eq!(acts, 1);
    }

    #[test]
    fn a_doctor_moves_nothing_into_or_out_of_another_column() {
        let clinic = Clinic::new(2, 2);
        let own = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        let other = clinic.book(1, 1, monday(), 600).unwrap().appointment;
        let into = Reschedule { id: own.id, rev: own.rev, place: clinic.place(1, monday(), 660, 30) };
        assert_eq!(clinic.app.reschedule(&clinic.doctor(0), into).unwrap_err(), AppError::Forbidden);
        let out = Reschedule { id: other.id, rev: other.rev, place: clinic.place(0, monday(), 660, 30) };
        assert_eq!(clinic.app.reschedule(&clinic.doctor(0), out).unwrap_err(), AppError::Forbidden);
    }

    #[test]
    fn a_confirmation_does_not_outlive_the_time_it_was_given_for() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let confirmed = clinic.step(&booked.appointment, Status::Confirmed).unwrap();
        let longer = clinic.reschedule(&confirmed.appointment, clinic.place(0, monday(), 600, 60)).unwrap();
        assert_eq!(longer.appointment.status, Status::Confirmed);
        let moved = clinic.reschedule(&longer.appointment, clinic.place(0, monday(), 660, 60)).unwrap();
        assert_eq!(moved.appointment.status, Status::Scheduled);
    }
}
