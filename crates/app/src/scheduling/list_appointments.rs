//! A page of a patient's or doctor's appointments (AP-6).

use clinic_domain::identity::policy::Action;
use clinic_domain::validation::{FieldError, FieldRule};

use super::rules::Rules;
use super::{store, store_boxes, store_history};
use crate::app::{Actor, App};
use crate::error::{Answer, AppError};
use crate::scheduling::view::{AppointmentPage, AppointmentRow, ListAppointments};

impl App {
    /// A page of a patient's or doctor's appointments, latest first (AP-6).
    ///
    /// # Errors
    /// [`AppError::Validation`] when neither is named; [`AppError::Forbidden`]; faults of the store.
    pub fn list_appointments(&self, actor: &Actor, request: ListAppointments) -> Answer<AppointmentPage> {
        if request.patient_id.is_none() && request.doctor_id.is_none() {
            let error = FieldError::new("patient_id", FieldRule::Required);
            return Err(AppError::Validation { fields: vec![error] });
        }
        let now = self.now();
        self.read(actor, Action::ViewSchedule, |conn, _| {
            let moment = Rules::load(conn)?.moment(now);
            let (found, total) =
                store_boxes::page(conn, request.patient_id, request.doctor_id, request.page, &moment)?;
            let rows = found
                .into_iter()
                .map(|summary| {
                    let (last_op, last_by, last_at) = match store_history::last(conn, summary.id)? {
                        Some((op, by, at)) => (Some(op), by, Some(at)),
                        None => (None, String::new(), None),
                    };
                    let doctor = store::full_name(conn, summary.doctor_id)?;
                    Ok(AppointmentRow { summary, doctor, last_op, last_by, last_at })
                })
                .collect::<Answer<_>>()?;
            Ok(AppointmentPage { rows, total })
        })
    }
}
