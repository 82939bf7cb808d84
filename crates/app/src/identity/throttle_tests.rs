//! Somebody guesses at passwords (AU-16): what the clinic notices of it, and what the guesser learns.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use clinic_domain::id::AccountId;
use clinic_domain::identity::account::Login;
use clinic_domain::identity::role::Role;

use super::device::Device;
use super::fixture::{Clinic, PASSWORD};
use super::hashing;
use super::view::Unlock;
use super::whole_step::{STEP, STEP_OF_A_HASH};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::db::{Store, StoreKey};
use crate::error::{Answer, AppError};

const WRONG: &str = "another password altogether";
const HOUR: u64 = 3600;

impl Clinic {
    /// A full sign-in on some device, without a seat at this desk.
    fn sign_in_on(&self, device: &Device, login: &str, password: &str) -> Answer<Actor> {
        let (account, tried) = self.app.authenticate(device, &Login::parse(login), &password.into(), None)?;
        self.app.open_session(device, &account, Some(&tried))
    }

    fn guess(&self, device: &Device, login: &str) -> AppError {
        self.sign_in_on(device, login, WRONG).unwrap_err()
    }

    fn device(&self, name: &str) -> Device {
        Device::another(&self.app, name)
    }

    /// How often the password of an account was wrong, over all places, as the store has it.
    fn counted(&self, account: AccountId) -> u32 {
        self.read(|conn| {
            let mut sum =
                conn.prepare("SELECT coalesce(sum(failures), 0) FROM wrong_password WHERE account_id = ?1")?;
            Ok(sum.query_row([account.bytes()], |row| row.get(0))?)
        })
    }
}

fn waits(seconds: u32) -> AppError {
    AppError::Throttled { wait_seconds: seconds }
}

#[test]
fn after_four_wrong_passwords_the_next_try_waits_and_says_how_long() {
    let clinic = Clinic::new();
    let desk = clinic.device("desk");
    for _ in 0..4 {
        assert_eq!(clinic.guess(&desk, "ada"), AppError::WrongCredentials);
    }
    assert_eq!(clinic.guess(&desk, "ada"), waits(1));
    assert_eq!(clinic.sign_in_on(&desk, "ada", PASSWORD).unwrap_err(), waits(1), "the right one, too");
    clinic.wait(1);
    assert_eq!(clinic.guess(&desk, "ada"), AppError::WrongCredentials);
    assert_eq!(clinic.guess(&desk, "ada@example.org"), waits(2), "by whatever name");
    clinic.wait(2);
    clinic.sign_in_on(&desk, "ada", PASSWORD).unwrap();
    for _ in 0..4 {
        assert_eq!(clinic.guess(&desk, "ada"), AppError::WrongCredentials, "a right one starts anew");
    }
}

/// T1: the case of a doctor whose password is guessed at all day from outside.
#[test]
fn ten_thousand_guesses_from_outside_in_a_day_shut_nobody_out_of_the_own_desk() {
    let clinic = Clinic::new();
    let doctor = clinic.doctor();
    let id = clinic.account("haddad", Role::Doctor, Some(doctor));
    let (desk, outside) = (clinic.device("desk"), clinic.device("somewhere"));
    clinic.sign_in_on(&desk, "haddad", PASSWORD).unwrap();
    let (mut looked_at, mut signed_in, mut guesses) = (0, 0, 0);
    for _ in 0..24 {
        for _ in 0..417 {
            clinic.turn(8, 8);
            guesses += 1;
            let before = hashing::tests::work();
            let refusal = clinic.guess(&outside, "haddad");
            looked_at += u32::from(hashing::tests::work() > before);
            assert!(matches!(
                refusal,
                AppError::WrongCredentials | AppError::Throttled { .. } | AppError::PasswordClosed
            ));
        }
        clinic.turn(264, 264);
        clinic.sign_in_on(&desk, "haddad", PASSWORD).unwrap();
        signed_in += 1;
    }
    assert!(guesses >= 10_000);
    assert_eq!(signed_in, 24);
    assert!(looked_at <= 100, "{looked_at} of {guesses} guesses were looked at");
    assert_eq!(looked_at, clinic.counted(id));
    println!("{looked_at} of {guesses} guesses looked at, {signed_in} of 24 sign-ins");
    let ops = clinic.ops();
    for op in [Op::ManyWrongPasswords, Op::PasswordClosed] {
        assert_eq!(ops.iter().filter(|found| **found == op).count(), 1, "{op:?}");
    }
    assert_eq!(ops.iter().filter(|op| **op == Op::SignInFailed).count(), usize::try_from(looked_at).unwrap());
}

