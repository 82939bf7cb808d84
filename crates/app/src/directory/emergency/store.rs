//! Where emergency accesses are kept, and what the audit log and the notices know about them.

use clinic_domain::directory::name;
use clinic_domain::id::{AccountId, EmergencyId, PatientId, SessionId};
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::record::Emergency;
use super::view::{EmergencyRead, EmergencyReview, EmergencyRow, EmergencyTold, ListEmergencies};
use crate::db::sql;
use crate::error::Answer;
use crate::paging;

/// Columns to sort by and what they are in SQL. Nothing but these texts ever gets into a statement.
pub(super) const SORTS: [(&str, &str); 3] =
    [("from", "emergency.from_ms"), ("who", "account.name_key"), ("patient", "patient.name_key")];

/// Most readings that are listed of one access.
const MOST_READS: u32 = 50;

/// One access with its revision.
///
/// # Errors
/// Faults of the store.
pub(super) fn load(conn: &Connection, id: EmergencyId) -> Answer<Option<(Emergency, u32)>> {
    let mut query = conn.prepare_cached("SELECT * FROM emergency WHERE id = ?1")?;
    Ok(query.query_row([id.bytes()], |row| Ok((read(row)?, row.get("rev")?))).optional()?)
}

/// The one that was opened in this session and that nobody has ended.
///
/// # Errors
/// Faults of the store.
pub(super) fn unended_in(conn: &Connection, session: SessionId) -> Answer<Option<Emergency>> {
    let mut query = conn.prepare_cached(
        "SELECT * FROM emergency WHERE session_id = ?1 AND ended_ms IS NULL ORDER BY from_ms DESC, id DESC LIMIT 1",
    )?;
    Ok(query.query_row([session.bytes()], read).optional()?)
}

/// Writes an access.
///
/// # Errors
/// Faults of the store, and what its constraints refuse.
pub(super) fn save(conn: &Connection, one: &Emergency, rev: u32) -> Answer<()> {
    conn.prepare_cached(
        "INSERT INTO emergency (id, rev, account_id, session_id, device, patient_id, reason, words, second_reason,
             second_words, from_ms, until_ms, ended_ms, reviewed_ms, reviewed_by, remark)
         VALUES (:id, :rev, :account, :session, :device, :patient, :reason, :words, :second_reason, :second_words, :from,
             :until, :ended, :reviewed, :reviewed_by, :remark)
         ON CONFLICT (id) DO UPDATE SET rev = :rev, second_reason = :second_reason, second_words = :second_words,
             until_ms = :until, ended_ms = :ended, reviewed_ms = :reviewed, reviewed_by = :reviewed_by, remark = :remark",
    )?
    .execute(named_params! {
        ":id": one.id.bytes(),
        ":rev": rev,
        ":account": one.account_id.bytes(),
        ":session": one.session_id.bytes(),
        ":device": one.device,
        ":patient": one.patient_id.bytes(),
        ":reason": sql::name_of(&one.reason),
        ":words": one.words,
        ":second_reason": one.second_reason.as_ref().map(sql::name_of),
        ":second_words": one.second_words,
        ":from": sql::ms(one.from),
        ":until": sql::ms(one.until),
        ":ended": one.ended.map(sql::ms),
        ":reviewed": one.reviewed_at.map(sql::ms),
        ":reviewed_by": one.reviewed_by.as_ref().map(AccountId::bytes),
        ":remark": one.remark,
    })?;
    Ok(())
}

