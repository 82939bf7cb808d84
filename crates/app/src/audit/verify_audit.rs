//! Recomputes the audit chain (TR-4).

use std::sync::PoisonError;

use chrono_tz::Tz;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::wall_of;
use rusqlite::Connection;
use serde::Deserialize;
use uuid::Uuid;

use super::store;
use crate::app::{Actor, App};
use crate::audit::view::AuditReport;
use crate::db::Store;
use crate::db::audit::{Chain, Head};
use crate::db::checkpoint::Checkpoints;
use crate::error::{Answer, AppError};

impl App {
    /// Recomputes the whole audit chain and compares it with the checkpoints outside the store (TR-4): edited, removed,
    /// inserted, swapped and renumbered entries are found, and an end that was cut off as far back as the last
    /// checkpoint or the last command reaches. When all fits, the end becomes a checkpoint.
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
            head: hex::encode(verified.head.hash),
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

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verified {
    /// The last entry that fits.
    head: Head,
    broken_at: Option<i64>,
    checkpoint_broken: Option<i64>,
}

/// The part of a body that is also kept in columns, for the indexes.
#[derive(Deserialize)]
struct Indexed<'a> {
    at_ms: i64,
    op: &'a str,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    action: Option<Uuid>,
}

fn verify(conn: &Connection, key: &[u8; 32], checkpoints: &Checkpoints) -> Answer<Verified> {
    let mut chain = Chain::new(key).ok_or(AppError::StoreUnreadable)?;
    let mut named: Vec<Head> = checkpoints.heads.clone();
    named.sort_by_key(|head| head.seq);
    let mut named = named.into_iter().peekable();
    let mut checkpoint_broken = checkpoints.unreadable_after;
    let mut entries = conn.prepare(
        "SELECT seq, body, hash, at_ms, op, actor_id, subject_id, patient_id, action FROM audit ORDER BY seq",
    )?;
    let mut rows = entries.query([])?;
    let mut broken_at = None;
    while let Some(row) = rows.next()? {
        // A hash of another type or length fits nothing, as it must.
        let hash = row.get::<_, [u8; 32]>(2).unwrap_or_default();
        let body = row.get_ref(1)?.as_str().unwrap_or_default();
        let expected = chain.head().seq + 1;
        if !chain.fits(row.get(0)?, body, &hash) || !columns_fit(row, body) {
            broken_at = Some(expected);
            break;
        }
        while let Some(head) = named.next_if(|head| head.seq <= expected) {
            if head != chain.head() && checkpoint_broken.is_none_or(|seq| head.seq < seq) {
                checkpoint_broken = Some(head.seq);
            }
        }
    }
    let head = chain.head();
    if broken_at.is_none() && checkpoint_broken.is_none() {
        // What comes after the end was there once.
        checkpoint_broken = named.next().map(|head| head.seq);
    }
    if broken_at.is_none() && !store::commands_have_entries(conn)? {
        broken_at = Some(head.seq + 1);
    }
    Ok(Verified { head, broken_at, checkpoint_broken })
}

