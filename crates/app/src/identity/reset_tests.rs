//! A forgotten password from the first question to the next sign-in (AU-5, AU-6; rows O1 to O9 of the security reference).

use clinic_domain::id::{AccountId, CodeId};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::FieldRule;

use super::fixture::{Clinic, PASSWORD};
use super::notice::NoticeKind;
use super::reset_view::{AskReset, CodeAsked, MailCodeProblem, ProveReset, ResetPassword, SendReset};
use super::store_session;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;
use crate::messaging::Letter;

const NEW: &str = "grey bicycle under pier";

pub(super) fn clinic() -> Clinic {
    Clinic::new().with_mail()
}

pub(super) fn ask(clinic: &Clinic, login: &str) -> Answer<CodeAsked> {
    clinic.app.ask_reset(AskReset { login: login.into() })
}

pub(super) fn type_in(clinic: &Clinic, id: CodeId, code: &str) -> Answer<SessionState> {
    clinic.app.prove_reset(ProveReset::Code { id, code: code.into() })
}

pub(super) fn paste(clinic: &Clinic, link: &str) -> Answer<SessionState> {
    clinic.app.prove_reset(ProveReset::Link { link: link.into() })
}

fn choose(clinic: &Clinic, password: &str) -> Answer<SessionState> {
    clinic.app.reset_password(ResetPassword { password: password.into() })
}

/// The six digits and the long code of the last letter to this address.
fn codes(clinic: &Clinic, address: &str) -> (String, String) {
    match clinic.letters(address).pop() {
        Some(Letter::ResetCode { code, link, .. }) => (code.expose().into(), link.expose().into()),
        other => panic!("{other:?}"),
    }
}

pub(super) fn another(code: &str) -> String {
    code.chars()
        .map(|digit| {
            if digit == '7' {
                '3'
            } else if digit == ' ' {
                ' '
            } else {
                '7'
            }
        })
        .collect()
}

pub(super) fn problem<T: std::fmt::Debug>(answer: Answer<T>) -> MailCodeProblem {
    match answer.unwrap_err() {
        AppError::MailCodeRefused { problem, .. } => problem,
        other => panic!("{other:?}"),
    }
}

/// Ada asks and has her codes.
pub(super) fn asked() -> (Clinic, CodeId, String, String) {
    let clinic = clinic();
    let id = ask(&clinic, "ada").unwrap().id;
    let (code, link) = codes(&clinic, "ada@example.org");
    (clinic, id, code, link)
}

#[test]
fn a_code_from_the_mail_leads_to_a_new_password_and_nobody_stays_signed_in() {
    let clinic = clinic();
    let ada = clinic.admin();
    let id = ask(&clinic, " ADA@example.org ").unwrap().id;
    let (code, _) = codes(&clinic, "ada@example.org");
    let state = type_in(&clinic, id, &code.replace(' ', "")).unwrap();
    let SessionState::NewPassword { name, public_id, context, .. } = state else { panic!("{state:?}") };
    assert_eq!((name.as_str(), &public_id), ("ada Test", &ada.public_id));
    assert!(context.contains(&"Riverside Clinic".to_owned()));
    assert!(matches!(choose(&clinic, NEW).unwrap(), SessionState::SignedOut { mail: true, .. }));
    let live = clinic.read(|conn| store_session::count_live(conn, ada.person.account, clinic.app.now()));
    assert_eq!(live, 0);
    assert_eq!(clinic.sign_in("ada", PASSWORD).unwrap_err(), AppError::WrongCredentials);
    clinic.sign_in("ada", NEW).unwrap();
    let told = clinic.app.list_notices(&clinic.app.actor().unwrap()).unwrap();
    assert_eq!(told.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::PasswordReset]);
    assert!(matches!(clinic.letters("ada@example.org").pop(), Some(Letter::PasswordChanged { .. })));
    let entry = clinic.audit().into_iter().find(|entry| entry.op == Op::ResetPassword).unwrap();
    assert_eq!((entry.subject_id, entry.changes), (Some(ada.person.account.0), Vec::new()));
}

