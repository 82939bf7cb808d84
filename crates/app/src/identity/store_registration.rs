//! Where pending registrations are kept (AU-3). They are no records: they become an account, or are gone.

use clinic_domain::directory::name;
use clinic_domain::id::{AccountId, PatientId, RegistrationId};
use clinic_domain::identity::registration::{LIFETIME, Registration};
use clinic_domain::identity::role::Role;
use clinic_domain::messaging::delivery::MailState;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::registration_view::{ListRegistrations, RegistrationRow};
use crate::db::sql;
use crate::error::Answer;
use crate::paging;

/// Columns to sort by and what they are in SQL. Nothing but these texts ever gets into a statement.
pub(super) const SORTS: [(&str, &str); 3] =
    [("expires", "pending.expires_ms"), ("name", "pending.name_key"), ("role", "pending.role")];

/// A registration that waits.
pub(super) struct Pending {
    pub id: RegistrationId,
    pub who: Registration,
    pub password_hash: String,
    pub patient: Option<PatientId>,
    pub begun_by: Option<AccountId>,
    /// The address is an account's already.
    pub known: bool,
    pub begun: Instant,
}

/// Keeps a new registration.
///
/// # Errors
/// Faults of the store.
pub(super) fn insert(conn: &Connection, pending: &Pending) -> Answer<()> {
    let who = &pending.who;
    conn.prepare_cached(
        "INSERT INTO pending_registration (id, role, family_name, given_names, name_key, email, password_hash,
             patient_id, begun_by, known, begun_ms, expires_ms)
         VALUES (:id, :role, :family_name, :given_names, :name_key, :email, :password_hash, :patient, :begun_by, :known,
             :begun, :expires)",
    )?
    .execute(named_params! {
        ":id": pending.id.bytes(),
        ":role": sql::name_of(&who.role),
        ":family_name": who.family_name,
        ":given_names": who.given_names,
        ":name_key": name::sort_key(&who.family_name, &who.given_names),
        ":email": who.email,
        ":password_hash": pending.password_hash,
        ":patient": pending.patient.as_ref().map(PatientId::bytes),
        ":begun_by": pending.begun_by.as_ref().map(AccountId::bytes),
        ":known": pending.known,
        ":begun": sql::ms(pending.begun),
        ":expires": sql::ms(pending.begun + LIFETIME),
    })?;
    Ok(())
}

/// The one with this id, whether its time is over or not.
///
/// # Errors
/// Faults of the store.
pub(super) fn find(conn: &Connection, id: RegistrationId) -> Answer<Option<Pending>> {
    let mut query = conn.prepare_cached("SELECT * FROM pending_registration WHERE id = ?1")?;
    let found = query.query_row([id.bytes()], |row| {
        Ok(Pending {
            id,
            who: Registration {
                role: sql::name(row, "role")?,
                given_names: row.get("given_names")?,
                family_name: row.get("family_name")?,
                email: row.get("email")?,
            },
            password_hash: row.get("password_hash")?,
            patient: sql::id_or_null(row, "patient_id")?.map(PatientId),
            begun_by: sql::id_or_null(row, "begun_by")?.map(AccountId),
            known: row.get("known")?,
            begun: sql::instant(row.get("begun_ms")?),
        })
    });
    Ok(found.optional()?)
}

/// Takes away every registration with this address: it was proved, and is an account's now.
///
/// # Errors
/// Faults of the store.
pub(super) fn remove_address(conn: &Connection, email: &str) -> Answer<()> {
    conn.prepare_cached("DELETE FROM pending_registration WHERE email = ?1")?.execute([email])?;
    Ok(())
}

/// Takes a registration away. Answers whether there was one.
///
/// # Errors
/// Faults of the store.
pub(super) fn remove(conn: &Connection, id: RegistrationId) -> Answer<bool> {
    let rows =
        conn.prepare_cached("DELETE FROM pending_registration WHERE id = ?1")?.execute([id.bytes()])?;
    Ok(rows > 0)
}

