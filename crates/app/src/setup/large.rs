//! A clinic as large as the design load, from a seed: what benchmarks are measured on (AD-12). The same size and seed
//! give the same rows on every computer. Not a command: no button leads here.

use chrono::TimeDelta;
use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::{ContactChannel, PatientForm, Sex, Validation};
use clinic_domain::id::{AppointmentId, AppointmentTypeId, DoctorId, PatientId};
use clinic_domain::scheduling::hours::default_week;
use clinic_domain::scheduling::mask::DayClock;
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Datelike, Days, Instant, NaiveDate, Weekday, wall_of};
use rusqlite::Connection;

use super::demo::dice::Dice;
use crate::app::App;
use crate::db::{Record, sql};
use crate::directory::record::{Doctor, Patient};
use crate::error::{Answer, AppError};
use crate::scheduling::appointment::{Appointment, load_many};

/// Rows written in one transaction.
const CHUNK: usize = 20_000;
/// First wall-clock minute of a day and slots in it: 09:00 to 17:00 by half hours.
const OPENS: u16 = 540;
const SLOTS: u16 = 16;
/// Minutes of a slot.
const SLOT: u16 = 30;
/// Of a hundred slots so many are booked, and of a hundred bookings so many came to nothing.
const BOOKED: usize = 80;
const BROKEN: usize = 10;

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Doctors.
    pub doctors: usize,
    /// Patients.
    pub patients: usize,
    /// Appointments, half of them or more in the past.
    pub appointments: usize,
}

impl Size {
    /// The design load: 50 doctors, 100,000 patients, 1,000,000 appointments.
    pub const LARGE: Size = Size { doctors: 50, patients: 100_000, appointments: 1_000_000 };
}

impl App {
    /// Fills a clinic that was set up without doctors. `told` hears what was written, in words for a terminal.
    ///
    /// # Errors
    /// [`AppError::WrongState`] before the clinic is set up; faults of the store.
    pub fn generate(&self, size: Size, seed: u64, mut told: impl FnMut(&str)) -> Answer<()> {
        let store = self.store()?;
        let mut dice = Dice::new(seed);
        let zone = store.read(zone)?;
        let today = wall_of(self.now(), zone).0;
        let at = self.now();
        let doctors = store.keep(None, |conn| doctors(conn, &mut dice, size.doctors, at))?;
        told(&format!("{} doctors", doctors.len()));
        let mut patients = Vec::with_capacity(size.patients);
        while patients.len() < size.patients {
            let many = CHUNK.min(size.patients - patients.len());
            let from = patients.len();
            patients
                .extend(store.keep(None, |conn| some_patients(conn, &mut dice, (from, many), today, at))?);
            told(&format!("{} patients", patients.len()));
        }
        let types = store.read(types)?;
        let mut calendar = Calendar { dice, doctors, patients, types, zone, at, left: size.appointments };
        let per_day = (calendar.doctors.len() * usize::from(SLOTS) * BOOKED / 100).max(1);
        let past = size.appointments / per_day * 7 / 5 / 10 * 9;
        let mut date = today.checked_sub_days(Days::new(past as u64)).unwrap_or(today);
        while calendar.left > 0 {
            let mut chunk = Vec::with_capacity(CHUNK + per_day);
            while chunk.len() < CHUNK && calendar.left > chunk.len() {
                calendar.a_day(date, &mut chunk);
                date = date.succ_opt().unwrap_or(date);
            }
            chunk.truncate(calendar.left);
            calendar.left -= chunk.len();
            store.keep(None, |conn| load_many(conn, chunk))?;
            told(&format!("{} appointments", size.appointments - calendar.left));
        }
        // The planner chooses between indexes by these counts.
        store.keep(None, |conn| Ok(conn.execute_batch("ANALYZE")?))
    }
}

fn zone(conn: &Connection) -> Answer<chrono_tz::Tz> {
    let name: String = conn.query_row("SELECT time_zone FROM clinic", [], |row| row.get(0))?;
    name.parse().map_err(|_| AppError::WrongState)
}

fn types(conn: &Connection) -> Answer<Vec<AppointmentTypeId>> {
    let mut statement = conn.prepare("SELECT id FROM appointment_type ORDER BY position")?;
    let rows = statement.query_map([], |row| sql::id(row, "id"))?;
    rows.map(|id| Ok(AppointmentTypeId(id?))).collect()
}

/// Numbers without repetition: a step that has no factor in common with the count of numbers visits each once.
fn number(prefix: &str, i: usize) -> String {
    format!("{prefix}{:08}", 10_000_000 + (i * 48_271 + 12_345) % 90_000_000)
}

fn name(dice: &mut Dice, syllables: usize) -> String {
    const FIRST: [&str; 20] = [
        "Ba", "Che", "Da", "El", "Fo", "Gri", "Ha", "In", "Ja", "Ko", "La", "Mi", "No", "Or", "Pe", "Qui",
        "Ro", "Sa", "Te", "Vi",
    ];
    const NEXT: [&str; 24] = [
        "bar", "den", "fi", "gal", "hon", "ka", "lan", "mer", "na", "nov", "oss", "per", "ra", "rin", "sen",
        "ski", "son", "ta", "ter", "va", "ven", "vic", "wa", "zu",
    ];
    let mut name = dice.pick(&FIRST).copied().unwrap_or_default().to_owned();
    for _ in 1..syllables {
        name.push_str(dice.pick(&NEXT).copied().unwrap_or_default());
    }
    name
}