#[test]
fn a_session_elsewhere_ends_with_the_old_password() {
    let (clinic, id, code, _) = asked();
    let ada = clinic.read(|conn| {
        let login = clinic_domain::identity::account::Login::parse("ada");
        super::store_account::by_login(conn, &login)
    });
    let ada = ada.unwrap();
    let sessions: Vec<_> = (0..20)
        .map(|nth| {
            let device = super::device::Device::another(&clinic.app, &format!("desk {nth}"));
            clinic.app.open_session(&device, &ada, None).unwrap().session
        })
        .collect();
    let live = |session| clinic.read(|conn| store_session::live(conn, session, clinic.app.now())).is_some();
    let state = type_in(&clinic, id, &code).unwrap();
    assert!(matches!(state, SessionState::NewPassword { sessions: 20, .. }), "{state:?}");
    assert!(sessions.iter().all(|session| live(*session)), "nothing ends before the new password");
    choose(&clinic, NEW).unwrap();
    assert_eq!(sessions.iter().filter(|session| live(**session)).count(), 0);
}

#[test]
fn six_digits_are_good_for_ten_minutes_to_the_second() {
    for (seconds, is_good) in [(599, true), (600, false)] {
        let (clinic, id, code, _) = asked();
        clinic.wait(seconds);
        let answer = type_in(&clinic, id, &code);
        assert_eq!(answer.is_ok(), is_good, "{seconds}");
        if !is_good {
            assert_eq!(problem(answer), MailCodeProblem::Expired);
        }
    }
}

#[test]
fn the_long_code_is_good_for_thirty_minutes_to_the_second_and_works_once() {
    let (clinic, _, _, link) = asked();
    clinic.wait(1800);
    assert_eq!(problem(paste(&clinic, &link)), MailCodeProblem::Expired);
    let (clinic, id, code, link) = asked();
    clinic.wait(1799);
    let broken = format!(" {}\r\n {} ", &link[..40], link[40..].to_uppercase());
    paste(&clinic, &broken).unwrap();
    choose(&clinic, NEW).unwrap();
    assert_eq!(problem(paste(&clinic, &link)), MailCodeProblem::Used);
    assert_eq!(problem(type_in(&clinic, id, &code)), MailCodeProblem::Used, "one of the two");
}

#[test]
fn a_new_password_closes_every_other_code_of_the_account() {
    let (clinic, id, code, link) = asked();
    let second = ask(&clinic, "ada@example.org").unwrap().id;
    let (newer, _) = codes(&clinic, "ada@example.org");
    type_in(&clinic, second, &newer).unwrap();
    choose(&clinic, NEW).unwrap();
    assert_eq!(problem(type_in(&clinic, id, &code)), MailCodeProblem::Used);
    assert_eq!(problem(paste(&clinic, &link)), MailCodeProblem::Used);
}

#[test]
fn a_code_counts_in_its_own_flow_alone() {
    let (clinic, first, code, _) = asked();
    let second = ask(&clinic, "ada").unwrap().id;
    assert_eq!(problem(type_in(&clinic, second, &code)), MailCodeProblem::Wrong);
    let nowhere = CodeId(clinic.app.new_id().unwrap());
    assert_eq!(problem(type_in(&clinic, nowhere, &code)), MailCodeProblem::Expired);
    type_in(&clinic, first, &code).unwrap();
}

#[test]
fn a_proof_waits_ten_minutes_for_the_password_and_is_gone_with_the_desk() {
    let (clinic, id, code, _) = asked();
    assert_eq!(choose(&clinic, NEW).unwrap_err(), AppError::NotSignedIn, "without any proof");
    type_in(&clinic, id, &code).unwrap();
    clinic.wait(600);
    assert_eq!(choose(&clinic, NEW).unwrap_err(), AppError::NotSignedIn);
    assert!(matches!(clinic.app.session_state().unwrap(), SessionState::SignedOut { .. }));
    let (clinic, id, code, _) = asked();
    type_in(&clinic, id, &code).unwrap();
    clinic.app.sign_out().unwrap();
    assert_eq!(choose(&clinic, NEW).unwrap_err(), AppError::NotSignedIn);
    clinic.sign_in("ada", PASSWORD).unwrap();
}