/// Whether the columns say what the hashed body says: they are what filters go by.
fn columns_fit(row: &rusqlite::Row<'_>, body: &str) -> bool {
    let Ok(indexed) = serde_json::from_str::<Indexed<'_>>(body) else { return false };
    let id = |at: usize| row.get_ref(at).ok().and_then(|value| value.as_blob_or_null().ok()).flatten();
    let same =
        |at: usize, id_in_body: Option<Uuid>| id(at) == id_in_body.as_ref().map(|id| &id.as_bytes()[..]);
    row.get_ref(3).is_ok_and(|at| at.as_i64() == Ok(indexed.at_ms))
        && row.get_ref(4).is_ok_and(|op| op.as_str() == Ok(indexed.op))
        && same(5, indexed.actor_id)
        && same(6, indexed.subject_id)
        && same(7, indexed.patient_id)
        && same(8, indexed.action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::view::Op;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::identity::role::Role;

    const ENTRIES: i64 = 250;

    /// A clinic whose log holds 249 sign-ins and one booking, with checkpoints at 100 and 200.
    fn clinic() -> (Clinic, Actor) {
        let clinic = Clinic::new(1, 1);
        let mut admin = clinic.desk(1);
        admin.person.role = Role::Admin;
        let store = clinic.app.store().unwrap();
        for _ in 1..ENTRIES {
            store.note(&admin.entry(Op::SignIn, clinic.app.now())).unwrap();
        }
        clinic.book(0, 0, monday(), 600).unwrap();
        (clinic, admin)
    }

    /// What verifying finds after somebody with the key of the store, but without the program, wrote to it.
    fn after(clinic: &Clinic, tamper: impl FnOnce(&Connection)) -> Verified {
        let store = clinic.app.store().unwrap();
        let checkpoints = store.checkpoints();
        let mut found = None;
        let rolled_back = store.keep(None, |conn| {
            conn.execute_batch("DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks").unwrap();
            tamper(conn);
            found = Some(verify(conn, &store.audit_key, &checkpoints).unwrap());
            Err::<(), _>(AppError::WrongState)
        });
        assert!(rolled_back.is_err());
        found.unwrap()
    }

    fn run(conn: &Connection, sql: &str) {
        conn.execute_batch(sql).unwrap();
    }

    #[test]
    fn a_whole_chain_fits_and_its_end_becomes_a_checkpoint() {
        let (clinic, admin) = clinic();
        let report = clinic.app.verify_audit(&admin).unwrap();
        assert_eq!((report.entries, report.broken_at, report.checkpoint_broken), (250, None, None));
        let named: Vec<_> =
            clinic.app.store().unwrap().checkpoints().heads.iter().map(|head| head.seq).collect();
        assert_eq!(named, [100, 200, 250]);
    }

    #[test]
    fn only_who_may_read_the_log_verifies_it() {
        let clinic = Clinic::new(1, 1);
        assert_eq!(clinic.app.verify_audit(&clinic.desk(1)).unwrap_err(), AppError::Forbidden);
    }

    #[test]
    fn the_store_refuses_to_change_or_remove_an_entry() {
        let (clinic, _) = clinic();
        for sql in ["UPDATE audit SET body = '' WHERE seq = 3", "DELETE FROM audit WHERE seq = 250"] {
            let refused = clinic.app.store().unwrap().keep(None, |conn| Ok(conn.execute(sql, [])?));
            assert!(refused.is_err(), "{sql}");
        }
    }

    #[test]
    fn every_kind_of_tampering_is_found_where_it_was_done() {
        let (clinic, _) = clinic();
        let broken_at = |sql: &'static str| after(&clinic, |conn| run(conn, sql)).broken_at;
        assert_eq!(after(&clinic, |_| ()).broken_at, None, "the control: nothing was done");
        assert_eq!(
            broken_at("UPDATE audit SET body = replace(body, 'Desk 1', 'Desk 2') WHERE seq = 77"),
            Some(77)
        );
        assert_eq!(broken_at("UPDATE audit SET hash = randomblob(32) WHERE seq = 78"), Some(78));
        assert_eq!(broken_at("UPDATE audit SET hash = 'x' || substr(hash, 2) WHERE seq = 79"), Some(79));
        assert_eq!(broken_at("DELETE FROM audit WHERE seq = 80"), Some(80));
        assert_eq!(broken_at("DELETE FROM audit WHERE seq = 1"), Some(1));
        let swap = "UPDATE audit SET seq = -1 WHERE seq = 81; UPDATE audit SET seq = 81 WHERE seq = 90;
                    UPDATE audit SET seq = 90 WHERE seq = -1";
        assert_eq!(broken_at(swap), Some(81));
        let closed_gap = "DELETE FROM audit WHERE seq = 100; UPDATE audit SET seq = seq - 1 WHERE seq > 100";
        assert_eq!(broken_at(closed_gap), Some(100));
        let inserted =
            "INSERT INTO audit SELECT 251, at_ms, op, actor_id, subject_id, patient_id, action, body, hash
                        FROM audit WHERE seq = 250";
        assert_eq!(broken_at(inserted), Some(251));
    }

    #[test]
    fn what_the_filters_go_by_cannot_say_something_else_than_the_entry() {
        let (clinic, _) = clinic();
        for (column, value) in [
            ("at_ms", "at_ms + 1"),
            ("op", "'sign_out'"),
            ("actor_id", "NULL"),
            ("subject_id", "randomblob(16)"),
            ("patient_id", "randomblob(16)"),
            ("action", "randomblob(16)"),
        ] {
            let sql = format!("UPDATE audit SET {column} = {value} WHERE seq = 120");
            assert_eq!(after(&clinic, |conn| run(conn, &sql)).broken_at, Some(120), "{column}");
        }
    }

    /// How many changes are tried: a number of `make soak` where it sets one.
    fn tampers() -> u32 {
        std::env::var("CLINIC_DESK_SOAK_TAMPERS").ok().and_then(|n| n.parse().ok()).unwrap_or(600)
    }

    /// A change of the log, with the number of the first entry that fits no more. The last entry is left alone: what is
    /// cut off the end is found by other means.
    fn tamper(random: &mut impl FnMut(i64) -> i64) -> (String, i64) {
        let (seq, other, at) = (1 + random(ENTRIES - 1), 1 + random(ENTRIES - 1), 1 + random(200));
        match random(6) {
            0 => (
                format!(
                    "UPDATE audit SET body = substr(body, 1, {at} - 1)
                         || CASE substr(body, {at}, 1) WHEN 'x' THEN 'y' ELSE 'x' END || substr(body, {at} + 1)
                     WHERE seq = {seq}"
                ),
                seq,
            ),
            1 => (format!("UPDATE audit SET hash = randomblob(32) WHERE seq = {seq}"), seq),
            2 => (format!("DELETE FROM audit WHERE seq = {seq}"), seq),
            3 => (
                format!(
                    "DELETE FROM audit WHERE seq = {seq}; UPDATE audit SET seq = -seq WHERE seq > {seq};
                     UPDATE audit SET seq = -seq - 1 WHERE seq < 0"
                ),
                seq,
            ),
            4 => (
                format!(
                    "UPDATE audit SET seq = -seq WHERE seq > {seq}; UPDATE audit SET seq = 1 - seq WHERE seq < 0;
                     INSERT INTO audit SELECT {seq} + 1, at_ms, op, actor_id, subject_id, patient_id, action, body, hash
                         FROM audit WHERE seq = {seq}"
                ),
                seq + 1,
            ),
            _ => (
                format!(
                    "UPDATE audit SET seq = -1 WHERE seq = {seq}; UPDATE audit SET seq = {seq} WHERE seq = {other};
                     UPDATE audit SET seq = {other} WHERE seq = -1; DELETE FROM audit WHERE {seq} = {other} AND seq = {seq}"
                ),
                seq.min(other),
            ),
        }
    }

    /// Edited, given another hash, deleted, deleted without a gap, copied in between, swapped (L2 of the security
    /// reference).
    #[test]
    fn random_tampering_is_found_at_its_entry_each_time() {
        let (clinic, _) = clinic();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: i64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below.unsigned_abs()).cast_signed()
        };
        for nth in 0..tampers() {
            let (sql, expected) = tamper(&mut random);
            let found = after(&clinic, |conn| run(conn, &sql));
            assert_eq!(found.broken_at, Some(expected), "{nth}: {sql}");
        }
    }

    #[test]
    fn an_end_that_was_cut_off_is_found_by_the_last_command_or_the_last_checkpoint() {
        let (clinic, _) = clinic();
        let cut = after(&clinic, |conn| run(conn, "DELETE FROM audit WHERE seq > 249"));
        assert_eq!((cut.broken_at, cut.checkpoint_broken), (Some(250), None), "a command without an entry");
        let hidden =
            "DELETE FROM undo; DELETE FROM outbox; DELETE FROM act; DELETE FROM audit WHERE seq > 150";
        let cut = after(&clinic, |conn| run(conn, hidden));
        assert_eq!((cut.broken_at, cut.checkpoint_broken), (None, Some(200)));
    }

    #[test]
    fn a_chain_made_anew_with_the_stolen_key_differs_from_the_checkpoints() {
        let (clinic, _) = clinic();
        let key = *clinic.app.store().unwrap().audit_key;
        let forged = after(&clinic, |conn| {
            run(conn, "UPDATE audit SET body = replace(body, 'Desk 1', 'Desk 2') WHERE seq = 150");
            let mut previous = [0; 32];
            for seq in 1..=ENTRIES {
                let read = "SELECT body FROM audit WHERE seq = ?1";
                let body: String = conn.query_row(read, [seq], |row| row.get(0)).unwrap();
                previous = crate::db::audit::link(&key, &previous, seq, &body);
                conn.execute("UPDATE audit SET hash = ?2 WHERE seq = ?1", (seq, previous)).unwrap();
            }
        });
        assert_eq!((forged.broken_at, forged.checkpoint_broken), (None, Some(200)));
    }
}
