//! Who is told that a record was opened in an emergency: every administrator, and the doctor whose patient it is.

use clinic_domain::id::{AccountId, DoctorId};
use clinic_domain::identity::role::Role;
use rusqlite::Connection;

use super::record::Emergency;
use crate::app::App;
use crate::db::{Tx, sql};
use crate::error::Answer;
use crate::identity::notice::{self, NoticeKind};

/// Leaves the notices, in the transaction of the opening.
///
/// # Errors
/// Faults of the store; the computer gives no randomness.
pub(super) fn tell(app: &App, tx: &Tx<'_>, opened: &Emergency, usual: Option<DoctorId>) -> Answer<()> {
    let mut query = tx.conn().prepare_cached(
        "SELECT id, role FROM account WHERE active AND id <> ?2 AND (role = 'admin' OR doctor_id = ?1) ORDER BY id",
    )?;
    let people = query
        .query_map((usual.as_ref().map(DoctorId::bytes), opened.account_id.bytes()), |row| {
            Ok((AccountId(sql::id(row, "id")?), sql::name::<Role>(row, "role")?))
        })?;
    for person in people.collect::<rusqlite::Result<Vec<_>>>()? {
        let kind = match person.1 {
            Role::Admin => NoticeKind::EmergencyOpened,
            _ => NoticeKind::OwnPatientOpened,
        };
        let left = notice::leave(app, tx.conn(), person.0, kind, &opened.device, Some(opened.account_id))?;
        tx.conn()
            .prepare_cached("INSERT INTO emergency_notice (notice_id, emergency_id) VALUES (?1, ?2)")?
            .execute((left.bytes(), opened.id.bytes()))?;
    }
    Ok(())
}

/// Whether a doctor has an account, on which notices are left.
///
/// # Errors
/// Faults of the store.
pub(super) fn has_account(conn: &Connection, doctor: Option<DoctorId>) -> Answer<bool> {
    let mut query =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM account WHERE active AND doctor_id = ?1)")?;
    Ok(query.query_row([doctor.as_ref().map(DoctorId::bytes)], |row| row.get(0))?)
}
