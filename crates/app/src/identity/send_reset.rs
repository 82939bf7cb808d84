//! Has a long code for another password sent to somebody who cannot ask for one (AU-6, ASVS 6.4.6).

use clinic_domain::id::CodeId;
use clinic_domain::identity::one_time_code::LINK_LIFETIME;
use clinic_domain::identity::policy::Action;
use clinic_domain::validation::{FieldError, FieldRule};

use super::account::Account;
use super::code::name_hash;
use super::reset_view::{ResetSent, SendReset};
use super::store_one_time_code::{self as store, Asked, New, Purpose};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::messaging::{Letter, enqueue};

impl App {
    /// Sends a long code to the address of an account. Nothing about the account changes until it is used, and whoever
    /// sends it never sees it.
    ///
    /// # Errors
    /// [`AppError::Validation`] for an account without an address; [`AppError::WrongState`] for a deactivated one;
    /// [`AppError::CodesSpent`]; [`AppError::MailNotSetUp`]; [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn send_reset(&self, actor: &Actor, request: SendReset) -> Answer<ResetSent> {
        let found = self.read(actor, Action::ManageAccounts, |conn, _| Account::load(conn, request.id.0))?;
        let (account, _) = found.ok_or(AppError::NotFound)?;
        self.needs_mail()?;
        if !account.active {
            return Err(AppError::WrongState);
        }
        let email = account.email.clone().ok_or_else(|| AppError::Validation {
            fields: vec![FieldError::new("email", FieldRule::Required)],
        })?;
        let (opened, now) = (self.store()?, self.now());
        let mailbox = name_hash(&opened, &email);
        // Bounded by the mailbox, whoever asks.
        let asked = Asked { typed: mailbox, mailbox: Some(mailbox), device: self.this_device()?.id };
        let (link, until) = (self.new_link()?, now + LINK_LIFETIME);
        let name = account.given_names.clone();
        let letter = self.mail(&email, Letter::ResetLink { name, link: link.text.disclose(), until })?;
        let new = New {
            id: CodeId(self.new_id()?),
            purpose: Purpose::Reset,
            subject: Some(account.id.0),
            code_hash: None,
            link_hash: Some(link.hash),
            mail: letter.id,
        };
        let entry = Entry {
            subject_id: Some(account.id.0),
            subject: account.subject(),
            ..actor.entry(Op::SendReset, now)
        };
        opened.keep(Some(&entry), |conn| {
            self.mailbox_takes(conn, &asked)?;
            store::insert(conn, &asked, &new, now)?;
            enqueue(conn, &letter)
        })?;
        self.mail_queue_changed()?;
        Ok(ResetSent { email, until })
    }
}
