//! Who sits at this desk: the one session of this process, and whether it is locked. In memory only; whether the
//! session is still good is the store's to say.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, SessionId};
use clinic_domain::identity::duty::Duty;
use clinic_domain::time::Instant;

use super::account::Account;
use super::device::Device;
use super::person_key::PersonKey;
use super::pin::Pin;
use super::prove_reset::Proven;
use super::second_step::HalfWay;
use super::store_security_policy;
use super::store_session::{self, Live};
use super::throttle::Try;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

/// The state of this desk.
#[derive(Default)]
pub struct Desk {
    seat: Option<Seat>,
    /// Who waits behind the lock while somebody else works here, whoever waits longest first (AU-22).
    waiting: Vec<Seat>,
    half_way: Option<HalfWay>,
    proven: Option<Proven>,
}

/// Who is signed in, locked or not.
#[derive(Debug, Clone)]
struct Seat {
    actor: Actor,
    /// Locked: nothing but unlocking and signing out.
    locked: bool,
    /// When the session ends by the monotonic clock: setting the wall clock back does not prolong it.
    ends: Duration,
    /// The last touch by the monotonic clock, which nobody can set back.
    touched: Duration,
    /// The last touch by the wall clock, in case the monotonic one stood still while the computer slept.
    touched_at: Instant,
    /// When this person last proved who they are, by the monotonic clock.
    proven: Duration,
    /// What unlocks besides the password.
    pin: Option<Pin>,
}

/// Most people who wait behind the lock; for one more, whoever waits longest is signed out.
const MOST_WAITING: usize = 8;

/// Who is at the desk after everything was looked at.
pub(super) enum Present {
    /// Nobody.
    Nobody,
    /// Somebody who has locked the desk, or was away for too long.
    Locked(Account, Actor),
    /// Somebody who must do something before anything else (AU-18, ASVS 6.4.1).
    Held(Account, Actor, Duty),
    /// Somebody.
    Here(Account, Actor),
}

impl App {
    /// Who acts at this desk now. Every command of a signed-in person passes here: an ended session, a deactivated
    /// account or an idle desk is noticed before anything is done, and name and role are those of this moment.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`], [`AppError::NewPasswordDemanded`],
    /// [`AppError::SecondFactorDemanded`]; faults of the store.
    pub fn actor(&self) -> Answer<Actor> {
        match self.present()? {
            Present::Nobody => Err(AppError::NotSignedIn),
            Present::Locked(..) => Err(AppError::Locked),
            Present::Held(.., Duty::Password) => Err(AppError::NewPasswordDemanded),
            Present::Held(.., Duty::SecondFactor) => Err(AppError::SecondFactorDemanded),
            Present::Here(_, actor) => Ok(actor),
        }
    }

