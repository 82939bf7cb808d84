//! Edits a doctor's record, or retires the doctor.

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::id::{ActionId, DoctorId};
use clinic_domain::identity::policy::Action;
use serde::Serialize;

use super::add_doctor::checked;
use super::doctor_view::{doctor_view, ownership};
use super::record::Doctor;
use super::store_changes::last_changed_by;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::directory::view::{DoctorChanged, EditDoctor};
use crate::error::{Answer, AppError};

/// The arguments of the command.
#[derive(Serialize)]
struct Args<'a> {
    id: DoctorId,
    rev: u32,
    form: &'a DoctorForm,
    new_specialties: &'a [(clinic_domain::id::SpecialtyId, String)],
    active: bool,
}

impl App {
    /// Edits a doctor's record, or retires the doctor: one who no longer works here keeps the record and the
    /// appointments. An edit that changes nothing writes nothing.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::Stale`] when the record has another revision by now;
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn edit_doctor(&self, actor: &Actor, request: EditDoctor) -> Answer<DoctorChanged> {
        let (form, chosen) = self.read(actor, Action::ManageDoctors, |conn, _| {
            let chosen = self.choose_specialties(conn, &request.form, &request.new_specialties)?;
            Ok((checked(conn, &request.form, &chosen, Some(request.id))?, chosen))
        })?;
        let action_id = ActionId(self.new_id()?);
        let args = Args {
            id: request.id,
            rev: request.rev,
            form: &form,
            new_specialties: &chosen.new,
            active: request.active,
        };
        let act = self.act(Op::EditDoctor, Action::ManageDoctors, action_id, "doctor.edit", &args)?;
        self.transact(actor, act, |tx| {
            tx.owned(ownership(actor, request.id))?;
            let (doctor, rev) = tx.get::<Doctor>(request.id.0)?;
            if rev != request.rev {
                return Err(AppError::Stale { by: last_changed_by(tx.conn(), request.id.0)? });
            }
            let edited = Doctor { form: form.clone(), active: request.active, ..doctor.clone() };
            if edited != doctor {
                chosen.put_new(tx)?;
                tx.about(request.id.0, edited.subject(), None);
                tx.put(&edited)?;
            }
            Ok(DoctorChanged { action_id, doctor: doctor_view(tx.conn(), request.id, tx.now)? })
        })
    }
}

#[cfg(test)]
mod tests {
    use clinic_domain::validation::{FieldError, FieldRule};

    use super::*;
    use crate::directory::fixture::{Clinic, physician};
    use crate::directory::view::DoctorView;

    fn edit(
        clinic: &Clinic,
        doctor: &DoctorView,
        change: impl FnOnce(&mut EditDoctor),
    ) -> Answer<DoctorChanged> {
        let mut request = EditDoctor {
            id: doctor.id,
            rev: doctor.rev,
            form: doctor.form.clone(),
            new_specialties: Vec::new(),
            active: true,
        };
        change(&mut request);
        clinic.app.edit_doctor(&clinic.admin(), request)
    }

    #[test]
    fn a_doctor_can_be_renamed_and_retired() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim"));
        let edited = edit(&clinic, &doctor, |request| {
            request.form.family_name = "Park".into();
            request.active = false;
        });
        let edited = edited.unwrap().doctor;
        assert_eq!((edited.name.as_str(), edited.active, edited.rev), ("Dr Kim Park", false, 2));
        assert_eq!(edited.form.short_name, "Lee", "the short name was not touched");
    }

    #[test]
    fn an_edit_of_an_older_revision_is_refused() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim"));
        edit(&clinic, &doctor, |request| request.form.email = "kim@example.org".into()).unwrap();
        let refusal = edit(&clinic, &doctor, |request| request.form.email.clear()).unwrap_err();
        assert_eq!(refusal, AppError::Stale { by: Some("Ada Admin".into()) });
    }

    #[test]
    fn the_own_short_name_is_no_clash_and_that_of_another_is() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim"));
        clinic.add_doctor(physician("Park", "Jin"));
        edit(&clinic, &doctor, |request| request.form.phone = "030 1234567".into()).unwrap();
        let read = clinic.app.read_doctor(&clinic.admin(), doctor.id).unwrap();
        let refusal = edit(&clinic, &read, |request| request.form.short_name = "PARK".into()).unwrap_err();
        let expected = FieldError::new("short_name", FieldRule::Taken).suggest("PARK K.");
        assert_eq!(refusal, AppError::Validation { fields: vec![expected] });
    }
}
