//! The own sessions (AU-12).

use clinic_domain::identity::policy::Action;

use super::store_session;
use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::access_view::SessionRow;

impl App {
    /// The own live sessions, the latest first (AU-12).
    ///
    /// # Errors
    /// Faults of the store.
    pub fn list_sessions(&self, actor: &Actor) -> Answer<Vec<SessionRow>> {
        let now = self.now();
        self.read(actor, Action::ManageOwnSession, |conn, _| {
            store_session::list_active(conn, actor.person.account, actor.session, now)
        })
    }
}
