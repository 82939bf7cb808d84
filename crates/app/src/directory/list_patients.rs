//! A page of patients.

use std::cmp::Ordering;

use clinic_domain::directory::contact::display_phone;
use clinic_domain::directory::patient::age_on;
use clinic_domain::directory::search::PatientQuery;
use clinic_domain::id::PatientId;
use clinic_domain::identity::policy::{Action, Ownership, Reach, reach};
use rusqlite::Connection;

use super::search::{Scope, search};
use super::search_patients::shortened;
use super::store_list::{Listed, SORTS, Selection, listed};
use super::store_rules::Rules;
use super::store_visits;
use super::whose::whose;
use crate::app::{Actor, App};
use crate::directory::view::{ListPatients, PatientFilter, PatientPage, PatientRow};
use crate::error::Answer;
use crate::paging::{self, page_of};

/// Most patients that a query in a list finds; who looks for one types more.
const MOST_FOUND: u32 = 1_000;

impl App {
    /// A page of patients. A query narrows the list to those it finds, at most 1,000; misspelt names are tried only when
    /// nobody is found otherwise. Of a record that is closed to the reader, a row says who it is and no more.
    ///
    /// # Errors
    /// [`crate::AppError::Validation`] for a sort or a size that is none; [`crate::AppError::Forbidden`]; faults of the
    /// store.
    pub fn list_patients(&self, actor: &Actor, request: ListPatients) -> Answer<PatientPage> {
        paging::check(&request.paging, &SORTS)?;
        self.read(actor, Action::FindPatients, |conn, _| {
            let rules = Rules::load(conn)?;
            let query = PatientQuery::parse(&shortened(&request.filter.query));
            let (patients, total) = if request.filter.query.trim().is_empty() {
                let selection = Selection::of(&request.filter);
                (selection.page(conn, &request.paging)?, selection.count(conn)?)
            } else {
                found(conn, &query, &request)?
            };
            let everybody = PatientFilter { archived: request.filter.archived, ..PatientFilter::default() };
            let all =
                if request.filter == everybody { total } else { Selection::of(&everybody).count(conn)? };
            let rows = patients.into_iter().map(|patient| {
                let closed = is_closed(conn, actor, patient.id)?;
                row(conn, patient, &rules, self.now()).map(|row| if closed { who(row) } else { row })
            });
            Ok(PatientPage { rows: rows.collect::<Answer<_>>()?, total, all })
        })
    }
}

/// The page of those whom a query finds, and how many they are.
fn found(conn: &Connection, query: &PatientQuery, request: &ListPatients) -> Answer<(Vec<Listed>, u32)> {
    let filter = &request.filter;
    let scope = Scope { archived: filter.archived, limit: MOST_FOUND, misspelt_below: 1 };
    let mut patients = Vec::new();
    for hit in search(conn, query, scope)? {
        patients.extend(listed(conn, hit.id)?.filter(|patient| lets_through(filter, patient)));
    }
    patients.sort_by(|a, b| compare(a, b, &request.paging.sort));
    if request.paging.descending {
        patients.reverse();
    }
    let total = u32::try_from(patients.len()).unwrap_or(u32::MAX);
    Ok((page_of(patients, &request.paging).collect(), total))
}

fn lets_through(filter: &PatientFilter, patient: &Listed) -> bool {
    filter.doctor_id.is_none_or(|doctor| patient.doctor_id == Some(doctor))
        && filter.validation.is_none_or(|state| patient.validation == state)
        && (!filter.with_alert || !patient.alerts.is_empty())
}

fn compare(a: &Listed, b: &Listed, sort: &str) -> Ordering {
    let first = match sort {
        "born" => a.birth_date.cmp(&b.birth_date),
        "id" => a.public_id.cmp(&b.public_id),
        "changed" => a.changed_ms.cmp(&b.changed_ms),
        _ => Ordering::Equal,
    };
    first.then_with(|| a.name_key.cmp(&b.name_key)).then_with(|| a.id.cmp(&b.id))
}

/// Whether the record is closed to this person. Lists open nothing in an emergency.
fn is_closed(conn: &Connection, actor: &Actor, patient: PatientId) -> Answer<bool> {
    let reach = reach(actor.person.role, Action::ReadPatient);
    Ok(reach != Reach::All && whose(conn, actor, patient)? == Ownership::Other)
}

/// What of a row tells who it is.
fn who(row: PatientRow) -> PatientRow {
    PatientRow { last_seen: None, next: None, alerts: Vec::new(), closed: true, ..row }
}

