//! A page of a patient's or doctor's appointments (AP-6).

use clinic_domain::id::PatientId;
use clinic_domain::identity::policy::{Action, reach};
use clinic_domain::time::Instant;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::rules::Rules;
use super::{store, store_boxes, store_history};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::directory::read_patient::reading;
use crate::directory::record::Patient;
use crate::error::{Answer, AppError};
use crate::scheduling::view::{AppointmentPage, AppointmentRow, ListAppointments};

impl App {
    /// A page of a patient's or doctor's appointments, latest first (AP-6). Those of a patient are a part of the record:
    /// that they were read is written down first, as with [`App::read_patient`].
    ///
    /// # Errors
    /// [`AppError::Validation`] when neither is named; [`AppError::NotFound`]; [`AppError::Forbidden`] for a patient whose record is closed to the
    /// reader; faults of the store.
    pub fn list_appointments(&self, actor: &Actor, request: ListAppointments) -> Answer<AppointmentPage> {
        if request.patient_id.is_none() && request.doctor_id.is_none() {
            let error = FieldError::new("patient_id", FieldRule::Required);
            return Err(AppError::Validation { fields: vec![error] });
        }
        let now = self.now();
        let (page, entry) = self.read_about(actor, Action::ViewSchedule, request.patient_id, |conn, _| {
            let entry = match request.patient_id {
                Some(patient) => self.reading_of(conn, actor, patient, now)?,
                None => None,
            };
            Ok((page(conn, &request, now)?, entry))
        })?;
        if let Some(entry) = entry {
            self.store()?.note(&entry)?;
        }
        Ok(page)
    }

    /// What is to be written down before the appointments of a patient are handed out; beside a record that was just read,
    /// nothing.
    fn reading_of(
        &self,
        conn: &Connection,
        actor: &Actor,
        patient: PatientId,
        now: Instant,
    ) -> Answer<Option<Entry>> {
        let reach = reach(actor.person.role, Action::ReadPatient);
        let ground = self.ground(conn, actor, reach, patient)?;
        let (patient, _) = Patient::load(conn, patient.0)?.ok_or(AppError::NotFound)?;
        reading(conn, actor, &patient, (&ground, Op::ReadAppointmentsInEmergency), now)
    }
}

fn page(conn: &Connection, request: &ListAppointments, now: Instant) -> Answer<AppointmentPage> {
    let moment = Rules::load(conn)?.moment(now);
    let (found, total) =
        store_boxes::page(conn, request.patient_id, request.doctor_id, request.page, &moment)?;
    let rows = found
        .into_iter()
        .map(|summary| {
            let (last_op, last_by, last_at) = match store_history::last(conn, summary.id)? {
                Some((op, by, at)) => (Some(op), by, Some(at)),
                None => (None, String::new(), None),
            };
            let doctor = store::full_name(conn, summary.doctor_id)?;
            Ok(AppointmentRow { summary, doctor, last_op, last_by, last_at })
        })
        .collect::<Answer<_>>()?;
    Ok(AppointmentPage { rows, total })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::scheduling::status::Status;
    use clinic_domain::time::Days;

    #[test]
    fn a_page_is_latest_first_with_what_was_done_last() {
        let clinic = Clinic::new(2, 2);
        clinic.book(0, 0, monday(), 600).unwrap();
        let later = clinic.book(1, 0, monday() + Days::new(1), 540).unwrap().appointment;
        clinic.book(1, 1, monday() + Days::new(1), 600).unwrap();
        clinic.step(&later, Status::Confirmed).unwrap();
        let list = |patient, doctor, page| {
            let request = ListAppointments { patient_id: patient, doctor_id: doctor, page };
            clinic.app.list_appointments(&clinic.desk(1), request).unwrap()
        };
        let (patient, doctor) = (Some(clinic.patients[0]), Some(clinic.doctors[1]));
        let of_patient = list(patient, None, 0);
        assert_eq!(of_patient.total, 2);
        let first = &of_patient.rows[0];
        assert_eq!(
            (first.summary.id, first.last_op, first.last_by.as_str()),
            (later.id, Some(Op::Confirm), "Person 1")
        );
        assert_eq!((first.doctor.as_str(), of_patient.rows[1].last_op), ("Dr Ann Lee1", Some(Op::Book)));
        let of_doctor: Vec<_> = list(None, doctor, 0).rows.iter().map(|r| r.summary.start).collect();
        assert_eq!(of_doctor, [600, 540]);
        assert_eq!(list(patient, doctor, 0).total, 1);
        assert!(list(patient, None, 1).rows.is_empty());
    }

    #[test]
    fn a_patients_visits_are_written_down_as_read_unless_the_record_just_was() {
        let clinic = Clinic::new(1, 1);
        let (patient, doctor) = (clinic.patients[0], clinic.doctors[0]);
        clinic.book(0, 0, monday(), 600).unwrap();
        let list = |n, patient_id| {
            let request = ListAppointments { patient_id, doctor_id: Some(doctor), page: 0 };
            clinic.app.list_appointments(&clinic.desk(n), request).unwrap();
        };
        let reads = || {
            let count = "SELECT count(*) FROM audit WHERE op = 'read_patient' AND patient_id = ?1";
            clinic.read(|conn| Ok(conn.query_row(count, [patient.bytes()], |row| row.get::<_, u32>(0))?))
        };
        list(1, None);
        assert_eq!(reads(), 0, "a doctor's day is nobody's record");
        list(1, Some(patient));
        assert_eq!(reads(), 1);
        list(1, Some(patient));
        clinic.app.read_patient(&clinic.desk(1), patient).unwrap();
        assert_eq!(reads(), 1, "a page of the record and its visits are one reading");
        clinic.app.read_patient(&clinic.desk(2), patient).unwrap();
        list(2, Some(patient));
        assert_eq!(reads(), 2);
        clinic.at("2026-11-23T14:10:00Z");
        list(2, Some(patient));
        assert_eq!(reads(), 3, "ten minutes later it is another one");
    }

    #[test]
    fn somebody_must_be_named() {
        let clinic = Clinic::new(1, 0);
        let request = ListAppointments { patient_id: None, doctor_id: None, page: 0 };
        let refused = clinic.app.list_appointments(&clinic.desk(1), request).unwrap_err();
        assert!(matches!(refused, AppError::Validation { .. }));
    }
}
