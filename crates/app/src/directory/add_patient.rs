//! Adds a patient, unless likely duplicates are there and were not accepted.

use clinic_domain::directory::patient::{PatientForm, Validation, check_patient};
use clinic_domain::id::PatientId;
use clinic_domain::identity::policy::{Action, Ownership};
use clinic_domain::identity::role::Role;
use clinic_domain::time::NaiveDate;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::find_duplicates::duplicates;
use super::patient_view::patient_view;
use super::record::{Doctor, Patient};
use super::store_rules::Rules;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::directory::view::{AddPatient, PatientChanged};
use crate::error::{Answer, AppError};

impl App {
    /// Adds a patient, unless likely duplicates are there and were not accepted. The same request sent again answers
    /// with the patient it added.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::Duplicates`]; [`AppError::Forbidden`]; faults of the store.
    pub fn add_patient(&self, actor: &Actor, request: AddPatient) -> Answer<PatientChanged> {
        let (form, today, public_id) = self.read(actor, Action::AddPatient, |conn, _| {
            let (form, today) = checked(conn, &request.form, self.now())?;
            Ok((form, today, self.free_number(conn, Role::Patient)?))
        })?;
        let patient = Patient {
            id: PatientId(self.new_id()?),
            public_id,
            form,
            validation: Validation::Pending,
            archived_at: None,
            created_at: self.now(),
            changed_at: self.now(),
            changed_by: actor.name.clone(),
        };
        let act = self.act(Op::AddPatient, Action::AddPatient, request.request_id, "patient.add", &patient)?;
        self.transact(actor, act, |tx| {
            tx.owned(Ownership::Own)?;
            let (patient, rev) = match tx.earlier(request.request_id)? {
                Some(id) => tx.get::<Patient>(id)?,
                None => {
                    if !request.accept_duplicates {
                        refuse_duplicates(tx.conn(), &patient.form)?;
                    }
                    tx.about(patient.id.0, patient.subject(), Some(patient.id.0));
                    let rev = tx.put(&patient)?;
                    (patient, rev)
                }
            };
            let patient = patient_view(tx.conn(), patient, rev, today)?;
            Ok(PatientChanged { action_id: request.request_id, patient })
        })
    }
}

/// The form as it is to be stored, and the date in the clinic.
///
/// # Errors
/// [`AppError::Validation`].
pub(super) fn checked(
    conn: &Connection,
    form: &PatientForm,
    now: clinic_domain::time::Instant,
) -> Answer<(PatientForm, NaiveDate)> {
    let rules = Rules::load(conn)?;
    let today = rules.today(now);
    let mut fields = Vec::new();
    let checked = check_patient(form, today, rules.region()).map_err(|errors| fields.extend(errors)).ok();
    if let Some(doctor) = form.doctor_id
        && Doctor::load(conn, doctor.0)?.is_none()
    {
        fields.push(FieldError::new("doctor_id", FieldRule::Unknown));
    }
    match checked {
        Some(form) if fields.is_empty() => Ok((form, today)),
        _ => Err(AppError::Validation { fields }),
    }
}

fn refuse_duplicates(conn: &Connection, form: &PatientForm) -> Answer<()> {
    let hits = duplicates(conn, form, None)?;
    if hits.is_empty() { Ok(()) } else { Err(AppError::Duplicates { hits }) }
}