/// T5.
#[test]
fn whoever_is_refused_at_the_door_hears_so_at_the_next_step_and_nobody_else_waits_for_it() {
    let clinic = Clinic::new();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    clinic.change(noor, |account| account.active = false);
    let taken = |act: &dyn Fn() -> AppError| {
        let asked = clinic.app.parts.clock.elapsed();
        (act(), clinic.app.parts.clock.elapsed() - asked)
    };
    for login in ["ada", "noor", "nobody", "ADM00000000", "nobody@example.org", ""] {
        let guess = || clinic.sign_in(login, WRONG).unwrap_err();
        for _ in 0..4 {
            assert_eq!(taken(&guess), (AppError::WrongCredentials, STEP_OF_A_HASH), "{login}");
        }
        assert_eq!(taken(&guess), (waits(1), STEP), "{login}");
    }
    clinic.wait(1);
    clinic.sign_in("ada", PASSWORD).unwrap();
    clinic.app.lock().unwrap();
    let unlock = || clinic.app.unlock(Unlock { password: WRONG.into() }).unwrap_err();
    for _ in 0..4 {
        assert_eq!(taken(&unlock), (AppError::WrongCredentials, Duration::ZERO));
    }
    assert_eq!(taken(&unlock), (waits(1), STEP));
}

/// T2.
#[test]
fn two_hundred_mistyped_passwords_at_one_desk_slow_no_other_account() {
    let clinic = Clinic::new();
    let desk = clinic.device("desk");
    clinic.account("noor", Role::FrontDesk, None);
    for nth in 0..200 {
        clinic.wait(18);
        assert_eq!(clinic.guess(&desk, &format!("patient{nth}")), AppError::WrongCredentials);
    }
    clinic.sign_in_on(&desk, "noor", PASSWORD).unwrap();
}

/// T4.
#[test]
fn one_guess_at_each_of_many_names_is_told_to_the_administrators_and_slowed_down() {
    let clinic = Clinic::new();
    let (desk, outside) = (clinic.device("desk"), clinic.device("somewhere"));
    clinic.account("noor", Role::FrontDesk, None);
    clinic.sign_in_on(&desk, "noor", PASSWORD).unwrap();
    let mut looked_at = 0;
    for nth in 0..10_000 {
        match clinic.guess(&outside, &format!("somebody{nth}")) {
            AppError::WrongCredentials => looked_at += 1,
            refusal => assert_eq!(refusal, waits(1)),
        }
    }
    assert!(looked_at <= 200, "{looked_at} looked at");
    assert_eq!(clinic.ops().iter().filter(|op| **op == Op::SprayingNoticed).count(), 1);
    clinic.sign_in_on(&desk, "noor", PASSWORD).unwrap();
    clinic.wait(1);
    clinic.sign_in_on(&outside, "ada", PASSWORD).unwrap();
}

/// T5: whatever is wrong, and however often, a guesser hears the same and waits for the same work.
#[test]
fn answers_and_work_tell_nothing_about_who_has_an_account() {
    let clinic = Clinic::new();
    let outside = clinic.device("somewhere");
    let desk = clinic.device("desk");
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    clinic.account("known", Role::FrontDesk, None);
    clinic.sign_in_on(&desk, "known", PASSWORD).unwrap();
    // What a guesser with a lot of time hears: each answer, with the work it took.
    let heard = |login: &str, password: &str| -> Vec<(AppError, u32)> {
        let mut heard = Vec::new();
        for nth in 0_u64..130 {
            clinic.wait(nth * nth);
            let before = hashing::tests::work();
            let answer = clinic.sign_in_on(&outside, login, password).unwrap_err();
            heard.push((answer, hashing::tests::work() - before));
        }
        heard
    };
    let wrong = heard("ada@example.org", WRONG);
    assert_eq!(wrong.iter().filter(|(answer, _)| *answer == AppError::WrongCredentials).count(), 50);
    assert_eq!(wrong.last().unwrap(), &(AppError::PasswordClosed, 0));
    let others = [("known", WRONG), ("nobody", WRONG), ("ADM00000000", WRONG), ("gone", PASSWORD)];
    for (login, password) in others {
        assert_eq!(heard(login, password), wrong, "{login}");
    }
}

