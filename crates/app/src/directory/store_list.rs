//! The list of patients, a page at a time. Which index is walked depends on the filter and the order; none of the
//! usual ones reads more of the table than the page.

use clinic_domain::directory::name;
use clinic_domain::directory::patient::{Alert, Sex, Validation};
use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::time::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::keys;
use crate::db::sql;
use crate::directory::view::PatientFilter;
use crate::error::Answer;
use crate::paging::Paging;
use crate::paging::offset;

/// What the list can be sorted by.
pub(super) const SORTS: [&str; 4] = ["name", "born", "id", "changed"];
/// Keys that at most so many patients have are walked; where more have them, the order of the page is.
const FEW: u32 = 5_000;

/// A patient as the list needs one.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub id: PatientId,
    pub public_id: String,
    pub name: String,
    pub sex: Sex,
    pub birth_date: NaiveDate,
    pub phone: String,
    pub doctor_id: Option<DoctorId>,
    pub doctor: Option<String>,
    pub validation: Validation,
    pub alerts: Vec<Alert>,
    pub archived: bool,
    pub name_key: String,
    pub changed_ms: i64,
}

const COLUMNS: &str =
    "p.id, p.public_id, p.family_name, p.given_names, p.sex, p.birth_date, p.phone, p.doctor_id,
    (SELECT short_name FROM doctor d WHERE d.id = p.doctor_id) AS doctor, p.validation, p.alerts,
    p.archived_ms IS NOT NULL AS archived, p.name_key, p.changed_ms";

fn read_listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let family_name: String = row.get("family_name")?;
    let given_names: String = row.get("given_names")?;
    Ok(Listed {
        id: PatientId(sql::id(row, "id")?),
        public_id: row.get("public_id")?,
        name: name::surname_first(&family_name, &given_names),
        sex: sql::name(row, "sex")?,
        birth_date: row.get::<_, String>("birth_date")?.parse().unwrap_or_default(),
        phone: row.get("phone")?,
        doctor_id: sql::id_or_null(row, "doctor_id")?.map(DoctorId),
        doctor: row.get("doctor")?,
        validation: sql::name(row, "validation")?,
        alerts: sql::json(row, "alerts")?,
        archived: row.get("archived")?,
        name_key: row.get("name_key")?,
        changed_ms: row.get("changed_ms")?,
    })
}

/// One patient of the list.
///
/// # Errors
/// Faults of the store.
pub(super) fn listed(conn: &Connection, id: PatientId) -> Answer<Option<Listed>> {
    let mut load = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM patient p WHERE p.id = ?1"))?;
    Ok(load.query_row([id.bytes()], read_listed).optional()?)
}

/// What a page is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source<'a> {
    /// Every patient, in the order of the page.
    Order,
    /// The patients of a doctor.
    Doctor,
    /// The patients who have a key.
    Key(&'a str),
}

/// Patients that a filter lets through; its query is not looked at.
pub(super) struct Selection<'a> {
    filter: &'a PatientFilter,
    /// The keys that the filter asks for.
    keys: Vec<String>,
    doctor: Option<[u8; 16]>,
    validation: Option<String>,
}

impl<'a> Selection<'a> {
    /// The selection of a filter.
    pub fn of(filter: &'a PatientFilter) -> Self {
        let alert = filter.with_alert.then(|| keys::alert_key(filter.archived));
        let validation = filter.validation.map(|state| keys::validation_key(state, filter.archived));
        Self {
            filter,
            keys: alert.into_iter().chain(validation).collect(),
            doctor: filter.doctor_id.map(|doctor| *doctor.bytes()),
            validation: filter.validation.as_ref().map(sql::name_of),
        }
    }

