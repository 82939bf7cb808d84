//! The emergency access that runs in a session: what the banner says on every screen.

use clinic_domain::directory::name;
use clinic_domain::identity::policy::Action;
use rusqlite::Connection;

use super::record::Emergency;
use super::store;
use super::view::RunningEmergency;
use crate::app::{Actor, App};
use crate::db::Record;
use crate::directory::record::Patient;
use crate::error::{Answer, AppError};

impl App {
    /// The emergency access that runs in this session, if one does.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn running_emergency(&self, actor: &Actor) -> Answer<Option<RunningEmergency>> {
        self.read(actor, Action::OpenInEmergency, |conn, _| {
            let open = self.open_emergency(conn, actor)?;
            open.map(|open| self.running(conn, open)).transpose()
        })
    }

    fn running(&self, conn: &Connection, open: Emergency) -> Answer<RunningEmergency> {
        let (patient, _) = Patient::load(conn, open.patient_id.0)?.ok_or(AppError::NotFound)?;
        let (now, opening) = (self.now(), open.opening());
        // Rounded up: as long as a part of a second is left, it is open.
        let seconds = |span: chrono::TimeDelta| {
            u32::try_from((span.num_milliseconds() + 999) / 1000).unwrap_or_default()
        };
        Ok(RunningEmergency {
            id: open.id,
            patient_id: open.patient_id,
            patient: name::given_first(&patient.form.family_name, &patient.form.given_names),
            reason: open.reason,
            words: open.words,
            from: open.from,
            until: open.until,
            seconds_left: seconds(open.until - now),
            seconds: seconds(open.until - open.from),
            may_extend: opening.may_extend(now),
            opened: store::reads(conn, open.id)?,
            told: store::told(conn, open.id)?,
        })
    }

    /// What was opened in this session and is not over, by either clock.
    ///
    /// # Errors
    /// Faults of the store.
    pub(crate) fn open_emergency(&self, conn: &Connection, actor: &Actor) -> Answer<Option<Emergency>> {
        let (now, elapsed) = (self.now(), self.parts.clock.elapsed());
        Ok(store::unended_in(conn, actor.session)?.filter(|one| {
            one.account_id == actor.person.account
                && one.opening().is_open(now)
                && self.emergencies.is_ahead(one.id, elapsed)
        }))
    }
}
