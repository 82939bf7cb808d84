//! Reads the audit log. Nothing here writes.

use chrono_tz::Tz;
use clinic_domain::id::{AccountId, PatientId};
use clinic_domain::time::{Instant, NaiveDate, day_start};
use rusqlite::{Connection, OptionalExtension, ToSql};
use uuid::Uuid;

use super::view::Op;
use crate::db::audit::Entry;
use crate::db::sql;
use crate::error::Answer;

/// Which entries are meant.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// From when until before when, in milliseconds.
    pub between: Option<(i64, i64)>,
    /// By whom.
    pub actor: Option<AccountId>,
    /// While nobody was signed in.
    pub nobody: bool,
    /// Only this act.
    pub op: Option<Op>,
    /// Only about this patient.
    pub patient: Option<PatientId>,
    /// Reads of records as well.
    pub with_reads: bool,
    /// Part of a name or number of who did it, of the device, or of what it was about; as typed, not empty.
    pub query: Option<String>,
}

/// The milliseconds of the local days from one to another, both included; `None` when neither end is said.
pub(super) fn between(from: Option<NaiveDate>, until: Option<NaiveDate>, zone: Tz) -> Option<(i64, i64)> {
    let begin = |day| sql::ms(day_start(day, zone));
    let after = until.and_then(|day| day.succ_opt()).map(begin);
    (from.is_some() || until.is_some()).then_some((from.map_or(i64::MIN, begin), after.unwrap_or(i64::MAX)))
}

