//! Who sits at this desk: the one session of this process, and whether it is locked. In memory only; whether the
//! session is still good is the store's to say.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, SessionId};
use clinic_domain::time::Instant;

use super::account::Account;
use super::device::Device;
use super::prove_reset::Proven;
use super::second_step::HalfWay;
use super::store_session;
use super::throttle::Try;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

/// The state of this desk.
#[derive(Debug, Default)]
pub struct Desk {
    seat: Option<Seat>,
    half_way: Option<HalfWay>,
    proven: Option<Proven>,
}

/// Who is signed in, locked or not.
#[derive(Debug, Clone)]
struct Seat {
    actor: Actor,
    /// Locked: nothing but unlocking and signing out.
    locked: bool,
    /// When the session began by the monotonic clock: setting the wall clock back does not prolong it.
    began: Duration,
    /// The last touch by the monotonic clock, which nobody can set back.
    touched: Duration,
    /// The last touch by the wall clock, in case the monotonic one stood still while the computer slept.
    touched_at: Instant,
}

/// Who is at the desk after everything was looked at.
pub(super) enum Present {
    /// Nobody.
    Nobody,
    /// Somebody who has locked the desk, or was away for too long.
    Locked(Account, Actor),
    /// Somebody.
    Here(Account, Actor),
}

impl App {
    /// Who acts at this desk now. Every command of a signed-in person passes here: an ended session, a deactivated
    /// account or an idle desk is noticed before anything is done, and name and role are those of this moment.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`]; faults of the store.
    pub fn actor(&self) -> Answer<Actor> {
        match self.present()? {
            Present::Nobody => Err(AppError::NotSignedIn),
            Present::Locked(..) => Err(AppError::Locked),
            Present::Here(_, actor) => Ok(actor),
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
        let Some((account, idle_minutes)) = live.filter(|_| !self.has_run_out(&seat)) else {
            self.leave(session);
            return Ok(Present::Nobody);
        };
        let actor = account.actor(session, &seat.actor.device);
        if !seat.locked && self.is_idle(&seat, idle_minutes) {
            self.lock_seat(&actor)?;
            return Ok(Present::Locked(account, actor));
        }
        Ok(if seat.locked { Present::Locked(account, actor) } else { Present::Here(account, actor) })
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
        let seat = Seat { actor, locked: false, began: touched, touched, touched_at };
        self.with_desk(|desk| *desk = Desk { seat: Some(seat), ..Desk::default() });
        self.session_state()
    }

    /// Remembers whose password was right and whose code is still asked for. Whoever was here before is signed out.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn wait_for_code(&self, account: AccountId) -> Answer<SessionState> {
        self.end_own_session()?;
        let since = self.parts.clock.elapsed();
        self.with_desk(|desk| desk.half_way = Some(HalfWay { account, since }));
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
        let Some(actor) = self.with_desk(std::mem::take).seat.map(|seat| seat.actor) else {
            return Ok(());
        };
        let now = self.now();
        self.store()?.keep(Some(&actor.entry(Op::SignOut, now)), |conn| {
            store_session::end(conn, actor.session, actor.person.account, now)
        })?;
        Ok(())
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

    fn leave(&self, session: SessionId) {
        self.with_desk(|desk| desk.seat.take_if(|seat| seat.actor.session == session));
    }

    fn has_run_out(&self, seat: &Seat) -> bool {
        let lifetime = store_session::LIFETIME.to_std().unwrap_or_default();
        self.parts.clock.elapsed().saturating_sub(seat.began) >= lifetime
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::view::Unlock;
    use clinic_domain::identity::policy::Action;
    use clinic_domain::identity::role::Role;

    const IDLE: u64 = 15 * 60;

    fn unlock(clinic: &Clinic, password: &str) -> Answer<SessionState> {
        clinic.app.unlock(Unlock { password: password.into() })
    }

    #[test]
    fn an_empty_desk_answers_with_the_clinic_and_no_one() {
        let clinic = Clinic::new();
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
        let SessionState::SignedOut { clinic: name, demo_accounts, .. } = clinic.app.session_state().unwrap()
        else {
            panic!()
        };
        assert_eq!((name.as_str(), demo_accounts.len()), ("Riverside Clinic", 0));
        clinic.app.sign_out().unwrap();
        clinic.app.touch().unwrap();
        assert!(matches!(clinic.app.lock().unwrap(), SessionState::SignedOut { .. }));
        assert_eq!(unlock(&clinic, PASSWORD).unwrap_err(), AppError::NotSignedIn);
        assert!(clinic.ops().is_empty());
    }

    #[test]
    fn what_a_person_may_is_what_the_policy_says() {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        clinic.sign_in("noor", PASSWORD).unwrap();
        let SessionState::SignedIn { me, clinic: view } = clinic.app.session_state().unwrap() else {
            panic!()
        };
        assert!(me.may.contains(&Action::Book) && me.may.contains(&Action::Undo));
        assert!(!me.may.contains(&Action::ManageAccounts) && !me.may.contains(&Action::ReadAudit));
        assert_eq!((me.name.as_str(), me.initials.as_str()), ("noor Test", "NT"));
        assert_eq!(view.profile.name, "Riverside Clinic");
    }

    #[test]
    fn a_desk_left_alone_locks_itself_and_says_so_once() {
        let clinic = Clinic::new();
        clinic.admin();
        clinic.wait(IDLE - 1);
        clinic.app.actor().unwrap();
        clinic.wait(1);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
        assert!(matches!(clinic.app.session_state().unwrap(), SessionState::Locked { .. }));
        assert_eq!(clinic.ops(), [Op::SignIn, Op::Lock]);
    }

    #[test]
    fn either_clock_is_enough_to_lock() {
        for (wall, elapsed) in [(i64::try_from(IDLE).unwrap(), 0), (0, IDLE), (-3600, IDLE)] {
            let clinic = Clinic::new();
            clinic.admin();
            clinic.turn(wall, elapsed);
            assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked, "{wall} {elapsed}");
        }
    }

    #[test]
    fn a_touch_starts_the_idle_time_anew_but_unlocks_nothing() {
        let clinic = Clinic::new();
        clinic.admin();
        clinic.wait(IDLE - 1);
        clinic.app.touch().unwrap();
        clinic.wait(IDLE - 1);
        clinic.app.actor().unwrap();
        clinic.wait(1);
        clinic.app.touch().unwrap();
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
    }

    #[test]
    fn a_touch_is_written_once_a_minute_at_most() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let seen = || clinic.app.list_sessions(&ada).unwrap()[0].last_active_at;
        let started = seen();
        clinic.wait(59);
        clinic.app.touch().unwrap();
        assert_eq!(seen(), started);
        clinic.wait(2);
        clinic.app.touch().unwrap();
        assert_eq!((seen() - started).num_seconds(), 61);
    }

