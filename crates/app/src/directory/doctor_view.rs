//! The record of a doctor as the interface reads it.

use clinic_domain::directory::contact::display_phone;
use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::id::DoctorId;
use clinic_domain::identity::policy::Ownership;
use clinic_domain::time::{Instant, NaiveDate};
use rusqlite::Connection;

use super::record::Doctor;
use super::store_rules::Rules;
use super::store_visits;
use super::{store_doctor, store_doctors};
use crate::app::Actor;
use crate::db::Record;
use crate::directory::view::{DoctorView, ExceptionView};
use crate::error::{Answer, AppError};

/// Everything the interface shows of a doctor.
///
/// # Errors
/// [`AppError::NotFound`]; faults of the store.
pub(super) fn doctor_view(conn: &Connection, id: DoctorId, now: Instant) -> Answer<DoctorView> {
    let rules = Rules::load(conn)?;
    let today = rules.today(now);
    let (doctor, rev) = Doctor::load(conn, id.0)?.ok_or(AppError::NotFound)?;
    let booked = store_visits::booked(conn, id, now)?;
    let after = match doctor.form.licence_until {
        Some(until) => store_visits::booked_after(conn, id, now, until)?,
        None => 0,
    };
    Ok(DoctorView {
        id,
        rev,
        name: doctor.name(),
        active: doctor.active,
        exceptions: exceptions(conn, id, today, &rules, now)?,
        patients: store_doctors::patients_of(conn, id)?,
        booked,
        booked_after_licence: after,
        public_id: doctor.public_id,
        form: DoctorForm { phone: display_phone(&doctor.form.phone), ..doctor.form },
    })
}

fn exceptions(
    conn: &Connection,
    id: DoctorId,
    today: NaiveDate,
    rules: &Rules,
    now: Instant,
) -> Answer<Vec<ExceptionView>> {
    let entered = store_doctor::exceptions_from(conn, id, today)?;
    entered
        .into_iter()
        .map(|entry| {
            let to_rebook = store_visits::in_time_off(conn, &entry, rules.zone, now)?;
            Ok(ExceptionView { exception: entry.exception, entered_at: entry.entered_at, to_rebook })
        })
        .collect()
}

/// Whose a doctor is to somebody: their own, or another.
pub(super) fn ownership(actor: &Actor, doctor: DoctorId) -> Ownership {
    if actor.person.doctor == Some(doctor) { Ownership::Own } else { Ownership::Other }
}
