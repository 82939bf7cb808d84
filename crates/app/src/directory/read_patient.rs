//! The record of a patient, and what is written down about the reading of any part of it (TR-4).

use clinic_domain::id::PatientId;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::patient_view::patient_view;
use super::record::Patient;
use super::store_changes::was_read;
use super::store_rules::Rules;
use super::whose::Ground;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::directory::view::PatientView;
use crate::error::{Answer, AppError};

/// A view that is loaded again within so many minutes is the same reading: it is written down once.
const ONE_READING_MINUTES: i64 = 10;

impl App {
    /// The record of a patient. The reading is written down before the record is handed out, once for a person's
    /// session and ten minutes, in an emergency each time: when it cannot be written down, nothing is read.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for the patient of other doctors unless it was opened in an
    /// emergency; faults of the store.
    pub fn read_patient(&self, actor: &Actor, request: PatientId) -> Answer<PatientView> {
        let now = self.now();
        let (view, entry) = self.read_about(actor, Action::ReadPatient, Some(request), |conn, reach| {
            let today = Rules::load(conn)?.today(now);
            let (patient, rev) = Patient::load(conn, request.0)?.ok_or(AppError::NotFound)?;
            let ground = self.ground(conn, actor, reach, request)?;
            let entry = reading(conn, actor, &patient, (&ground, Op::ReadPatientInEmergency), now)?;
            Ok((patient_view(conn, patient, rev, today)?, entry))
        })?;
        if let Some(entry) = entry {
            self.store()?.note(&entry)?;
        }
        Ok(view)
    }
}

/// What is to be written down before a part of a record is handed out on a ground: nothing where this session has just
/// read the record, for a view loads again with every change. In an emergency each reading counts, as this act.
///
/// # Errors
/// Faults of the store.
pub(crate) fn reading(
    conn: &Connection,
    actor: &Actor,
    patient: &Patient,
    (ground, in_emergency): (&Ground, Op),
    now: Instant,
) -> Answer<Option<Entry>> {
    let since = now - chrono::TimeDelta::minutes(ONE_READING_MINUTES);
    Ok(match ground {
        Ground::Emergency(open) => Some(open.reading(actor, in_emergency, patient.subject(), now)),
        Ground::Policy if was_read(conn, patient.id, actor, since)? => None,
        Ground::Policy => Some(Entry {
            subject_id: Some(patient.id.0),
            subject: patient.subject(),
            patient_id: Some(patient.id.0),
            ..actor.entry(Op::ReadPatient, now)
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::fixture::{Clinic, person, physician};
    use crate::directory::store_changes::reads_of;

    #[test]
    fn the_record_comes_with_what_was_booked_and_the_usual_doctor() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim"));
        let mut form = person("Okafor", "Ngozi", "1988-03-12");
        form.doctor_id = Some(doctor.id);
        form.phone = "030 1234567".into();
        let patient = clinic.add(form);
        clinic.book(doctor.id, patient.id, "2026-11-20", 600, "completed");
        clinic.book(doctor.id, patient.id, "2026-11-21", 600, "no_show");
        let read = clinic.app.read_patient(&clinic.admin(), patient.id).unwrap();
        assert_eq!((read.appointments, read.no_shows), (2, 1));
        assert_eq!(read.doctor_name.as_deref(), Some("Dr Kim Lee"));
        assert_eq!(read.form.phone, "+49 30 1234567", "as it is written for people");
    }

    #[test]
    fn a_reading_is_written_down_once_for_a_session() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let (first, second) = (clinic.admin(), clinic.admin());
        for actor in [&first, &first, &second] {
            clinic.app.read_patient(actor, patient.id).unwrap();
        }
        assert_eq!(clinic.read(|conn| reads_of(conn, patient.id)), 2);
    }

    #[test]
    fn a_patient_who_is_not_there_leaves_no_trace() {
        let clinic = Clinic::new();
        let nobody = PatientId(clinic.app.new_id().unwrap());
        assert_eq!(clinic.app.read_patient(&clinic.admin(), nobody).unwrap_err(), AppError::NotFound);
        assert_eq!(clinic.read(|conn| reads_of(conn, nobody)), 0);
    }
}
