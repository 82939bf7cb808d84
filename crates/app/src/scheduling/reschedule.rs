//! Moves an appointment or changes its length (AP-6).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::booking::{BookingFacts, Standing, decide_reschedule};

use super::appointment::Appointment;
use super::refuse::{Asked, refused};
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
        self.transact(actor, act, |tx| {
            let op = reschedule(tx, &request)?;
            rules::changed(tx, action_id, op, request.id)
        })
    }
}

fn reschedule(tx: &mut Tx<'_>, request: &Reschedule) -> Answer<Op> {
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
    let booked = decide_reschedule(&standing, &wall_place(place), &rules.policy, &facts, tx.now).map_err(
        |refusal| {
            let asked = Asked {
                rules: &rules,
                doctor: &doctor,
                place,
                patient_busy: &patient_busy,
                actor: tx.actor,
                now: tx.now,
            };
            refused(tx.conn(), &asked, refusal)
        },
    )?;
    let start_moved = booked.start != current.start;
    let op = if start_moved || place.doctor_id != current.doctor_id { Op::Reschedule } else { Op::Resize };
    let moved = Appointment {
        doctor_id: place.doctor_id,
        start: booked.start,
        end: booked.end,
        zone: rules.policy.zone,
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
