//! What a person is told at the next look at the screen (AU-15, AU-17): a new device to whom it concerns, guessing at
//! passwords to the administrators. The audit log says the same for good; a notice is gone once it was read.

use clinic_domain::directory::name;
use clinic_domain::id::{AccountId, NoticeId};
use clinic_domain::time::Instant;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::access_view::{NoticeAbout, NoticeRow};
use crate::app::App;
use crate::db::sql;
use crate::error::Answer;

/// Most notices that are shown.
const MOST_ROWS: u32 = 50;

/// What a notice tells. The names are stored: add, never rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Somebody signed in to the own account on a device that did not know them.
    NewDevice,
    /// The same for somebody of the staff, to the administrators (AU-17).
    StaffOnNewDevice,
    /// So many wrong passwords in a row for one name that administrators are told.
    ManyWrongPasswords,
    /// A password was closed after too many wrong ones.
    PasswordClosed,
    /// Many wrong passwords for many names.
    Spraying,
    /// Five wrong codes from a mail for one name.
    ManyWrongCodes,
    /// The own password was replaced with a code from a mail.
    PasswordReset,
    /// Somebody registers, and whoever did before was looked at.
    PendingRegistration,
    /// A doctor has registered and waits until somebody makes sure who it is.
    DoctorRegistered,
    /// An administrator took the own second factor away.
    SecondFactorReset,
    /// The clock stands before a time that was written down already (AU-17).
    ClockSetBack,
    /// The audit log does not fit its hashes or its checkpoints.
    AuditBroken,
    /// A doctor opened the record of somebody else's patient in an emergency: an administrator reviews it.
    EmergencyOpened,
    /// The same, for the doctor whose patient it is.
    OwnPatientOpened,
    /// Only its staff opens the store, and there is no recovery key for the day on which nobody can (K2, K3).
    NoRecoveryKey,
}

/// Leaves a notice for one person. Answers which.
///
/// # Errors
/// Faults of the store; the computer gives no randomness.
pub(crate) fn leave(
    app: &App,
    conn: &Connection,
    account: AccountId,
    kind: NoticeKind,
    device: &str,
    about: Option<AccountId>,
) -> Answer<NoticeId> {
    let id = NoticeId(app.new_id()?);
    conn.prepare_cached(
        "INSERT INTO notice (id, account_id, kind, at_ms, device, about_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        id.bytes(),
        account.bytes(),
        sql::name_of(&kind),
        sql::ms(app.now()),
        device,
        about.as_ref().map(AccountId::bytes),
    ))?;
    Ok(id)
}

/// Leaves a notice for every administrator.
///
/// # Errors
/// As [`leave`].
pub(super) fn for_administrators(
    app: &App,
    conn: &Connection,
    kind: NoticeKind,
    device: &str,
    about: Option<AccountId>,
) -> Answer<()> {
    let mut query =
        conn.prepare_cached("SELECT id FROM account WHERE role = 'admin' AND active ORDER BY id")?;
    let administrators = query.query_map([], |row| Ok(AccountId(sql::id(row, "id")?)))?;
    for administrator in administrators.collect::<rusqlite::Result<Vec<_>>>()? {
        leave(app, conn, administrator, kind, device, about)?;
    }
    Ok(())
}

/// Leaves a notice for every administrator who has no unread one of the kind about the same person, and is not that person:
/// it says that there is something to look at, not how much.
///
/// # Errors
/// As [`leave`].
pub(crate) fn once_for_administrators(
    app: &App,
    conn: &Connection,
    kind: NoticeKind,
    device: &str,
    about: Option<AccountId>,
) -> Answer<()> {
    let mut query = conn.prepare_cached(
        "SELECT id FROM account WHERE role = 'admin' AND active AND id IS NOT ?2 AND NOT EXISTS
             (SELECT 1 FROM notice WHERE account_id = account.id AND kind = ?1 AND about_id IS ?2
              AND read_ms IS NULL) ORDER BY id",
    )?;
    let asked = (sql::name_of(&kind), about.as_ref().map(AccountId::bytes));
    let administrators = query.query_map(asked, |row| Ok(AccountId(sql::id(row, "id")?)))?;
    for administrator in administrators.collect::<rusqlite::Result<Vec<_>>>()? {
        leave(app, conn, administrator, kind, device, about)?;
    }
    Ok(())
}

/// What a kind of notice asked for is done: nobody need read one any more.
///
/// # Errors
/// Faults of the store.
pub(super) fn done(conn: &Connection, kind: NoticeKind, now: Instant) -> Answer<()> {
    conn.prepare_cached("UPDATE notice SET read_ms = ?2 WHERE kind = ?1 AND read_ms IS NULL")?
        .execute((sql::name_of(&kind), sql::ms(now)))?;
    Ok(())
}

/// What a kind of notice told of is there no more: nothing is left of it, read or not.
///
/// # Errors
/// Faults of the store.
pub(super) fn withdraw(conn: &Connection, kind: NoticeKind) -> Answer<()> {
    conn.prepare_cached("DELETE FROM notice WHERE kind = ?1")?.execute([sql::name_of(&kind)])?;
    Ok(())
}

/// What a person has not read yet, the latest first.
///
/// # Errors
/// Faults of the store.
pub(super) fn unread(conn: &Connection, account: AccountId) -> Answer<Vec<NoticeRow>> {
    let mut query = conn.prepare_cached(
        "SELECT notice.*, family_name, given_names FROM notice LEFT JOIN account ON account.id = about_id
         WHERE notice.account_id = ?1 AND read_ms IS NULL ORDER BY at_ms DESC, notice.id DESC LIMIT ?2",
    )?;
    let rows = query.query_map((account.bytes(), MOST_ROWS), |row| {
        let about = match sql::id_or_null(row, "about_id")?.map(AccountId) {
            Some(id) => {
                let (family, given): (String, String) = (row.get("family_name")?, row.get("given_names")?);
                Some(NoticeAbout { id, name: name::given_first(&family, &given) })
            }
            None => None,
        };
        Ok(NoticeRow {
            id: NoticeId(sql::id(row, "id")?),
            kind: sql::name(row, "kind")?,
            at: sql::instant(row.get("at_ms")?),
            device: row.get("device")?,
            about,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A person has read a notice. Answers whether there was one to read.
///
/// # Errors
/// Faults of the store.
pub(super) fn read(conn: &Connection, id: NoticeId, account: AccountId, now: Instant) -> Answer<bool> {
    let rows = conn
        .prepare_cached(
            "UPDATE notice SET read_ms = ?3 WHERE id = ?1 AND account_id = ?2 AND read_ms IS NULL",
        )?
        .execute((id.bytes(), account.bytes(), sql::ms(now)))?;
    Ok(rows > 0)
}
