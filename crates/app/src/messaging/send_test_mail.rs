//! Sends a test mail by what was typed about the server, which changes nothing, and says how far it came.

use clinic_domain::directory::contact::check_email;
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::{Failure, MailFault, MailStep};
use clinic_domain::messaging::server::MailServer;
use clinic_domain::validation::{FieldError, FieldRule};

use super::compose::{Outgoing, compose};
use super::enqueue::Mail;
use super::form::{self, Password};
use super::letter::Letter;
use super::settings::MailSettings;
use super::smtp::{Smtp, Trouble};
use super::view::{TestMail, TestReport, TestStop};
use super::work_mail::{TRY_LASTS, password_for};
use super::{settings, store};
use crate::app::{Actor, App};
use crate::clinic;
use crate::clinic::record::Clinic;
use crate::error::{Answer, AppError};

impl App {
    /// Sends a test mail by what was typed and says how far it came. It takes its place in the log of mails; nothing else
    /// is written, and it is not tried again.
    ///
    /// # Errors
    /// [`AppError::Validation`] with paths `to`, `form.<field>` and `password`; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn send_test_mail(&self, actor: &Actor, request: TestMail, smtp: &Smtp) -> Answer<TestReport> {
        let (saved, clinic) = self.read(actor, Action::EditClinic, |conn, _| {
            Ok((settings::find(conn)?.map(|(settings, _)| settings), clinic::store::load(conn)?.0))
        })?;
        let checked = form::check(&request.form, request.password, saved.as_ref());
        let (to, server, password) = with_recipient(&request.to, checked)?;
        let mail = self.mail(&to, Letter::Test { name: actor.name.clone() })?;
        self.store()?.keep(None, |conn| {
            store::insert(conn, &mail)?;
            store::claim(conn, mail.id, mail.created + TRY_LASTS)
        })?;
        let began = self.parts.clock.elapsed();
        let sent = self.try_test_mail(smtp, &mail, &server, (&password, saved.as_ref()), &clinic);
        let took = self.parts.clock.elapsed().saturating_sub(began);
        self.note_test_mail(&mail, &server, &sent)?;
        let when = mail.created;
        let took_ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        Ok(match sent {
            Ok(peer) => TestReport { when, took_ms, peer, stop: None },
            Err(Trouble { step, failure: Failure { fault, status }, answer, peer }) => {
                TestReport { when, took_ms, peer, stop: Some(TestStop { step, fault, status, answer }) }
            }
        })
    }

    /// Answers with the server's address.
    fn try_test_mail(
        &self,
        smtp: &Smtp,
        mail: &Mail,
        server: &MailServer,
        (password, saved): (&Password, Option<&MailSettings>),
        clinic: &Clinic,
    ) -> Result<String, Trouble> {
        let kept = match (password, saved) {
            (Password::Saved, Some(saved)) => password_for(self, saved),
            _ => Ok(Secret::default()),
        };
        let locked = Failure { fault: MailFault::NoPassword, status: None };
        let kept = kept.map_err(|_| Trouble::of(MailStep::SignIn, locked))?;
        let password = if let Password::Typed(typed) = password { typed } else { &kept };
        let Mail { id, created, recipient, letter } = mail;
        let outgoing = Outgoing { id: *id, created: *created, recipient, letter: Some(letter) };
        let parcel =
            compose(&outgoing, server, clinic).map_err(|fault| Trouble::of(MailStep::Send, fault))?;
        let mut session = smtp.open(server, password)?;
        let peer = session.peer.clone();
        let sent = session.send(&parcel);
        session.close();
        sent.map(|()| peer.clone()).map_err(|trouble| Trouble { peer, ..trouble })
    }

    fn note_test_mail(&self, mail: &Mail, server: &MailServer, sent: &Result<String, Trouble>) -> Answer<()> {
        let now = self.now();
        self.store()?.keep(None, |conn| match sent {
            Ok(_) => store::sent(conn, mail.id, &server.from_address, now),
            Err(trouble) => store::failed(conn, mail.id, trouble.failure, now),
        })?;
        self.mail_queue_changed()
    }
}

/// The checked form with the checked recipient, or everything that is wrong with either.
fn with_recipient(to: &str, form: Answer<(MailServer, Password)>) -> Answer<(String, MailServer, Password)> {
    let wrong = match check_email("to", to) {
        Ok(to) if to.is_empty() => FieldError::new("to", FieldRule::Required),
        Ok(to) => return form.map(|(server, password)| (to, server, password)),
        Err(wrong) => wrong,
    };
    let mut fields = vec![wrong];
    match form {
        Err(AppError::Validation { fields: others }) => fields.extend(others),
        Err(other) => return Err(other),
        Ok(_) => {}
    }
    Err(AppError::Validation { fields })
}
