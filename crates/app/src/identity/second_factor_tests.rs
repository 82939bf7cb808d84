//! The second factor as a person meets it: set up, asked for, guessed at, lost.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use clinic_domain::id::AccountId;
use clinic_domain::identity::role::Role;
use totp_rs::Builder;

use super::code_tests::of_fifty_at_once;
use super::fixture::{Clinic, PASSWORD};
use super::hashing::Cost;
use super::hashing::tests::work;
use super::second_factor_view::{
    CodeProblem, FactorCode, ProvenByPassword, ResetSecondFactor, SecondFactorState,
};
use super::store_second_factor;
use super::view::SessionState;
use crate::app::Actor;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};

fn proven() -> ProvenByPassword {
    ProvenByPassword { password: PASSWORD.into() }
}

/// What the app of this person shows.
fn shown(clinic: &Clinic, account: AccountId) -> String {
    let factor = clinic.read(|conn| store_second_factor::load(conn, account)).unwrap();
    let app = Builder::new().with_secret(factor.secret.to_vec()).build_noncompliant();
    app.generate(clinic.app.now().timestamp().unsigned_abs()).to_string()
}

fn prove(clinic: &Clinic, code: &str) -> Answer<SessionState> {
    clinic.app.prove_second_factor(FactorCode { code: code.into() })
}

/// The recovery codes that are shown.
fn confirm(clinic: &Clinic, actor: &Actor, code: &str) -> Answer<Vec<String>> {
    let shown = clinic.app.confirm_second_factor(actor, FactorCode { code: code.into() })?;
    Ok(shown.codes.iter().map(|code| code.expose().to_owned()).collect())
}

fn refused(problem: CodeProblem) -> AppError {
    AppError::CodeRefused { problem }
}

/// Somebody at the front desk with a second factor and these recovery codes, who is signed out.
fn clinic() -> (Clinic, AccountId, Vec<String>) {
    let clinic = Clinic::new();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    let actor = signed_in(&clinic, "noor");
    let offer = clinic.app.begin_second_factor(&actor).unwrap();
    assert!(offer.label.ends_with(&actor.public_id) && offer.side > 20 && offer.key.expose().len() == 39);
    let codes = confirm(&clinic, &actor, &shown(&clinic, noor)).unwrap();
    assert_eq!(codes.len(), 10);
    clinic.app.sign_out().unwrap();
    clinic.wait(60);
    (clinic, noor, codes)
}

fn signed_in(clinic: &Clinic, login: &str) -> Actor {
    clinic.sign_in(login, PASSWORD).unwrap();
    clinic.app.actor().unwrap()
}

#[test]
fn the_password_alone_leads_half_way_and_the_code_the_rest() {
    let (clinic, noor, _) = clinic();
    let state = clinic.sign_in("noor", PASSWORD).unwrap();
    assert!(matches!(state, SessionState::SecondStep { .. }), "{state:?}");
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
    assert!(matches!(clinic.app.session_state().unwrap(), SessionState::SecondStep { .. }));
    let state = prove(&clinic, &shown(&clinic, noor)).unwrap();
    assert!(matches!(state, SessionState::SignedIn { .. }));
    assert_eq!(clinic.app.actor().unwrap().person.account, noor);
}

#[test]
fn without_a_right_password_no_code_is_looked_at() {
    let (clinic, noor, codes) = clinic();
    assert_eq!(prove(&clinic, &shown(&clinic, noor)).unwrap_err(), AppError::NotSignedIn);
    clinic.sign_in("noor", "another password").unwrap_err();
    assert_eq!(prove(&clinic, &codes[0]).unwrap_err(), AppError::NotSignedIn);
}

#[test]
fn a_code_leads_in_once() {
    let (clinic, noor, _) = clinic();
    let code = shown(&clinic, noor);
    clinic.sign_in("noor", PASSWORD).unwrap();
    prove(&clinic, &code).unwrap();
    clinic.app.sign_out().unwrap();
    clinic.sign_in("noor", PASSWORD).unwrap();
    assert_eq!(prove(&clinic, &code).unwrap_err(), refused(CodeProblem::Used));
    clinic.wait(30);
    prove(&clinic, &shown(&clinic, noor)).unwrap();
}