/// Those whose time is over, or has not come because somebody set the clock back.
///
/// # Errors
/// Faults of the store.
pub(super) fn over(conn: &Connection, now: Instant) -> Answer<Vec<RegistrationId>> {
    let mut query =
        conn.prepare_cached("SELECT id FROM pending_registration WHERE expires_ms <= ?1 OR begun_ms > ?1")?;
    let over = query.query_map([sql::ms(now)], |row| Ok(RegistrationId(sql::id(row, "id")?)))?;
    Ok(over.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is any.
///
/// # Errors
/// Faults of the store.
pub(super) fn is_any(conn: &Connection) -> Answer<bool> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM pending_registration)")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

const MATCHING: &str = "pending.expires_ms > :now AND pending.begun_ms <= :now
    AND (:text = '' OR instr(pending.email, :text) OR instr(pending.name_key, :key))";

/// A page of those that wait, and how many match.
///
/// # Errors
/// Faults of the store.
pub(super) fn page(
    conn: &Connection,
    request: &ListRegistrations,
    now: Instant,
) -> Answer<(Vec<RegistrationRow>, u32)> {
    let paging = &request.paging;
    let column = SORTS.iter().find(|(name, _)| *name == paging.sort).map_or(SORTS[0].1, |(_, sql)| *sql);
    let way = if paging.descending { "DESC" } else { "ASC" };
    let text = request.query.trim().to_lowercase();
    let key = Some(name::fold(&text)).filter(|key| !key.is_empty()).unwrap_or_else(|| text.clone());
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM pending_registration AS pending WHERE {MATCHING}"))?
        .query_row(named_params! {":now": sql::ms(now), ":text": text, ":key": key}, |row| row.get(0))?;
    let mut rows = conn.prepare_cached(&format!(
        "SELECT pending.*, author.family_name AS by_family, author.given_names AS by_given,
             (SELECT count(*) FROM one_time_code WHERE subject_id = pending.id) AS codes, code.tries, mail.state, mail.fault
         FROM pending_registration AS pending LEFT JOIN account AS author ON author.id = pending.begun_by
         LEFT JOIN one_time_code AS code ON code.rowid =
             (SELECT max(rowid) FROM one_time_code WHERE subject_id = pending.id)
         LEFT JOIN mail ON mail.id = code.mail_id
         WHERE {MATCHING} ORDER BY {column} {way}, pending.begun_ms, pending.id LIMIT :size OFFSET :offset"
    ))?;
    let rows = rows.query_map(
        named_params! {
            ":now": sql::ms(now), ":text": text, ":key": key, ":size": paging.size, ":offset": paging::offset(paging),
        },
        |row| read(row, now),
    )?;
    Ok((rows.collect::<rusqlite::Result<_>>()?, total))
}

fn read(row: &Row<'_>, now: Instant) -> rusqlite::Result<RegistrationRow> {
    let (family, given): (String, String) = (row.get("family_name")?, row.get("given_names")?);
    let author: Option<String> = row.get("by_family")?;
    let left = sql::instant(row.get("expires_ms")?) - now;
    let role: Role = sql::name(row, "role")?;
    Ok(RegistrationRow {
        id: RegistrationId(sql::id(row, "id")?),
        name: name::surname_first(&family, &given),
        role,
        email: row.get("email")?,
        begun_at: sql::instant(row.get("begun_ms")?),
        begun_by: match author {
            Some(author) => Some(name::given_first(&author, &row.get::<_, String>("by_given")?)),
            None => None,
        },
        seconds_left: u32::try_from(left.num_seconds()).unwrap_or_default(),
        codes: row.get("codes")?,
        wrong: row.get::<_, Option<u8>>("tries")?.unwrap_or_default(),
        mail: match row.get::<_, Option<String>>("state")? {
            Some(_) => sql::name(row, "state")?,
            None => MailState::Skipped,
        },
        fault: match row.get::<_, Option<String>>("fault")? {
            Some(_) => Some(sql::name(row, "fault")?),
            None => None,
        },
        known: row.get("known")?,
    })
}
