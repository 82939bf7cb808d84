//! Puts a mail into the queue, in the transaction of whatever causes it: both are written, or neither.

use clinic_domain::id::{ActionId, MailId};
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::letter::Letter;
use super::store;
use crate::app::App;
use crate::db::Noun;
use crate::db::record::{Change, ChangeSet};
use crate::error::Answer;

/// A mail that is about to be put into the queue.
pub(crate) struct Mail {
    /// Its id, for whoever wants to know later what became of it.
    pub(crate) id: MailId,
    pub(super) recipient: String,
    pub(super) letter: Letter,
    pub(super) created: Instant,
}

impl Mail {
    /// The same to nobody: what is kept of it is as much, and nothing leaves.
    pub(crate) fn kept_back(self) -> Self {
        Self { recipient: String::new(), ..self }
    }
}

impl App {
    /// A mail to an address, which may already be known to be good ([`clinic_domain::directory::contact::check_email`]).
    /// It is sent once it was put into the queue with [`enqueue`] and that transaction was committed; after one that
    /// tells of no change itself (`Store::keep`), [`App::mail_queue_changed`] saves the wait for the next tick.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub(crate) fn mail(&self, recipient: &str, letter: Letter) -> Answer<Mail> {
        let id = MailId(self.new_id()?);
        Ok(Mail { id, recipient: recipient.to_owned(), letter, created: self.now() })
    }

    /// Puts a mail into the queue that nothing else has to be written with.
    ///
    /// # Errors
    /// The computer gives no randomness; faults of the store.
    pub fn queue_mail(&self, recipient: &str, letter: Letter) -> Answer<MailId> {
        let mail = self.mail(recipient, letter)?;
        self.store()?.keep(None, |conn| enqueue(conn, &mail))?;
        self.mail_queue_changed()?;
        Ok(mail.id)
    }

    /// Tells whoever works off the queue, and whoever looks at it, that it is another one.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub(crate) fn mail_queue_changed(&self) -> Answer<()> {
        let id = self.new_id()?;
        self.tell(&ChangeSet { action_id: ActionId(id), changes: vec![Change { noun: Noun::Mail, id }] });
        Ok(())
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
