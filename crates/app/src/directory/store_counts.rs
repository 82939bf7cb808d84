//! Recounts what is kept beside the patients, for the tests of this slice.

use rusqlite::Connection;

use crate::error::Answer;

/// Whether everything that is counted is there with the number of patients who bear it, and no key belongs to nobody.
pub(super) fn bearers_are_right(conn: &Connection) -> Answer<bool> {
    let counted = "SELECT CASE WHEN key < 'b' OR key >= 'v' THEN ' ' || key ELSE substr(key, 2) END AS part,
            count(*) AS bearers
        FROM patient_key WHERE substr(key, 1, 1) IN ('n', 'a', 'v') GROUP BY part";
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
