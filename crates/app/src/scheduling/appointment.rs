//! The record of an appointment, and the numbers that are kept beside it: each save brings the day's mask and the
//! day's counts up to date in the same transaction; the store's triggers keep the occupied slots.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;
use clinic_domain::id::{AppointmentId, AppointmentTypeId, DoctorId, PatientId};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Instant, NaiveDate, wall_of};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::view::CancelReason;
use super::{store, store_weeks};
use crate::db::fault::is_slot_taken;
use crate::db::{Noun, Record};
use crate::error::{Answer, AppError};

/// An appointment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Image", try_from = "Image")]
pub struct Appointment {
    /// Which one.
    pub id: AppointmentId,
    /// With whom.
    pub doctor_id: DoctorId,
    /// For whom.
    pub patient_id: PatientId,
    /// Kind of appointment.
    pub type_id: Option<AppointmentTypeId>,
    /// First instant inside, a multiple of five minutes.
    pub start: Instant,
    /// First instant outside, a multiple of five minutes.
    pub end: Instant,
    /// The clinic's zone when the time was agreed.
    pub zone: Tz,
    /// Where it stands.
    pub status: Status,
    /// Reason for the visit.
    pub reason: String,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
    /// The same in words.
    pub cancel_note: String,
    /// The room the patient was taken to.
    pub room: String,
    /// When the patient arrived.
    pub arrived_at: Option<Instant>,
    /// When it was booked.
    pub created_at: Instant,
    /// Who booked it, by name.
    pub created_by: String,
}

impl Appointment {
    /// The local date on which it starts.
    pub fn date(&self) -> NaiveDate {
        wall_of(self.start, self.zone).0
    }
}

impl Record for Appointment {
    const NOUN: Noun = Noun::Appointment;
    // The entry itself says when and by whom.
    const HIDDEN: &'static [&'static str] = &["created_at", "created_by"];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        store::load(conn, AppointmentId(id))
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        let before = store::place_of(conn, self.id)?;
        store::write(conn, self, rev).map_err(|error| taken(conn, self, error))?;
        if let Some((doctor, date)) = before.filter(|place| *place != (self.doctor_id, self.date())) {
            store_weeks::refresh(conn, doctor, date, self.zone)?;
        }
        store_weeks::refresh(conn, self.doctor_id, self.date(), self.zone)
    }

    fn remove(&self, conn: &Connection) -> Answer<()> {
        store::delete(conn, self.id)?;
        store_weeks::refresh(conn, self.doctor_id, self.date(), self.zone)
    }
}

/// Writes many new appointments at once, for invented data: the days' masks and counts are written once at the end.
/// Returns how many there were.
///
/// # Errors
/// [`AppError::Refused`] when two overlap; faults of the store.
pub(crate) fn load_many(
    conn: &Connection,
    appointments: impl IntoIterator<Item = Appointment>,
) -> Answer<u32> {
    let mut days: BTreeMap<(DoctorId, NaiveDate), store_weeks::Day> = BTreeMap::new();
    let mut loaded = 0;
    for appointment in appointments {
        store::write(conn, &appointment, 1).map_err(|error| taken(conn, &appointment, error))?;
        let date = appointment.date();
        days.entry((appointment.doctor_id, date))
            .or_insert_with(|| store_weeks::Day::new(date, appointment.zone))
            .add(appointment.start, appointment.end, appointment.status);
        loaded += 1;
    }
    // A day may have had appointments before: then it is read again as a whole.
    for ((doctor, _), day) in days {
        day.write_new(conn, doctor)?;
    }
    Ok(loaded)
}

/// The constraint against double bookings as the refusal it stands for.
fn taken(conn: &Connection, appointment: &Appointment, error: rusqlite::Error) -> AppError {
    if !is_slot_taken(&error) {
        return error.into();
    }
    match store::occupant(conn, appointment) {
        Ok(Some(by)) => {
            AppError::Refused { refusal: Refusal::Taken { by }, alternatives: Vec::new(), holder: None }
        }
        Ok(None) => error.into(),
        Err(fault) => fault,
    }
}