/// Removes an access.
///
/// # Errors
/// Faults of the store, and what its constraints refuse: one of which somebody was told stays.
pub(super) fn remove(conn: &Connection, id: EmergencyId) -> Answer<()> {
    conn.prepare_cached("DELETE FROM emergency WHERE id = ?1")?.execute([id.bytes()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Emergency> {
    let instant =
        |column: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(sql::instant));
    let second: Option<String> = row.get("second_reason")?;
    Ok(Emergency {
        id: EmergencyId(sql::id(row, "id")?),
        account_id: AccountId(sql::id(row, "account_id")?),
        session_id: SessionId(sql::id(row, "session_id")?),
        device: row.get("device")?,
        patient_id: PatientId(sql::id(row, "patient_id")?),
        reason: sql::name(row, "reason")?,
        words: row.get("words")?,
        second_reason: if second.is_some() { Some(sql::name(row, "second_reason")?) } else { None },
        second_words: row.get("second_words")?,
        from: sql::instant(row.get("from_ms")?),
        until: sql::instant(row.get("until_ms")?),
        ended: instant("ended_ms")?,
        reviewed_at: instant("reviewed_ms")?,
        reviewed_by: sql::id_or_null(row, "reviewed_by")?.map(AccountId),
        remark: row.get("remark")?,
    })
}

/// What was read by an access, the latest first.
///
/// # Errors
/// Faults of the store.
pub(super) fn reads(conn: &Connection, id: EmergencyId) -> Answer<Vec<EmergencyRead>> {
    let mut query = conn.prepare_cached(
        "SELECT at_ms, op FROM audit WHERE subject_id = ?1
             AND op IN ('open_in_emergency', 'extend_emergency', 'read_patient_in_emergency',
                 'read_appointments_in_emergency')
         ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = query.query_map((id.bytes(), MOST_READS), |row| {
        Ok(EmergencyRead { at: sql::instant(row.get(0)?), op: sql::name(row, 1)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who was told of an access.
///
/// # Errors
/// Faults of the store.
pub(super) fn told(conn: &Connection, id: EmergencyId) -> Answer<Vec<EmergencyTold>> {
    let mut query = conn.prepare_cached(
        "SELECT family_name, given_names, at_ms, read_ms FROM emergency_notice
             JOIN notice ON notice.id = notice_id JOIN account ON account.id = notice.account_id
         WHERE emergency_id = ?1 ORDER BY notice.kind DESC, name_key",
    )?;
    let rows = query.query_map([id.bytes()], |row| {
        let (family, given): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(EmergencyTold {
            name: name::given_first(&family, &given),
            at: sql::instant(row.get(2)?),
            read_at: row.get::<_, Option<i64>>(3)?.map(sql::instant),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many nobody has looked at.
///
/// # Errors
/// Faults of the store.
pub(super) fn unreviewed(conn: &Connection) -> Answer<u32> {
    let mut count = conn.prepare_cached("SELECT count(*) FROM emergency WHERE reviewed_ms IS NULL")?;
    Ok(count.query_row([], |row| row.get(0))?)
}

/// A page of accesses, and how many match.
///
/// # Errors
/// Faults of the store.
pub(super) fn page(
    conn: &Connection,
    request: &ListEmergencies,
    now: Instant,
) -> Answer<(Vec<EmergencyRow>, u32)> {
    let paging = &request.paging;
    let column = SORTS.iter().find(|(name, _)| *name == paging.sort).map_or(SORTS[0].1, |(_, sql)| *sql);
    let way = if paging.descending { "DESC" } else { "ASC" };
    let matching = if request.unreviewed { "emergency.reviewed_ms IS NULL" } else { "TRUE" };
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM emergency WHERE {matching}"))?
        .query_row([], |row| row.get(0))?;
    let mut rows = conn.prepare_cached(&format!(
        "SELECT emergency.*, account.family_name AS by_family, account.given_names AS by_given,
             account.public_id AS by_number, patient.family_name, patient.given_names, patient.public_id,
             reviewer.family_name AS reviewer_family, reviewer.given_names AS reviewer_given
         FROM emergency JOIN account ON account.id = emergency.account_id JOIN patient ON patient.id = emergency.patient_id
             LEFT JOIN account AS reviewer ON reviewer.id = emergency.reviewed_by
         WHERE {matching} ORDER BY {column} {way}, emergency.from_ms DESC, emergency.id LIMIT ?1 OFFSET ?2"
    ))?;
    let rows = rows.query_map((paging.size, paging::offset(paging)), |row| listed(row, now))?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for row in &mut rows {
        row.opened = reads(conn, row.id)?;
    }
    Ok((rows, total))
}

fn listed(row: &Row<'_>, now: Instant) -> rusqlite::Result<EmergencyRow> {
    let one = read(row)?;
    let opening = one.opening();
    let reviewer: Option<String> = row.get("reviewer_family")?;
    let review = match (one.reviewed_at, reviewer) {
        (Some(at), Some(family)) => Some(EmergencyReview {
            at,
            by: name::given_first(&family, &row.get::<_, String>("reviewer_given")?),
            remark: one.remark,
        }),
        _ => None,
    };
    let (by_family, by_given): (String, String) = (row.get("by_family")?, row.get("by_given")?);
    let (family, given): (String, String) = (row.get("family_name")?, row.get("given_names")?);
    Ok(EmergencyRow {
        id: one.id,
        by: name::given_first(&by_family, &by_given),
        by_public_id: row.get("by_number")?,
        device: one.device,
        patient_id: one.patient_id,
        patient: name::surname_first(&family, &given),
        patient_public_id: row.get("public_id")?,
        reason: one.reason,
        words: one.words,
        second_reason: one.second_reason,
        second_words: one.second_words,
        from: one.from,
        over: opening.over(),
        open: opening.is_open(now),
        opened: Vec::new(),
        review,
    })
}

/// Who has looked at an access, by name.
///
/// # Errors
/// Faults of the store.
pub(super) fn reviewed_by(conn: &Connection, id: EmergencyId) -> Answer<Option<String>> {
    let mut query = conn.prepare_cached(
        "SELECT family_name, given_names FROM emergency JOIN account ON account.id = reviewed_by
         WHERE emergency.id = ?1",
    )?;
    let name = query.query_row([id.bytes()], |row| {
        Ok(name::given_first(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?))
    });
    Ok(name.optional()?)
}
