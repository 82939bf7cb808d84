//! The record of a patient as the interface reads it.

use clinic_domain::directory::contact::display_phone;
use clinic_domain::directory::patient::{PatientForm, age_on};
use clinic_domain::time::NaiveDate;
use rusqlite::Connection;

use super::record::{Doctor, Patient};
use super::{store_patient, store_visits};
use crate::db::Record;
use crate::directory::view::PatientView;
use crate::error::Answer;

/// Everything the interface shows of a patient.
///
/// # Errors
/// Faults of the store.
pub(super) fn patient_view(
    conn: &Connection,
    patient: Patient,
    rev: u32,
    today: NaiveDate,
) -> Answer<PatientView> {
    let visits = store_visits::count_of(conn, patient.id)?;
    let doctor = match patient.form.doctor_id {
        Some(id) => Doctor::load(conn, id.0)?.map(|(doctor, _)| doctor.name()),
        None => None,
    };
    Ok(PatientView {
        id: patient.id,
        rev,
        name: patient.name(),
        age: patient.form.birth_date.map_or(0, |born| age_on(born, today)),
        validation: patient.validation,
        archived_at: patient.archived_at,
        doctor_name: doctor,
        created_at: patient.created_at,
        changed_at: patient.changed_at,
        changed_by: patient.changed_by,
        appointments: visits.appointments,
        no_shows: visits.no_shows,
        account: store_patient::account_of(conn, patient.id)?,
        public_id: patient.public_id,
        form: as_written(patient.form),
    })
}

/// With numbers as people write them; whoever saves the form gets the stored ones back.
fn as_written(mut form: PatientForm) -> PatientForm {
    let contacts = form.emergency_contacts.iter_mut().map(|contact| &mut contact.phone);
    for phone in contacts.chain([&mut form.phone, &mut form.phone_other]) {
        *phone = display_phone(phone);
    }
    form
}
