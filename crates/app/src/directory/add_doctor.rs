//! Adds a doctor.

use clinic_domain::directory::doctor::{DoctorForm, check_doctor};
use clinic_domain::id::DoctorId;
use clinic_domain::identity::policy::{Action, Ownership};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::doctor_view::doctor_view;
use super::record::Doctor;
use super::short_name;
use super::specialties::Chosen;
use super::store_rules::Rules;
use super::{store_columns, store_doctors};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::directory::view::{AddDoctor, DoctorChanged};
use crate::error::{Answer, AppError};
use crate::identity::number;

impl App {
    /// Adds a doctor; the column comes after all others. The same request sent again answers with the doctor it added.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::Forbidden`]; faults of the store.
    pub fn add_doctor(&self, actor: &Actor, request: AddDoctor) -> Answer<DoctorChanged> {
        let id = DoctorId(self.new_id()?);
        let (form, chosen, public_id) = self.read(actor, Action::ManageDoctors, |conn, _| {
            let chosen = self.choose_specialties(conn, &request.form, &request.new_specialties)?;
            let form = checked(conn, &request.form, &chosen, None)?;
            Ok((form, chosen, number::free(self, conn, Role::Doctor)?))
        })?;
        let doctor = Doctor { id, public_id, form, position: 0, active: true };
        let act =
            self.act(Op::AddDoctor, Action::ManageDoctors, request.request_id, "doctor.add", &doctor)?;
        self.transact(actor, act, |tx| {
            tx.owned(Ownership::Other)?;
            let id = match tx.earlier(request.request_id)? {
                Some(id) => DoctorId(id),
                None => {
                    chosen.put_new(tx)?;
                    let position = store_doctors::next_position(tx.conn())?;
                    tx.about(doctor.id.0, doctor.subject(), None);
                    tx.put(&Doctor { position, ..doctor })?;
                    id
                }
            };
            let doctor = doctor_view(tx.conn(), id, tx.now)?;
            Ok(DoctorChanged { action_id: request.request_id, doctor })
        })
    }
}

/// The form as it is to be stored. `except` is the doctor whose form it is, if there is one already: nobody is in their
/// own way.
///
/// # Errors
/// [`AppError::Validation`].
pub(super) fn checked(
    conn: &Connection,
    form: &DoctorForm,
    chosen: &Chosen,
    except: Option<DoctorId>,
) -> Answer<DoctorForm> {
    let rules = Rules::load(conn)?;
    let typed = DoctorForm { specialty_ids: chosen.ids.clone(), ..form.clone() };
    let pattern = Some(rules.licence_pattern.as_str());
    let mut fields = chosen.wrong.clone();
    let checked = match check_doctor(&typed, pattern, rules.slot_minutes, rules.region()) {
        Ok(form) => Some(form),
        Err(errors) => {
            fields.extend(errors);
            None
        }
    };
    let Some(mut checked) = checked else { return Err(AppError::Validation { fields }) };
    let taken: Vec<String> = store_columns::without_exceptions(conn, store_columns::Which::Active)?
        .into_iter()
        .filter(|doctor| Some(doctor.id) != except)
        .map(|doctor| doctor.short_name)
        .collect();
    if let Some(free) = short_name::free(&checked, &taken) {
        if form.short_name.trim().is_empty() {
            checked.short_name = free;
        } else {
            fields.push(FieldError::new("short_name", FieldRule::Taken).suggest(free));
        }
    }
    if fields.is_empty() { Ok(checked) } else { Err(AppError::Validation { fields }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::fixture::{Clinic, physician};

    #[test]
    fn a_doctor_gets_a_number_and_the_last_column() {
        let clinic = Clinic::new();
        let first = clinic.add_doctor(physician("Zimmer", "Ann"));
        let second = clinic.add_doctor(physician("Bauer", "Bo"));
        assert!(first.public_id.starts_with("DOC") && first.public_id.len() == 11);
        assert_eq!((first.form.short_name.as_str(), first.name.as_str()), ("Zimmer", "Dr Ann Zimmer"));
        let order = clinic.read(|conn| store_columns::without_exceptions(conn, store_columns::Which::Active));
        assert_eq!(order.iter().map(|doctor| doctor.id).collect::<Vec<_>>(), [first.id, second.id]);
    }

    #[test]
    fn a_short_name_nobody_chose_gives_way_and_one_that_was_chosen_is_questioned() {
        let clinic = Clinic::new();
        clinic.add_doctor(physician("Lee", "Kim"));
        assert_eq!(clinic.add_doctor(physician("Lee", "Jin")).form.short_name, "Lee J.");
        let mut form = physician("Leeson", "Ann");
        form.short_name = "Lee".into();
        let request = AddDoctor { request_id: clinic.request(), form, new_specialties: Vec::new() };
        let refusal = clinic.app.add_doctor(&clinic.admin(), request).unwrap_err();
        let expected = FieldError::new("short_name", FieldRule::Taken).suggest("Lee A.");
        assert_eq!(refusal, AppError::Validation { fields: vec![expected] });
    }

    #[test]
    fn the_same_request_twice_adds_one_doctor() {
        let clinic = Clinic::new();
        let form = physician("Lee", "Kim");
        let request = AddDoctor { request_id: clinic.request(), form, new_specialties: Vec::new() };
        let first = clinic.app.add_doctor(&clinic.admin(), request.clone()).unwrap().doctor;
        let second = clinic.app.add_doctor(&clinic.admin(), request).unwrap().doctor;
        assert_eq!(first.id, second.id);
    }

    #[test]
    fn the_desk_may_not_add_doctors() {
        let clinic = Clinic::new();
        let form = physician("Lee", "Kim");
        let request = AddDoctor { request_id: clinic.request(), form, new_specialties: Vec::new() };
        let refusal = clinic.app.add_doctor(&clinic.person(Role::FrontDesk), request).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
    }
}
