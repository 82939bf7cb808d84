//! The second step of a sign-in: after the password, the code of the authenticator app or a recovery code (AU-18).
//!
//! The step is remembered at the desk, in memory and for minutes. A code is counted before it is looked at, together with
//! the wrong passwords of the same person and device: who guesses codes waits like who guesses passwords.

use std::time::Duration;

use clinic_domain::id::AccountId;
use clinic_domain::identity::second_factor as rules;
use clinic_domain::identity::secret::Secret;

use super::account::Account;
use super::person_key::PersonKey;
use super::second_factor::refused;
use super::second_factor_view::{CodeProblem, FactorCode};
use super::store_second_factor as store;
use super::throttle::Whose;
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

/// How long a right password waits for its code.
const WAITS: Duration = Duration::from_secs(5 * 60);

/// Somebody whose password was right and whose code is still asked for.
#[derive(Clone)]
pub(super) struct HalfWay {
    /// What opens the store for them once they are in (K2).
    pub entry: Option<PersonKey>,
    /// Who.
    pub account: AccountId,
    /// Since when, by the monotonic clock.
    pub since: Duration,
}

impl App {
    /// Proves the second factor of whoever's password was right a moment ago, and signs them in.
    ///
    /// # Errors
    /// [`AppError::CodeRefused`], which is written down and counted; [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; [`AppError::NotSignedIn`] when the password is too long ago;
    /// faults of the store.
    pub fn prove_second_factor(&self, request: FactorCode) -> Answer<SessionState> {
        let _entering = self.staff.enter();
        let account = self.half_way()?.ok_or(AppError::NotSignedIn)?;
        let entry = self.half_way_in().and_then(|half| half.entry);
        let device = self.this_device()?;
        let tried = self.count_try(&device, Whose::Known(account.id))?;
        match self.use_code(account.id, &request.code) {
            Ok(()) => {
                let state = self.take_seat(&device, &account, Some(&tried))?;
                self.settle_in(account.id, entry.as_ref());
                Ok(state)
            }
            Err(refusal @ AppError::CodeRefused { .. }) => {
                let entry = Entry {
                    subject_id: Some(account.id.0),
                    subject: account.subject(),
                    ..Entry::of_nobody(Op::SecondStepFailed, self.now(), &device.name)
                };
                match self.wrong_password(&device, &tried, &entry) {
                    AppError::WrongCredentials => Err(refusal),
                    other => Err(other),
                }
            }
            Err(other) => Err(other),
        }
    }

    /// Whoever is half way in at this desk, if it is not too long ago and they may still come in.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn half_way(&self) -> Answer<Option<Account>> {
        let elapsed = self.parts.clock.elapsed();
        let Some(half) = self.half_way_in().filter(|half| elapsed.saturating_sub(half.since) < WAITS) else {
            return Ok(None);
        };
        let found = self.store()?.read(|conn| crate::db::Record::load(conn, half.account.0))?;
        Ok(found.map(|(account, _): (Account, u32)| account).filter(|account| account.active))
    }

    /// Uses a code up. Of a hundred who type the same one at once, one is let in.
    fn use_code(&self, account: AccountId, typed: &Secret) -> Answer<()> {
        let (opened, now) = (self.store()?, self.now());
        let wrong = AppError::CodeRefused { problem: CodeProblem::Wrong };
        if let Some(code) = rules::read_recovery_code(typed) {
            return if self.use_recovery_code(account, &code)? { Ok(()) } else { Err(wrong) };
        }
        let factor = opened.read(|conn| store::load(conn, account))?;
        let factor = factor.filter(|factor| factor.since.is_some()).ok_or(wrong)?;
        let step = rules::decide_code(&factor.secret, typed, factor.last_step, now).map_err(refused)?;
        let first = opened.keep(None, |conn| store::use_step(conn, account, step))?;
        if first { Ok(()) } else { Err(AppError::CodeRefused { problem: CodeProblem::Used }) }
    }
}