/// The serialised form. Times carry their local offset, so that a line of the audit log reads as the wall clock stood.
#[derive(Serialize, Deserialize)]
struct Image {
    id: AppointmentId,
    doctor_id: DoctorId,
    patient_id: PatientId,
    type_id: Option<AppointmentTypeId>,
    start: DateTime<FixedOffset>,
    end: DateTime<FixedOffset>,
    zone: String,
    status: Status,
    reason: String,
    cancel_reason: Option<CancelReason>,
    cancel_note: String,
    room: String,
    arrived_at: Option<DateTime<FixedOffset>>,
    created_at: Instant,
    created_by: String,
}

impl From<Appointment> for Image {
    fn from(a: Appointment) -> Self {
        let local = |at: Instant| at.with_timezone(&a.zone).fixed_offset();
        Self {
            id: a.id,
            doctor_id: a.doctor_id,
            patient_id: a.patient_id,
            type_id: a.type_id,
            start: local(a.start),
            end: local(a.end),
            zone: a.zone.name().to_owned(),
            status: a.status,
            reason: a.reason,
            cancel_reason: a.cancel_reason,
            cancel_note: a.cancel_note,
            room: a.room,
            arrived_at: a.arrived_at.map(local),
            created_at: a.created_at,
            created_by: a.created_by,
        }
    }
}

impl TryFrom<Image> for Appointment {
    type Error = chrono_tz::ParseError;

    fn try_from(image: Image) -> Result<Self, Self::Error> {
        Ok(Self {
            id: image.id,
            doctor_id: image.doctor_id,
            patient_id: image.patient_id,
            type_id: image.type_id,
            start: image.start.to_utc(),
            end: image.end.to_utc(),
            zone: image.zone.parse()?,
            status: image.status,
            reason: image.reason,
            cancel_reason: image.cancel_reason,
            cancel_note: image.cancel_note,
            room: image.room,
            arrived_at: image.arrived_at.map(|at| at.to_utc()),
            created_at: image.created_at,
            created_by: image.created_by,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::time::Days;

    fn stored(clinic: &Clinic) -> Vec<Appointment> {
        let ids: Vec<[u8; 16]> = clinic.read(|conn| {
            let mut statement = conn.prepare("SELECT id FROM appointment ORDER BY id")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        });
        let load = |id| clinic.read(|conn| Appointment::load(conn, Uuid::from_bytes(id))).unwrap().0;
        ids.into_iter().map(load).collect()
    }

    #[test]
    fn an_image_is_read_back_as_it_was() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap().appointment;
        clinic.step(&booked, Status::Arrived).unwrap();
        let appointment = stored(&clinic).remove(0);
        let image = serde_json::to_string(&appointment).unwrap();
        assert_eq!(serde_json::from_str::<Appointment>(&image).unwrap(), appointment);
    }

    #[test]
    fn many_at_once_leave_what_one_by_one_leaves() {
        let one_by_one = Clinic::new(2, 3);
        let gone = one_by_one.book(0, 0, monday(), 540).unwrap().appointment;
        one_by_one.step(&gone, Status::Cancelled).unwrap();
        one_by_one.book(0, 1, monday(), 540).unwrap();
        one_by_one.book(1, 0, monday() + Days::new(1), 600).unwrap();
        let appointments = stored(&one_by_one);
        // The same ids come from the same counter, so that both clinics can hold the same rows.
        let at_once = Clinic::new(2, 3);
        assert_eq!(at_once.doctors, one_by_one.doctors);
        // A day that has some already is read again as a whole.
        at_once.write(|conn| load_many(conn, appointments[..1].to_vec()));
        assert_eq!(at_once.write(|conn| load_many(conn, appointments[1..].to_vec())), 2);
        assert_eq!(at_once.image(), one_by_one.image());
    }

    #[test]
    fn many_at_once_cannot_overlap() {
        let clinic = Clinic::new(1, 2);
        clinic.book(0, 0, monday(), 600).unwrap();
        let twice = Appointment { id: AppointmentId(Uuid::from_bytes([9; 16])), ..stored(&clinic).remove(0) };
        let store = clinic.app.store().unwrap();
        let refused = store.keep(None, |conn| load_many(conn, [twice])).unwrap_err();
        assert!(matches!(refused, AppError::Refused { refusal: Refusal::Taken { .. }, .. }), "{refused:?}");
    }
}