fn row(
    conn: &Connection,
    patient: Listed,
    rules: &Rules,
    now: clinic_domain::time::Instant,
) -> Answer<PatientRow> {
    Ok(PatientRow {
        id: patient.id,
        name: patient.name,
        sex: patient.sex,
        birth_date: patient.birth_date,
        age: age_on(patient.birth_date, rules.today(now)),
        phone: display_phone(&patient.phone),
        doctor: patient.doctor,
        last_seen: store_visits::last_seen(conn, patient.id, now)?,
        next: store_visits::next(conn, patient.id, now, rules.zone)?,
        validation: patient.validation,
        alerts: patient.alerts,
        archived: patient.archived,
        closed: false,
        public_id: patient.public_id,
    })
}

#[cfg(test)]
mod tests {
    use clinic_domain::directory::patient::{AlertKind, Validation};
    use clinic_domain::scheduling::status::Status;
    use clinic_domain::validation::FieldRule;

    use super::*;
    use crate::directory::fixture::{Clinic, date, first_page, person, physician};
    use crate::directory::view::ArchivePatient;
    use crate::error::AppError;
    use crate::paging::Paging;

    fn page(clinic: &Clinic, filter: PatientFilter, paging: Paging) -> PatientPage {
        clinic.app.list_patients(&clinic.admin(), ListPatients { filter, paging }).unwrap()
    }

    fn names(page: &PatientPage) -> Vec<&str> {
        page.rows.iter().map(|row| row.name.as_str()).collect()
    }

    fn four(clinic: &Clinic) {
        clinic.add(person("Zimmer", "Ann", "1970-01-01"));
        clinic.add(person("Ärzte", "Bo", "1990-01-01"));
        let mut alerted = person("Bauer", "Cleo", "1980-01-01");
        alerted.alerts = vec![clinic_domain::directory::patient::Alert {
            kind: AlertKind::Allergy,
            text: "Penicillin".into(),
        }];
        clinic.add(alerted);
        let gone = clinic.add(person("Gone", "Di", "1960-01-01"));
        let request = ArchivePatient { id: gone.id, rev: gone.rev, archived: true };
        clinic.app.archive_patient(&clinic.admin(), request).unwrap();
    }

    #[test]
    fn patients_are_sorted_by_the_column_that_was_asked_for() {
        let clinic = Clinic::new();
        four(&clinic);
        let by_name = page(&clinic, PatientFilter::default(), first_page("name"));
        assert_eq!(names(&by_name), ["Ärzte, Bo", "Bauer, Cleo", "Zimmer, Ann"]);
        assert_eq!((by_name.total, by_name.all), (3, 3));
        let by_birth = page(&clinic, PatientFilter::default(), first_page("born"));
        assert_eq!(names(&by_birth), ["Zimmer, Ann", "Bauer, Cleo", "Ärzte, Bo"]);
        let latest =
            page(&clinic, PatientFilter::default(), Paging { descending: true, ..first_page("born") });
        assert_eq!(names(&latest), ["Ärzte, Bo", "Bauer, Cleo", "Zimmer, Ann"]);
        let ids = page(&clinic, PatientFilter::default(), first_page("id"));
        assert!(ids.rows.is_sorted_by_key(|row| row.public_id.clone()));
    }

    #[test]
    fn each_filter_narrows_the_list_and_its_count() {
        let clinic = Clinic::new();
        four(&clinic);
        let alerts =
            page(&clinic, PatientFilter { with_alert: true, ..Default::default() }, first_page("name"));
        assert_eq!((names(&alerts), alerts.total, alerts.all), (vec!["Bauer, Cleo"], 1, 3));
        let archived =
            page(&clinic, PatientFilter { archived: true, ..Default::default() }, first_page("name"));
        assert_eq!((names(&archived), archived.total, archived.all), (vec!["Gone, Di"], 1, 1));
        let validation = Some(Validation::FullValidated);
        let checked = page(&clinic, PatientFilter { validation, ..Default::default() }, first_page("born"));
        assert_eq!((checked.rows.len(), checked.total), (0, 0));
        let validation = Some(Validation::Pending);
        let pending = page(&clinic, PatientFilter { validation, ..Default::default() }, first_page("born"));
        assert_eq!((pending.rows.len(), pending.total), (3, 3));
        let both = PatientFilter { validation, with_alert: true, ..Default::default() };
        assert_eq!(page(&clinic, both, first_page("changed")).total, 1);
    }

