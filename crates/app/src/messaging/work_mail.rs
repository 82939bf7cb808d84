//! Works off the queue: what is due is sent, put off or given up; what is of no more use is skipped. What was settled long
//! ago leaves the log.
//!
//! At least once: a mail is marked before it goes out and settled after the server took it. When the program ends in
//! between, it is sent again once the time of that try is over, with the same Message-ID, by which the recipient's mail
//! program can know it for the same one.

use chrono::TimeDelta;
use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::{Failure, MailFault, Next, decide_next};
use clinic_domain::messaging::server::MailServer;
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::compose::{Outgoing, compose};
use super::settings::MailSettings;
use super::smtp::{Session, Smtp};
use super::store::{self, Due};
use super::{password, settings};
use crate::app::App;
use crate::clinic;
use crate::clinic::record::Clinic;
use crate::error::{Answer, AppError};

/// Mails that are sent on one connection.
const BATCH: u32 = 50;
/// A try that has not come to an end after so long is lost: the program ended in it.
pub(super) const TRY_LASTS: TimeDelta = TimeDelta::minutes(10);

impl App {
    /// Works off what is due now, over the network; answers when to look again, `None` when nothing waits. Meant for one
    /// thread in the background; nothing here needs anybody signed in.
    ///
    /// # Errors
    /// [`AppError::WrongState`] while there is no open store or no clinic; faults of the store.
    pub fn work_mail(&self, smtp: &Smtp) -> Answer<Option<Instant>> {
        let store = self.store()?;
        let now = self.now();
        if store.read(|conn| store::is_any_old(conn, now))? {
            store.keep(None, |conn| store::forget_old(conn, now))?;
        }
        let mut next = store.read(store::next_due)?;
        let mut worked = false;
        while next.is_some_and(|next| next <= self.now()) {
            worked = true;
            self.work_mails(smtp)?;
            next = store.read(store::next_due)?;
        }
        if worked {
            self.mail_queue_changed()?;
        }
        Ok(next)
    }

    /// Sends some of what is due, or puts all of it off. Afterwards at least one mail fewer is due.
    fn work_mails(&self, smtp: &Smtp) -> Answer<()> {
        let store = self.store()?;
        let now = self.now();
        let skipped = store.keep(None, |conn| store::expire(conn, now))?;
        if skipped > 0 {
            tracing::info!(skipped, "mails were of no more use");
        }
        let (due, found, clinic) = store.read(|conn| {
            let found = settings::find(conn)?.map(|(settings, _)| settings);
            Ok((store::due(conn, now, BATCH)?, found, clinic::store::load(conn)?.0))
        })?;
        if due.is_empty() {
            return Ok(());
        }
        let opened = match &found {
            None => Err(Failure { fault: MailFault::NotSetUp, status: None }),
            Some(settings) => self.mail_session(smtp, settings),
        };
        match (opened, found) {
            (Ok(session), Some(settings)) => self.send_mails(session, &due, &settings.server, &clinic),
            (Err(failure), _) => self.put_off_mails(failure, now),
            (Ok(_), None) => Err(AppError::WrongState),
        }
    }

    fn mail_session(&self, smtp: &Smtp, settings: &MailSettings) -> Result<Session, Failure> {
        let password = password_for(self, settings)
            .map_err(|_| Failure { fault: MailFault::NoPassword, status: None })?;
        smtp.open(&settings.server, &password).map_err(|trouble| trouble.failure)
    }

    fn send_mails(
        &self,
        mut session: Session,
        due: &[Due],
        server: &MailServer,
        clinic: &Clinic,
    ) -> Answer<()> {
        for mail in due {
            let now = self.now();
            if session.broken {
                break;
            }
            // Others took long; this one's end has come meanwhile, which the next round notices.
            if mail.expires <= now {
                continue;
            }
            self.store()?.keep(None, |conn| store::claim(conn, mail.id, now + TRY_LASTS))?;
            let sent = hand_over(&mut session, mail, server, clinic);
            let now = self.now();
            let jitter = self.mail_jitter()?;
            self.store()?.keep(None, |conn| match &sent {
                Ok(()) => store::sent(conn, mail.id, &server.from_address, now),
                Err(failure) => settle(conn, mail, *failure, now, jitter),
            })?;
            log(mail, &sent);
        }
        session.close();
        Ok(())
    }

    /// Nothing can be sent at all now: everything that is due waits for its next try.
    fn put_off_mails(&self, failure: Failure, now: Instant) -> Answer<()> {
        tracing::info!(fault = ?failure.fault, status = failure.status, "mail cannot be sent now");
        self.store()?.keep(None, |conn| {
            for mail in store::due(conn, now, u32::MAX)? {
                settle(conn, &mail, failure, now, self.mail_jitter()?)?;
            }
            Ok(())
        })
    }

    fn mail_jitter(&self) -> Answer<u8> {
        let mut byte = [0];
        self.parts.random.fill(&mut byte)?;
        Ok(byte[0])
    }
}

/// The password for the account that the settings name; empty where there is none.
pub(super) fn password_for(app: &App, settings: &MailSettings) -> Answer<Secret> {
    if settings.server.user.is_empty() {
        return Ok(Secret::default());
    }
    password::read(app, settings.id)?.ok_or(AppError::NoKeystore)
}

fn hand_over(session: &mut Session, mail: &Due, server: &MailServer, clinic: &Clinic) -> Result<(), Failure> {
    let Due { id, created, recipient, letter, .. } = mail;
    let outgoing = Outgoing { id: *id, created: *created, recipient, letter: letter.as_ref() };
    session.send(&compose(&outgoing, server, clinic)?).map_err(|trouble| trouble.failure)
}

/// Writes down what a try that did not succeed has led to.
fn settle(conn: &Connection, mail: &Due, failure: Failure, now: Instant, jitter: u8) -> Answer<()> {
    let tries = mail.tries.saturating_add(1);
    match decide_next(failure, tries, now, mail.expires, jitter) {
        Next::TryAt(due) => store::put_off(conn, mail.id, failure, tries, due),
        Next::GiveUp => store::failed(conn, mail.id, failure, now),
    }
}

/// What has become of a mail: its number, its kind and codes, never whom it is for or what it says.
fn log(mail: &Due, sent: &Result<(), Failure>) {
    let (id, kind) = (mail.id, &mail.letter);
    match sent {
        Ok(()) => tracing::info!(%id, ?kind, tries = mail.tries + 1, "mail sent"),
        Err(failure) => {
            let (fault, status) = (failure.fault, failure.status);
            tracing::warn!(%id, ?kind, ?fault, status, "mail not sent");
        }
    }
}
