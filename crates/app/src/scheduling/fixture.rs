//! A small clinic in a temporary folder for the tests of this slice and of those above it: New York, Monday to Friday
//! 09:00 to 17:00, slots of thirty minutes, and it is Monday 23 November 2026, 09:00.

use std::ops::Deref;

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::Validation;
use clinic_domain::id::{AccountId, ActionId, DoctorId, PatientId, SessionId};
use clinic_domain::identity::role::{self, Role};
use clinic_domain::scheduling::hours::{DayHours, WeeklyHours};
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Fold, NaiveDate, Span};
use uuid::Uuid;

use super::view::{AppointmentBox, AppointmentChanged, BookAppointment, ChangeStatus, Place, Reschedule};
use crate::app::Actor;
use crate::db::{Record, sql};
use crate::directory::record::{Doctor, Patient};
use crate::directory::schedule_text;
use crate::error::{Answer, AppError};
use crate::fixture::{TestApp, person, physician};
use crate::history::view::Undo;

/// Monday 23 November 2026, the day of the tests.
pub(crate) fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// The clinic.
pub(crate) struct Clinic {
    test: TestApp,
    /// Doctors in the order of their columns.
    pub doctors: Vec<DoctorId>,
    /// Patients.
    pub patients: Vec<PatientId>,
}

impl Deref for Clinic {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.test
    }
}

impl Clinic {
    /// A clinic with so many doctors and patients.
    pub fn new(doctors: usize, patients: usize) -> Self {
        let test = TestApp::new("2026-11-23T14:00:00Z", "America/New_York");
        let doctors: Vec<_> = (0..doctors).map(|_| DoctorId(test.app.new_id().unwrap())).collect();
        let patients: Vec<_> = (0..patients).map(|_| PatientId(test.app.new_id().unwrap())).collect();
        test.write(|conn| {
            for (n, id) in doctors.iter().enumerate() {
                doctor(n, *id).save(conn, 1)?;
            }
            for (n, id) in patients.iter().enumerate() {
                patient(n, *id).save(conn, 1)?;
            }
            Ok(())
        });
        Self { test, doctors, patients }
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
        self.write(|conn| {
            conn.execute("UPDATE clinic SET hours = ?1", [sql::to_json(&week)])?;
            Ok(conn.execute("UPDATE doctor SET schedule = ?1", [schedule_text::to_text(&week)])?)
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

    /// Everything that is kept about appointments, the derived tables included, as text.
    pub fn image(&self) -> Vec<String> {
        self.read(|conn| {
            let mut lines = Vec::new();
            for sql in [
                "SELECT hex(id) || ' ' || hex(doctor_id) || hex(patient_id) || ' ' || start_ms || '-' || end_ms || ' '
                     || day || zone || status || reason || coalesce(cancel_reason, '') || cancel_note || room
                     || coalesce(arrived_ms, '') || ' ' || created_ms || created_by FROM appointment ORDER BY id",
                "SELECT hex(doctor_id) || ' ' || slot || ' ' || hex(appointment_id) FROM occupancy ORDER BY 1",
                "SELECT hex(doctor_id) || ' ' || week || ' ' || hex(masks) || ' ' || hex(counts) FROM doctor_week
                     ORDER BY 1",
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

fn doctor(n: usize, id: DoctorId) -> Doctor {
    Doctor {
        id,
        public_id: format!("DOC{n:08}"),
        form: DoctorForm { short_name: format!("Lee{n}"), ..physician(&format!("Lee{n}"), "Ann") },
        position: u32::try_from(n).unwrap(),
        active: true,
    }
}

fn patient(n: usize, id: PatientId) -> Patient {
    let made = "2026-01-01T00:00:00Z".parse().unwrap();
    Patient {
        id,
        public_id: format!("PAT{n:08}"),
        form: person(&format!("Smith{n}"), "Jo", "1980-01-01"),
        validation: Validation::Pending,
        archived_at: None,
        created_at: made,
        changed_at: made,
        changed_by: String::new(),
    }
}
