//! Answers a search from the index of keys, never from a scan of the patients.

use clinic_domain::directory::name;
use clinic_domain::directory::search::Candidate;
use clinic_domain::id::PatientId;
use clinic_domain::time::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use uuid::Uuid;

use crate::error::Answer;

/// Keys from `from` up to but not including `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyRange {
    from: String,
    to: String,
}

impl KeyRange {
    /// Every key that begins so.
    pub fn prefix(kind: char, text: &str) -> Self {
        // Above every character that can follow.
        Self { from: format!("{kind}{text}"), to: format!("{kind}{text}\u{10ffff}") }
    }

    /// This key alone.
    pub fn exactly(kind: char, text: &str) -> Self {
        // Below every character that can follow: keys hold no control characters.
        Self { from: format!("{kind}{text}"), to: format!("{kind}{text}\u{1}") }
    }

    fn values(&self) -> [Value; 2] {
        [Value::Text(self.from.clone()), Value::Text(self.to.clone())]
    }
}

/// A part of a query: a patient must have a key in one of the ranges.
pub(super) type Part = Vec<KeyRange>;

/// A patient who may answer a query, with what ranking and the interface need.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub id: PatientId,
    pub public_id: String,
    pub family_name: String,
    pub given_names: String,
    pub birth_date: NaiveDate,
    pub phone: String,
    pub phone_other: String,
    pub alert: bool,
    tokens: Vec<String>,
}

impl Found {
    /// As the rules of ranking see it.
    pub fn with_candidate<T>(&self, look: impl FnOnce(&Candidate<'_>) -> T) -> T {
        look(&Candidate {
            name_tokens: &self.tokens,
            phones: &[&self.phone, &self.phone_other],
            birth_date: Some(self.birth_date),
            number: &self.public_id,
        })
    }
}

/// Up to `most` patients who have a key in one of the ranges of `driver` and one in each of the `others`, in the order
/// of the driver's keys. A patient may come twice.
///
/// # Errors
/// Faults of the store.
pub(super) fn matching(
    conn: &Connection,
    driver: &Part,
    others: &[&Part],
    archived: bool,
    most: u32,
) -> Answer<Vec<Found>> {
    let query = matching_sql(others);
    let mut found = Vec::new();
    for range in driver {
        let left = most.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        if left == 0 {
            break;
        }
        let ranges = std::iter::once(range).chain(others.iter().flat_map(|part| part.iter()));
        let values =
            [Value::from(archived), Value::from(left)].into_iter().chain(ranges.flat_map(KeyRange::values));
        let mut search = conn.prepare_cached(&query)?;
        let rows = search.query_map(params_from_iter(values), read_found)?;
        for row in rows {
            found.push(row?);
        }
    }
    Ok(found)
}

/// The driver's range is walked, the others are looked up under the patient: one seek each.
fn matching_sql(others: &[&Part]) -> String {
    let mut next = 5;
    let mut conditions = String::new();
    for part in others {
        let either: Vec<String> = part
            .iter()
            .map(|_| {
                next += 2;
                format!(
                    "EXISTS (SELECT 1 FROM patient_key e WHERE e.patient_id = k.patient_id AND e.key >= ?{} AND e.key < ?{})",
                    next - 2,
                    next - 1
                )
            })
            .collect();
        let either = if either.is_empty() { "0".to_owned() } else { either.join(" OR ") };
        conditions.push_str(&format!(" AND ({either})"));
    }
    format!(
        "SELECT p.id, p.public_id, p.family_name, p.given_names, p.called, p.name_key, p.birth_date, p.phone,
                p.phone_other, p.alerts <> '[]'
         FROM patient_key k CROSS JOIN patient p ON p.id = k.patient_id
         WHERE k.key >= ?3 AND k.key < ?4{conditions} AND (p.archived_ms IS NOT NULL) = ?1
         ORDER BY k.key LIMIT ?2"
    )
}

fn read_found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let called: &str = row.get_ref(4)?.as_str()?;
    let key: &str = row.get_ref(5)?.as_str()?;
    let mut tokens: Vec<String> = key.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if !called.is_empty() {
        tokens.extend(name::tokens(called));
    }
    Ok(Found {
        id: PatientId(Uuid::from_bytes(row.get(0)?)),
        public_id: row.get(1)?,
        family_name: row.get(2)?,
        given_names: row.get(3)?,
        birth_date: row.get_ref(6)?.as_str()?.parse().unwrap_or_default(),
        phone: row.get(7)?,
        phone_other: row.get(8)?,
        alert: row.get(9)?,
        tokens,
    })
}

/// How many keys a part has, counted no further than `most`.
///
/// # Errors
/// Faults of the store.
pub(super) fn count_up_to(conn: &Connection, part: &Part, most: u32) -> Answer<u32> {
    let mut total = 0;
    for range in part {
        let left = most.saturating_sub(total);
        let mut count = conn.prepare_cached(COUNT)?;
        total += count.query_row((&range.from, &range.to, left), |row| row.get::<_, u32>(0))?;
    }
    Ok(total)
}

const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM patient_key WHERE key >= ?1 AND key < ?2 LIMIT ?3)";

/// Up to `most` name parts that begin so, with the number of patients who bear them.
///
/// # Errors
/// Faults of the store.
pub(super) fn parts_beginning(
    conn: &Connection,
    prefix: &str,
    most: u32,
    mut each: impl FnMut(&str, u32),
) -> Answer<()> {
    let mut load = conn.prepare_cached(PARTS)?;
    let mut rows = load.query((prefix, format!("{prefix}\u{10ffff}"), most))?;
    while let Some(row) = rows.next()? {
        each(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, row.get(1)?);
    }
    Ok(())
}

const PARTS: &str = "SELECT part, bearers FROM name_part WHERE part >= ?1 AND part < ?2 LIMIT ?3";

/// The letters that name parts begin with: one step of the index for each, up to 80.
///
/// # Errors
/// Faults of the store.
pub(super) fn first_letters(conn: &Connection) -> Answer<Vec<char>> {
    let mut load = conn.prepare_cached(FIRST_LETTERS)?;
    let letters = load.query_map([], |row| row.get::<_, String>(0))?;
    let letters = letters.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(letters.iter().filter_map(|letter| letter.chars().next()).collect())
}

const FIRST_LETTERS: &str = "WITH RECURSIVE letters (letter) AS (
        SELECT (SELECT substr(part, 1, 1) FROM name_part WHERE part >= '0' ORDER BY part LIMIT 1)
        UNION ALL
        SELECT (SELECT substr(part, 1, 1) FROM name_part WHERE part > letter || char(0x10ffff) ORDER BY part LIMIT 1)
        FROM letters WHERE letter IS NOT NULL LIMIT 80)
    SELECT letter FROM letters WHERE letter IS NOT NULL";

/// Every query of this file, for tests of their plans.
#[cfg(test)]
pub(super) fn queries_for_test() -> Vec<String> {
    let part = vec![KeyRange::prefix('n', "a"), KeyRange::exactly('d', "1")];
    let parts = [vec![], vec![&part], vec![&part, &part]];
    let mut queries: Vec<String> = parts.iter().map(|others| matching_sql(others)).collect();
    queries.extend([COUNT, PARTS, FIRST_LETTERS].map(str::to_owned));
    queries
}
