//! An application with an open store in a temporary folder, for the tests of this slice.

use std::ops::Deref;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::{AccountId, DoctorId, PatientId, SessionId};
use clinic_domain::identity::role::{self, Role};
use clinic_domain::time::NaiveDate;
use uuid::Uuid;

use crate::app::Actor;
use crate::directory::view::{AddDoctor, AddPatient, DoctorView, PatientView, Search};
use crate::fixture::TestApp;
pub(super) use crate::fixture::{person, physician};
use crate::paging::Paging;

/// Tuesday, 24 November 2026, 09:00 in Berlin.
pub(super) const NOW: &str = "2026-11-24T08:00:00Z";

/// A clinic in Berlin without anybody in it.
pub(super) struct Clinic(TestApp);

impl Deref for Clinic {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.0
    }
}

impl Clinic {
    pub fn new() -> Self {
        Self(TestApp::new(NOW, "Europe/Berlin"))
    }

    /// Somebody of this role, at the desk.
    pub fn person(&self, role: Role) -> Actor {
        Actor {
            person: role::Actor { account: AccountId(self.app.new_id().unwrap()), role, doctor: None },
            session: SessionId(self.app.new_id().unwrap()),
            name: "Ada Admin".into(),
            public_id: "ADM00000001".into(),
            device: "test desk".into(),
        }
    }

    pub fn admin(&self) -> Actor {
        self.person(Role::Admin)
    }

    pub fn add(&self, form: PatientForm) -> PatientView {
        let request = AddPatient { request_id: self.request(), form, accept_duplicates: true };
        self.app.add_patient(&self.admin(), request).unwrap().patient
    }

    pub fn add_doctor(&self, form: DoctorForm) -> DoctorView {
        let request = AddDoctor { request_id: self.request(), form, new_specialties: Vec::new() };
        self.app.add_doctor(&self.admin(), request).unwrap().doctor
    }

    /// The names that a search answers with.
    pub fn names(&self, query: &str) -> Vec<String> {
        let request = Search { query: query.into(), limit: 20 };
        let hits = self.app.search_patients(&self.admin(), request).unwrap();
        hits.into_iter().map(|hit| hit.name).collect()
    }

    /// An appointment, written past every rule.
    pub fn book(&self, doctor: DoctorId, patient: PatientId, day: &str, minute: u16, status: &str) -> Uuid {
        let id = self.app.new_id().unwrap();
        self.write(|conn| {
            super::store_visits::book_for_test(conn, id, doctor, patient, date(day), minute, status)
        });
        id
    }

    /// The lines of a query's plan.
    pub fn plan(&self, sql: &str) -> Vec<String> {
        self.read(|conn| {
            let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let lines = plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>()?;
            Ok(lines)
        })
    }

    /// Fails when the plan reads the whole of a large table.
    pub fn assert_no_scan(&self, sql: &str) {
        let plan = self.plan(sql);
        let large = ["p", "k", "e", "patient", "patient_key", "name_part", "appointment"];
        let scanned = plan.iter().find(|line| {
            let mut words = line.split(' ');
            words.next() == Some("SCAN") && words.next().is_some_and(|table| large.contains(&table))
        });
        assert_eq!(scanned, None, "{plan:#?}");
    }
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first page by a column.
pub(super) fn first_page(sort: &str) -> Paging {
    Paging { page: 0, size: 50, sort: sort.into(), descending: false }
}
