//! Puts a mail into the queue, in the transaction of whatever causes it: both are written, or neither.

use clinic_domain::id::{ActionId, MailId};
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::letter::Letter;
use super::store;
use crate::app::App;
use crate::db::record::{Change, ChangeSet};
use crate::db::{Noun, Record};
use crate::error::Answer;

/// A mail that is about to be put into the queue.
pub(crate) struct Mail {
    pub(super) id: MailId,
    pub(super) recipient: String,
    pub(super) letter: Letter,
    pub(super) created: Instant,
}

impl App {
    /// A mail to an address, which may already be known to be good ([`clinic_domain::directory::contact::check_email`]).
    /// It is sent once it was put into the queue with [`enqueue`] and that transaction was committed; after one that
    /// tells of no change itself (`Store::keep`), [`App::mail_waits`] saves the wait for the next tick.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub(crate) fn mail(&self, recipient: &str, letter: Letter) -> Answer<Mail> {
        let id = MailId(self.new_id()?);
        Ok(Mail { id, recipient: recipient.to_owned(), letter, created: self.now() })
    }

    /// Tells whoever works off the queue, and the settings, that there is something new in it.
    pub(crate) fn mail_waits(&self, id: MailId) {
        let changes = vec![Change { noun: Noun::Mail, id: id.0 }];
        self.tell(&ChangeSet { action_id: ActionId(id.0), changes });
    }
}

/// Puts a mail into the queue, on the connection of the transaction that causes it. One without an address is written
/// down as skipped.
///
/// # Errors
/// Faults of the store.
pub(crate) fn enqueue(conn: &Connection, mail: &Mail) -> Answer<()> {
    store::insert(conn, mail)
}
