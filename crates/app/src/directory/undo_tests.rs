//! What undo does to patients and doctors. The use case is in `history`; what it restores is this slice's.

use clinic_domain::id::{ActionId, PatientId};

use super::fixture::{Clinic, date, first_page, person, physician};
use super::record::{Doctor, Patient};
use super::store_counts::bearers_are_right;
use super::view::{AddException, ArchivePatient, EditDoctor, EditPatient, ListDoctors, PatientView};
use crate::app::Actor;
use crate::db::Record;
use crate::directory::view::AddPatient;
use crate::error::AppError;
use crate::history::view::Undo;

/// Undoes the last act; answers with the act that did it.
fn undo(clinic: &Clinic, actor: &Actor) -> Result<ActionId, AppError> {
    clinic.app.undo(actor, Undo { action_id: None }).map(|undone| undone.action_id)
}

fn redo(clinic: &Clinic, actor: &Actor, undone: ActionId) {
    clinic.app.undo(actor, Undo { action_id: Some(undone) }).unwrap();
}

fn added(clinic: &Clinic, actor: &Actor, family_name: &str) -> PatientView {
    let form = person(family_name, "Ngozi", "1988-03-12");
    let request = AddPatient { request_id: clinic.request(), form, accept_duplicates: true };
    clinic.app.add_patient(actor, request).unwrap().patient
}

fn stored(clinic: &Clinic, id: PatientId) -> Option<Patient> {
    clinic.read(|conn| Patient::load(conn, id.0)).map(|(patient, _)| patient)
}

#[test]
fn an_added_patient_is_gone_after_undo_and_the_number_stays_used() {
    let clinic = Clinic::new();
    let desk = clinic.admin();
    let patient = added(&clinic, &desk, "Okafor");
    let undone = undo(&clinic, &desk).unwrap();
    assert_eq!(stored(&clinic, patient.id), None);
    assert!(clinic.names("okafor").is_empty());
    assert!(clinic.read(|conn| super::store_number::is_retired(conn, &patient.public_id)));
    assert!(clinic.read(bearers_are_right));
    redo(&clinic, &desk, undone);
    assert_eq!(clinic.names("okafor"), ["Okafor, Ngozi"], "undo of the undo brings the patient back");
    assert!(clinic.read(bearers_are_right));
}

#[test]
fn an_added_patient_who_was_booked_since_stays() {
    let clinic = Clinic::new();
    let desk = clinic.admin();
    let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
    let patient = added(&clinic, &desk, "Okafor");
    clinic.book(doctor, patient.id, "2026-12-01", 600, "scheduled");
    assert_eq!(undo(&clinic, &desk).unwrap_err(), AppError::Stale { by: None });
    assert_eq!(clinic.names("okafor"), ["Okafor, Ngozi"]);
    assert!(clinic.read(bearers_are_right));
}

#[test]
fn edits_and_archiving_are_undone_one_by_one() {
    let clinic = Clinic::new();
    let desk = clinic.admin();
    let patient = added(&clinic, &desk, "Okafor");
    let before = stored(&clinic, patient.id).unwrap();
    let mut form = patient.form.clone();
    form.family_name = "Adeyemi".into();
    let edited =
        clinic.app.edit_patient(&desk, EditPatient { id: patient.id, rev: patient.rev, form }).unwrap();
    let request = ArchivePatient { id: patient.id, rev: edited.patient.rev, archived: true };
    clinic.app.archive_patient(&desk, request).unwrap();
    undo(&clinic, &desk).unwrap();
    assert_eq!(clinic.names("adeyemi").len(), 1);
    undo(&clinic, &desk).unwrap();
    assert_eq!(clinic.names("okafor").len(), 1);
    assert_eq!(stored(&clinic, patient.id), Some(before));
    assert!(clinic.read(bearers_are_right));
}

#[test]
fn changes_to_a_doctor_and_to_the_schedule_are_undone() {
    let clinic = Clinic::new();
    let desk = clinic.admin();
    let doctor = clinic.add_doctor(physician("Lee", "Kim"));
    let mut form = doctor.form.clone();
    form.family_name = "Park".into();
    let request =
        EditDoctor { id: doctor.id, rev: doctor.rev, form, new_specialties: Vec::new(), active: false };
    clinic.app.edit_doctor(&desk, request).unwrap();
    undo(&clinic, &desk).unwrap();
    let back = clinic.app.read_doctor(&desk, doctor.id).unwrap();
    assert_eq!((back.name.as_str(), back.active), ("Dr Kim Lee", true));
    let request = AddException {
        request_id: clinic.request(),
        doctor_id: doctor.id,
        kind: clinic_domain::scheduling::hours::ExceptionKind::TimeOff,
        from: date("2026-12-01"),
        until: date("2026-12-02"),
        span: None,
        reason: String::new(),
    };
    let exceptions = clinic.app.add_exception(&desk, request).unwrap().doctor.exceptions;
    let undone = undo(&clinic, &desk).unwrap();
    assert!(clinic.app.read_doctor(&desk, doctor.id).unwrap().exceptions.is_empty());
    redo(&clinic, &desk, undone);
    let again = clinic.app.read_doctor(&desk, doctor.id).unwrap().exceptions;
    assert_eq!(again[0].exception, exceptions[0].exception);
}

#[test]
fn a_doctor_with_an_appointment_stays() {
    let clinic = Clinic::new();
    let desk = clinic.admin();
    let patient = added(&clinic, &clinic.admin(), "Okafor");
    let request = crate::directory::view::AddDoctor {
        request_id: clinic.request(),
        form: physician("Lee", "Kim"),
        new_specialties: Vec::new(),
    };
    let doctor = clinic.app.add_doctor(&desk, request).unwrap().doctor.id;
    clinic.book(doctor, patient.id, "2026-12-01", 600, "scheduled");
    assert_eq!(undo(&clinic, &desk).unwrap_err(), AppError::Stale { by: None });
    assert!(clinic.read(|conn| Doctor::load(conn, doctor.0)).is_some());
    let list = ListDoctors {
        query: String::new(),
        specialty_id: None,
        with_inactive: true,
        paging: first_page("name"),
    };
    assert_eq!(clinic.app.list_doctors(&desk, list).unwrap().total, 1);
}
