//! Keeps the numbers of records that are gone from being given out again (AU-1).

use rusqlite::Connection;

use crate::error::Answer;

/// Keeps a number from being given out again.
///
/// # Errors
/// Faults of the store.
pub(super) fn retire(conn: &Connection, number: &str) -> Answer<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO used_number (number) VALUES (?1)")?.execute([number])?;
    Ok(())
}

/// Whether a number is kept from being given out again.
#[cfg(test)]
pub(super) fn is_retired(conn: &Connection, number: &str) -> Answer<bool> {
    let query = "SELECT EXISTS (SELECT 1 FROM used_number WHERE number = ?1)";
    Ok(conn.query_row(query, [number], |row| row.get(0))?)
}