#[test]
fn a_weak_password_is_refused_and_may_be_chosen_again() {
    let (clinic, id, code, _) = asked();
    type_in(&clinic, id, &code).unwrap();
    for password in ["short", "passwordpassword", "riverside kvass blurt"] {
        let refusal = choose(&clinic, password).unwrap_err();
        assert!(matches!(refusal, AppError::Validation { .. }), "{refusal:?}");
    }
    choose(&clinic, NEW).unwrap();
    assert_eq!(choose(&clinic, PASSWORD).unwrap_err(), AppError::NotSignedIn, "once");
}

#[test]
fn an_account_that_is_deactivated_in_between_gets_no_password() {
    let clinic = clinic();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    let id = ask(&clinic, "noor").unwrap().id;
    let (code, _) = codes(&clinic, "noor@example.org");
    type_in(&clinic, id, &code).unwrap();
    clinic.change(noor, |account| account.active = false);
    assert_eq!(choose(&clinic, NEW).unwrap_err(), AppError::NotSignedIn);
}

#[test]
fn a_password_that_guessing_has_closed_is_open_again_with_the_new_one() {
    let clinic = clinic();
    clinic.account("noor", Role::FrontDesk, None);
    for _ in 0..60 {
        clinic.sign_in("noor", "a wrong password").unwrap_err();
        clinic.wait(900);
    }
    assert_eq!(clinic.sign_in("noor", PASSWORD).unwrap_err(), AppError::PasswordClosed);
    let id = ask(&clinic, "noor").unwrap().id;
    let (code, _) = codes(&clinic, "noor@example.org");
    type_in(&clinic, id, &code).unwrap();
    choose(&clinic, NEW).unwrap();
    clinic.sign_in("noor", NEW).unwrap();
}

#[test]
fn without_mail_nobody_is_promised_a_code() {
    let clinic = Clinic::new();
    assert!(matches!(clinic.app.session_state().unwrap(), SessionState::SignedOut { mail: false, .. }));
    assert_eq!(ask(&clinic, "ada").unwrap_err(), AppError::MailNotSetUp);
    assert_eq!(ask(&clinic, "nobody").unwrap_err(), AppError::MailNotSetUp);
    let ada = clinic.admin();
    let request = SendReset { id: ada.person.account };
    assert_eq!(clinic.app.send_reset(&ada, request).unwrap_err(), AppError::MailNotSetUp);
}

fn send(clinic: &Clinic, id: AccountId) -> Answer<super::reset_view::ResetSent> {
    let ada = clinic.admin();
    clinic.app.send_reset(&ada, SendReset { id })
}

/// P5.
#[test]
fn an_administrator_begins_a_reset_and_learns_no_secret() {
    let clinic = clinic();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    let sent = send(&clinic, noor).unwrap();
    assert_eq!(
        (sent.email.as_str(), (sent.until - clinic.app.now()).num_minutes()),
        ("noor@example.org", 30)
    );
    assert_eq!(clinic.audit().pop().unwrap().subject_id, Some(noor.0));
    let Some(Letter::ResetLink { link, .. }) = clinic.letters("noor@example.org").pop() else { panic!() };
    clinic.sign_in("noor", PASSWORD).unwrap();
    clinic.app.sign_out().unwrap();
    paste(&clinic, link.expose()).unwrap();
    choose(&clinic, NEW).unwrap();
    clinic.sign_in("noor", NEW).unwrap();
    let noors = clinic.app.actor().unwrap();
    assert_eq!(clinic.app.send_reset(&noors, SendReset { id: noor }).unwrap_err(), AppError::Forbidden);
}

#[test]
fn a_reset_is_sent_to_whom_it_can_reach_and_not_without_end() {
    let clinic = clinic();
    let mute = clinic.account("mute", Role::FrontDesk, None);
    clinic.change(mute, |account| account.email = None);
    let AppError::Validation { fields } = send(&clinic, mute).unwrap_err() else { panic!() };
    assert_eq!((fields[0].field.as_str(), fields[0].rule), ("email", FieldRule::Required));
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    assert_eq!(send(&clinic, gone).unwrap_err(), AppError::WrongState);
    assert_eq!(send(&clinic, AccountId(clinic.app.new_id().unwrap())).unwrap_err(), AppError::NotFound);
    let noor = clinic.account("noor", Role::FrontDesk, None);
    for _ in 0..5 {
        send(&clinic, noor).unwrap();
    }
    assert_eq!(send(&clinic, noor).unwrap_err(), AppError::CodesSpent { wait_seconds: 3600 });
}
