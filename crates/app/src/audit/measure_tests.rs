//! How long a long log takes to write, verify and list: figures for whoever changes it, `cargo test --release -p clinic-app
//! audit::measure_tests -- --ignored --nocapture`.
#![cfg(test)]

use std::time::Instant;

use clinic_domain::id::PatientId;
use clinic_domain::identity::role::Role;
use uuid::Uuid;

use super::view::{ListAudit, Op};
use crate::app::Actor;
use crate::scheduling::fixture::Clinic;

const ENTRIES: usize = 1_000_000;

type Filter = fn(&mut ListAudit, &Actor);

const LISTS: [(&str, Filter); 7] = [
    ("the first page", |_, _| ()),
    ("the first page with reads", |request, _| request.with_reads = true),
    ("a day", |request, _| request.date = "2026-11-20".parse().ok()),
    ("a person", |request, admin| request.actor_id = Some(admin.person.account)),
    ("an act", |request, _| request.op = Some(Op::Book)),
    ("a patient", |request, _| request.patient_id = Some(PatientId(Uuid::from_u128(8)))),
    ("a name", |request, _| request.query = "Person123,".to_owned()),
];

#[test]
#[ignore = "takes minutes; measures, and checks nothing but that the log is whole"]
fn a_million_entries() {
    let clinic = Clinic::new(1, 1);
    let mut admin = clinic.desk(1);
    admin.person.role = Role::Admin;
    let timed = |what: &str, run: &dyn Fn() -> String| {
        let begun = Instant::now();
        let found = run();
        println!("{:>8.3} s  {what}: {found}", begun.elapsed().as_secs_f64());
    };
    timed("to write", &|| {
        clinic.app.generate_log(&admin, ENTRIES, 1, |_| ()).unwrap();
        ENTRIES.to_string()
    });
    for _ in 0..2 {
        timed("to verify", &|| {
            let report = clinic.app.verify_audit(&admin).unwrap();
            assert_eq!((report.broken_at, report.checkpoint_broken), (None, None));
            report.entries.to_string()
        });
    }
    for (what, filter) in LISTS {
        let mut request = ListAudit {
            query: String::new(),
            date: None,
            actor_id: None,
            op: None,
            patient_id: None,
            with_reads: false,
            page: 0,
            size: 50,
        };
        filter(&mut request, &admin);
        timed(what, &|| {
            let page = clinic.app.list_audit(&admin, request.clone()).unwrap();
            format!("{} of {}", page.rows.len(), page.total)
        });
    }
}