/// T3, the half that no kill can show: the try is on the disk while the password is looked at.
#[test]
fn a_try_is_counted_for_every_other_connection_before_the_password_is_looked_at() {
    let clinic = Clinic::new();
    let ada = clinic.admin().person.account;
    for before in 0..3 {
        let seen = Rc::new(Cell::new(None));
        let (note, store) = (Rc::clone(&seen), clinic.app.store().unwrap());
        hashing::tests::watch(move || {
            let other = Store::open(store.path(), &StoreKey::new([7; 32])).unwrap();
            let counted = other.read(|conn| {
                let mut sum =
                    conn.prepare("SELECT sum(failures) FROM wrong_password WHERE account_id = ?1")?;
                Ok(sum.query_row([ada.bytes()], |row| row.get::<_, Option<u32>>(0))?)
            });
            note.set(counted.unwrap());
        });
        clinic.sign_in("ada", WRONG).unwrap_err();
        assert_eq!(seen.get(), Some(before + 1));
    }
}

#[test]
fn a_restart_gives_no_try_back_and_a_clock_set_back_shortens_no_wait() {
    let clinic = Clinic::new();
    let desk = clinic.device("desk");
    for _ in 0..4 {
        clinic.guess(&desk, "ada");
    }
    clinic.turn(-500, 0);
    assert_eq!(clinic.guess(&desk, "ada"), waits(1));
    clinic.turn(1, 1);
    assert_eq!(clinic.guess(&desk, "ada"), AppError::WrongCredentials, "nor does it make one longer");
    // What a new process would find.
    let again = Store::open(clinic.app.store().unwrap().path(), &StoreKey::new([7; 32])).unwrap();
    clinic.app.use_store(again);
    assert_eq!(clinic.guess(&desk, "ada"), waits(2));
}

#[test]
fn a_locked_desk_counts_wrong_passwords_like_the_sign_in_does() {
    let clinic = Clinic::new();
    clinic.admin();
    clinic.app.lock().unwrap();
    let unlock = |password: &str| clinic.app.unlock(Unlock { password: password.into() });
    for _ in 0..4 {
        assert_eq!(unlock(WRONG).unwrap_err(), AppError::WrongCredentials);
    }
    assert_eq!(unlock(PASSWORD).unwrap_err(), waits(1));
    assert_eq!(clinic.sign_in("ada", PASSWORD).unwrap_err(), waits(1), "one counter for both");
    clinic.wait(1);
    unlock(PASSWORD).unwrap();
    clinic.app.lock().unwrap();
    assert_eq!(unlock(WRONG).unwrap_err(), AppError::WrongCredentials);
    unlock(PASSWORD).unwrap();
}

#[test]
fn the_administrators_are_told_of_ten_wrong_passwords_once() {
    let clinic = Clinic::new();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    let sofia = clinic.account("sofia", Role::Admin, None);
    let outside = clinic.device("somewhere");
    for _ in 0..12 {
        clinic.wait(900);
        clinic.guess(&outside, "noor");
    }
    let told: Vec<(AccountId, String, AccountId)> = clinic.read(|conn| {
        let mut rows = conn.prepare("SELECT account_id, kind, about_id FROM notice ORDER BY id")?;
        let id = |row: &rusqlite::Row<'_>, column| crate::db::sql::id(row, column).map(AccountId);
        let rows =
            rows.query_map([], |row| Ok((id(row, "account_id")?, row.get(1)?, id(row, "about_id")?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    });
    let mut for_whom: Vec<_> = told.iter().map(|row| row.0).collect();
    for_whom.sort();
    let ada = clinic.admin().person.account;
    let mut administrators = [ada, sofia];
    administrators.sort();
    assert_eq!(for_whom, administrators);
    assert!(told.iter().all(|(_, kind, about)| kind == "many_wrong_passwords" && *about == noor));
}

#[test]
fn no_name_that_was_typed_is_kept() {
    let clinic = Clinic::new();
    let outside = clinic.device("somewhere");
    clinic.guess(&outside, "my secret password");
    let rows: Vec<String> = clinic.read(|conn| {
        let mut rows = conn.prepare("SELECT hex(whose) || quote(account_id) FROM wrong_password")?;
        Ok(rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    });
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].contains(&hex::encode_upper("my sec")) && rows[0].ends_with("NULL"), "{rows:?}");
}

#[test]
fn a_password_that_was_closed_everywhere_stays_closed_for_the_right_one() {
    let clinic = Clinic::new();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    clinic.sign_in("noor", PASSWORD).unwrap();
    for _ in 0..100 {
        clinic.wait(900);
        assert_eq!(clinic.sign_in("noor", WRONG).unwrap_err(), AppError::WrongCredentials);
    }
    clinic.wait(30 * 24 * HOUR);
    assert_eq!(clinic.sign_in("noor", PASSWORD).unwrap_err(), AppError::PasswordClosed);
    assert_eq!(clinic.counted(noor), 100);
    clinic.admin();
}
