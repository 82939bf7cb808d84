//! Where the numbers that were given out are kept.

use rusqlite::Connection;

use crate::error::Answer;

/// Whether an account, a doctor or a patient has this number, or one that is gone had it (AU-1).
pub(super) fn is_used(conn: &Connection, number: &str) -> Answer<bool> {
    let mut used = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM patient WHERE public_id = ?1)
             OR EXISTS (SELECT 1 FROM doctor WHERE public_id = ?1)
             OR EXISTS (SELECT 1 FROM account WHERE public_id = ?1)
             OR EXISTS (SELECT 1 FROM used_number WHERE number = ?1)",
    )?;
    Ok(used.query_row([number], |row| row.get(0))?)
}

/// Keeps a number from being given out again.
pub(super) fn retire(conn: &Connection, number: &str) -> Answer<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO used_number (number) VALUES (?1)")?.execute([number])?;
    Ok(())
}