    #[test]
    fn a_doctors_patients_are_listed_alone() {
        let clinic = Clinic::new();
        four(&clinic);
        let doctor = clinic.add_doctor(physician("Lee", "Kim"));
        let mut form = person("Okafor", "Ngozi", "1988-03-12");
        form.doctor_id = Some(doctor.id);
        clinic.add(form);
        let filter = PatientFilter { doctor_id: Some(doctor.id), ..Default::default() };
        for sort in SORTS {
            let own = page(&clinic, filter.clone(), first_page(sort));
            assert_eq!((names(&own), own.total), (vec!["Okafor, Ngozi"], 1), "{sort}");
            assert_eq!(own.rows[0].doctor.as_deref(), Some("Lee"));
        }
    }

    #[test]
    fn a_query_narrows_the_list_and_keeps_its_order() {
        let clinic = Clinic::new();
        four(&clinic);
        clinic.add(person("Bauer", "Axel", "1990-01-01"));
        let bauer = PatientFilter { query: "bau".into(), ..Default::default() };
        let found = page(&clinic, bauer.clone(), first_page("name"));
        assert_eq!((names(&found), found.total, found.all), (vec!["Bauer, Axel", "Bauer, Cleo"], 2, 4));
        let alerted = page(&clinic, PatientFilter { with_alert: true, ..bauer }, first_page("name"));
        assert_eq!(names(&alerted), ["Bauer, Cleo"]);
        let misspelt = PatientFilter { query: "zimmre".into(), ..Default::default() };
        assert_eq!(names(&page(&clinic, misspelt, first_page("name"))), ["Zimmer, Ann"]);
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repetition() {
        let clinic = Clinic::new();
        for i in 0..7 {
            clinic.add(person("Same", "Name", &format!("198{i}-01-01")));
        }
        for sort in SORTS {
            let mut seen = Vec::new();
            for number in 0..4 {
                let paging = Paging { page: number, size: 2, ..first_page(sort) };
                seen.extend(
                    page(&clinic, PatientFilter::default(), paging).rows.into_iter().map(|row| row.id),
                );
            }
            let count = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!((count, seen.len()), (7, 7), "{sort}");
        }
    }

    #[test]
    fn a_row_tells_the_last_visit_and_the_next_appointment() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12")).id;
        clinic.book(doctor, patient, "2026-10-02", 600, "completed");
        clinic.book(doctor, patient, "2026-10-09", 600, "no_show");
        clinic.book(doctor, patient, "2026-12-01", 600, "cancelled");
        clinic.book(doctor, patient, "2026-12-02", 615, "confirmed");
        clinic.book(doctor, patient, "2026-12-09", 600, "scheduled");
        let row = page(&clinic, PatientFilter::default(), first_page("name")).rows.remove(0);
        assert_eq!(row.last_seen, Some(date("2026-10-02")));
        let next = row.next.unwrap();
        assert_eq!((next.date, next.minute, next.status), (date("2026-12-02"), 615, Status::Confirmed));
    }

    #[test]
    fn a_column_that_is_none_and_a_page_too_large_are_refused() {
        let clinic = Clinic::new();
        let paging = Paging { size: 201, ..first_page("last_seen") };
        let request = ListPatients { filter: PatientFilter::default(), paging };
        let refusal = clinic.app.list_patients(&clinic.admin(), request).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        let fields: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.rule, f.bound)).collect();
        let size = ("paging.size", FieldRule::OutOfRange, Some(200));
        assert_eq!(fields, [size, ("paging.sort", FieldRule::Unknown, None)]);
    }

    #[test]
    fn no_order_of_the_list_reads_the_whole_table() {
        let clinic = Clinic::new();
        let filter = PatientFilter::default();
        let selection = Selection::of(&filter);
        for sort in SORTS {
            for descending in [false, true] {
                let sql = selection.page_sql_for_test(&Paging { descending, ..first_page(sort) });
                let plan = clinic.plan(&sql);
                let walked = plan.iter().find(|line| line.contains(" p ") || line.ends_with(" p")).unwrap();
                assert!(walked.contains("INDEX"), "{sort}: {plan:#?}");
                let sorted = plan.iter().any(|line| line.contains("TEMP B-TREE") && line.contains("page"));
                assert!(!sorted, "{sort}: {plan:#?}");
            }
        }
    }
}