    #[test]
    fn only_the_own_password_unlocks() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let state = clinic.app.lock().unwrap();
        let SessionState::Locked { name, clock, .. } = state else { panic!("{state:?}") };
        assert_eq!((name.as_str(), clock.minute), ("ada Test", 540));
        assert_eq!(unlock(&clinic, "another password").unwrap_err(), AppError::WrongCredentials);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
        assert!(matches!(unlock(&clinic, PASSWORD).unwrap(), SessionState::SignedIn { .. }));
        assert_eq!(clinic.app.actor().unwrap(), ada, "the same session as before");
        assert_eq!(clinic.ops(), [Op::SignIn, Op::Lock, Op::UnlockFailed, Op::Unlock]);
        clinic.wait(IDLE - 1);
        clinic.app.actor().unwrap();
    }

    #[test]
    fn unlocking_after_a_long_time_does_not_lock_at_once() {
        let clinic = Clinic::new();
        clinic.admin();
        clinic.wait(IDLE * 4);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
        unlock(&clinic, PASSWORD).unwrap();
        clinic.app.actor().unwrap();
    }

    #[test]
    fn a_session_ends_after_twelve_hours_whatever_was_touched() {
        let clinic = Clinic::new();
        clinic.admin();
        for _ in 0..(12 * 6) {
            clinic.app.actor().unwrap();
            clinic.wait(600);
            clinic.app.touch().unwrap();
        }
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
        assert!(matches!(clinic.app.session_state().unwrap(), SessionState::SignedOut { .. }));
    }

    #[test]
    fn a_locked_session_runs_out_too() {
        let clinic = Clinic::new();
        clinic.admin();
        clinic.wait(12 * 3600);
        assert_eq!(unlock(&clinic, PASSWORD).unwrap_err(), AppError::NotSignedIn);
    }

    #[test]
    fn setting_the_clock_back_prolongs_no_session() {
        let clinic = Clinic::new();
        clinic.admin();
        clinic.turn(0, 12 * 3600 - 1);
        unlock(&clinic, PASSWORD).unwrap();
        clinic.turn(-3600, 1);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
    }

    #[test]
    fn signing_out_ends_the_session_in_the_store() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        clinic.app.sign_out().unwrap();
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
        assert_eq!(clinic.app.list_sessions(&ada).unwrap().len(), 0);
        assert_eq!(clinic.ops(), [Op::SignIn, Op::SignOut]);
    }

    #[test]
    fn asking_who_is_here_uses_the_indexes() {
        let clinic = Clinic::new();
        let plan: Vec<String> = clinic.read(|conn| {
            let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", store_session::LIVE))?;
            Ok(plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>()?)
        });
        let scanned: Vec<_> = plan.iter().filter(|line| line.starts_with("SCAN")).collect();
        assert_eq!(scanned, ["SCAN clinic"], "the one row of the clinic");
    }
}
