//! Where accounts are kept.

use clinic_domain::directory::name;
use clinic_domain::id::{AccountId, ActionId, DoctorId, PatientId};
use clinic_domain::identity::account::Login;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::account::Account;
use crate::db::{Noun, Record, sql};
use crate::error::Answer;
use crate::identity::view::Preferences;

const SAVE: &str = "INSERT INTO account (
        id, rev, public_id, role, given_names, family_name, name_key, email, user_name, doctor_id, patient_id,
        password_hash, password_standing, preferences, active, verified_ms, in_role_since_ms,
        created_ms)
    VALUES (
        :id, :rev, :public_id, :role, :given_names, :family_name, :name_key, :email, :user_name, :doctor_id,
        :patient_id, :password_hash, :password_standing, :preferences, :active, :verified_ms,
        :in_role_since_ms, :created_ms)
    ON CONFLICT (id) DO UPDATE SET
        rev = excluded.rev, public_id = excluded.public_id, role = excluded.role,
        given_names = excluded.given_names, family_name = excluded.family_name, name_key = excluded.name_key,
        email = excluded.email, user_name = excluded.user_name, doctor_id = excluded.doctor_id,
        patient_id = excluded.patient_id, password_hash = excluded.password_hash,
        password_standing = excluded.password_standing, preferences = excluded.preferences, active = excluded.active,
        verified_ms = excluded.verified_ms, in_role_since_ms = excluded.in_role_since_ms, created_ms = excluded.created_ms";

impl Record for Account {
    const NOUN: Noun = Noun::Account;
    const HIDDEN: &'static [&'static str] =
        &["password_hash", "password_standing", "preferences", "verified_at", "in_role_since", "created_at"];
    const SECRET: &'static [&'static str] = &["password_hash"];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM account WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        conn.prepare_cached(SAVE)?.execute(named_params! {
            ":id": self.id.bytes(),
            ":rev": rev,
            ":public_id": self.public_id,
            ":role": sql::name_of(&self.role),
            ":given_names": self.given_names,
            ":family_name": self.family_name,
            ":name_key": name::sort_key(&self.family_name, &self.given_names),
            ":email": self.email,
            ":user_name": self.user_name,
            ":doctor_id": self.doctor_id.as_ref().map(DoctorId::bytes),
            ":patient_id": self.patient_id.as_ref().map(PatientId::bytes),
            ":password_hash": self.password_hash,
            ":password_standing": sql::name_of(&self.password_standing),
            ":preferences": sql::to_json(&self.preferences),
            ":active": self.active,
            ":verified_ms": self.verified_at.map(sql::ms),
            ":in_role_since_ms": sql::ms(self.in_role_since),
            ":created_ms": sql::ms(self.created_at),
        })?;
        Ok(())
    }

    /// With the wrong passwords for it and the notices to it and about it, of an account to which nobody ever signed in.
    ///
    /// # Errors
    /// Faults of the store; one that refers to it, such as a session, is one of them.
    fn remove(&self, conn: &Connection) -> Answer<()> {
        for forget in [
            "DELETE FROM wrong_password WHERE account_id = ?1",
            "DELETE FROM notice WHERE account_id = ?1 OR about_id = ?1",
            "DELETE FROM account WHERE id = ?1",
        ] {
            conn.prepare_cached(forget)?.execute([self.id.bytes()])?;
        }
        Ok(())
    }
}

/// A record from a row with every column.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: AccountId(sql::id(row, "id")?),
        public_id: row.get("public_id")?,
        role: sql::name(row, "role")?,
        given_names: row.get("given_names")?,
        family_name: row.get("family_name")?,
        email: row.get("email")?,
        user_name: row.get("user_name")?,
        doctor_id: sql::id_or_null(row, "doctor_id")?.map(DoctorId),
        patient_id: sql::id_or_null(row, "patient_id")?.map(PatientId),
        password_hash: row.get("password_hash")?,
        password_standing: sql::name(row, "password_standing")?,
        preferences: sql::json(row, "preferences")?,
        active: row.get("active")?,
        verified_at: row.get::<_, Option<i64>>("verified_ms")?.map(sql::instant),
        in_role_since: sql::instant(row.get("in_role_since_ms")?),
        created_at: sql::instant(row.get("created_ms")?),
    })
}

/// The account whose column has a value, or another one.
macro_rules! by {
    ($column:literal) => {
        concat!(
            "SELECT *, coalesce(",
            $column,
            " = ?1, 0) AS is_asked_for FROM account WHERE rowid = coalesce(
                 (SELECT rowid FROM account WHERE ",
            $column,
            " = ?1), (SELECT min(rowid) FROM account))"
        )
    };
}

/// The account with this login, active or not. Where there is none the oldest account is read in its place, so that it
/// takes no other time.
///
/// # Errors
/// Faults of the store.
pub(super) fn by_login(conn: &Connection, login: &Login) -> Answer<Option<Account>> {
    let (query, value) = match login {
        Login::Number(number) => (by!("public_id"), number.to_string()),
        Login::Email(email) => (by!("email"), email.clone()),
        Login::UserName(name) => (by!("user_name"), name.clone()),
    };
    let read = |row: &Row<'_>| Ok((read(row)?, row.get("is_asked_for")?));
    let found: Option<(Account, bool)> = conn.prepare_cached(query)?.query_row([value], read).optional()?;
    Ok(found.and_then(|(account, is_asked_for)| is_asked_for.then_some(account)))
}

/// Which of an account's unique values another account has already.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// The e-mail address.
    pub email: bool,
    /// The user name.
    pub user_name: bool,
    /// The doctor.
    pub doctor: bool,
    /// The doctor exists.
    pub doctor_known: bool,
}

