//! Whose patient somebody is (PE-4), and on what ground a record is read. Reads bookings and who made the record; the rule
//! is the domain's.

use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::identity::emergency::{self, Bond};
use clinic_domain::identity::policy::{Ownership, Reach};
use rusqlite::{Connection, named_params};

use super::emergency::Emergency;
use crate::app::{Actor, App};
use crate::error::{Answer, AppError};

/// Why somebody may read a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ground {
    /// The policy lets them.
    Policy,
    /// They opened it in an emergency: each reading is written down with it.
    Emergency(Box<Emergency>),
}

/// Whose patient this is to a person.
///
/// # Errors
/// Faults of the store.
pub(crate) fn whose(conn: &Connection, actor: &Actor, patient: PatientId) -> Answer<Ownership> {
    let mut query = conn.prepare_cached(BOND)?;
    let bond = query.query_row(
        named_params! {
            ":patient": patient.bytes(),
            ":doctor": actor.person.doctor.as_ref().map(DoctorId::bytes),
            ":account": actor.person.account.bytes(),
        },
        |row| Ok(Bond { usual: row.get(0)?, booked: row.get(1)?, made: row.get(2)? }),
    )?;
    Ok(emergency::whose(bond))
}

// Who made a record is what the audit log says. Without a doctor, nothing equals NULL and nobody is the own patient.
const BOND: &str = "SELECT
    EXISTS (SELECT 1 FROM patient WHERE id = :patient AND doctor_id = :doctor),
    EXISTS (SELECT 1 FROM appointment INDEXED BY appointment_by_patient
        WHERE patient_id = :patient AND doctor_id = :doctor AND status <> 'cancelled'),
    EXISTS (SELECT 1 FROM audit INDEXED BY audit_by_patient
        WHERE patient_id = :patient AND op = 'add_patient' AND actor_id = :account)";

/// The query of this file, for tests of its plan.
#[cfg(test)]
pub(super) const QUERY_FOR_TEST: &str = BOND;

impl App {
    /// On what ground this person reads the record of a patient: the policy, or an emergency that was opened in this
    /// session and is not over.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] without one; faults of the store.
    pub(crate) fn ground(
        &self,
        conn: &Connection,
        actor: &Actor,
        reach: Reach,
        patient: PatientId,
    ) -> Answer<Ground> {
        if reach == Reach::All || whose(conn, actor, patient)? == Ownership::Own {
            return Ok(Ground::Policy);
        }
        let open = self.open_emergency(conn, actor)?.filter(|open| open.patient_id == patient);
        open.map(|open| Ground::Emergency(Box::new(open))).ok_or(AppError::Forbidden)
    }
}
