//! Takes time off or extra hours back.

use clinic_domain::id::{ActionId, DoctorId, ExceptionId};
use clinic_domain::identity::policy::Action;
use serde::Serialize;

use super::doctor_view::{doctor_view, ownership};
use super::record::{Doctor, DoctorException};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::directory::view::{DoctorChanged, RemoveException};
use crate::error::{Answer, AppError};

/// The arguments of the command.
#[derive(Serialize)]
struct Args {
    doctor_id: DoctorId,
    exception_id: ExceptionId,
}

impl App {
    /// Takes time off or extra hours back. Doctors take back their own.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when this doctor has no such change; [`AppError::Forbidden`]; faults of the store.
    pub fn remove_exception(&self, actor: &Actor, request: RemoveException) -> Answer<DoctorChanged> {
        let (doctor_id, exception_id) = (request.doctor_id, request.exception_id);
        let action_id = ActionId(self.new_id()?);
        let act = self.act(
            Op::RemoveException,
            Action::ManageExceptions,
            action_id,
            "doctor_exception.remove",
            &Args { doctor_id, exception_id },
        )?;
        self.transact(actor, act, |tx| {
            tx.owned(ownership(actor, doctor_id))?;
            let (doctor, _) = tx.get::<Doctor>(doctor_id.0)?;
            let (entry, _) = tx.get::<DoctorException>(exception_id.0)?;
            // Ownership was asked for the doctor of the request: the change must be that doctor's.
            if entry.doctor_id != doctor_id {
                return Err(AppError::NotFound);
            }
            tx.about(doctor_id.0, doctor.subject(), None);
            tx.take::<DoctorException>(exception_id.0)?;
            Ok(DoctorChanged { action_id, doctor: doctor_view(tx.conn(), doctor_id, tx.now)? })
        })
    }
}
