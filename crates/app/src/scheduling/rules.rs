//! What every use case of this slice stands on: the clinic's rules and its clock.

use chrono::Timelike;
use chrono_tz::Tz;
use clinic_domain::id::{ActionId, AppointmentId, DoctorId};
use clinic_domain::identity::policy::Ownership;
use clinic_domain::scheduling::booking::{BookingPolicy, LONGEST_MINUTES, WallPlace};
use clinic_domain::time::{Instant, NaiveDate, wall_of};
use rusqlite::{Connection, OptionalExtension};

use super::store;
use super::store_boxes::{self, Moment};
use super::view::{AppointmentChanged, ClinicClock, Place};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::db::{Tx, sql};
use crate::directory::store_columns::{self, ColumnDoctor, Which};
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
        // No more of the settings than that: the rest takes longer to read than some views.
        let mut load = conn.prepare_cached(
            "SELECT time_zone, slot_minutes, hours, closed_days, late_after_minutes FROM clinic LIMIT 1",
        )?;
        load.query_row([], |row| {
            Ok(Self {
                policy: BookingPolicy {
                    // Only zones that exist are ever stored.
                    zone: row.get_ref(0)?.as_str()?.parse().unwrap_or(Tz::UTC),
                    slot_minutes: row.get(1)?,
                    longest_minutes: LONGEST_MINUTES,
                    clinic_hours: sql::json(row, 2)?,
                    closed_days: sql::json(row, 3)?,
                },
                late_after_minutes: row.get(4)?,
            })
        })
        .optional()?
        .ok_or(AppError::WrongState)
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

/// One doctor on one day.
///
/// # Errors
/// [`AppError::NotFound`]; faults of the store.
pub(super) fn doctor(conn: &Connection, id: DoctorId, date: NaiveDate) -> Answer<ColumnDoctor> {
    store_columns::doctors(conn, Which::These(&[id]), date, date)?.pop().ok_or(AppError::NotFound)
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
