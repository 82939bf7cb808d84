//! Tries at once what waits, and once more what failed.

use clinic_domain::identity::policy::Action;

use super::view::MailView;
use super::{read_mail, store};
use crate::app::{Actor, App};
use crate::error::Answer;

impl App {
    /// Makes everything that waits due now, and puts what failed and is still of use into the queue again.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn retry_mail(&self, actor: &Actor) -> Answer<MailView> {
        let now = self.now();
        // The policy is asked before anything is written; the rows are no records, hence not for the door.
        self.read(actor, Action::EditClinic, |_, _| Ok(()))?;
        let view = self.store()?.keep(None, |conn| {
            store::revive(conn, now)?;
            store::try_now(conn, now)?;
            read_mail::view(conn, now)
        })?;
        self.mail_queue_changed()?;
        Ok(view)
    }
}
