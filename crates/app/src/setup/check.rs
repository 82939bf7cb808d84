//! What may stand in the answers of the wizard. Every field is judged before anything is written.

use chrono_tz::Tz;
use clinic_domain::directory::contact::Region;
use clinic_domain::directory::doctor::{DoctorForm, check_doctor};
use clinic_domain::identity::account::{AccountDetails, check_account};
use clinic_domain::identity::password::{PasswordPolicy, check_password};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule, check_line};

use super::view::{FirstDoctor, SetUpClinic};
use crate::clinic::view::ClinicProfile;
use crate::clinic::{self};
use crate::error::{Answer, AppError};
use crate::identity::view::AccountForm;

/// Most doctors the wizard takes; more are added later.
const MOST_DOCTORS: usize = 50;

/// The answers as they are to be stored.
pub(super) struct Checked {
    /// The first administrator.
    pub admin: AccountDetails,
    /// Name, address and look.
    pub profile: ClinicProfile,
    /// The first doctors with the names of their specialties.
    pub doctors: Vec<(DoctorForm, String)>,
}

/// Judges every answer.
///
/// # Errors
/// [`AppError::Validation`] with the path of each field as the request spells it.
pub(super) fn check(request: &SetUpClinic) -> Answer<Checked> {
    let mut wrong = Vec::new();
    let admin = check_admin(&request.admin, &mut wrong);
    wrong.extend(check_secret(request));
    let profile = clinic::check::profile("profile", &request.profile).unwrap_or_else(|errors| {
        wrong.extend(errors);
        request.profile.clone()
    });
    wrong.extend(clinic::check::hours(&request.hours, request.slot_minutes));
    let zone: Tz = profile.time_zone.parse().unwrap_or_default();
    if request.doctors.len() > MOST_DOCTORS {
        wrong.push(FieldError::new("doctors", FieldRule::TooLong).bound(MOST_DOCTORS as u32));
    }
    let mut doctors = Vec::new();
    for (i, first) in request.doctors.iter().enumerate().take(MOST_DOCTORS) {
        match check_first(i, first, request.slot_minutes, Region::of_zone(zone)) {
            Ok(doctor) => doctors.push(doctor),
            Err(errors) => wrong.extend(errors),
        }
    }
    if wrong.is_empty() {
        Ok(Checked { admin, profile, doctors })
    } else {
        Err(AppError::Validation { fields: wrong })
    }
}

fn check_admin(form: &AccountForm, wrong: &mut Vec<FieldError>) -> AccountDetails {
    let details = AccountDetails {
        given_names: form.given_names.clone(),
        family_name: form.family_name.clone(),
        email: form.email.clone(),
        user_name: form.user_name.clone(),
        role: Role::Admin,
        doctor: None,
    };
    if form.role != Role::Admin {
        wrong.push(FieldError::new("admin.role", FieldRule::OutOfRange));
    }
    check_account(&details).unwrap_or_else(|errors| {
        wrong.extend(below("admin", errors));
        details
    })
}

fn check_secret(request: &SetUpClinic) -> Vec<FieldError> {
    let admin = &request.admin;
    let context = [
        admin.given_names.as_str(),
        admin.family_name.as_str(),
        admin.user_name.as_str(),
        admin.email.as_str(),
        request.profile.name.as_str(),
    ];
    let policy = PasswordPolicy::default();
    check_password(&request.password, &context, &policy).errors("password", &policy)
}

fn check_first(
    i: usize,
    first: &FirstDoctor,
    slot_minutes: u16,
    region: Region,
) -> Result<(DoctorForm, String), Vec<FieldError>> {
    let mut wrong = Vec::new();
    if !first.form.specialty_ids.is_empty() {
        wrong.push(FieldError::new(format!("doctors.{i}.form.specialty_ids"), FieldRule::Unknown));
    }
    let specialty =
        check_line(&format!("doctors.{i}.specialty"), &first.specialty, 0, 80).unwrap_or_else(|error| {
            wrong.push(error);
            String::new()
        });
    match check_doctor(&first.form, None, slot_minutes, region) {
        Ok(form) if wrong.is_empty() => Ok((form, specialty)),
        Ok(_) => Err(wrong),
        Err(errors) => {
            wrong.extend(below(&format!("doctors.{i}.form"), errors));
            Err(wrong)
        }
    }
}

/// The same errors with the paths of a form that lies inside another.
fn below(path: &str, errors: Vec<FieldError>) -> impl Iterator<Item = FieldError> {
    errors.into_iter().map(move |error| FieldError { field: format!("{path}.{}", error.field), ..error })
}
