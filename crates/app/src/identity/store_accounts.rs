//! Pages of accounts.

use clinic_domain::directory::name;
use clinic_domain::id::AccountId;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::account::Account;
use super::{store_account, store_wrong_password};
use crate::db::sql;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountRow, ListAccounts};

/// Columns to sort by and what they are in SQL. Nothing but these texts ever gets into a statement.
pub(super) const SORTS: [(&str, &str); 4] = [
    ("name", "account.name_key"),
    ("id", "account.public_id"),
    ("role", "CASE account.role WHEN 'admin' THEN 0 WHEN 'front_desk' THEN 1 ELSE 2 END"),
    ("last_seen", "coalesce(seen.last_active_ms, 0)"),
];

const COLUMNS: &str = "account.*, seen.device, seen.last_active_ms,
    (SELECT since_ms FROM second_factor WHERE account_id = account.id) AS factor_ms";

/// An account with its latest session.
const ROWS: &str = "FROM account LEFT JOIN session AS seen ON seen.id =
    (SELECT id FROM session WHERE account_id = account.id ORDER BY last_active_ms DESC, id DESC LIMIT 1)";

const MATCHING: &str =
    "(:role IS NULL OR account.role = :role) AND (:active IS NULL OR account.active = :active)
    AND (:text = '' OR instr(account.name_key, :key) OR instr(lower(account.public_id), :text)
        OR instr(lower(account.given_names || ' ' || account.family_name), :text)
        OR instr(coalesce(account.email, ''), :text) OR instr(coalesce(account.user_name, ''), :text))";

/// A page of accounts and how many match.
///
/// # Errors
/// Faults of the store.
pub(super) fn page(
    conn: &Connection,
    request: &ListAccounts,
    now: Instant,
) -> Answer<(Vec<AccountRow>, u32)> {
    let paging = &request.paging;
    let column = SORTS.iter().find(|(name, _)| *name == paging.sort).map_or(SORTS[0].1, |(_, sql)| *sql);
    let way = if paging.descending { "DESC" } else { "ASC" };
    let text = request.query.trim().to_lowercase();
    // A name is folded to letters alone; what folds to nothing is no part of one.
    let key = Some(name::fold(&text)).filter(|key| !key.is_empty()).unwrap_or_else(|| text.clone());
    let role = request.role.map(|role| sql::name_of(&role));
    let total = conn.prepare_cached(&format!("SELECT count(*) FROM account WHERE {MATCHING}"))?.query_row(
        named_params! {":role": role, ":active": request.active, ":text": text, ":key": key},
        |row| row.get(0),
    )?;
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} {ROWS} WHERE {MATCHING}
         ORDER BY {column} {way}, account.name_key, account.id LIMIT :size OFFSET :offset"
    ))?;
    let rows = rows.query_map(
        named_params! {
            ":role": role, ":active": request.active, ":text": text, ":key": key,
            ":size": paging.size, ":offset": i64::from(paging.page) * i64::from(paging.size),
        },
        read,
    )?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let rows = rows.into_iter().map(|row| with_lock(conn, row, now)).collect::<Answer<_>>()?;
    Ok((rows, total))
}

/// One account as a row.
///
/// # Errors
/// [`AppError::NotFound`]; faults of the store.
pub(super) fn row(conn: &Connection, id: AccountId, now: Instant) -> Answer<AccountRow> {
    let mut query = conn.prepare_cached(&format!("SELECT {COLUMNS} {ROWS} WHERE account.id = ?1"))?;
    let row = query.query_row([id.bytes()], read).optional()?.ok_or(AppError::NotFound)?;
    with_lock(conn, row, now)
}

/// Everybody who works here and may sign in, by name.
///
/// # Errors
/// Faults of the store.
pub(super) fn staff(conn: &Connection) -> Answer<Vec<Account>> {
    let mut query = conn
        .prepare_cached("SELECT * FROM account WHERE active AND role <> 'patient' ORDER BY name_key, id")?;
    let rows = query.query_map([], store_account::read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn with_lock(conn: &Connection, row: AccountRow, now: Instant) -> Answer<AccountRow> {
    Ok(AccountRow { lock: store_wrong_password::lock(conn, row.id, now)?, ..row })
}

fn read(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    let account = store_account::read(row)?;
    Ok(AccountRow {
        id: account.id,
        rev: row.get("rev")?,
        form: account.form(),
        name: account.name(),
        public_id: account.public_id,
        last_device: row.get("device")?,
        last_seen_at: row.get::<_, Option<i64>>("last_active_ms")?.map(sql::instant),
        active: account.active,
        lock: None,
        second_factor: row.get::<_, Option<i64>>("factor_ms")?.map(sql::instant),
        verified_at: account.verified_at,
        created_at: account.created_at,
    })
}
