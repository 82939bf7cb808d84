//! What is tried while the store is closed, and what the administrators see of it once it is open (AU-16, AU-17, K2).

use std::time::Duration;

use chrono::TimeDelta;
use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::identity::access_view::{AccountLock, LockState, UnlockAccount};
use clinic_app::identity::notice::NoticeKind;
use clinic_app::identity::view::KeyPlace;
use clinic_app::{AppError, Clock};

use super::staff_desk::Desk;

const WRONG: &str = "a wrong password";

#[test]
fn a_password_that_was_closed_at_the_closed_desk_is_shown_and_opened_by_an_administrator() {
    let desk = Desk::new(KeyPlace::Keystore);
    desk.add("noor");
    assert!(desk.begins("noor"));
    desk.app.sign_out().unwrap();
    for _ in 0..100 {
        desk.clock.wait_minutes(16);
        assert_eq!(desk.sign_in("noor", WRONG).unwrap_err(), AppError::WrongCredentials);
    }
    assert_eq!(desk.sign_in("noor", WRONG).unwrap_err(), AppError::PasswordClosed);
    assert!(desk.enters("ada"));
    let closed = AccountLock { failures: 100, device: Some("desk".to_owned()), state: LockState::Closed };
    let noor = desk.account("noor");
    assert_eq!(noor.lock, Some(closed));
    assert_eq!(desk.account("ada").lock, None);
    assert_eq!(desk.app.unlock_account(&desk.admin(), UnlockAccount { id: noor.id }).unwrap().lock, None);
    assert_eq!(desk.account("noor").lock, None);
    assert_eq!(desk.count(Op::UnlockAccount), 1, "it is written down");
    desk.app.sign_out().unwrap();
    assert!(desk.is_closed() && desk.enters("noor"));
}

#[test]
fn whoever_is_refused_at_the_closed_desk_hears_so_at_a_step_whoever_it_is() {
    let desk = Desk::new(KeyPlace::Keystore);
    desk.app.sign_out().unwrap();
    let steps = ["ada", "nobody"].map(|login| {
        let taken = || {
            let asked = desk.clock.elapsed();
            (desk.sign_in(login, WRONG).unwrap_err(), desk.clock.elapsed() - asked)
        };
        let (refusal, of_a_hash) = taken();
        assert_eq!(refusal, AppError::WrongCredentials, "{login}");
        for _ in 0..3 {
            assert_eq!(taken(), (AppError::WrongCredentials, of_a_hash), "{login}");
        }
        let (refusal, step) = taken();
        assert_eq!(refusal, AppError::Throttled { wait_seconds: 1 }, "{login}");
        [step, of_a_hash]
    });
    assert!(steps[0].iter().all(|step| *step > Duration::ZERO), "{steps:?}");
    assert_eq!(steps[0], steps[1]);
}

#[test]
fn one_guess_at_each_of_many_names_is_slowed_and_told_when_the_store_opens() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    desk.app.sign_out().unwrap();
    for n in 0..200 {
        let guess = desk.sign_in(&format!("name {n}"), WRONG);
        assert_eq!(guess.unwrap_err(), AppError::WrongCredentials, "{n}");
    }
    desk.restart().unwrap();
    for login in ["another", "ada"] {
        let slowed = desk.sign_in(login, WRONG).unwrap_err();
        assert_eq!(slowed, AppError::Throttled { wait_seconds: 1 }, "{login}: a restart gives nothing back");
    }
    desk.clock.wait(std::time::Duration::from_secs(1));
    assert!(desk.enters("ada"));
    let told = |desk: &Desk| {
        let rows = desk.app.list_notices(&desk.admin()).unwrap();
        rows.iter().filter(|row| row.kind == NoticeKind::Spraying).count()
    };
    assert_eq!((told(&desk), desk.count(Op::SprayingNoticed)), (1, 1));
    desk.app.sign_out().unwrap();
    assert!(desk.enters("ada"));
    assert_eq!((told(&desk), desk.count(Op::SprayingNoticed)), (1, 1), "once");
}

#[test]
fn a_log_is_verified_again_after_its_store_was_closed() {
    let desk = Desk::new(KeyPlace::Keystore);
    let verified = || {
        let page = ListAudit { size: 1, ..ListAudit::default() };
        desk.app.list_audit(&desk.admin(), page).unwrap().verified.map(|report| report.at)
    };
    desk.app.watch_audit().unwrap();
    let first = verified();
    assert_eq!(first, Some(desk.app.now()));
    desk.app.sign_out().unwrap();
    desk.clock.wait_minutes(1);
    assert!(desk.is_closed() && desk.enters("ada"));
    assert_eq!(verified(), None, "what was found before says nothing of this file");
    assert_eq!(desk.app.watch_audit().unwrap(), desk.app.now() + TimeDelta::days(1));
    assert_eq!(verified(), Some(desk.app.now()));
}
