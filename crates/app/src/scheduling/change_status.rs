//! Takes a step of the life cycle (AP-4).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::status::{Status, decide_status, takes_slot};
use clinic_domain::validation::{FieldError, FieldRule, check_line};

use super::appointment::Appointment;
use super::refuse::refused_plain;
use super::rules::{self, Rules};
use super::{restore, store_history};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Tx, sql};
use crate::directory::record::Patient;
use crate::error::{Answer, AppError};
use crate::scheduling::view::{AppointmentChanged, CancelReason, ChangeStatus};

impl App {
    /// Takes a step of the life cycle (AP-4): forward, or one step back after a mistake.
    ///
    /// # Errors
    /// [`AppError::Refused`] when the step is not lawful, too early, or needs a slot that is taken;
    /// [`AppError::Stale`]; [`AppError::Validation`]; [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn change_status(&self, actor: &Actor, request: ChangeStatus) -> Answer<AppointmentChanged> {
        let action_id = ActionId(self.new_id()?);
        let op = op_forward(request.to);
        let act = self.act(op, action_of(request.to), action_id, "appointment.change_status", &request)?;
        self.transact(actor, act, |tx| {
            let op = change_status(tx, &request)?;
            rules::changed(tx, action_id, op, request.id)
        })
    }
}

/// What the policy is asked for.
pub(super) const fn action_of(to: Status) -> Action {
    match to {
        Status::Completed => Action::Complete,
        Status::Cancelled => Action::Cancel,
        _ => Action::ChangeStatus,
    }
}

/// What a step forward is called; nothing leads forward to the states that are only stepped back to.
const fn op_forward(to: Status) -> Op {
    match to {
        Status::Confirmed => Op::Confirm,
        Status::Arrived => Op::Arrive,
        Status::InRoom => Op::TakeToRoom,
        Status::Completed => Op::Complete,
        Status::Cancelled => Op::Cancel,
        Status::NoShow => Op::MarkNoShow,
        Status::Scheduled | Status::NeedsRebooking => Op::StepBack,
    }
}

fn change_status(tx: &mut Tx<'_>, request: &ChangeStatus) -> Answer<Op> {
    let (current, rev) = tx.get::<Appointment>(request.id.0)?;
    tx.owned(rules::ownership(tx.actor, current.doctor_id))?;
    let (note, room) = check(request)?;
    store_history::fresh(tx.conn(), request.id, rev, request.rev)?;
    let rules = Rules::load(tx.conn())?;
    decide_status(current.status, request.to, current.start, rules.policy.zone, tx.now)
        .map_err(|refusal| refused_plain(tx.conn(), &rules, refusal))?;
    if takes_slot(current.status, request.to) {
        restore::check_free(tx, &rules, &current)?;
    }
    let back = current.status.step_back() == Some(request.to);
    let op = if back { Op::StepBack } else { op_forward(request.to) };
    let (patient, _) = tx.get::<Patient>(current.patient_id.0)?;
    tx.becomes(op);
    if let Some(reason) = request.cancel_reason {
        tx.because(sql::name_of(&reason));
    }
    let now = sql::instant(sql::ms(tx.now));
    tx.put(&stepped(current, request, note, room, now))?;
    tx.about(request.id.0, patient.subject(), Some(patient.id.0));
    Ok(op)
}

/// The appointment after the step. A patient who is taken to a room without having been checked in arrives with it.
fn stepped(
    current: Appointment,
    request: &ChangeStatus,
    note: String,
    room: String,
    now: clinic_domain::time::Instant,
) -> Appointment {
    let to = request.to;
    let here = matches!(to, Status::Arrived | Status::InRoom);
    let arrived_at = match to {
        Status::Scheduled | Status::Confirmed | Status::NeedsRebooking => None,
        _ if here => current.arrived_at.or(Some(now)),
        _ => current.arrived_at,
    };
    // A step back from a finished visit leads into the room it was in.
    let room = match to {
        Status::InRoom if room.is_empty() => current.room,
        Status::InRoom => room,
        Status::Completed | Status::Cancelled | Status::NoShow => current.room,
        Status::Scheduled | Status::Confirmed | Status::Arrived | Status::NeedsRebooking => String::new(),
    };
    Appointment {
        status: to,
        cancel_reason: request.cancel_reason,
        cancel_note: note,
        room,
        arrived_at,
        ..current
    }
}

