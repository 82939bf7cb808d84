//! Archives a patient or brings one back.

use clinic_domain::id::{ActionId, PatientId};
use clinic_domain::identity::policy::Action;
use serde::Serialize;

use super::edit_patient::{finish, unchanged};
use super::record::Patient;
use super::store_rules::Rules;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::directory::view::{ArchivePatient, PatientChanged};
use crate::error::Answer;

/// The arguments of the command.
#[derive(Serialize)]
struct Args {
    id: PatientId,
    rev: u32,
    archived: bool,
}

impl App {
    /// Archives a patient or brings one back. Archived patients are left out of the search; their record and their
    /// appointments stay. One who is in that state already is left alone.
    ///
    /// # Errors
    /// [`crate::AppError::Stale`] when the record has another revision by now; [`crate::AppError::NotFound`];
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn archive_patient(&self, actor: &Actor, request: ArchivePatient) -> Answer<PatientChanged> {
        let op = if request.archived { Op::ArchivePatient } else { Op::RestorePatient };
        let action = ActionId(self.new_id()?);
        let args = Args { id: request.id, rev: request.rev, archived: request.archived };
        let act = self.act(op, Action::ArchivePatient, action, "patient.archive", &args)?;
        self.transact(actor, act, |tx| {
            let today = Rules::load(tx.conn())?.today(tx.now);
            let (patient, rev) = unchanged(tx, request.id, request.rev)?;
            let archived_at = request.archived.then(|| patient.archived_at.unwrap_or(tx.now));
            finish(tx, action, Patient { archived_at, ..patient }, rev, today)
        })
    }
}

#[cfg(test)]
mod tests {
    use clinic_domain::identity::role::Role;

    use super::*;
    use crate::directory::fixture::{Clinic, person};
    use crate::directory::view::PatientView;
    use crate::error::AppError;

    fn archive(clinic: &Clinic, patient: &PatientView, archived: bool) -> PatientView {
        let request = ArchivePatient { id: patient.id, rev: patient.rev, archived };
        clinic.app.archive_patient(&clinic.admin(), request).unwrap().patient
    }

    #[test]
    fn an_archived_patient_is_not_found_until_brought_back() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let gone = archive(&clinic, &patient, true);
        assert_eq!(gone.archived_at, Some(crate::directory::fixture::NOW.parse().unwrap()));
        assert!(clinic.names("okafor").is_empty());
        let back = archive(&clinic, &gone, false);
        assert_eq!((back.archived_at, back.rev), (None, 3));
        assert_eq!(clinic.names("okafor").len(), 1);
    }

    #[test]
    fn archiving_twice_changes_nothing_the_second_time() {
        let clinic = Clinic::new();
        let gone = archive(&clinic, &clinic.add(person("Okafor", "Ngozi", "1988-03-12")), true);
        assert_eq!(archive(&clinic, &gone, true).rev, gone.rev);
    }

    #[test]
    fn a_doctor_may_not_archive() {
        let clinic = Clinic::new();
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12"));
        let request = ArchivePatient { id: patient.id, rev: patient.rev, archived: true };
        let refusal = clinic.app.archive_patient(&clinic.person(Role::Doctor), request).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
        assert_eq!(clinic.names("okafor").len(), 1);
    }
}
