//! Puts an appointment back the way it was, for undo: it takes its slot again only where nobody else has taken it.

use clinic_domain::id::AppointmentId;
use clinic_domain::scheduling::booking::{Booked, decide_slot};

use super::appointment::Appointment;
use super::refuse::refused_plain;
use super::rules::Rules;
use super::view::AppointmentBox;
use super::{store, store_boxes};
use crate::db::Tx;
use crate::error::{Answer, AppError};

/// Writes the appointment as it was.
///
/// # Errors
/// [`AppError::Refused`] with the holder when its slot, or its patient's time, has been taken since; faults of the
/// store.
pub(crate) fn put_back(tx: &mut Tx<'_>, before: &Appointment) -> Answer<()> {
    if before.status.holds_slot() {
        check_free(tx, &Rules::load(tx.conn())?, before)?;
    }
    tx.put(before).map(drop)
}

/// The appointment as the grid draws it; `None` when there is none any more.
///
/// # Errors
/// Faults of the store.
pub(crate) fn as_it_is(tx: &Tx<'_>, id: AppointmentId) -> Answer<Option<AppointmentBox>> {
    match store_boxes::one(tx.conn(), id, &Rules::load(tx.conn())?.moment(tx.now)) {
        Ok(found) => Ok(Some(found)),
        Err(AppError::NotFound) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Asks whether an appointment can take its slot again.
///
/// # Errors
/// [`AppError::Refused`] with the holder; faults of the store.
pub(super) fn check_free(tx: &Tx<'_>, rules: &Rules, appointment: &Appointment) -> Answer<()> {
    let date = appointment.date();
    let doctor_busy = store::doctor_busy(tx.conn(), appointment.doctor_id, date)?;
    let patient_busy = store::patient_busy(tx.conn(), appointment.patient_id, date)?;
    let slot = Booked { start: appointment.start, end: appointment.end };
    decide_slot(appointment.id, &slot, &doctor_busy, &patient_busy)
        .map_err(|refusal| refused_plain(tx.conn(), rules, refusal))
}