/// Which values of an account are taken by another one than `id`. Empty texts never are.
///
/// # Errors
/// Faults of the store.
pub(super) fn taken(
    conn: &Connection,
    id: Option<AccountId>,
    email: &str,
    user_name: &str,
    doctor: Option<DoctorId>,
) -> Answer<Taken> {
    let id = id.map(|id| *id.bytes()).unwrap_or_default();
    let doctor = doctor.map(|doctor| *doctor.bytes());
    let mut query = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM account WHERE email = ?2 AND id <> ?1),
             EXISTS (SELECT 1 FROM account WHERE user_name = ?3 AND id <> ?1),
             EXISTS (SELECT 1 FROM account WHERE doctor_id = ?4 AND id <> ?1),
             EXISTS (SELECT 1 FROM doctor WHERE id = ?4)",
    )?;
    Ok(query.query_row((id, email, user_name, doctor), |row| {
        Ok(Taken {
            email: row.get(0)?,
            user_name: row.get(1)?,
            doctor: row.get(2)?,
            doctor_known: row.get(3)?,
        })
    })?)
}

/// Whether an act with this id was written down already.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_act(conn: &Connection, act: ActionId) -> Answer<bool> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM act WHERE action = ?1)")?;
    Ok(query.query_row([act.bytes()], |row| row.get(0))?)
}

/// Who changed an account last, by name, if it was written down.
///
/// # Errors
/// Faults of the store.
pub(super) fn last_changed_by(conn: &Connection, id: AccountId) -> Answer<Option<String>> {
    let mut query = conn.prepare_cached(
        "SELECT json_extract(body, '$.actor') FROM audit WHERE subject_id = ?1 AND action IS NOT NULL
         ORDER BY seq DESC LIMIT 1",
    )?;
    Ok(query.query_row([id.bytes()], |row| row.get(0)).optional()?)
}

/// How many administrators may sign in.
///
/// # Errors
/// Faults of the store.
pub(super) fn active_admins(conn: &Connection) -> Answer<u32> {
    let mut count = conn.prepare_cached("SELECT count(*) FROM account WHERE role = 'admin' AND active")?;
    Ok(count.query_row([], |row| row.get(0))?)
}

/// Puts a hash in the place of another one of the same password. No revision: nothing changed that anybody sees.
///
/// # Errors
/// Faults of the store.
pub(super) fn rehash(conn: &Connection, id: AccountId, old: &str, new: &str) -> Answer<()> {
    conn.prepare_cached("UPDATE account SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2")?
        .execute((id.bytes(), old, new))?;
    Ok(())
}

/// Keeps how a person wants the screen.
///
/// # Errors
/// Faults of the store.
pub(super) fn set_preferences(conn: &Connection, id: AccountId, preferences: &Preferences) -> Answer<()> {
    conn.prepare_cached("UPDATE account SET preferences = ?2 WHERE id = ?1")?
        .execute((id.bytes(), sql::to_json(preferences)))?;
    Ok(())
}

/// Whether anything has this number, or something that is gone had it (AU-1).
///
/// # Errors
/// Faults of the store.
pub(super) fn is_number_used(conn: &Connection, number: &str) -> Answer<bool> {
    let mut used = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM account WHERE public_id = ?1)
             OR EXISTS (SELECT 1 FROM doctor WHERE public_id = ?1)
             OR EXISTS (SELECT 1 FROM patient WHERE public_id = ?1)
             OR EXISTS (SELECT 1 FROM used_number WHERE number = ?1)",
    )?;
    Ok(used.query_row([number], |row| row.get(0))?)
}

/// Keeps a number from being given out again.
///
/// # Errors
/// Faults of the store.
pub(super) fn retire_number(conn: &Connection, number: &str) -> Answer<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO used_number (number) VALUES (?1)")?.execute([number])?;
    Ok(())
}

/// A doctor's row without anything in it.
#[cfg(test)]
pub(super) fn insert_doctor_for_test(conn: &Connection, id: DoctorId) -> Answer<()> {
    conn.prepare_cached(
        "INSERT INTO doctor (id, rev, public_id, family_name, given_names, short_name, name_key, specialty_ids,
             licence_number, licence_until, phone, email, schedule, position, active)
         VALUES (?1, 1, hex(?1), 'Haddad', 'Youssef', 'Haddad', 'haddad youssef', '[]', '', NULL, '', '', '{}', 0, 1)",
    )?
    .execute([id.bytes()])?;
    Ok(())
}
