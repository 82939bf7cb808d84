//! The own second factor: set up with an authenticator app, renewed, taken away (AU-18).

use clinic_domain::identity::policy::Action;
use clinic_domain::identity::second_factor::{self as rules, CodeRefusal};
use clinic_domain::identity::security_policy::Demand;
use zeroize::Zeroizing;

use super::account::Account;
use super::second_factor_view::{
    CodeProblem, FactorCode, ProvenByPassword, RecoveryCodes, SecondFactorOffer, SecondFactorState,
};
use super::{qr, store_second_factor as store, store_security_policy};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::store as clinic;
use crate::db::{Record, audit};
use crate::error::{Answer, AppError};

impl App {
    /// Whether the own second factor is asked for, and how many recovery codes are left.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn read_second_factor(&self, actor: &Actor) -> Answer<SecondFactorState> {
        let id = actor.person.account;
        self.read(actor, Action::ManageOwnSession, |conn, _| {
            let since = store::load(conn, id)?.and_then(|factor| factor.since);
            let (account, _) = Account::load(conn, id.0)?.ok_or(AppError::NotFound)?;
            let policy = store_security_policy::load(conn)?.0;
            let demand = store_security_policy::demand_on(conn, &policy, &account)?;
            let recovery_codes = store::recovery_codes_left(conn, id)?;
            let demanded = matches!(demand, Demand::From(_));
            Ok(SecondFactorState {
                since,
                recovery_codes,
                demanded,
                recommended: demand == Demand::Recommended,
            })
        })
    }

    /// Makes a secret for an authenticator app. It is not asked for before [`App::confirm_second_factor`]; asked again,
    /// the one before is forgotten.
    ///
    /// # Errors
    /// [`AppError::WrongState`] where a factor is asked for already; faults of the store.
    pub fn begin_second_factor(&self, actor: &Actor) -> Answer<SecondFactorOffer> {
        let (clinic, found) = self.read(actor, Action::ManageOwnSession, |conn, _| {
            Ok((clinic::load(conn)?.0, Account::load(conn, actor.person.account.0)?))
        })?;
        let (account, _) = found.ok_or(AppError::NotFound)?;
        let mut secret = Zeroizing::new([0; rules::SECRET_BYTES]);
        self.parts.random.fill(&mut *secret)?;
        let now = self.now();
        if !self.store()?.keep(None, |conn| store::begin(conn, account.id, &secret, now))? {
            return Err(AppError::WrongState);
        }
        let name = clinic.profile.name;
        let address = rules::setup_address(&secret, &name, &account.public_id);
        let (picture, side) = qr::path(&address)?;
        let label = format!("{name} · {}", account.public_id);
        let key = rules::setup_key(&secret).disclose();
        Ok(SecondFactorOffer { key, label, picture: picture.disclose(), side })
    }

    /// Turns the own second factor on, once a code proves that the app has the secret. Answers with the recovery codes,
    /// this once.
    ///
    /// # Errors
    /// [`AppError::CodeRefused`]; [`AppError::WrongState`] where nothing was begun or it is on; faults of the store.
    pub fn confirm_second_factor(&self, actor: &Actor, request: FactorCode) -> Answer<RecoveryCodes> {
        let (id, now) = (actor.person.account, self.now());
        let factor = self.read(actor, Action::ManageOwnSession, |conn, _| store::load(conn, id))?;
        let factor = factor.filter(|factor| factor.since.is_none()).ok_or(AppError::WrongState)?;
        let step = rules::decide_code(&factor.secret, &request.code, None, now).map_err(refused)?;
        let (codes, kept) = self.recovery_codes(id)?;
        let entry = self.own_entry(actor, Op::TurnOnSecondFactor)?;
        self.store()?.keep(Some(&entry), |conn| {
            store::put_recovery_codes(conn, id, &kept)?;
            if store::turn_on(conn, id, step, now)? { Ok(()) } else { Err(AppError::WrongState) }
        })?;
        Ok(codes)
    }

    /// Makes the recovery codes anew; the ones before are good no more.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], [`AppError::Throttled`] and [`AppError::PasswordClosed`] for the password;
    /// [`AppError::WrongState`] where no factor is asked for; faults of the store.
    pub fn renew_recovery_codes(&self, actor: &Actor, request: ProvenByPassword) -> Answer<RecoveryCodes> {
        let id = actor.person.account;
        if !self.read(actor, Action::ManageOwnSession, |conn, _| store::is_on(conn, id))? {
            return Err(AppError::WrongState);
        }
        self.prove(actor, &request.password)?;
        let (codes, kept) = self.recovery_codes(id)?;
        let entry = self.own_entry(actor, Op::RenewRecoveryCodes)?;
        self.store()?.keep(Some(&entry), |conn| store::put_recovery_codes(conn, id, &kept))?;
        Ok(codes)
    }

    /// Takes the own second factor away.
    ///
    /// # Errors
    /// As [`App::renew_recovery_codes`]; [`AppError::WrongState`] where there is none;
    /// [`AppError::SecondFactorDemanded`] where the role must have one.
    pub fn end_second_factor(&self, actor: &Actor, request: ProvenByPassword) -> Answer<SecondFactorState> {
        let id = actor.person.account;
        let (factor, policy) = self.read(actor, Action::ManageOwnSession, |conn, _| {
            Ok((store::load(conn, id)?, store_security_policy::load(conn)?.0))
        })?;
        factor.ok_or(AppError::WrongState)?;
        if policy.demands_second_factor(actor.person.role) {
            return Err(AppError::SecondFactorDemanded);
        }
        self.prove(actor, &request.password)?;
        let entry = self.own_entry(actor, Op::TurnOffSecondFactor)?;
        self.store()?.keep(Some(&entry), |conn| store::remove(conn, id))?;
        self.read_second_factor(actor)
    }

    fn own_entry(&self, actor: &Actor, op: Op) -> Answer<audit::Entry> {
        let id = actor.person.account;
        let found = self.store()?.read(|conn| Account::load(conn, id.0))?;
        let subject = found.map(|(account, _)| account.subject()).unwrap_or_default();
        Ok(audit::Entry { subject_id: Some(id.0), subject, ..actor.entry(op, self.now()) })
    }
}

/// The domain's refusal as an answer.
pub(super) fn refused(refusal: CodeRefusal) -> AppError {
    let problem = match refusal {
        CodeRefusal::Wrong => CodeProblem::Wrong,
        CodeRefusal::Used => CodeProblem::Used,
        CodeRefusal::ClockIsWrong => CodeProblem::ClockIsWrong,
    };
    AppError::CodeRefused { problem }
}