/// The note and the room as they are to be stored.
fn check(request: &ChangeStatus) -> Answer<(String, String)> {
    let cancels = request.to == Status::Cancelled;
    let least = u32::from(request.cancel_reason == Some(CancelReason::Other));
    let note = check_line("note", &request.note, least, if cancels { 200 } else { 0 });
    let room = check_line("room", &request.room, 0, if request.to == Status::InRoom { 24 } else { 0 });
    let reason = match request.cancel_reason {
        None if cancels => Err(FieldError::new("cancel_reason", FieldRule::Required)),
        Some(_) if !cancels => Err(FieldError::new("cancel_reason", FieldRule::Unknown)),
        _ => Ok(()),
    };
    match (reason, note, room) {
        (Ok(()), Ok(note), Ok(room)) => Ok((note, room)),
        (reason, note, room) => {
            let fields = [reason.err(), note.err(), room.err()].into_iter().flatten().collect();
            Err(AppError::Validation { fields })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday, step};
    use clinic_domain::scheduling::refusal::Refusal;

    #[test]
    fn a_visit_goes_through_the_desk_with_its_times_and_room() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.at("2026-11-23T14:55:00Z");
        let arrived = clinic.step(&booked, Status::Arrived).unwrap();
        assert_eq!((arrived.op, arrived.appointment.waited), (Op::Arrive, Some(0)));
        clinic.at("2026-11-23T15:05:00Z");
        let request = ChangeStatus { room: " 2 ".into(), ..step(&arrived.appointment, Status::InRoom) };
        let in_room = clinic.app.change_status(&clinic.desk(1), request).unwrap();
        assert_eq!((in_room.op, in_room.appointment.room.as_str()), (Op::TakeToRoom, "2"));
        assert_eq!(in_room.appointment.arrived_at, Some("2026-11-23T14:55:00Z".parse().unwrap()));
        let done = clinic.step(&in_room.appointment, Status::Completed).unwrap();
        assert_eq!(done.op, Op::Complete);
        let back = clinic.step(&done.appointment, Status::InRoom).unwrap();
        assert_eq!((back.op, back.appointment.room.as_str()), (Op::StepBack, "2"));
        let back = clinic.step(&back.appointment, Status::Arrived).unwrap();
        assert_eq!((back.appointment.room.as_str(), back.appointment.waited), ("", Some(10)));
        let back = clinic.step(&back.appointment, Status::Confirmed);
        let back = back.or_else(|_| clinic.step(&arrived.appointment, Status::Scheduled));
        if let Ok(back) = back {
            assert_eq!(back.appointment.arrived_at, None);
        }
    }

    #[test]
    fn a_cancelled_slot_is_free_at_once() {
        let clinic = Clinic::new(1, 2);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.step(&booked, Status::Cancelled).unwrap();
        assert!(clinic.book(0, 1, monday(), 600).is_ok());
    }

    #[test]
    fn a_cancellation_needs_a_reason_and_another_reason_needs_words() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        let named = |request| match clinic.app.change_status(&clinic.desk(1), request).unwrap_err() {
            AppError::Validation { fields } => fields.into_iter().map(|f| f.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let cancel = step(&booked, Status::Cancelled);
        assert_eq!(named(ChangeStatus { cancel_reason: None, ..cancel.clone() }), ["cancel_reason"]);
        assert_eq!(
            named(ChangeStatus { cancel_reason: Some(CancelReason::Other), ..cancel.clone() }),
            ["note"]
        );
        assert_eq!(named(ChangeStatus { note: "x".repeat(201), ..cancel }), ["note"]);
        let confirm = ChangeStatus { to: Status::Confirmed, ..step(&booked, Status::Cancelled) };
        assert_eq!(named(confirm), ["cancel_reason"]);
    }

    #[test]
    fn a_late_patient_is_taken_in_after_a_no_show_only_while_the_slot_is_free() {
        let clinic = Clinic::new(1, 2);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.at("2026-11-23T15:05:00Z");
        let missed = clinic.step(&booked, Status::NoShow).unwrap().appointment;
        let other = clinic.book(0, 1, monday(), 600).unwrap().appointment;
        let AppError::Refused { refusal, holder, .. } = clinic.step(&missed, Status::Arrived).unwrap_err()
        else {
            panic!("taken twice");
        };
        assert_eq!(refusal, Refusal::Taken { by: other.id });
        assert_eq!(holder.unwrap().patient, "Smith1, J.");
        clinic.step(&other, Status::Cancelled).unwrap();
        let arrived = clinic.step(&missed, Status::Arrived).unwrap();
        assert_eq!(arrived.appointment.status, Status::Arrived);
        assert!(clinic.book(0, 1, monday(), 600).is_err(), "the slot is held again");
    }

    #[test]
    fn a_doctor_takes_steps_in_the_own_column_only() {
        let clinic = Clinic::new(2, 1);
        let booked = clinic.book(1, 0, monday(), 600).unwrap().appointment;
        for to in [Status::Confirmed, Status::Arrived, Status::Cancelled] {
            let refused = clinic.app.change_status(&clinic.doctor(0), step(&booked, to));
            assert_eq!(refused.unwrap_err(), AppError::Forbidden, "{to:?}");
        }
        assert!(clinic.app.change_status(&clinic.doctor(1), step(&booked, Status::Confirmed)).is_ok());
    }

    #[test]
    fn what_is_over_is_not_cancelled() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 540).unwrap().appointment;
        let arrived = clinic.step(&booked, Status::Arrived).unwrap().appointment;
        let done = clinic.step(&arrived, Status::Completed).unwrap().appointment;
        let AppError::Refused { refusal, .. } = clinic.step(&done, Status::Cancelled).unwrap_err() else {
            panic!("cancelled");
        };
        let expected = Refusal::UnlawfulStep { from: Status::Completed, to: Status::Cancelled };
        assert_eq!(refusal, expected);
    }
}
