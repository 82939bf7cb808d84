//! Edits a patient's record.

use clinic_domain::id::{ActionId, PatientId};
use clinic_domain::identity::policy::{Action, Ownership, Reach};
use clinic_domain::time::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;

use super::add_patient::checked;
use super::patient_view::patient_view;
use super::record::Patient;
use super::store_changes::last_changed_by;
use super::whose::whose;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Tx;
use crate::directory::view::{EditPatient, PatientChanged};
use crate::error::{Answer, AppError};

/// The arguments of the command.
#[derive(Serialize)]
struct Args<'a> {
    id: PatientId,
    rev: u32,
    form: &'a clinic_domain::directory::patient::PatientForm,
}

impl App {
    /// Edits a patient's record. An edit that changes nothing writes nothing.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::Stale`] when the record has another revision by now;
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for the patient of other doctors; faults of the store.
    pub fn edit_patient(&self, actor: &Actor, request: EditPatient) -> Answer<PatientChanged> {
        let (form, today) =
            self.read_about(actor, Action::EditPatient, Some(request.id), |conn, reach| {
                may_edit(conn, actor, reach, request.id)?;
                checked(conn, &request.form, self.now())
            })?;
        let action = ActionId(self.new_id()?);
        let args = Args { id: request.id, rev: request.rev, form: &form };
        let act = self.act(Op::EditPatient, Action::EditPatient, action, "patient.edit", &args)?;
        self.transact(actor, act, |tx| {
            let (patient, rev) = unchanged(tx, request.id, request.rev)?;
            let edited = Patient { form: form.clone(), ..patient };
            finish(tx, action, edited, rev, today)
        })
    }
}

/// Whether this person may change the record. What was opened in an emergency is only read.
///
/// # Errors
/// [`AppError::Forbidden`]; faults of the store.
pub(super) fn may_edit(conn: &Connection, actor: &Actor, reach: Reach, patient: PatientId) -> Answer<()> {
    if reach == Reach::Own && whose(conn, actor, patient)? == Ownership::Other {
        return Err(AppError::Forbidden);
    }
    Ok(())
}

/// The record, when it still has the revision that was seen.
///
/// # Errors
/// [`AppError::Stale`]; [`AppError::NotFound`]; [`AppError::Forbidden`].
pub(super) fn unchanged(tx: &mut Tx<'_>, id: PatientId, seen: u32) -> Answer<(Patient, u32)> {
    tx.owned(whose(tx.conn(), tx.actor, id)?)?;
    let (patient, rev) = tx.get::<Patient>(id.0)?;
    if rev != seen {
        return Err(AppError::Stale { by: last_changed_by(tx.conn(), id.0)? });
    }
    Ok((patient, rev))
}

/// Writes the record unless it is as it was, and answers with what it is now.
///
/// # Errors
/// Faults of the store.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    action_id: ActionId,
    edited: Patient,
    rev: u32,
    today: NaiveDate,
) -> Answer<PatientChanged> {
    let (before, _) = tx.get::<Patient>(edited.id.0)?;
    tx.about(edited.id.0, edited.subject(), Some(edited.id.0));
    let (now, rev) = if before == edited {
        (edited, rev)
    } else {
        let edited = Patient { changed_at: tx.now, changed_by: tx.actor.name.clone(), ..edited };
        let rev = tx.put(&edited)?;
        (edited, rev)
    };
    Ok(PatientChanged { action_id, patient: patient_view(tx.conn(), now, rev, today)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::fixture::{Clinic, person};
    use crate::directory::view::PatientView;

    fn edit(clinic: &Clinic, patient: &PatientView, family_name: &str) -> Answer<PatientChanged> {
        let mut form = patient.form.clone();
        form.family_name = family_name.into();
        clinic.app.edit_patient(&clinic.admin(), EditPatient { id: patient.id, rev: patient.rev, form })
    }

    #[test]
    fn an_edited_patient_is_found_by_the_new_name_and_no_longer_by_the_old() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let edited = edit(&clinic, &patient, "Adeyemi").unwrap().patient;
        assert_eq!((edited.rev, edited.name.as_str()), (2, "Adeyemi, Ngozi"));
        assert_eq!(clinic.names("adeyemi"), ["Adeyemi, Ngozi"]);
        assert!(clinic.names("okafor").is_empty());
    }

    #[test]
    fn the_second_of_two_edits_of_one_revision_is_told_who_was_first() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        edit(&clinic, &patient, "Adeyemi").unwrap();
        let refusal = edit(&clinic, &patient, "Bello").unwrap_err();
        assert_eq!(refusal, AppError::Stale { by: Some("Ada Admin".into()) });
        assert_eq!(clinic.names("adeyemi").len(), 1);
    }

    #[test]
    fn an_edit_that_changes_nothing_writes_nothing() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let same = edit(&clinic, &patient, " Okafor ").unwrap().patient;
        assert_eq!(same.rev, 1);
    }

    #[test]
    fn the_audit_log_says_which_field_was_changed_and_how() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        edit(&clinic, &patient, "Adeyemi").unwrap();
        let body = clinic.read(|conn| crate::directory::store_changes::last_entry(conn, patient.id.0));
        assert!(body.contains(r#"{"field":"family_name","before":"Okafor","after":"Adeyemi"}"#), "{body}");
        assert!(!body.contains("changed_at"), "{body}");
    }

    #[test]
    fn nobody_edits_a_patient_who_is_not_there() {
        let clinic = Clinic::new();
        let mut patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        patient.id = PatientId(clinic.app.new_id().unwrap());
        assert_eq!(edit(&clinic, &patient, "Bello").unwrap_err(), AppError::NotFound);
    }
}
