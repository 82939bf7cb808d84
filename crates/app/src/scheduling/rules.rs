//! What every use case of this slice stands on: the clinic's rules, the doctors' schedules, and the clinic's clock.

use std::collections::HashMap;

use chrono::Timelike;
use clinic_domain::id::{ActionId, AppointmentId, DoctorId, SpecialtyId};
use clinic_domain::identity::policy::Ownership;
use clinic_domain::scheduling::booking::{BookingPolicy, DoctorDay, LONGEST_MINUTES, WallPlace};
use clinic_domain::time::{Instant, NaiveDate, wall_of};
use rusqlite::Connection;

use super::store;
use super::store_boxes::{self, Moment};
use super::view::{AppointmentChanged, ClinicClock, DoctorHead, Place};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::clinic;
use crate::db::Tx;
use crate::directory::store_doctor::{self, Which};
use crate::error::{Answer, AppError};

/// The clinic's rules.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// What decides about bookings.
    pub policy: BookingPolicy,
    /// Minutes of waiting after which an arrival counts as late.
    pub late_after_minutes: u16,
}

impl Rules {
    /// The rules as they stand.
    ///
    /// # Errors
    /// [`AppError::WrongState`] before the clinic is set up; faults of the store.
    pub fn load(conn: &Connection) -> Answer<Self> {
        let (clinic, _) = clinic::store::load(conn)?;
        Ok(Self {
            policy: BookingPolicy {
                zone: clinic.zone(),
                slot_minutes: clinic.slot_minutes,
                longest_minutes: LONGEST_MINUTES,
                clinic_hours: clinic.hours,
                closed_days: clinic.closed_days,
            },
            late_after_minutes: clinic.late_after_minutes,
        })
    }

    /// When and where a view is made.
    pub fn moment(&self, now: Instant) -> Moment {
        Moment { zone: self.policy.zone, now }
    }

    /// The clock on the clinic's wall.
    pub fn clock(&self, now: Instant) -> ClinicClock {
        let (today, minute) = wall_of(now, self.policy.zone);
        let second = u16::try_from(now.second()).unwrap_or_default();
        ClinicClock { today, minute, second, instant: now }
    }
}

/// A doctor with everything that rules and views ask about.
#[derive(Debug, Clone)]
pub(super) struct Doctor {
    /// As the grid's head shows them.
    pub head: DoctorHead,
    /// All specialties.
    pub specialty_ids: Vec<SpecialtyId>,
    /// What rules look at.
    pub day: DoctorDay,
}

/// Doctors in the order of their columns, with the exceptions that touch `from..=until`.
pub(super) fn doctors(
    conn: &Connection,
    which: Which<'_>,
    from: NaiveDate,
    until: NaiveDate,
) -> Answer<Vec<Doctor>> {
    let specialties: HashMap<SpecialtyId, String> =
        clinic::store::specialties(conn)?.into_iter().map(|s| (s.id, s.name)).collect();
    let found = store_doctor::doctors(conn, which, from, until)?;
    Ok(found
        .into_iter()
        .map(|found| {
            let name = found.doctor.name();
            let form = found.doctor.form;
            let first = form.specialty_ids.first().copied();
            Doctor {
                head: DoctorHead {
                    id: found.doctor.id,
                    short_name: form.short_name,
                    name,
                    specialty: first.and_then(|id| specialties.get(&id).cloned()).unwrap_or_default(),
                    specialty_id: first,
                },
                specialty_ids: form.specialty_ids,
                day: DoctorDay {
                    active: found.doctor.active,
                    licence_until: form.licence_until,
                    schedule: form.schedule,
                    exceptions: found.exceptions,
                },
            }
        })
        .collect())
}

/// One doctor on one day.
///
/// # Errors
/// [`AppError::NotFound`]; faults of the store.
pub(super) fn doctor(conn: &Connection, id: DoctorId, date: NaiveDate) -> Answer<Doctor> {
    doctors(conn, Which::These(&[id]), date, date)?.pop().ok_or(AppError::NotFound)
}

/// Whose column it is.
pub(super) fn ownership(actor: &Actor, doctor: DoctorId) -> Ownership {
    if actor.person.doctor == Some(doctor) { Ownership::Own } else { Ownership::Other }
}

/// A place as the rules take it.
pub(super) fn wall_place(place: &Place) -> WallPlace {
    WallPlace { date: place.date, start: place.start, minutes: place.minutes, fold: place.fold }
}

/// What a change answers with.
pub(super) fn changed(
    tx: &Tx<'_>,
    action_id: ActionId,
    op: Op,
    id: AppointmentId,
) -> Answer<AppointmentChanged> {
    let rules = Rules::load(tx.conn())?;
    let appointment = store_boxes::one(tx.conn(), id, &rules.moment(tx.now))?;
    let doctor = store::short_name(tx.conn(), appointment.doctor_id)?;
    Ok(AppointmentChanged { action_id, op, appointment, doctor })
}