#[test]
fn of_a_hundred_who_type_the_same_code_at_once_one_is_let_in() {
    let (clinic, noor, _) = clinic();
    let step = clinic.app.now().timestamp().unsigned_abs() / 30;
    let (barrier, first) = (Barrier::new(100), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                barrier.wait();
                let store = clinic.app.store().unwrap();
                if store.keep(None, |conn| store_second_factor::use_step(conn, noor, step)).unwrap() {
                    first.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(first.into_inner(), 1);
}

#[test]
fn guessing_codes_waits_like_guessing_passwords() {
    let (clinic, noor, _) = clinic();
    clinic.sign_in("noor", PASSWORD).unwrap();
    let guesses: Vec<_> = (0..6).map(|n| prove(&clinic, &format!("00000{n}")).unwrap_err()).collect();
    let looked_at = guesses.iter().filter(|answer| matches!(answer, AppError::CodeRefused { .. })).count();
    assert!(looked_at < 5, "{guesses:?}");
    assert!(matches!(guesses[5], AppError::Throttled { .. }), "{guesses:?}");
    assert!(clinic.ops().contains(&Op::SecondStepFailed));
    clinic.wait(120);
    prove(&clinic, &shown(&clinic, noor)).unwrap();
}

/// F2: as many as of passwords, whatever is guessed at. The right password before them counts until the code is right, too.
#[test]
fn of_fifty_codes_guessed_at_once_five_at_most_are_looked_at() {
    for (guess, is_hashed) in [("000000", false), ("0000-0000-0000-0000", true)] {
        let (clinic, noor, codes) = clinic();
        clinic.sign_in("noor", PASSWORD).unwrap();
        let looked_at = of_fifty_at_once(&|| {
            let before = work();
            let is_answered = match prove(&clinic, guess).unwrap_err() {
                AppError::CodeRefused { problem: CodeProblem::Wrong } => true,
                AppError::Throttled { .. } => false,
                other => panic!("{other:?}"),
            };
            assert_eq!(work() > before, is_answered && is_hashed, "what is refused is not even hashed");
            is_answered
        });
        assert!((1..=5).contains(&looked_at), "{looked_at} of fifty {guess}");
        let failed = clinic.ops().iter().filter(|op| **op == Op::SecondStepFailed).count();
        assert_eq!(failed, looked_at, "each is written down");
        for right in [&shown(&clinic, noor), &codes[0]] {
            assert!(matches!(prove(&clinic, right).unwrap_err(), AppError::Throttled { .. }), "too late");
        }
    }
}

#[test]
fn a_set_of_recovery_codes_that_is_too_little_work_is_not_even_hashed() {
    let (mut clinic, noor, codes) = clinic();
    clinic.app.parts.hashing = Cost::FLOOR;
    clinic.sign_in("noor", PASSWORD).unwrap();
    let before = work();
    assert_eq!(prove(&clinic, &codes[0]).unwrap_err(), AppError::StoreUnreadable, "a set of 8 KiB");
    assert_eq!(work(), before);
    prove(&clinic, &shown(&clinic, noor)).unwrap();
}

#[test]
fn a_right_password_waits_five_minutes_for_its_code() {
    let (clinic, noor, _) = clinic();
    clinic.sign_in("noor", PASSWORD).unwrap();
    clinic.wait(5 * 60);
    assert!(matches!(clinic.app.session_state().unwrap(), SessionState::SignedOut { .. }));
    assert_eq!(prove(&clinic, &shown(&clinic, noor)).unwrap_err(), AppError::NotSignedIn);
}

#[test]
fn who_goes_back_is_nobody_and_who_is_deactivated_stays_out() {
    let (clinic, noor, _) = clinic();
    clinic.sign_in("noor", PASSWORD).unwrap();
    assert!(matches!(clinic.app.sign_out().unwrap(), SessionState::SignedOut { .. }));
    assert_eq!(prove(&clinic, &shown(&clinic, noor)).unwrap_err(), AppError::NotSignedIn);
    clinic.sign_in("noor", PASSWORD).unwrap();
    clinic.change(noor, |account| account.active = false);
    assert_eq!(prove(&clinic, &shown(&clinic, noor)).unwrap_err(), AppError::NotSignedIn);
}

#[test]
fn each_recovery_code_is_good_once_and_new_ones_end_the_old() {
    let (clinic, _, codes) = clinic();
    for code in &codes[..3] {
        clinic.sign_in("noor", PASSWORD).unwrap();
        prove(&clinic, &code.to_lowercase().replace('-', " ")).unwrap();
        clinic.app.sign_out().unwrap();
        clinic.sign_in("noor", PASSWORD).unwrap();
        assert_eq!(prove(&clinic, code).unwrap_err(), refused(CodeProblem::Wrong));
    }
    prove(&clinic, &codes[3]).unwrap();
    let actor = clinic.app.actor().unwrap();
    assert_eq!(clinic.app.read_second_factor(&actor).unwrap().recovery_codes, 6);
    let renewed = clinic.app.renew_recovery_codes(&actor, proven()).unwrap().codes;
    clinic.app.sign_out().unwrap();
    clinic.sign_in("noor", PASSWORD).unwrap();
    assert_eq!(prove(&clinic, &codes[4]).unwrap_err(), refused(CodeProblem::Wrong));
    prove(&clinic, renewed[0].expose()).unwrap();
}

#[test]
fn what_is_kept_of_recovery_codes_is_hashed_like_a_password_with_a_salt_for_each_set() {
    let (clinic, noor, codes) = clinic();
    let kept = |id| clinic.read(|conn| super::store_second_factor::recovery_codes(conn, id)).unwrap();
    let before = kept(noor);
    assert!(
        before.set.starts_with("$argon2id$v=19$m=8,t=1,p=1$") && before.hashes.len() == 10,
        "{}",
        before.set
    );
    let one = {
        let start = work();
        super::hashing::hash_in_set(&before.set, clinic.app.least_hash_cost(), &"any".into()).unwrap();
        work() - start
    };
    for code in [codes[0].as_str(), codes[9].as_str(), "0000-0000-0000-0000"] {
        clinic.sign_in("noor", PASSWORD).unwrap();
        let start = work();
        let answer = prove(&clinic, code);
        assert_eq!(work() - start, one, "one hash, whichever it is and whether it fits");
        assert_eq!(answer.is_ok(), code != "0000-0000-0000-0000");
    }
    clinic.sign_in("noor", PASSWORD).unwrap();
    prove(&clinic, &codes[1]).unwrap();
    let actor = clinic.app.actor().unwrap();
    clinic.app.renew_recovery_codes(&actor, proven()).unwrap();
    assert_ne!(kept(noor).set, before.set, "another salt");
}

#[test]
fn the_codes_of_one_person_are_nothing_to_another() {
    let (clinic, _, codes) = clinic();
    let lena = clinic.account("lena", Role::FrontDesk, None);
    let actor = signed_in(&clinic, "lena");
    clinic.app.begin_second_factor(&actor).unwrap();
    confirm(&clinic, &actor, &shown(&clinic, lena)).unwrap();
    clinic.sign_in("lena", PASSWORD).unwrap();
    assert_eq!(prove(&clinic, &codes[0]).unwrap_err(), refused(CodeProblem::Wrong));
}

#[test]
fn it_is_asked_for_only_after_one_right_code() {
    let clinic = Clinic::new();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    let actor = signed_in(&clinic, "noor");
    let confirm = |code: &str| confirm(&clinic, &actor, code);
    assert_eq!(confirm("123456").err(), Some(AppError::WrongState), "nothing was begun");
    clinic.app.begin_second_factor(&actor).unwrap();
    let first = shown(&clinic, noor);
    clinic.app.begin_second_factor(&actor).unwrap();
    assert_ne!(shown(&clinic, noor), first, "the one before is forgotten");
    assert_eq!(confirm(&first).err(), Some(refused(CodeProblem::Wrong)));
    clinic.app.sign_out().unwrap();
    assert!(matches!(clinic.sign_in("noor", PASSWORD).unwrap(), SessionState::SignedIn { .. }));
}

#[test]
fn each_change_asks_for_the_password_and_is_written_down() {
    let (clinic, noor, codes) = clinic();
    clinic.sign_in("noor", PASSWORD).unwrap();
    prove(&clinic, &codes[0]).unwrap();
    let actor = clinic.app.actor().unwrap();
    let wrong = || ProvenByPassword { password: "another password".into() };
    assert_eq!(clinic.app.end_second_factor(&actor, wrong()).unwrap_err(), AppError::WrongCredentials);
    assert_eq!(clinic.app.renew_recovery_codes(&actor, wrong()).err(), Some(AppError::WrongCredentials));
    assert_eq!(clinic.app.begin_second_factor(&actor).err(), Some(AppError::WrongState), "it is on");
    let state = clinic.app.end_second_factor(&actor, proven()).unwrap();
    assert_eq!(
        state,
        SecondFactorState { since: None, recovery_codes: 0, demanded: false, recommended: true }
    );
    let ops = clinic.ops();
    assert!(ops.contains(&Op::TurnOnSecondFactor) && ops.contains(&Op::TurnOffSecondFactor));
    let log = format!("{:?}", clinic.audit());
    assert!(codes.iter().all(|code| !log.contains(code)));
    clinic.app.sign_out().unwrap();
    assert!(matches!(clinic.sign_in("noor", PASSWORD).unwrap(), SessionState::SignedIn { .. }));
    assert!(clinic.read(|conn| store_second_factor::load(conn, noor)).is_none());
}

#[test]
fn an_administrator_takes_a_lost_factor_away_and_the_person_is_told() {
    let (clinic, noor, _) = clinic();
    let ada = clinic.admin();
    let reset = ResetSecondFactor { id: noor };
    assert_eq!(
        clinic.app.reset_second_factor(&clinic.person(noor), reset.clone()).unwrap_err(),
        AppError::Forbidden
    );
    let row = |id| clinic.read(|conn| super::store_accounts::row(conn, id, clinic.app.now()));
    assert!(row(noor).second_factor.is_some() && row(ada.person.account).second_factor.is_none());
    let after = clinic.app.reset_second_factor(&ada, reset).unwrap();
    assert_eq!(after.second_factor, None);
    assert_eq!(clinic.audit().pop().unwrap().op, Op::ResetSecondFactor);
    let actor = signed_in(&clinic, "noor");
    assert_eq!(clinic.app.list_notices(&actor).unwrap().len(), 1);
}
