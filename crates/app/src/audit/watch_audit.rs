//! Verifies the audit chain without being asked (TR-4): soon after the store was opened and once a day from then on, so that
//! a log that was changed is noticed by nobody's diligence. It repairs nothing.

use chrono::TimeDelta;
use clinic_domain::time::Instant;

use super::store;
use super::verify_audit::recompute;
use crate::app::App;
use crate::error::{Answer, AppError};
use crate::identity::notice::{self, NoticeKind};

/// How often.
const EVERY: TimeDelta = TimeDelta::days(1);

impl App {
    /// Verifies the log when that is due, and answers when it is due again. When it does not fit, every administrator who
    /// has not been told already is.
    ///
    /// # Errors
    /// [`AppError::WrongState`] without an open store or an entry in it; faults of the store.
    pub fn watch_audit(&self) -> Answer<Instant> {
        let now = self.now();
        if let Some(last) = self.last_verified()
            && (last.at..last.at + EVERY).contains(&now)
        {
            return Ok(last.at + EVERY);
        }
        let opened = self.store()?;
        if opened.read(store::head)? == 0 {
            return Err(AppError::WrongState);
        }
        let found = opened.read(|conn| recompute(conn, &opened))?;
        let report = self.report(&opened, found);
        if report.broken_at.is_some() || report.checkpoint_broken.is_some() {
            tracing::error!(report.broken_at, report.checkpoint_broken, "the audit log does not fit");
            let device = &self.parts.device;
            opened.keep(None, |conn| {
                notice::once_for_administrators(self, conn, NoticeKind::AuditBroken, device, None)
            })?;
        }
        Ok(report.at + EVERY)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::fixture::Clinic;

    fn clinic() -> Clinic {
        let clinic = Clinic::new();
        drop(clinic.sign_in("nobody", "a wrong password"));
        clinic
    }

    #[test]
    fn a_log_without_an_entry_is_not_verified() {
        assert_eq!(Clinic::new().app.watch_audit().unwrap_err(), AppError::WrongState);
    }

    #[test]
    fn the_log_is_verified_each_day_and_the_screen_says_so() {
        let clinic = clinic();
        let admin = clinic.admin();
        let shown = || {
            let request = json!({ "query": "", "from": null, "until": null, "actor_id": null,
                "nobody": false, "op": null, "patient_id": null, "with_reads": false, "page": 0, "size": 1 });
            let request = serde_json::from_value(request).unwrap();
            clinic.app.list_audit(&admin, request).unwrap().verified.map(|report| (report.at, report.entries))
        };
        let entries = || u32::try_from(clinic.ops().len()).unwrap();
        assert_eq!(shown(), None);
        let begun = clinic.app.now();
        assert_eq!(clinic.app.watch_audit().unwrap(), begun + EVERY);
        clinic.wait(24 * 60 * 60 - 1);
        assert_eq!(clinic.app.watch_audit().unwrap(), begun + EVERY, "not yet");
        assert_eq!(shown(), Some((begun, entries())));
        clinic.wait(1);
        assert_eq!(clinic.app.watch_audit().unwrap(), begun + EVERY * 2);
        assert_eq!(shown(), Some((clinic.app.now(), entries())));
    }

    #[test]
    fn a_log_that_does_not_fit_is_told_to_the_administrators_once_until_they_have_read_it() {
        let clinic = clinic();
        let store = clinic.app.store().unwrap();
        let told = || {
            let count = "SELECT count(*) FROM notice WHERE kind = 'audit_broken'";
            store.read(|conn| Ok(conn.query_row(count, [], |row| row.get::<_, u32>(0))?)).unwrap()
        };
        clinic.app.watch_audit().unwrap();
        assert_eq!(told(), 0);
        let edited = "DROP TRIGGER audit_never_changes; UPDATE audit SET body = body || ' ' WHERE seq = 1";
        store.keep(None, |conn| Ok(conn.execute_batch(edited)?)).unwrap();
        for _ in 0..2 {
            clinic.wait(24 * 60 * 60);
            clinic.app.watch_audit().unwrap();
            assert_eq!(told(), 1);
        }
    }
}
