//! What an account's form must fulfil: the rules of the domain, and those that only the store can tell.

use clinic_domain::identity::account::{AccountDetails, check_account};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::account::{self, Account};
use super::store_account;
use crate::error::Answer;
use crate::identity::view::AccountForm;

/// The details as they are to be stored, for a new account or this one; without any as soon as something is
/// wrong. `prefix` comes before the name of each field.
///
/// # Errors
/// Faults of the store.
pub(super) fn check(
    conn: &Connection,
    existing: Option<&Account>,
    form: &AccountForm,
    prefix: &str,
) -> Answer<Result<AccountDetails, Vec<FieldError>>> {
    let under = |field: &str| format!("{prefix}{field}");
    let mut details = match check_account(&account::details(form)) {
        Ok(details) => Ok(details),
        Err(mut errors) => {
            errors.iter_mut().for_each(|error| error.field = under(&error.field));
            Err(errors)
        }
    };
    let mut add = |field: &str, rule: FieldRule| {
        let error = FieldError::new(under(field), rule);
        match &mut details {
            Ok(_) => details = Err(vec![error]),
            Err(errors) => errors.push(error),
        }
    };
    // Patients register; nobody makes an account of another role out of theirs, or theirs out of another.
    match existing {
        None if form.role == Role::Patient => add("role", FieldRule::Unknown),
        Some(account) if (account.role == Role::Patient) != (form.role == Role::Patient) => {
            add("role", FieldRule::Fixed);
        }
        _ => {}
    }
    let id = existing.map(|account| account.id);
    let email = form.email.trim().to_lowercase();
    let user_name = form.user_name.trim().to_lowercase();
    let doctor = form.doctor_id.filter(|_| form.role == Role::Doctor);
    let taken = store_account::taken(conn, id, &email, &user_name, doctor)?;
    for (taken, field) in
        [(taken.email, "email"), (taken.user_name, "user_name"), (taken.doctor, "doctor_id")]
    {
        if taken {
            add(field, FieldRule::Taken);
        }
    }
    if doctor.is_some() && !taken.doctor_known {
        add("doctor_id", FieldRule::Unknown);
    }
    Ok(details)
}
