//! Says whether the audit chain holds (TR-4).

use std::sync::PoisonError;

use chrono_tz::Tz;
use clinic_domain::audit as code;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::wall_of;
use rusqlite::Connection;

use super::recompute::{Verified, verify};
use super::store;
use crate::app::{Actor, App};
use crate::audit::view::AuditReport;
use crate::db::Store;
use crate::error::Answer;

impl App {
    /// Recomputes the whole audit chain and compares it with the checkpoints outside the store (TR-4): edited, removed,
    /// inserted, swapped and renumbered entries are found, words that were changed or taken out by no act, and an end that was
    /// cut off as far back as the last checkpoint or the last command reaches. When all fits, the end becomes a checkpoint.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn verify_audit(&self, actor: &Actor) -> Answer<AuditReport> {
        let opened = self.store()?;
        let found = self.read(actor, Action::ReadAudit, |conn, _| recompute(conn, &opened))?;
        Ok(self.report(&opened, found))
    }

    /// What came of verifying the log the last time since the start.
    pub(super) fn last_verified(&self) -> Option<AuditReport> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what was found and says it.
    pub(super) fn report(&self, opened: &Store, (zone, verified): (Tz, Verified)) -> AuditReport {
        if verified.broken_at.is_none() && verified.checkpoint_broken.is_none() && verified.head.seq > 0 {
            opened.checkpoint(&verified.head);
        }
        let at = self.now();
        let report = AuditReport {
            at,
            minute: wall_of(at, zone).1,
            entries: number(verified.head.seq),
            log_code: code::write(number(verified.head.seq), &verified.head.hash),
            broken_at: verified.broken_at.map(number),
            checkpoint_broken: verified.checkpoint_broken.map(number),
        };
        *self.verified.lock().unwrap_or_else(PoisonError::into_inner) = Some(report.clone());
        report
    }
}

/// Recomputes the chain of an open store, and in which zone its clinic is.
///
/// # Errors
/// Faults of the store.
pub(super) fn recompute(conn: &Connection, opened: &Store) -> Answer<(Tz, Verified)> {
    Ok((store::zone(conn)?, verify(conn, &opened.audit_key, &opened.checkpoints())?))
}

/// Whether the chain and its checkpoints hold.
///
/// # Errors
/// Faults of the store.
pub(super) fn chain_fits(conn: &Connection, opened: &Store) -> Answer<bool> {
    let verified = verify(conn, &opened.audit_key, &opened.checkpoints())?;
    Ok(verified.broken_at.is_none() && verified.checkpoint_broken.is_none())
}

fn number(seq: i64) -> u32 {
    u32::try_from(seq).unwrap_or(u32::MAX)
}
