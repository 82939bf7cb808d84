//! What an account's form must fulfil: the rules of the domain, and those that only the store can tell.

use clinic_domain::id::AccountId;
use clinic_domain::identity::account::{AccountDetails, check_account};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;

use super::account::Account;
use super::{account, store_account};
use crate::db::Record;
use crate::error::Answer;
use crate::identity::view::AccountForm;

/// The details as they are to be stored, for a new account or the one with this id; without any as soon as something is
/// wrong. `prefix` comes before the name of each field.
///
/// # Errors
/// Faults of the store.
pub(super) fn check(
    conn: &Connection,
    id: Option<AccountId>,
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
    // A patient's account has no desk to sign in at: nobody is made one here, and whoever is one stays it.
    if form.role == Role::Patient && !is_patient(conn, id)? {
        add("role", FieldRule::Unknown);
    }
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

fn is_patient(conn: &Connection, id: Option<AccountId>) -> Answer<bool> {
    let found = id.map_or(Ok(None), |id| Account::load(conn, id.0))?;
    Ok(found.is_some_and(|(account, _)| account.role == Role::Patient))
}
