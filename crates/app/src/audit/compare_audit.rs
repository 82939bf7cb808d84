//! Compares the log with a code that somebody noted outside this computer (TR-4): the one thing that tells when its end was
//! cut off together with the checkpoints, or all of it made anew by whoever holds the key.

use clinic_domain::audit::Noted;
use clinic_domain::identity::policy::Action;
use clinic_domain::validation::{FieldError, FieldRule};

use super::store;
use super::verify_audit::recompute;
use crate::app::{Actor, App};
use crate::audit::view::{CompareAudit, ComparedAudit, NotedEntry};
use crate::error::{Answer, AppError};

impl App {
    /// Recomputes the chain and says whether the entry of a noted code is still the same.
    ///
    /// # Errors
    /// [`AppError::Validation`] for what is no code; [`AppError::Forbidden`]; faults of the store.
    pub fn compare_audit(&self, actor: &Actor, request: CompareAudit) -> Answer<ComparedAudit> {
        let opened = self.store()?;
        let (noted, hash, found) = self.read(actor, Action::ReadAudit, |conn, _| {
            let malformed =
                || AppError::Validation { fields: vec![FieldError::new("log_code", FieldRule::Malformed)] };
            let noted = Noted::read(&request.log_code).ok_or_else(malformed)?;
            Ok((noted, store::hash(conn, noted.seq)?, recompute(conn, &opened)?))
        })?;
        let report = self.report(&opened, found);
        let fits_up_to_there = report.broken_at.is_none_or(|at| at > noted.seq);
        let entry = match hash {
            None => NotedEntry::Missing,
            Some(hash) if noted.fits(&hash) && fits_up_to_there => NotedEntry::Same,
            Some(_) => NotedEntry::Differs,
        };
        Ok(ComparedAudit { seq: noted.seq, entry })
    }
}

#[cfg(test)]
mod tests {
    use clinic_domain::audit;
    use clinic_domain::identity::role::Role;
    use rusqlite::Connection;

    use super::*;
    use crate::audit::view::Op;
    use crate::db::audit::link;
    use crate::db::checkpoint;
    use crate::scheduling::fixture::Clinic;

    const ENTRIES: u32 = 120;

    /// A clinic whose log has some entries, and the code of the last one.
    fn clinic() -> (Clinic, Actor, String) {
        let clinic = Clinic::new(1, 1);
        let mut admin = clinic.desk(1);
        admin.person.role = Role::Admin;
        let store = clinic.app.store().unwrap();
        for _ in 0..ENTRIES {
            store.note(&admin.entry(Op::SignIn, clinic.app.now())).unwrap();
        }
        let code = clinic.app.verify_audit(&admin).unwrap().log_code;
        (clinic, admin, code)
    }

    fn compared(clinic: &Clinic, admin: &Actor, code: &str) -> Answer<(u32, NotedEntry)> {
        let compared = clinic.app.compare_audit(admin, CompareAudit { log_code: code.to_owned() })?;
        Ok((compared.seq, compared.entry))
    }

    /// Somebody with the key of the store writes to it, and takes the checkpoints away.
    fn tamper(clinic: &Clinic, with: impl FnOnce(&Connection)) {
        let store = clinic.app.store().unwrap();
        let done = store.keep(None, |conn| {
            conn.execute_batch("DROP TRIGGER IF EXISTS audit_never_changes").unwrap();
            conn.execute_batch("DROP TRIGGER IF EXISTS audit_never_shrinks").unwrap();
            with(conn);
            Ok(())
        });
        done.unwrap();
        std::fs::remove_file(checkpoint::path_of(store.path())).unwrap();
    }

    #[test]
    fn a_log_that_nobody_touched_is_the_same_and_goes_on() {
        let (clinic, admin, code) = clinic();
        assert_eq!(compared(&clinic, &admin, &code), Ok((ENTRIES, NotedEntry::Same)));
        clinic.app.store().unwrap().note(&admin.entry(Op::SignOut, clinic.app.now())).unwrap();
        assert_eq!(compared(&clinic, &admin, &code), Ok((ENTRIES, NotedEntry::Same)));
        let other = audit::write(ENTRIES - 1, &[7; 32]);
        assert_eq!(compared(&clinic, &admin, &other), Ok((ENTRIES - 1, NotedEntry::Differs)));
    }

    #[test]
    fn however_much_was_cut_off_the_end_the_code_misses_its_entry() {
        let (clinic, admin, code) = clinic();
        for left in (0..ENTRIES).rev() {
            tamper(&clinic, |conn| {
                conn.execute("DELETE FROM audit WHERE seq > ?1", [left]).unwrap();
            });
            let report = clinic.app.verify_audit(&admin).unwrap();
            assert_eq!((report.broken_at, report.checkpoint_broken), (None, None), "nothing else tells");
            assert_eq!(compared(&clinic, &admin, &code), Ok((ENTRIES, NotedEntry::Missing)), "{left} left");
            std::fs::write(checkpoint::path_of(clinic.app.store().unwrap().path()), "").unwrap();
        }
    }

    #[test]
    fn a_log_made_anew_with_the_stolen_key_is_another_one() {
        let (clinic, admin, code) = clinic();
        let key = clinic.app.store().unwrap().audit_key.clone();
        tamper(&clinic, |conn| {
            let edit = "UPDATE audit SET body = replace(body, 'Desk 1', 'Desk 2') WHERE seq = 60";
            conn.execute_batch(edit).unwrap();
            let mut previous = [0; 32];
            for seq in 1..=i64::from(ENTRIES) {
                let read = "SELECT body FROM audit WHERE seq = ?1";
                let body: String = conn.query_row(read, [seq], |row| row.get(0)).unwrap();
                previous = link(&key, &previous, seq, &body);
                conn.execute("UPDATE audit SET hash = ?2 WHERE seq = ?1", (seq, previous)).unwrap();
            }
        });
        let report = clinic.app.verify_audit(&admin).unwrap();
        assert_eq!((report.broken_at, report.checkpoint_broken), (None, None), "nothing else tells");
        assert_eq!(compared(&clinic, &admin, &code), Ok((ENTRIES, NotedEntry::Differs)));
    }

    #[test]
    fn an_entry_behind_a_break_is_not_called_the_same() {
        let (clinic, admin, code) = clinic();
        tamper(&clinic, |conn| {
            conn.execute_batch("UPDATE audit SET body = body || ' ' WHERE seq = 7").unwrap()
        });
        assert_eq!(compared(&clinic, &admin, &code), Ok((ENTRIES, NotedEntry::Differs)));
    }

    #[test]
    fn what_is_no_code_is_named_and_the_log_is_for_administrators() {
        let (clinic, admin, code) = clinic();
        let fields = vec![FieldError::new("log_code", FieldRule::Malformed)];
        assert_eq!(compared(&clinic, &admin, "7F3A-91C2"), Err(AppError::Validation { fields }));
        assert_eq!(compared(&clinic, &clinic.desk(1), &code), Err(AppError::Forbidden));
    }
}
