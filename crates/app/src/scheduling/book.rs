//! Books an appointment (AP-1, AP-2).

use clinic_domain::id::AppointmentId;
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::booking::{BookingFacts, decide_booking};
use clinic_domain::scheduling::status::Status;
use clinic_domain::validation::{FieldError, FieldRule, check_lines};
use rusqlite::Connection;
use serde::Serialize;

use super::appointment::Appointment;
use super::refuse::{Asked, told};
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
        told(self, actor, |asked| {
            self.transact(actor, act, |tx| {
                tx.owned(rules::ownership(actor, request.place.doctor_id))?;
                let id = match tx.earlier(request.request_id)? {
                    Some(earlier) => AppointmentId(earlier),
                    None => book(tx, id, &request, asked)?,
                };
                rules::changed(tx, request.request_id, Op::Book, id)
            })
        })
    }
}

fn book(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    request: &BookAppointment,
    asked: &mut Option<Asked>,
) -> Answer<AppointmentId> {
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
    let zone = rules.policy.zone;
    let booked = decide_booking(&wall_place(place), &rules.policy, &facts, tx.now).map_err(|refusal| {
        Asked { refusal, rules, doctor, place: *place, patient_busy, now: tx.now }.refuse(asked)
    })?;
    tx.put(&Appointment {
        id,
        doctor_id: place.doctor_id,
        patient_id: patient.id,
        type_id: request.type_id,
        start: booked.start,
        end: booked.end,
        zone,
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
    if let Some(kind) = request.type_id
        && !store::is_type(conn, kind)?
    {
        fields.push(FieldError::new("type_id", FieldRule::Unknown));
    }
    match reason {
        Ok(reason) if fields.is_empty() => Ok(reason),
        _ => Err(AppError::Validation { fields }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::scheduling::refusal::Refusal;

    fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> Refusal {
        match answer.unwrap_err() {
            AppError::Refused { refusal, .. } => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_booked_slot_is_refused_to_the_next_with_its_holder_and_the_nearest_free_slots() {
        let clinic = Clinic::new(2, 3);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        assert_eq!((booked.appointment.start, booked.appointment.end), (600, 630));
        assert_eq!(booked.doctor, "Lee0");
        let AppError::Refused { refusal, alternatives, holder } =
            clinic.book(0, 1, monday(), 600).unwrap_err()
        else {
            panic!("not refused");
        };
        assert_eq!(refusal, Refusal::Taken { by: booked.appointment.id });
        let holder = holder.unwrap();
        assert_eq!((holder.patient.as_str(), holder.booked_by.as_str()), ("Smith0, J.", "Person 1"));
        assert_eq!((holder.span.start, holder.span.end), (600, 630));
        let offered: Vec<_> =
            alternatives.iter().map(|o| (o.doctor.as_str(), o.date == monday(), o.start)).collect();
        assert_eq!(
            offered,
            [
                ("Lee0", true, 570),
                ("Lee0", true, 630),
                ("Lee0", true, 540),
                ("Lee0", false, 540),
                ("Lee1", true, 600)
            ]
        );
        for offer in &alternatives {
            let doctor = clinic.doctors.iter().position(|id| *id == offer.doctor_id).unwrap();
            clinic.book(doctor, 1 + usize::from(offer.doctor == "Lee1"), offer.date, offer.start).unwrap();
        }
    }

    #[test]
    fn the_same_request_twice_books_once() {
        let clinic = Clinic::new(1, 1);
        let request = clinic.request(0, 0, monday(), 600);
        let first = clinic.app.book(&clinic.desk(1), request.clone()).unwrap();
        let second = clinic.app.book(&clinic.desk(1), request).unwrap();
        assert_eq!(first.appointment, second.appointment);
        assert_eq!(
            clinic.read(|c| Ok(c.query_row("SELECT count(*) FROM appointment", [], |r| r.get::<_, u32>(0))?)),
            1
        );
    }

    #[test]
    fn a_patient_is_not_in_two_places_at_once() {
        let clinic = Clinic::new(2, 1);
        let first = clinic.book(0, 0, monday(), 600).unwrap();
        let expected = Refusal::PatientBusy { by: first.appointment.id, doctor: clinic.doctors[0] };
        assert_eq!(refusal(clinic.book(1, 0, monday(), 600)), expected);
    }

    #[test]
    fn a_doctor_books_in_the_own_column_only() {
        let clinic = Clinic::new(2, 2);
        let own = clinic.app.book(&clinic.doctor(0), clinic.request(0, 0, monday(), 600));
        assert!(own.is_ok());
        let other = clinic.app.book(&clinic.doctor(0), clinic.request(1, 1, monday(), 600));
        assert_eq!(other.unwrap_err(), AppError::Forbidden);
        let denied = "SELECT count(*) FROM audit WHERE op = 'denied'";
        assert_eq!(clinic.read(|c| Ok(c.query_row(denied, [], |r| r.get::<_, u32>(0))?)), 1);
    }

    #[test]
    fn a_doctor_who_is_refused_is_offered_the_own_column_only() {
        let clinic = Clinic::new(2, 2);
        clinic.book(0, 0, monday(), 600).unwrap();
        let AppError::Refused { alternatives, .. } =
            clinic.app.book(&clinic.doctor(0), clinic.request(0, 1, monday(), 600)).unwrap_err()
        else {
            panic!("not refused");
        };
        let offered: HashSet<_> = alternatives.iter().map(|o| o.doctor_id).collect();
        assert_eq!(offered, HashSet::from([clinic.doctors[0]]));
    }

    #[test]
    fn an_unknown_kind_and_a_long_reason_are_both_named() {
        let clinic = Clinic::new(1, 1);
        let mut request = clinic.request(0, 0, monday(), 600);
        request.type_id = Some(clinic_domain::id::AppointmentTypeId(uuid::Uuid::nil()));
        request.reason = "x".repeat(501);
        let AppError::Validation { fields } = clinic.app.book(&clinic.desk(1), request).unwrap_err() else {
            panic!("accepted");
        };
        let named: Vec<_> = fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(named, ["reason", "type_id"]);
    }

    #[test]
    fn the_entry_in_the_log_names_the_patient_and_the_local_time() {
        let clinic = Clinic::new(1, 1);
        clinic.book(0, 0, monday(), 600).unwrap();
        let body: String = clinic.read(|c| {
            Ok(c.query_row("SELECT body || words FROM audit ORDER BY seq DESC", [], |r| r.get(0))?)
        });
        assert!(body.contains("Smith0, Jo · PAT00000000"), "{body}");
        assert!(body.contains("2026-11-23T10:00:00-05:00"), "{body}");
    }
}
