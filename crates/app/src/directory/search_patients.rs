//! Patients while typing (PE-1, FD-3).

use clinic_domain::directory::contact::phone_tail;
use clinic_domain::directory::name;
use clinic_domain::directory::patient::age_on;
use clinic_domain::directory::search::{PatientQuery, matched_spans};
use clinic_domain::identity::policy::Action;
use clinic_domain::time::NaiveDate;
use rusqlite::Connection;

use super::search::{Scope, search};
use super::store_rules::Rules;
use super::store_search::Found;
use crate::app::{Actor, App};
use crate::directory::view::{PatientHit, Search};
use crate::error::Answer;

/// Most characters of a query that are read.
const LONGEST_QUERY: usize = 120;
/// Most hits that are answered.
const MOST_HITS: u32 = 50;

impl App {
    /// Patients while typing: parts of the name in any order, digits of a phone, a birth date, an account number.
    /// Misspelt names are tried when the query as typed finds fewer than were asked for. Archived patients are left
    /// out. Best first.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn search_patients(&self, actor: &Actor, request: Search) -> Answer<Vec<PatientHit>> {
        self.read(actor, Action::FindPatients, |conn, _| {
            patient_hits(conn, &request, Rules::load(conn)?.today(self.now()))
        })
    }
}

/// The hits of a search.
pub(super) fn patient_hits(conn: &Connection, request: &Search, today: NaiveDate) -> Answer<Vec<PatientHit>> {
    let query = PatientQuery::parse(&shortened(&request.query));
    let limit = request.limit.clamp(1, MOST_HITS);
    let found = search(conn, &query, Scope { archived: false, limit, misspelt_below: limit })?;
    Ok(found.into_iter().map(|one| hit(one, &query, today)).collect())
}

/// What of a query is read.
pub(super) fn shortened(query: &str) -> String {
    query.chars().take(LONGEST_QUERY).collect()
}

fn hit(found: Found, query: &PatientQuery, today: NaiveDate) -> PatientHit {
    let name = name::surname_first(&found.family_name, &found.given_names);
    PatientHit {
        id: found.id,
        matched: matched_spans(&name, query),
        name,
        birth_date: found.birth_date,
        age: age_on(found.birth_date, today),
        phone_tail: phone_tail(&found.phone),
        alert: found.alert,
        public_id: found.public_id,
    }
}
