//! How the store answers the queries that every screen waits for: by an index, whatever the planner knows about sizes.

use clinic_domain::time::Days;
use rusqlite::Connection;

use super::fixture::{Clinic, monday};
use super::{store, store_boxes, store_history, store_weeks};
use crate::error::Answer;

/// Each query with the steps it is answered by.
const PLANS: [(&str, &[&str]); 11] = [
    (
        store::DOCTOR_BUSY,
        &["appointment USING INDEX appointment_by_doctor (doctor_id=? AND day>? AND day<?)"],
    ),
    (
        store::PATIENT_BUSY,
        &["appointment USING INDEX appointment_by_patient (patient_id=? AND start_ms>? AND start_ms<?)"],
    ),
    (
        store_boxes::DOCTOR_DAYS,
        &["a USING INDEX appointment_by_doctor (doctor_id=? AND day>? AND day<?)", PATIENT, TYPE],
    ),
    (store_boxes::WAITING, &["a USING INDEX appointment_waiting (day=?)", PATIENT, TYPE, SORT]),
    (store_boxes::PATIENT_PAGE, &["a USING INDEX appointment_by_patient (patient_id=?)", PATIENT, TYPE]),
    (store_boxes::DOCTOR_PAGE, &["a USING INDEX appointment_by_doctor (doctor_id=?)", PATIENT, TYPE]),
    (store_boxes::BOTH_PAGE, &["a USING INDEX appointment_by_patient (patient_id=?)", PATIENT, TYPE]),
    (store_weeks::DAY, &["appointment USING INDEX appointment_by_doctor (doctor_id=? AND day=?)"]),
    (store_weeks::MASKS, &["doctor_week USING PRIMARY KEY (doctor_id=? AND week>? AND week<?)"]),
    (store_weeks::WEEKS, &["doctor_week USING PRIMARY KEY (doctor_id=? AND week>? AND week<?)"]),
    (store_history::ENTRIES, &["audit USING INDEX audit_by_subject (subject_id=?)"]),
];
const PATIENT: &str = "p USING INDEX sqlite_autoindex_patient_1 (id=?)";
const TYPE: &str = "t USING INDEX sqlite_autoindex_appointment_type_1 (id=?)";
const SORT: &str = "USE TEMP B-TREE FOR ORDER BY";

fn plan(conn: &Connection, sql: &str) -> Answer<Vec<String>> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    // Nothing bound: the plan does not depend on values.
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get::<_, String>(3)?.replace("SEARCH ", "").replace(" LEFT-JOIN", ""));
    }
    Ok(steps)
}

#[test]
fn every_main_query_is_answered_by_an_index() {
    let clinic = Clinic::new(3, 8);
    let check = |when: &str| {
        for (sql, expected) in PLANS {
            assert_eq!(clinic.read(|conn| plan(conn, sql)), expected, "{when}: {sql}");
        }
    };
    check("nothing known about sizes");
    for n in 0..64u16 {
        let (doctor, date) = (usize::from(n % 3), monday() + Days::new(u64::from(n / 24)));
        let booked = clinic.book(doctor, usize::from(n % 8), date, 540 + n % 8 / 3 * 30 + n / 24 * 60);
        drop(booked);
    }
    clinic.write(|conn| Ok(conn.execute_batch("ANALYZE")?));
    // Connections read the counts when they load the schema: another clinic's change makes them do so.
    clinic.write(|conn| Ok(conn.execute_batch("CREATE TABLE reload (n); DROP TABLE reload")?));
    check("sizes of a small clinic known");
}
