//! Who sits at a desk, when it locks itself and when a session ends.

use clinic_domain::identity::policy::Action;
use clinic_domain::identity::role::Role;

use super::fixture::{Clinic, PASSWORD};
use super::store_session;
use super::view::{SessionState, Unlock};
use crate::audit::view::Op;
use crate::error::{Answer, AppError};

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
    let SessionState::SignedIn { me, clinic: view, .. } = clinic.app.session_state().unwrap() else {
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
fn the_front_desk_locks_sooner_than_others() {
    for (role, minutes) in [(Role::FrontDesk, 5), (Role::Doctor, 15), (Role::Admin, 15)] {
        let clinic = Clinic::new();
        let doctor = (role == Role::Doctor).then(|| clinic.doctor());
        clinic.account("noor", role, doctor);
        clinic.sign_in("noor", PASSWORD).unwrap();
        clinic.wait(minutes * 60 - 1);
        clinic.app.actor().unwrap();
        clinic.wait(1);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked, "{role:?}");
    }
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
    assert!(!plan.iter().any(|line| line.starts_with("SCAN")), "{plan:?}");
}
