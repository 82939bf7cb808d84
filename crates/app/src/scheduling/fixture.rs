//! A small clinic in a temporary folder for the tests of this slice and of those above it: New York, Monday to Friday
//! 09:00 to 17:00, slots of thirty minutes, and it is Monday 23 November 2026, 09:00.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::{ContactChannel, PatientForm, Sex, Validation};
use clinic_domain::id::{AccountId, ActionId, DoctorId, PatientId, SessionId};
use clinic_domain::identity::role::{self, Role};
use clinic_domain::scheduling::hours::{DayHours, WeeklyHours, default_week};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Fold, Instant, NaiveDate, Span};
use rusqlite::Connection;
use uuid::Uuid;

use super::view::{AppointmentBox, AppointmentChanged, BookAppointment, ChangeStatus, Place, Reschedule};
use crate::app::{Actor, App, Clock, Parts, Random};
use crate::db::{Record, Store, StoreKey, sql};
use crate::directory::record::{Doctor, Patient};
use crate::error::{Answer, AppError};
use crate::history::view::Undo;
use crate::identity::hashing::Cost;
use crate::identity::keystore::Keystore;

/// Monday 23 November 2026, the day of the tests.
pub(crate) fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// The clinic.
pub(crate) struct Clinic {
    /// The application.
    pub app: App,
    /// Doctors in the order of their columns.
    pub doctors: Vec<DoctorId>,
    /// Patients.
    pub patients: Vec<PatientId>,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

struct TestClock(Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> Instant {
        sql::instant(self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed).unsigned_abs())
    }
}

/// Different bytes each time, the same in each run.
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        for (i, byte) in bytes.iter_mut().rev().enumerate() {
            *byte = n.to_le_bytes().get(i).copied().unwrap_or_default();
        }
        Ok(())
    }
}

struct NoKeystore;

impl Keystore for NoKeystore {
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

impl Clinic {
    /// A clinic with so many doctors and patients.
    pub fn new(doctors: usize, patients: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(sql::ms("2026-11-23T14:00:00Z".parse().unwrap())));
        let app = App::new(Parts {
            folder: folder.path().to_owned(),
            device: "Desk 1".into(),
            clock: Box::new(TestClock(clock.clone())),
            random: Box::new(Counting(AtomicU64::new(1))),
            keystore: Box::new(NoKeystore),
            hashing: Cost { memory_kib: 8, passes: 1 },
        });
        app.use_store(Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap());
        let doctors: Vec<DoctorId> = (0..doctors).map(|_| DoctorId(app.new_id().unwrap())).collect();
        let patients: Vec<PatientId> = (0..patients).map(|_| PatientId(app.new_id().unwrap())).collect();
        let store = app.store().unwrap();
        store
            .keep(None, |conn| {
                set_up(conn)?;
                for (n, id) in doctors.iter().enumerate() {
                    doctor(n, *id).save(conn, 1)?;
                }
                for (n, id) in patients.iter().enumerate() {
                    patient(n, *id).save(conn, 1)?;
                }
                Ok(())
            })
            .unwrap();
        Self { app, doctors, patients, clock, _folder: folder }
    }

    /// Sets the clock.
    pub fn at(&self, instant: &str) {
        self.clock.store(sql::ms(instant.parse().unwrap()), Ordering::Relaxed);
    }

    /// Somebody at the front desk; the same number is the same person in the same session.
    pub fn desk(&self, n: u8) -> Actor {
        actor(n, Role::FrontDesk, None)
    }

    /// A doctor at the own laptop.
    pub fn doctor(&self, n: usize) -> Actor {
        actor(100 + u8::try_from(n).unwrap(), Role::Doctor, Some(self.doctors[n]))
    }

    /// A request to book half an hour.
    pub fn request(&self, doctor: usize, patient: usize, date: NaiveDate, start: u16) -> BookAppointment {
        BookAppointment {
            request_id: ActionId(self.app.new_id().unwrap()),
            place: self.place(doctor, date, start, 30),
            patient_id: self.patients[patient],
            type_id: None,
            reason: "Check-up".into(),
        }
    }

    /// A slot.
    pub fn place(&self, doctor: usize, date: NaiveDate, start: u16, minutes: u16) -> Place {
        Place { doctor_id: self.doctors[doctor], date, start, minutes, fold: None }
    }

    /// Books half an hour at the front desk.
    pub fn book(
        &self,
        doctor: usize,
        patient: usize,
        date: NaiveDate,
        start: u16,
    ) -> Answer<AppointmentChanged> {
        self.app.book(&self.desk(1), self.request(doctor, patient, date, start))
    }

    /// Moves an appointment at the front desk.
    pub fn reschedule(&self, seen: &AppointmentBox, place: Place) -> Answer<AppointmentChanged> {
        self.app.reschedule(&self.desk(1), Reschedule { id: seen.id, rev: seen.rev, place })
    }

    /// Takes a step at the front desk.
    pub fn step(&self, seen: &AppointmentBox, to: Status) -> Answer<AppointmentChanged> {
        self.app.change_status(&self.desk(1), step(seen, to))
    }

    /// Opens the clinic, and has its doctors work, at all hours of all days.
    pub fn open_always(&self) {
        self.open_between(0, 1440);
    }

    /// The same between two wall-clock minutes.
    pub fn open_between(&self, start: u16, end: u16) {
        let hours = Span::new(start, end.min(1440));
        let week = WeeklyHours(vec![DayHours { open: true, hours, breaks: Vec::new() }; 7]);
        let week = sql::to_json(&week);
        self.write(|conn| {
            conn.execute("UPDATE clinic SET hours = ?1", [&week])?;
            Ok(conn.execute("UPDATE doctor SET schedule = ?1", [&week])?)
        });
    }

