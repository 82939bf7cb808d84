//! Proves with a code from a mail that a forgotten password is one's own (AU-5, AU-6). What follows is remembered at the
//! desk, in memory and for minutes; the page holds nothing that would open an account.

use std::time::Duration;

use clinic_domain::id::AccountId;

use super::account::Account;
use super::notice::{self, NoticeKind};
use super::reset_view::{MailCodeProblem, ProveReset};
use super::store_one_time_code::Purpose;
use crate::app::App;
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

/// How long a proof waits for the new password.
const WAITS: Duration = Duration::from_secs(10 * 60);

/// Somebody who proved that they got the mail, and has not chosen a password yet.
#[derive(Debug, Clone)]
pub(super) struct Proven {
    /// Whose account.
    pub account: AccountId,
    /// Since when, by the monotonic clock.
    pub since: Duration,
}

impl App {
    /// Proves that one got the mail; whoever was here before is signed out. The state says whose password is to be chosen.
    ///
    /// # Errors
    /// [`AppError::MailCodeRefused`], which is written down for six digits; [`AppError::Validation`]; faults of the store.
    pub fn prove_reset(&self, request: ProveReset) -> Answer<SessionState> {
        let proven = match &request {
            ProveReset::Code { id, code } => self.use_mail_code(Purpose::Reset, *id, code),
            ProveReset::Link { link } => self.use_mail_link(Purpose::Reset, link),
        };
        let account = proven.map(AccountId).map_err(|refusal| self.heed_refusal(refusal))?;
        self.wait_for_password(account)
    }

    /// Whoever has proved that they got the mail, if it is not too long ago and the account is still theirs to use.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn proven(&self) -> Answer<Option<Account>> {
        let elapsed = self.parts.clock.elapsed();
        let Some(proven) = self.proven_here().filter(|proven| elapsed.saturating_sub(proven.since) < WAITS)
        else {
            return Ok(None);
        };
        let found = self.store()?.read(|conn| Account::load(conn, proven.account.0))?;
        Ok(found.map(|(account, _)| account).filter(|account| account.active))
    }

    /// Writes a wrong code down; with the last one that is looked at, the administrators are told. Nobody is named: a
    /// code says nothing about whom it is for.
    pub(super) fn heed_refusal(&self, refusal: AppError) -> AppError {
        let AppError::MailCodeRefused { problem: MailCodeProblem::Wrong, tries_left } = refusal else {
            return refusal;
        };
        let device = &self.parts.device;
        let noted = self.store().and_then(|store| {
            store.note(&Entry::of_nobody(Op::MailCodeFailed, self.now(), device))?;
            if tries_left > 0 {
                return Ok(());
            }
            let alarm = Entry::of_nobody(Op::ManyWrongCodes, self.now(), device);
            store.keep(Some(&alarm), |conn| {
                notice::for_administrators(self, conn, NoticeKind::ManyWrongCodes, device, None)
            })
        });
        noted.err().unwrap_or(refusal)
    }
}