/// The zone of the clinic's clocks.
pub(super) fn zone(conn: &Connection) -> Answer<Tz> {
    let name: Option<String> = conn
        .prepare_cached("SELECT time_zone FROM clinic LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC))
}

/// The name of the clinic, for files about it.
pub(super) fn clinic_name(conn: &Connection) -> Answer<String> {
    let name: Option<String> =
        conn.prepare_cached("SELECT name FROM clinic LIMIT 1")?.query_row([], |row| row.get(0)).optional()?;
    Ok(name.unwrap_or_default())
}

/// The number of the newest entry, which is how many there are.
pub(super) fn head(conn: &Connection) -> Answer<u32> {
    Ok(conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM audit")?.query_row([], |row| row.get(0))?)
}

/// The numbers of one page of entries, the newest first, and how many match in all. Newest is what was written last; in
/// a span of days it is what is latest by the clock, which differs where the clock was set back.
///
/// # Errors
/// Faults of the store.
pub(super) fn page(conn: &Connection, filter: &Filter, first: u32, size: u32) -> Answer<(Vec<u32>, u32)> {
    let query = Query::new(filter);
    let mut select = conn.prepare_cached(&format!("{}{}{}", query.sql, query.order, query.limit()))?;
    let mut values = query.values();
    let bounds = (size, first);
    if query.pattern.is_none() {
        values.extend([&bounds.0 as &dyn ToSql, &bounds.1]);
        let rows = select.query_map(values.as_slice(), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        return Ok((rows, count(conn, filter, &query)?));
    }
    // A search reads every entry anyway: one pass gives both the page and the number.
    let mut matches = select.query(values.as_slice())?;
    let (mut rows, mut total) = (Vec::new(), 0u32);
    while let Some(row) = matches.next()? {
        if total >= first && rows.len() < size as usize {
            rows.push(row.get(0)?);
        }
        total += 1;
    }
    Ok((rows, total))
}

/// An entry byte for byte.
pub(super) struct Raw {
    /// Its number.
    pub seq: u32,
    /// What is chained of it.
    pub body: String,
    /// What it says of whom it was about, where that is apart and still there.
    pub words: Option<String>,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Gives every matching entry to `with`, the oldest first.
///
/// # Errors
/// Whatever `with` answers; faults of the store.
pub(super) fn each(
    conn: &Connection,
    filter: &Filter,
    mut with: impl FnMut(Raw) -> Answer<()>,
) -> Answer<()> {
    let query = Query::new(filter);
    let sql = query.sql.replacen("SELECT seq", "SELECT seq, body, words, hash", 1);
    let mut select = conn.prepare_cached(&format!("{sql} ORDER BY seq"))?;
    let mut matches = select.query(query.values().as_slice())?;
    while let Some(row) = matches.next()? {
        with(Raw { seq: row.get(0)?, body: row.get(1)?, words: row.get(2)?, hash: row.get(3)? })?;
    }
    Ok(())
}

fn count(conn: &Connection, filter: &Filter, query: &Query) -> Answer<u32> {
    if matches!(filter, Filter { between: None, actor: None, nobody: false, op: None, patient: None, .. }) {
        // Numbers have no gaps, so that nothing but the reads needs counting.
        let reads = if filter.with_reads { 0 } else { count_reads(conn)? };
        return Ok(head(conn)?.saturating_sub(reads));
    }
    let mut count = conn.prepare_cached(&query.sql.replacen("SELECT seq", "SELECT count(*)", 1))?;
    Ok(count.query_row(query.values().as_slice(), |row| row.get(0))?)
}

fn count_reads(conn: &Connection) -> Answer<u32> {
    let mut count = conn.prepare_cached("SELECT count(*) FROM audit WHERE op = ?1")?;
    Ok(count.query_row([sql::name_of(&Op::ReadPatient)], |row| row.get(0))?)
}

/// A statement with the values it binds. The most selective filter chooses the index; a plus keeps the others from
/// being mistaken for one.
struct Query {
    sql: String,
    order: &'static str,
    patient: Option<[u8; 16]>,
    actor: Option<[u8; 16]>,
    op: Option<String>,
    between: Option<(i64, i64)>,
    pattern: Option<[String; 3]>,
}

impl Query {
    fn new(filter: &Filter) -> Self {
        let (mut wheres, mut n) = (Vec::new(), 0);
        // A span of days alone goes by the clock, as its index does: long ones are never sorted for one page.
        let by_time =
            filter.between.is_some() && filter.patient.is_none() && filter.actor.is_none() && !filter.nobody;
        let mut bind = |template: &str, values: usize| {
            let mut text = if wheres.is_empty() { template.to_owned() } else { template.replace("{=}", "+") };
            text = text.replace("{=}", "");
            for _ in 0..values {
                n += 1;
                text = text.replacen("{}", &format!("?{n}"), 1);
            }
            wheres.push(text);
        };
        if filter.patient.is_some() {
            bind("{=}patient_id = {}", 1);
        }
        if filter.actor.is_some() {
            bind("{=}actor_id = {}", 1);
        }
        if filter.nobody {
            bind("{=}actor_id IS NULL", 0);
        }
        if filter.between.is_some() {
            bind("{=}at_ms >= {} AND {=}at_ms < {}", 2);
        }
        match filter.op {
            Some(_) => bind("{=}op = {}", 1),
            None if !filter.with_reads => bind("+op <> 'read_patient'", 0),
            None => {}
        }
        if filter.query.is_some() {
            bind(&says(), 0);
        }
        let named = [("{a}", n + 1), ("{b}", n + 2), ("{c}", n + 3)];
        let mut wheres = wheres.join(" AND ");
        for (name, at) in named {
            wheres = wheres.replace(name, &format!("?{at}"));
        }
        let wheres = if wheres.is_empty() { String::new() } else { format!(" WHERE {wheres}") };
        Self {
            sql: format!("SELECT seq FROM audit{wheres}"),
            order: if by_time { " ORDER BY at_ms DESC, seq DESC" } else { " ORDER BY seq DESC" },
            patient: filter.patient.map(|id| *id.bytes()),
            actor: filter.actor.map(|id| *id.bytes()),
            op: filter.op.map(|op| sql::name_of(&op)),
            between: filter.between,
            pattern: filter.query.as_deref().map(patterns),
        }
    }

    fn limit(&self) -> String {
        if self.pattern.is_some() {
            return String::new();
        }
        let bound = self.values().len();
        format!(" LIMIT ?{} OFFSET ?{}", bound + 1, bound + 2)
    }

    /// In the order of the numbers in the statement.
    fn values(&self) -> Vec<&dyn ToSql> {
        let mut values: Vec<&dyn ToSql> = Vec::new();
        values.extend(self.patient.as_ref().map(|value| value as &dyn ToSql));
        values.extend(self.actor.as_ref().map(|value| value as &dyn ToSql));
        if let Some((from, until)) = &self.between {
            values.extend([from as &dyn ToSql, until]);
        }
        values.extend(self.op.as_ref().map(|value| value as &dyn ToSql));
        values.extend(self.pattern.iter().flatten().map(|value| value as &dyn ToSql));
        values
    }
}

/// Whether one of the names and numbers in an entry is like one of the patterns. Most entries are out of the question
/// before anything in them is parsed.
fn says() -> String {
    let like = |text: &str| {
        let like = |name| format!("{text} LIKE {name} ESCAPE '\\'");
        ["{a}", "{b}", "{c}"].map(like).join(" OR ")
    };
    format!(
        "({} OR {}) AND EXISTS (SELECT 1 FROM (SELECT body ->> 'actor' AS said
             UNION ALL SELECT body ->> 'actor_public_id' UNION ALL SELECT body ->> 'device'
             UNION ALL SELECT coalesce(words, body) ->> 'subject') WHERE {})",
        like("body"),
        like("words"),
        like("said"),
    )
}

/// What a text is compared with. SQLite knows upper and lower case of ASCII only, so that other letters are tried as
/// typed, in lower case, and as a name begins.
fn patterns(typed: &str) -> [String; 3] {
    let lower = typed.trim().to_lowercase();
    let mut letters = lower.chars();
    let capital =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    [typed.trim().to_owned(), lower, capital].map(|text| {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    })
}

/// An entry as it is stored.
pub(super) struct Stored {
    /// What was written down.
    pub entry: Entry,
    /// Whether its words were taken out of the log.
    pub erased: bool,
    /// Its hash.
    pub hash: [u8; 32],
    /// The hash of the entry before; zeros for the first one.
    pub previous: [u8; 32],
    /// The entry of the act that undid this one.
    pub undone_by: Option<u32>,
}

/// One entry.
///
/// # Errors
/// Faults of the store.
pub(super) fn entry(conn: &Connection, seq: u32) -> Answer<Stored> {
    let (body, words, hash, erased): (String, Option<String>, [u8; 32], bool) = conn
        .prepare_cached(
            "SELECT body, words, hash, words IS NULL AND body ->> 'words' IS NOT NULL FROM audit WHERE seq = ?1",
        )?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let previous = self::hash(conn, seq.saturating_sub(1))?;
    let entry = Entry::stored(&body, words.as_deref())?;
    let undone_by = entry.action.map(|action| undone_by(conn, action)).transpose()?.flatten();
    Ok(Stored { entry, erased, hash, previous: previous.unwrap_or_default(), undone_by })
}

/// The hash of an entry; `None` when there is none of this number.
///
/// # Errors
/// Faults of the store.
pub(super) fn hash(conn: &Connection, seq: u32) -> Answer<Option<[u8; 32]>> {
    let mut hash = conn.prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?;
    Ok(hash.query_row([seq], |row| row.get(0)).optional()?)
}

fn undone_by(conn: &Connection, action: Uuid) -> Answer<Option<u32>> {
    Ok(conn
        .prepare_cached(
            "SELECT audit.seq FROM act JOIN audit ON audit.action = act.undone_by WHERE act.action = ?1
             ORDER BY audit.seq LIMIT 1",
        )?
        .query_row([action.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// The instant of an entry.
pub(super) fn at(entry: &Entry) -> Instant {
    sql::instant(entry.at_ms)
}

/// Whether the newest commands have their entries: a cut end leaves commands behind that nobody gave.
///
/// # Errors
/// Faults of the store.
pub(super) fn commands_have_entries(conn: &Connection) -> Answer<bool> {
    let mut missing = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM (SELECT action FROM outbox ORDER BY q DESC LIMIT 1000) AS given
             WHERE NOT EXISTS (SELECT 1 FROM audit WHERE audit.action = given.action))",
    )?;
    Ok(!missing.query_row([], |row| row.get::<_, bool>(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;

    /// Every set of filters but that of a text, which reads the entries that the others leave.
    fn filters() -> impl Iterator<Item = Filter> {
        let id = Uuid::from_u128(1);
        (0..64_u32).map(move |set| {
            let has = |bit: u32| set & (1 << bit) != 0;
            Filter {
                between: has(0).then_some((1, i64::MAX)),
                actor: has(1).then_some(AccountId(id)),
                nobody: has(2),
                op: has(3).then_some(Op::Book),
                patient: has(4).then_some(PatientId(id)),
                with_reads: has(5),
                query: None,
            }
        })
    }

    fn plan(conn: &Connection, sql: &str) -> Answer<String> {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let lines = plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<Vec<String>>>()?;
        Ok(lines.join("; "))
    }

    #[test]
    fn every_filter_is_answered_by_an_index_and_nothing_is_sorted_for_a_page() {
        let clinic = Clinic::new();
        clinic.read(|conn| {
            for filter in filters() {
                let query = Query::new(&filter);
                let found = plan(conn, &format!("{}{}{}", query.sql, query.order, query.limit()))?;
                let all = Filter { with_reads: filter.with_reads, ..Filter::default() };
                if query.sql == Query::new(&all).sql {
                    assert_eq!(found, "SCAN audit", "the log itself, from its end");
                } else {
                    assert!(
                        found.starts_with("SEARCH audit USING") && !found.contains(';'),
                        "{filter:?}: {found}"
                    );
                }
            }
            Ok(())
        });
    }

    #[test]
    fn counting_a_span_of_days_a_person_or_nobody_reads_no_entry() {
        let clinic = Clinic::new();
        clinic.read(|conn| {
            for filter in filters().filter(|filter| filter.patient.is_none()) {
                if filter.between.is_none() && filter.actor.is_none() && !filter.nobody {
                    continue;
                }
                let counted = Query::new(&filter).sql.replacen("SELECT seq", "SELECT count(*)", 1);
                let found = plan(conn, &counted)?;
                assert!(found.starts_with("SEARCH audit USING COVERING INDEX"), "{filter:?}: {found}");
            }
            Ok(())
        });
    }
}
