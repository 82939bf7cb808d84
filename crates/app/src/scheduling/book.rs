//! Books an appointment (AP-1, AP-2).

use clinic_domain::id::AppointmentId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::booking::{BookingFacts, decide_booking};
use clinic_domain::scheduling::status::Status;
use clinic_domain::validation::{FieldError, FieldRule, check_lines};
use rusqlite::Connection;
use serde::Serialize;

use super::appointment::Appointment;
use super::refuse::{Asked, refused};
use super::rules::{self, Rules, wall_place};
use super::store;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Tx, sql};
use crate::directory::record::Patient;
use crate::error::{Answer, AppError};
use crate::scheduling::view::{AppointmentChanged, BookAppointment};

/// The command as the outbox keeps it.
#[derive(Serialize)]
struct Command<'a> {
    id: AppointmentId,
    #[serde(flatten)]
    request: &'a BookAppointment,
}

impl App {
    /// Books an appointment (AP-1, AP-2). The same request sent twice books once and answers the same.
    ///
    /// # Errors
    /// [`AppError::Refused`] with the holder of the slot and the nearest free ones; [`AppError::Validation`];
    /// [`AppError::NotFound`] for an unknown doctor or patient; [`AppError::Forbidden`]; faults of the store.
    pub fn book(&self, actor: &Actor, request: BookAppointment) -> Answer<AppointmentChanged> {
        let id = AppointmentId(self.new_id()?);
        let command = Command { id, request: &request };
        let act = self.act(Op::Book, Action::Book, request.request_id, "appointment.book", &command)?;
        self.transact(actor, act, |tx| {
            tx.owned(rules::ownership(actor, request.place.doctor_id))?;
            let id = match tx.earlier(request.request_id)? {
                Some(earlier) => AppointmentId(earlier),
                None => book(tx, id, &request)?,
            };
            rules::changed(tx, request.request_id, Op::Book, id)
        })
    }
}

fn book(tx: &mut Tx<'_>, id: AppointmentId, request: &BookAppointment) -> Answer<AppointmentId> {
    let reason = check(tx.conn(), request)?;
    let place = &request.place;
    let rules = Rules::load(tx.conn())?;
    let doctor = rules::doctor(tx.conn(), place.doctor_id, place.date)?;
    let (patient, _) = tx.get::<Patient>(request.patient_id.0)?;
    let doctor_busy = store::doctor_busy(tx.conn(), place.doctor_id, place.date)?;
    let patient_busy = store::patient_busy(tx.conn(), patient.id, place.date)?;
    let facts = BookingFacts {
        doctor: &doctor.day,
        doctor_busy: &doctor_busy,
        patient_busy: &patient_busy,
        patient_archived: patient.archived_at.is_some(),
    };
    let booked = decide_booking(&wall_place(place), &rules.policy, &facts, tx.now).map_err(|refusal| {
        let asked = Asked {
            rules: &rules,
            doctor: &doctor,
            place,
            patient_busy: &patient_busy,
            actor: tx.actor,
            now: tx.now,
        };
        refused(tx.conn(), &asked, refusal)
    })?;
    tx.put(&Appointment {
        id,
        doctor_id: place.doctor_id,
        patient_id: patient.id,
        type_id: request.type_id,
        start: booked.start,
        end: booked.end,
        zone: rules.policy.zone,
        status: Status::Scheduled,
        reason,
        cancel_reason: None,
        cancel_note: String::new(),
        room: String::new(),
        arrived_at: None,
        created_at: sql::instant(sql::ms(tx.now)),
        created_by: tx.actor.name.clone(),
    })?;
    tx.about(id.0, patient.subject(), Some(patient.id.0));
    Ok(id)
}

/// The reason as it is to be stored.
fn check(conn: &Connection, request: &BookAppointment) -> Answer<String> {
    let reason = check_lines("reason", &request.reason, 0, 500);
    let mut fields: Vec<FieldError> = reason.as_ref().err().cloned().into_iter().collect();
    if let Some(kind) = request.type_id {
        if !store::is_type(conn, kind)? {
            fields.push(FieldError::new("type_id", FieldRule::Unknown));
        }
    }
    match reason {
        Ok(reason) if fields.is_empty() => Ok(reason),
        _ => Err(AppError::Validation { fields }),
    }
}