    /// How many patients are selected.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn count(&self, conn: &Connection) -> Answer<u32> {
        if self.doctor.is_none() {
            match self.keys.as_slice() {
                [] => return count_all(conn, self.filter.archived),
                [key] => return count_key(conn, key),
                _ => {}
            }
        }
        let source = self.source(conn)?;
        let query = format!("SELECT count(*) {}", self.source_sql(source, "name"));
        let mut count = conn.prepare_cached(&query)?;
        Ok(count.query_row(self.values(source).as_slice(), |row| row.get(0))?)
    }

    /// One page, sorted.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn page(&self, conn: &Connection, paging: &Paging) -> Answer<Vec<Listed>> {
        let source = self.source(conn)?;
        let mut load = conn.prepare_cached(&self.page_sql(source, paging))?;
        let mut values = self.values(source);
        let (size, offset) = (paging.size, offset(paging));
        values.push((":size", &size));
        values.push((":offset", &offset));
        let rows = load.query_map(values.as_slice(), read_listed)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn page_sql(&self, source: Source<'_>, paging: &Paging) -> String {
        let order = order(&paging.sort, paging.descending);
        // The rows of the pages before are passed over inside, where only the index is read.
        format!(
            "SELECT {COLUMNS} FROM (SELECT p.rowid AS at {} ORDER BY {order} LIMIT :size OFFSET :offset) page
             CROSS JOIN patient p ON p.rowid = page.at ORDER BY {order}",
            self.source_sql(source, &paging.sort)
        )
    }

    /// The page's query as it is when no filter is set.
    #[cfg(test)]
    pub fn page_sql_for_test(&self, paging: &Paging) -> String {
        self.page_sql(Source::Order, paging)
    }

    fn source(&self, conn: &Connection) -> Answer<Source<'_>> {
        if self.doctor.is_some() {
            return Ok(Source::Doctor);
        }
        let mut fewest = (FEW + 1, Source::Order);
        for key in &self.keys {
            let count = count_key(conn, key)?;
            if count < fewest.0 {
                fewest = (count, Source::Key(key));
            }
        }
        Ok(fewest.1)
    }

    fn source_sql(&self, source: Source<'_>, sort: &str) -> String {
        let mut text = match source {
            Source::Order | Source::Doctor => "FROM patient p WHERE ".to_owned(),
            Source::Key(_) => {
                "FROM patient_key k CROSS JOIN patient p ON p.id = k.patient_id WHERE k.key = :key AND "
                    .to_owned()
            }
        };
        // Only the index by name begins with this; the plus keeps it from being taken where another has the order.
        text.push_str(match (source, sort) {
            (Source::Order, "name") => "(p.archived_ms IS NOT NULL) = :archived",
            _ => "+(p.archived_ms IS NOT NULL) = :archived",
        });
        if self.doctor.is_some() {
            text.push_str(" AND p.doctor_id = :doctor");
        }
        if self.filter.with_alert {
            text.push_str(" AND p.alerts <> '[]'");
        }
        if self.validation.is_some() {
            text.push_str(" AND p.validation = :validation");
        }
        text
    }

    fn values<'v>(&'v self, source: Source<'v>) -> Vec<(&'static str, &'v dyn ToSql)> {
        let mut values: Vec<(&str, &dyn ToSql)> = vec![(":archived", &self.filter.archived)];
        if let Source::Key(key) = source {
            // A reference that lives as long as the selection does.
            values.extend(
                self.keys.iter().find(|own| own.as_str() == key).map(|own| (":key", own as &dyn ToSql)),
            );
        }
        values.extend(self.doctor.as_ref().map(|doctor| (":doctor", doctor as &dyn ToSql)));
        values.extend(self.validation.as_ref().map(|state| (":validation", state as &dyn ToSql)));
        values
    }
}

/// The columns to sort by, each order the order of an index. Rows that are equal in it keep one order on every page.
fn order(sort: &str, descending: bool) -> String {
    let columns: &[&str] = match sort {
        "born" => &["p.birth_date", "p.name_key", "p.rowid"],
        "id" => &["p.public_id"],
        "changed" => &["p.changed_ms", "p.rowid"],
        _ => &["p.name_key", "p.id"],
    };
    let direction = if descending { " DESC" } else { "" };
    columns.iter().map(|column| format!("{column}{direction}")).collect::<Vec<_>>().join(", ")
}

/// How many patients have a key: kept when they are written, not counted.
fn count_key(conn: &Connection, key: &str) -> Answer<u32> {
    let Some(part) = keys::counted_as(key) else { return Ok(0) };
    let mut count = conn.prepare_cached("SELECT bearers FROM name_part WHERE part = ?1")?;
    Ok(count.query_row([part], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// How many patients there are: every record is in one state.
fn count_all(conn: &Connection, archived: bool) -> Answer<u32> {
    const STATES: [Validation; 4] =
        [Validation::Pending, Validation::DoctorValidated, Validation::FullValidated, Validation::Rejected];
    STATES.iter().map(|state| count_key(conn, &keys::validation_key(*state, archived))).sum()
}
