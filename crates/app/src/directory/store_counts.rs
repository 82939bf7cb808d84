//! Recounts what is kept beside the patients, for the tests of this slice.

use rusqlite::Connection;

use crate::error::Answer;

/// Whether every name part is there with the number of patients who bear it, and no key belongs to nobody.
pub(super) fn bearers_are_right(conn: &Connection) -> Answer<bool> {
    let counted = "SELECT substr(key, 2) AS part, count(*) AS bearers FROM patient_key
        WHERE key >= 'n' AND key < 'o' GROUP BY part";
    let wrong: u32 = conn.query_row(
        &format!(
            "SELECT (SELECT count(*) FROM ({counted} EXCEPT SELECT part, bearers FROM name_part))
                  + (SELECT count(*) FROM (SELECT part, bearers FROM name_part EXCEPT {counted}))
                  + (SELECT count(*) FROM patient_key WHERE patient_id NOT IN (SELECT id FROM patient))"
        ),
        [],
        |row| row.get(0),
    )?;
    Ok(wrong == 0)
}
