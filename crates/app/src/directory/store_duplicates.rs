//! Finds those who may be the same person, each by an index: same name, same birth date, same phone, same e-mail.

use std::collections::BTreeMap;

use clinic_domain::directory::contact::digits;
use clinic_domain::directory::name::sort_key;
use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::PatientId;
use clinic_domain::time::NaiveDate;
use rusqlite::{Connection, Row, ToSql};
use uuid::Uuid;

use super::keys;
use crate::error::Answer;

/// What of a stored patient is compared.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub id: PatientId,
    pub public_id: String,
    pub family_name: String,
    pub given_names: String,
    pub birth_date: Option<NaiveDate>,
    pub phone: String,
    pub phone_other: String,
    pub email: String,
}

/// Most that one field is compared with. A date that stands for "unknown" may be many people's.
const MOST: u32 = 500;

/// Every patient who agrees with the form in name (in either order), birth date, a phone or e-mail address, each once.
///
/// # Errors
/// Faults of the store.
pub(super) fn candidates(conn: &Connection, form: &PatientForm) -> Answer<Vec<Person>> {
    let mut found = BTreeMap::new();
    for (family, given) in [(&form.family_name, &form.given_names), (&form.given_names, &form.family_name)] {
        let key = sort_key(family, given);
        if !key.is_empty() {
            collect(conn, BY_NAME, &key, &mut found)?;
        }
    }
    if let Some(born) = form.birth_date {
        collect(conn, BY_BIRTH, &born.to_string(), &mut found)?;
    }
    for phone in [&form.phone, &form.phone_other] {
        if !phone.is_empty() {
            collect(conn, BY_PHONE, &format!("{}{}", keys::PHONE, digits(phone)), &mut found)?;
        }
    }
    if !form.email.is_empty() {
        collect(conn, BY_EMAIL, &form.email, &mut found)?;
    }
    Ok(found.into_values().collect())
}

macro_rules! person_where {
    ($from:literal) => {
        concat!(
            "SELECT p.id, p.public_id, p.family_name, p.given_names, p.birth_date, p.phone, p.phone_other, p.email FROM ",
            $from,
            " LIMIT ?2"
        )
    };
}

const BY_NAME: &str =
    person_where!("patient p WHERE (p.archived_ms IS NOT NULL) IN (0, 1) AND p.name_key = ?1");
const BY_BIRTH: &str = person_where!("patient p WHERE p.birth_date = ?1");
// The whole number is one of the ends that are kept of it, whichever of the two phones it is.
const BY_PHONE: &str =
    person_where!("patient_key k CROSS JOIN patient p ON p.id = k.patient_id WHERE k.key = ?1");
const BY_EMAIL: &str = person_where!("patient p WHERE p.email = ?1 AND p.email <> ''");

fn collect(
    conn: &Connection,
    query: &str,
    value: &dyn ToSql,
    found: &mut BTreeMap<PatientId, Person>,
) -> Answer<()> {
    let mut load = conn.prepare_cached(query)?;
    for person in load.query_map([value, &MOST], read_person)? {
        let person = person?;
        found.insert(person.id, person);
    }
    Ok(())
}

fn read_person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: PatientId(Uuid::from_bytes(row.get(0)?)),
        public_id: row.get(1)?,
        family_name: row.get(2)?,
        given_names: row.get(3)?,
        birth_date: row.get_ref(4)?.as_str()?.parse().ok(),
        phone: row.get(5)?,
        phone_other: row.get(6)?,
        email: row.get(7)?,
    })
}

/// Every query of this file, for tests of their plans.
#[cfg(test)]
pub(super) const QUERIES_FOR_TEST: [&str; 4] = [BY_NAME, BY_BIRTH, BY_PHONE, BY_EMAIL];