    /// The same for the commands that set up a second factor: they are all that somebody gets at who must have one and
    /// has none (AU-18).
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`], [`AppError::NewPasswordDemanded`]; faults of the store.
    pub fn enrolling_actor(&self) -> Answer<Actor> {
        match self.present()? {
            Present::Held(_, actor, Duty::SecondFactor) => Ok(actor),
            _ => self.actor(),
        }
    }

    /// The same for proving who is at the desk, which is open whatever comes before anything else.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`]; faults of the store.
    pub fn held_actor(&self) -> Answer<Actor> {
        match self.present()? {
            Present::Held(_, actor, _) => Ok(actor),
            _ => self.actor(),
        }
    }

    /// Looks who is at the desk: ends what has ended and locks what was left alone for too long.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn present(&self) -> Answer<Present> {
        let Some(seat) = self.with_desk(|desk| desk.seat.clone()) else { return Ok(Present::Nobody) };
        let now = self.now();
        let session = seat.actor.session;
        let live = self.store()?.read(|conn| store_session::live(conn, session, now))?;
        let Some(Live { account, idle_minutes, duty }) = live.filter(|_| !self.has_run_out(&seat)) else {
            self.leave(session);
            return Ok(Present::Nobody);
        };
        let actor = account.actor(session, &seat.actor.device);
        if !seat.locked && self.is_idle(&seat, idle_minutes) {
            self.lock_seat(&actor)?;
            return Ok(Present::Locked(account, actor));
        }
        Ok(match (seat.locked, duty) {
            (true, _) => Present::Locked(account, actor),
            (false, Some(duty)) => Present::Held(account, actor, duty),
            (false, None) => Present::Here(account, actor),
        })
    }

    /// Signs a person in without asking for anything: a new session, and whoever was here before is signed out.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; faults of the store.
    pub(crate) fn sign_in_as(&self, account: AccountId) -> Answer<SessionState> {
        let found = self.store()?.read(|conn| Account::load(conn, account.0))?;
        let (account, _) = found.ok_or(AppError::NotFound)?;
        self.take_seat(&self.this_device()?, &account, None)
    }

    /// Puts somebody who proved who they are at this desk. Whoever was here before is signed out.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn take_seat(
        &self,
        device: &Device,
        account: &Account,
        tried: Option<&Try>,
    ) -> Answer<SessionState> {
        self.end_own_session()?;
        let actor = self.open_session(device, account, tried)?;
        let (touched, touched_at) = (self.parts.clock.elapsed(), self.now());
        let policy = self.store()?.read(|conn| Ok(store_security_policy::load(conn)?.0))?;
        let ends = touched + policy.session_lifetime().to_std().unwrap_or_default();
        let seat = Seat { actor, locked: false, ends, touched, touched_at, proven: touched, pin: None };
        self.end_waiting(|waiting| waiting.actor.person.account == account.id)?;
        self.with_desk(|desk| *desk = Desk { seat: Some(seat), ..desk.only_waiting() });
        self.staff.hold(false);
        self.session_state()
    }

    /// Remembers whose password was right and whose code is still asked for. Whoever was here before is signed out.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn wait_for_code(&self, account: AccountId, entry: Option<PersonKey>) -> Answer<SessionState> {
        self.end_own_session()?;
        let since = self.parts.clock.elapsed();
        self.with_desk(|desk| desk.half_way = Some(HalfWay { entry, account, since }));
        self.session_state()
    }

    /// Whose code is asked for at this desk.
    pub(super) fn half_way_in(&self) -> Option<HalfWay> {
        self.with_desk(|desk| desk.half_way.clone())
    }

    /// Remembers who may choose another password. Whoever was here before is signed out.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn wait_for_password(&self, account: AccountId) -> Answer<SessionState> {
        self.end_own_session()?;
        let since = self.parts.clock.elapsed();
        self.with_desk(|desk| desk.proven = Some(Proven { account, since }));
        self.session_state()
    }

    /// Who may choose another password at this desk.
    pub(super) fn proven_here(&self) -> Option<Proven> {
        self.with_desk(|desk| desk.proven.clone())
    }

    /// Ends the session of this desk, if there is one.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn end_own_session(&self) -> Answer<()> {
        let before = self.with_desk(|desk| {
            let after = desk.only_waiting();
            std::mem::replace(desk, after)
        });
        before.seat.map_or(Ok(()), |seat| self.end_seat(&seat))
    }

    fn end_seat(&self, Seat { actor, .. }: &Seat) -> Answer<()> {
        let now = self.now();
        self.store()?.keep(Some(&actor.entry(Op::SignOut, now)), |conn| {
            store_session::end(conn, actor.session, actor.person.account, now)
        })?;
        Ok(())
    }

    /// Puts whoever is here behind the lock, where the session waits, and frees the desk.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn park_seat(&self) -> Answer<()> {
        if let Present::Here(_, actor) | Present::Held(_, actor, _) = self.present()? {
            self.lock_seat(&actor)?;
        }
        self.with_desk(|desk| {
            let seat = desk.seat.take();
            *desk = desk.only_waiting();
            desk.waiting.extend(seat);
        });
        while self.with_desk(|desk| desk.waiting.len()) > MOST_WAITING {
            let longest = self.with_desk(|desk| desk.waiting.first().map(|seat| seat.actor.session));
            self.end_waiting(|seat| Some(seat.actor.session) == longest)?;
        }
        Ok(())
    }

    /// Brings somebody who waits to the desk, which stays locked.
    pub(super) fn bring_seat(&self, session: SessionId) {
        self.with_desk(|desk| {
            if let Some(at) = desk.waiting.iter().position(|seat| seat.actor.session == session) {
                desk.seat = Some(desk.waiting.remove(at));
            }
        });
    }

    /// Who waits behind the lock with a session that still lives, whoever waits longest first.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn waiting(&self) -> Answer<Vec<(SessionId, Account)>> {
        let seats = self.with_desk(|desk| desk.waiting.clone());
        let now = self.now();
        let mut found = Vec::new();
        for seat in seats {
            let session = seat.actor.session;
            match self.store()?.read(|conn| store_session::live(conn, session, now))? {
                Some(live) if !self.has_run_out(&seat) => found.push((session, live.account)),
                _ => self.with_desk(|desk| desk.waiting.retain(|seat| seat.actor.session != session)),
            }
        }
        Ok(found)
    }

    /// Signs out those who wait and are meant.
    fn end_waiting(&self, meant: impl Fn(&Seat) -> bool) -> Answer<()> {
        let seats: Vec<Seat> =
            self.with_desk(|desk| desk.waiting.extract_if(.., |seat| meant(seat)).collect());
        seats.iter().try_for_each(|seat| self.end_seat(seat))
    }

    /// Locks the desk of this person and writes it down, once however many notice at the same time.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn lock_seat(&self, actor: &Actor) -> Answer<()> {
        let locked = self.with_desk(|desk| match &mut desk.seat {
            Some(seat) if seat.actor.session == actor.session => !std::mem::replace(&mut seat.locked, true),
            _ => false,
        });
        if locked {
            self.store()?.note(&actor.entry(Op::Lock, self.now()))?;
        }
        Ok(())
    }

    /// Starts the idle time of a session anew; unlocks it where asked to.
    pub(super) fn touch_seat(&self, session: SessionId, unlock: bool) {
        let (touched, touched_at) = (self.parts.clock.elapsed(), self.now());
        self.with_desk(|desk| {
            if let Some(seat) = desk.seat.as_mut().filter(|seat| seat.actor.session == session) {
                (seat.touched, seat.touched_at) = (touched, touched_at);
                seat.locked &= !unlock;
            }
        });
    }

    /// Remembers that whoever sits in this session has just proved who they are.
    pub(super) fn prove_seat(&self, session: SessionId) {
        let elapsed = self.parts.clock.elapsed();
        self.with_desk(|desk| {
            if let Some(seat) = desk.seat.as_mut().filter(|seat| seat.actor.session == session) {
                seat.proven = elapsed;
            }
        });
    }

    /// When whoever sits in this session last proved who they are, by the monotonic clock.
    pub(super) fn proven_since(&self, session: SessionId) -> Option<Duration> {
        self.with_desk(|desk| {
            desk.seat.as_ref().filter(|seat| seat.actor.session == session).map(|seat| seat.proven)
        })
    }

    /// Does something with the PIN of this session; nothing where another one sits here.
    pub(super) fn with_pin<T>(
        &self,
        session: SessionId,
        with: impl FnOnce(&mut Option<Pin>) -> T,
    ) -> Option<T> {
        self.with_desk(|desk| {
            let seat = desk.seat.as_mut().filter(|seat| seat.actor.session == session)?;
            Some(with(&mut seat.pin))
        })
    }

    fn leave(&self, session: SessionId) {
        self.with_desk(|desk| desk.seat.take_if(|seat| seat.actor.session == session));
    }

    fn has_run_out(&self, seat: &Seat) -> bool {
        self.parts.clock.elapsed() >= seat.ends
    }

    fn is_idle(&self, seat: &Seat, minutes: u16) -> bool {
        let away = self.parts.clock.elapsed().saturating_sub(seat.touched);
        away >= Duration::from_secs(u64::from(minutes) * 60)
            || self.now() - seat.touched_at >= TimeDelta::minutes(i64::from(minutes))
    }

    fn with_desk<T>(&self, with: impl FnOnce(&mut Desk) -> T) -> T {
        with(&mut self.desk.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Desk {
    /// The desk with nobody at it; those who wait go on waiting.
    fn only_waiting(&mut self) -> Self {
        Self { waiting: std::mem::take(&mut self.waiting), ..Self::default() }
    }
}
