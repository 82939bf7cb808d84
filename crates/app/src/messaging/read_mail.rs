//! How mail leaves the clinic, and what waits to leave.

use clinic_domain::identity::policy::Action;
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::view::{MailView, PasswordKept};
use super::{password, queue, settings};
use crate::app::{Actor, App};
use crate::error::Answer;

impl App {
    /// How mail leaves the clinic, and what waits to leave. Of the password it says only that there is one.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; faults of the store.
    pub fn read_mail(&self, actor: &Actor) -> Answer<MailView> {
        let now = self.now();
        self.read(actor, Action::EditClinic, |conn, _| view(conn, now))
    }
}

/// The same for whoever may have it.
///
/// # Errors
/// Faults of the store.
pub(super) fn view(conn: &Connection, now: Instant) -> Answer<MailView> {
    let found = settings::find(conn)?;
    let set = found.as_ref().and_then(|(settings, _)| settings.password_set);
    let kept = match (password::place(conn)?, set) {
        (Some(place), Some(set)) => Some(PasswordKept { place, set }),
        _ => None,
    };
    let rev = found.as_ref().map_or(0, |(_, rev)| *rev);
    let server = found.map(|(settings, _)| settings.server);
    Ok(MailView { server, password: kept, queue: queue::queue(conn, now)?, rev })
}
