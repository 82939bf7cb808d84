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
use crate::identity::number;

impl App {
    /// Adds a patient, unless likely duplicates are there and were not accepted. The same request sent again answers
    /// with the patient it added.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::Duplicates`]; [`AppError::Forbidden`]; faults of the store.
    pub fn add_patient(&self, actor: &Actor, request: AddPatient) -> Answer<PatientChanged> {
        let (form, today, public_id) = self.read(actor, Action::AddPatient, |conn, _| {
            let (form, today) = checked(conn, &request.form, self.now())?;
            Ok((form, today, number::free(self, conn, Role::Patient)?))
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
        let act =
            self.act(Op::AddPatient, Action::AddPatient, request.request_id, "patient.add", &patient)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::fixture::{Clinic, person};

    fn request(clinic: &Clinic, form: PatientForm) -> AddPatient {
        AddPatient { request_id: clinic.request(), form, accept_duplicates: false }
    }

    #[test]
    fn a_patient_gets_a_number_of_eight_digits_and_is_found() {
        let clinic = Clinic::new();
        let added = clinic.add(person("Okafor", "Ngozi Ada", "1988-03-12"));
        assert!(added.public_id.starts_with("PAT") && added.public_id.len() == 11, "{}", added.public_id);
        assert_eq!((added.name.as_str(), added.age, added.rev), ("Okafor, Ngozi Ada", 38, 1));
        assert_eq!(clinic.names("ok ng"), ["Okafor, Ngozi Ada"]);
    }

    #[test]
    fn the_same_request_twice_adds_one_patient() {
        let clinic = Clinic::new();
        let request = request(&clinic, person("Okafor", "Ngozi", "1988-03-12"));
        let first = clinic.app.add_patient(&clinic.admin(), request.clone()).unwrap();
        let second = clinic.app.add_patient(&clinic.admin(), request).unwrap();
        assert_eq!(first.patient.id, second.patient.id);
        assert_eq!(clinic.names("okafor").len(), 1);
    }

    #[test]
    fn a_likely_duplicate_is_refused_until_it_is_accepted() {
        let clinic = Clinic::new();
        let known = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let mut again = request(&clinic, person("OKAFOR", "Ngozí", "1988-03-12"));
        let refusal = clinic.app.add_patient(&clinic.admin(), again.clone()).unwrap_err();
        let AppError::Duplicates { hits } = refusal else { panic!("{refusal:?}") };
        assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [known.id]);
        assert_eq!(clinic.names("okafor").len(), 1);
        again.accept_duplicates = true;
        clinic.app.add_patient(&clinic.admin(), again).unwrap();
        assert_eq!(clinic.names("okafor").len(), 2);
    }

    #[test]
    fn a_form_with_a_mistake_writes_nothing() {
        let clinic = Clinic::new();
        let mut form = person("", "Ngozi", "1988-03-12");
        form.doctor_id = Some(clinic_domain::id::DoctorId(clinic.app.new_id().unwrap()));
        let refusal = clinic.app.add_patient(&clinic.admin(), request(&clinic, form)).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        let fields: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.rule)).collect();
        assert_eq!(fields, [("family_name", FieldRule::Required), ("doctor_id", FieldRule::Unknown)]);
        assert!(clinic.names("ngozi").is_empty());
    }

    #[test]
    fn a_patient_may_not_add_patients() {
        let clinic = Clinic::new();
        let request = request(&clinic, person("Okafor", "Ngozi", "1988-03-12"));
        let refusal = clinic.app.add_patient(&clinic.person(Role::Patient), request).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
    }
}