    /// Takes a doctor away for a part of a day.
    pub fn time_off(&self, doctor: usize, date: NaiveDate, start: u16, end: u16) {
        let sql = "INSERT INTO doctor_exception (id, rev, doctor_id, kind, from_day, until_day, start_minute, end_minute,
                       reason, entered_ms)
                   VALUES (randomblob(16), 1, ?1, 'time_off', ?2, ?2, ?3, ?4, '', 0)";
        let id = self.doctors[doctor];
        self.write(|conn| Ok(conn.execute(sql, (id.bytes(), sql::day(date), start, end.min(1440)))?));
    }

    /// Changes the store past all rules.
    pub fn write<T>(&self, write: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().keep(None, write).unwrap()
    }

    /// Books half an hour and takes it back at once; answers what was refused.
    pub fn tries(&self, doctor: usize, patient: usize, date: NaiveDate, start: u16) -> Option<AppError> {
        let mut request = self.request(doctor, patient, date, start);
        request.place.fold = Some(Fold::Earlier);
        let booked = match self.app.book(&self.desk(1), request.clone()) {
            // The earlier of the two may be the one that is not free.
            Err(AppError::Refused { .. }) => {
                request.place.fold = Some(Fold::Later);
                self.app.book(&self.desk(1), request)
            }
            booked => booked,
        };
        match booked {
            Ok(booked) => {
                let undo = Undo { action_id: Some(booked.action_id) };
                self.app.undo(&self.desk(1), undo).unwrap();
                None
            }
            Err(error) => Some(error),
        }
    }

    /// Reads what no use case shows.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().read(read).unwrap()
    }

    /// Everything that is kept about appointments, the derived tables included, as text.
    pub fn image(&self) -> Vec<String> {
        self.read(|conn| {
            let mut lines = Vec::new();
            for sql in [
                "SELECT hex(id) || ' ' || hex(doctor_id) || hex(patient_id) || ' ' || start_ms || '-' || end_ms || ' '
                     || day || zone || status || reason || coalesce(cancel_reason, '') || cancel_note || room
                     || coalesce(arrived_ms, '') || ' ' || created_ms || created_by FROM appointment ORDER BY id",
                "SELECT hex(doctor_id) || ' ' || slot || ' ' || hex(appointment_id) FROM occupancy ORDER BY 1",
                "SELECT hex(doctor_id) || ' ' || day || ' ' || hex(mask) FROM day_mask ORDER BY 1",
                "SELECT hex(doctor_id) || ' ' || day || status || ' ' || appointments || ' ' || minutes
                     FROM day_count ORDER BY 1",
            ] {
                let mut statement = conn.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get(0))?;
                lines.extend(rows.collect::<rusqlite::Result<Vec<String>>>()?);
            }
            Ok(lines)
        })
    }
}

/// A step as a request; cancelling gets a reason.
pub(crate) fn step(seen: &AppointmentBox, to: Status) -> ChangeStatus {
    ChangeStatus {
        id: seen.id,
        rev: seen.rev,
        to,
        cancel_reason: (to == Status::Cancelled).then_some(super::view::CancelReason::PatientAsked),
        note: String::new(),
        room: String::new(),
    }
}

fn actor(n: u8, role: Role, doctor: Option<DoctorId>) -> Actor {
    Actor {
        person: role::Actor { account: AccountId(Uuid::from_bytes([n; 16])), role, doctor },
        session: SessionId(Uuid::from_bytes([n; 16])),
        name: format!("Person {n}"),
        public_id: format!("STF{n:08}"),
        device: "Desk 1".into(),
    }
}

fn set_up(conn: &Connection) -> Answer<()> {
    conn.execute(
        "INSERT INTO clinic (id, rev, name, short_name, street, city, post_code, phone, time_zone, language, colour, hours,
             closed_days, slot_minutes, late_after_minutes, idle_lock_minutes, licence_pattern, is_demo)
         VALUES (randomblob(16), 1, 'Clinic', '', '', '', '', '', 'America/New_York', 'en', '', ?1, '[]', 30, 15, 10, '', 0)",
        [sql::to_json(&default_week())],
    )?;
    Ok(())
}

fn doctor(n: usize, id: DoctorId) -> Doctor {
    Doctor {
        id,
        public_id: format!("DOC{n:08}"),
        form: DoctorForm {
            family_name: format!("Lee{n}"),
            given_names: "Ann".into(),
            short_name: format!("Lee{n}"),
            specialty_ids: Vec::new(),
            licence_number: String::new(),
            licence_until: None,
            phone: String::new(),
            email: String::new(),
            schedule: default_week(),
        },
        position: u32::try_from(n).unwrap(),
        active: true,
    }
}

fn patient(n: usize, id: PatientId) -> Patient {
    let made = "2026-01-01T00:00:00Z".parse().unwrap();
    Patient {
        id,
        public_id: format!("PAT{n:08}"),
        form: PatientForm {
            family_name: format!("Smith{n}"),
            given_names: "Jo".into(),
            called: String::new(),
            birth_date: NaiveDate::from_ymd_opt(1980, 1, 1),
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
        },
        validation: Validation::Pending,
        archived_at: None,
        created_at: made,
        changed_at: made,
        changed_by: String::new(),
    }
}
