//! An application with an open store in a temporary folder, for the tests of this slice.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::{ContactChannel, PatientForm, Sex};
use clinic_domain::id::{AccountId, ActionId, DoctorId, PatientId, SessionId};
use clinic_domain::identity::role::{self, Role};
use clinic_domain::scheduling::hours::default_week;
use clinic_domain::time::{Instant, NaiveDate};
use rusqlite::Connection;
use uuid::Uuid;

use crate::app::{Actor, App, Clock, Parts, Random};
use crate::db::{Store, StoreKey};
use crate::directory::view::{AddDoctor, AddPatient, DoctorView, PatientView, Search};
use crate::error::{Answer, AppError};
use crate::identity::hashing::Cost;
use crate::identity::keystore::Keystore;
use crate::paging::Paging;

/// Tuesday, 24 November 2026, 09:00 in Berlin.
pub(super) const NOW: &str = "2026-11-24T08:00:00Z";

struct Stopped(Mutex<Instant>);

impl Clock for Stopped {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// The same bytes in every run (SplitMix64).
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

struct NoKeys;

impl Keystore for NoKeys {
    fn available(&self) -> bool {
        false
    }

    fn get(&self, _: &str) -> Answer<Option<zeroize::Zeroizing<Vec<u8>>>> {
        Err(AppError::NoKeystore)
    }

    fn set(&self, _: &str, _: &[u8]) -> Answer<()> {
        Err(AppError::NoKeystore)
    }
}

/// A clinic in Berlin without anybody in it.
pub(super) struct Clinic {
    pub app: App,
    _folder: tempfile::TempDir,
}

impl Clinic {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap();
        let app = App::new(Parts {
            folder: folder.path().to_owned(),
            device: "test desk".into(),
            clock: Box::new(Stopped(Mutex::new(NOW.parse().unwrap()))),
            random: Box::new(Counted(AtomicU64::new(1))),
            keystore: Box::new(NoKeys),
            hashing: Cost { memory_kib: 8, passes: 1 },
        });
        store.keep(None, |conn| Ok(conn.execute(super::store_rules::TEST_CLINIC, [])?)).unwrap();
        app.use_store(store);
        Self { app, _folder: folder }
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

    pub fn request(&self) -> ActionId {
        ActionId(self.app.new_id().unwrap())
    }

    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().read(read).unwrap()
    }

    /// Writes past the door, as the bulk generator does.
    pub fn write<T>(&self, write: impl FnOnce(&Connection) -> Answer<T>) -> Answer<T> {
        self.app.store().unwrap().keep(None, write)
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
        })
        .unwrap();
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

/// A patient with a name and a birth date, nothing else.
pub(super) fn person(family_name: &str, given_names: &str, born: &str) -> PatientForm {
    PatientForm {
        family_name: family_name.into(),
        given_names: given_names.into(),
        called: String::new(),
        birth_date: Some(date(born)),
        sex: Sex::Unknown,
        is_pregnant: None,
        phone: String::new(),
        phone_other: String::new(),
        email: String::new(),
        street: String::new(),
        city: String::new(),
        post_code: String::new(),
        language: String::new(),
        channel: ContactChannel::Call,
        emergency_contacts: Vec::new(),
        alerts: Vec::new(),
        doctor_id: None,
        notes: String::new(),
    }
}

/// A doctor with a name and the usual week.
pub(super) fn physician(family_name: &str, given_names: &str) -> DoctorForm {
    DoctorForm {
        family_name: family_name.into(),
        given_names: given_names.into(),
        short_name: String::new(),
        specialty_ids: Vec::new(),
        licence_number: String::new(),
        licence_until: None,
        phone: String::new(),
        email: String::new(),
        schedule: default_week(),
    }
}

/// The first page by a column.
pub(super) fn first_page(sort: &str) -> Paging {
    Paging { page: 0, size: 50, sort: sort.into(), descending: false }
}