fn doctors(conn: &Connection, dice: &mut Dice, many: usize, at: Instant) -> Answer<Vec<DoctorId>> {
    (0..many)
        .map(|i| {
            let family_name = name(dice, 3);
            let doctor = Doctor {
                id: DoctorId(dice.id(at.timestamp_millis().unsigned_abs())),
                public_id: number("DOC", i),
                form: DoctorForm {
                    short_name: format!("{} {i}", family_name.chars().take(9).collect::<String>()),
                    family_name,
                    given_names: name(dice, 2),
                    specialty_ids: Vec::new(),
                    licence_number: String::new(),
                    licence_until: None,
                    phone: String::new(),
                    email: String::new(),
                    schedule: default_week(),
                },
                position: u32::try_from(i).unwrap_or_default(),
                active: true,
            };
            doctor.save(conn, 1)?;
            Ok(doctor.id)
        })
        .collect()
}

fn some_patients(
    conn: &Connection,
    dice: &mut Dice,
    (from, many): (usize, usize),
    today: NaiveDate,
    at: Instant,
) -> Answer<Vec<PatientId>> {
    (from..from + many)
        .map(|i| {
            let patient = a_patient(dice, i, today, at);
            patient.save(conn, 1)?;
            Ok(patient.id)
        })
        .collect()
}

fn a_patient(dice: &mut Dice, i: usize, today: NaiveDate, at: Instant) -> Patient {
    let syllables = 2 + dice.below(2);
    Patient {
        id: PatientId(dice.id(at.timestamp_millis().unsigned_abs())),
        public_id: number("PAT", i),
        form: PatientForm {
            family_name: name(dice, 3),
            given_names: name(dice, syllables),
            called: String::new(),
            birth_date: today.checked_sub_days(Days::new(200 + dice.below(90 * 365) as u64)),
            sex: *dice.pick(&[Sex::Female, Sex::Male]).unwrap_or(&Sex::Unknown),
            is_pregnant: None,
            phone: format!("+1555{:07}", dice.below(10_000_000)),
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
        created_at: at,
        changed_at: at,
        changed_by: "Generator".to_owned(),
    }
}

/// What the days are made from.
struct Calendar {
    dice: Dice,
    doctors: Vec<DoctorId>,
    patients: Vec<PatientId>,
    types: Vec<AppointmentTypeId>,
    zone: chrono_tz::Tz,
    at: Instant,
    left: usize,
}

impl Calendar {
    /// Adds a working day's appointments; nothing on a weekend.
    fn a_day(&mut self, date: NaiveDate, to: &mut Vec<Appointment>) {
        if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            return;
        }
        let clock = DayClock::new(date, self.zone);
        for doctor in 0..self.doctors.len() {
            for slot in 0..SLOTS {
                if self.dice.chance(BOOKED) {
                    let tick = (OPENS + slot * SLOT) / 5;
                    let appointment = self.appointment(doctor, clock.instant(tick));
                    to.extend(appointment);
                }
            }
        }
    }

    fn appointment(&mut self, doctor: usize, start: Instant) -> Option<Appointment> {
        let end = start + TimeDelta::minutes(i64::from(SLOT));
        let broken = self.dice.chance(BROKEN);
        let status = match (end <= self.at, broken) {
            (true, true) => Status::NoShow,
            (true, false) => Status::Completed,
            (false, true) => Status::Cancelled,
            (false, false) => Status::Scheduled,
        };
        Some(Appointment {
            id: AppointmentId(self.dice.id(start.timestamp_millis().unsigned_abs())),
            doctor_id: *self.doctors.get(doctor)?,
            patient_id: *self.dice.pick(&self.patients)?,
            type_id: self.dice.pick(&self.types).copied(),
            start,
            end,
            zone: self.zone,
            status,
            reason: String::new(),
            cancel_reason: None,
            cancel_note: String::new(),
            room: String::new(),
            arrived_at: None,
            created_at: start - TimeDelta::days(14),
            created_by: "Generator".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::Clinic;
    use crate::scheduling::invariants::{kept, recomputed};

    const SMALL: Size = Size { doctors: 3, patients: 40, appointments: 600 };

    fn generated(seed: u64) -> Clinic {
        let clinic = Clinic::new(0, 0);
        clinic.app.generate(SMALL, seed, |_| ()).unwrap();
        clinic
    }

    fn number(clinic: &Clinic, sql: &str) -> i64 {
        clinic.read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))
    }

    #[test]
    fn there_are_as_many_as_were_asked_for_before_and_after_now() {
        let clinic = generated(1);
        for (table, size) in [("doctor", 3), ("patient", 40), ("appointment", 600)] {
            assert_eq!(number(&clinic, &format!("SELECT count(*) FROM {table}")), size, "{table}");
        }
        let past = "SELECT count(*) FROM appointment WHERE status IN ('completed', 'no_show')";
        assert!((200..500).contains(&number(&clinic, past)));
    }

    #[test]
    fn what_is_kept_beside_the_appointments_agrees_with_them() {
        let clinic = generated(1);
        assert!(kept(&clinic) == recomputed(&clinic));
        assert_eq!(number(&clinic, "SELECT count(DISTINCT patient_id) FROM patient_key"), 40);
    }

    #[test]
    fn one_seed_makes_one_clinic() {
        let image = |seed| generated(seed).image();
        let first = image(1);
        assert_eq!(first.len(), image(1).len());
        assert!(first == image(1), "the same rows");
        assert!(first != image(2), "other rows");
    }
}
