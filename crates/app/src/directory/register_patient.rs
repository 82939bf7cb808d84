//! Begins an account for a patient who stands at the desk, from the record (AU-3).

use clinic_domain::id::PatientId;
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::registration::Registration;
use clinic_domain::identity::role::Role;
use serde::Deserialize;
use specta::Type;

use super::edit_patient::may_edit;
use super::record::Patient;
use super::store_patient;
use crate::app::{Actor, App};
use crate::db::Record;
use crate::error::{Answer, AppError};
use crate::identity::registration_view::RegistrationBegun;

/// Begins an account for a patient who stands at the desk (AU-3).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RegisterPatient {
    /// Whose record it is.
    pub id: PatientId,
}

impl App {
    /// Begins an account for a patient: six digits go to the address in the record, and the patient reads them out. The
    /// account has the number of the record; its password is chosen by mail, and by nobody at the desk.
    ///
    /// # Errors
    /// [`AppError::Validation`] for a record without an address, or with one that is an account's already;
    /// [`AppError::WrongState`] for a patient who has an account; [`AppError::CodesSpent`]; [`AppError::MailNotSetUp`];
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn register_patient(&self, actor: &Actor, request: RegisterPatient) -> Answer<RegistrationBegun> {
        let patient: PatientId = request.id;
        let (record, account) =
            self.read_about(actor, Action::EditPatient, Some(patient), |conn, reach| {
                may_edit(conn, actor, reach, patient)?;
                let (record, _) = Patient::load(conn, patient.0)?.ok_or(AppError::NotFound)?;
                Ok((record, store_patient::account_of(conn, patient)?))
            })?;
        if account.is_some() {
            return Err(AppError::WrongState);
        }
        let form = record.form;
        let who = Registration {
            role: Role::Patient,
            given_names: form.given_names,
            family_name: form.family_name,
            email: form.email,
        };
        self.begin_for_patient(actor, patient, &who)
    }
}
