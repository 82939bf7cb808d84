//! A forgotten password from the first question to the next sign-in (AU-5, AU-6; rows O1 to O9 of the security reference).

use clinic_domain::id::{AccountId, CodeId};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::FieldRule;

use super::fixture::{Clinic, PASSWORD};
use super::hashing::tests::work;
use super::notice::NoticeKind;
use super::reset_view::{AskReset, CodeAsked, MailCodeProblem, ProveReset, ResetPassword, SendReset};
use super::store_session;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;
use crate::messaging::Letter;

const NEW: &str = "grey bicycle under pier";

fn clinic() -> Clinic {
    Clinic::new().with_mail()
}

fn ask(clinic: &Clinic, login: &str) -> Answer<CodeAsked> {
    clinic.app.ask_reset(AskReset { login: login.into() })
}

fn type_in(clinic: &Clinic, id: CodeId, code: &str) -> Answer<SessionState> {
    clinic.app.prove_reset(ProveReset::Code { id, code: code.into() })
}

fn paste(clinic: &Clinic, link: &str) -> Answer<SessionState> {
    clinic.app.prove_reset(ProveReset::Link { link: link.into() })
}

fn choose(clinic: &Clinic, password: &str) -> Answer<SessionState> {
    clinic.app.reset_password(ResetPassword { password: password.into() })
}

/// The six digits and the long code of the last letter to this address.
fn codes(clinic: &Clinic, address: &str) -> (String, String) {
    match clinic.letters(address).pop() {
        Some(Letter::ResetCode { code, link, .. }) => (code, link),
        other => panic!("{other:?}"),
    }
}

fn another(code: &str) -> String {
    code.chars().map(|digit| if digit == '7' { '3' } else if digit == ' ' { ' ' } else { '7' }).collect()
}

fn problem<T: std::fmt::Debug>(answer: Answer<T>) -> MailCodeProblem {
    match answer.unwrap_err() {
        AppError::MailCodeRefused { problem, .. } => problem,
        other => panic!("{other:?}"),
    }
}

/// Ada asks and has her codes.
fn asked() -> (Clinic, CodeId, String, String) {
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

/// O3.
#[test]
fn five_tries_are_looked_at_and_the_right_code_comes_too_late() {
    let (clinic, id, code, _) = asked();
    clinic.admin();
    for left in (0..5).rev() {
        let refusal = type_in(&clinic, id, &another(&code)).unwrap_err();
        assert_eq!(
            refusal,
            AppError::MailCodeRefused { problem: MailCodeProblem::Wrong, tries_left: left }
        );
    }
    let before = work();
    assert_eq!(problem(type_in(&clinic, id, &code)), MailCodeProblem::TriedTooOften);
    assert_eq!(work(), before, "it is not even looked at");
    let ops = clinic.ops();
    assert_eq!(ops.iter().filter(|op| **op == Op::MailCodeFailed).count(), 5);
    assert_eq!(ops.iter().filter(|op| **op == Op::ManyWrongCodes).count(), 1);
    let ada = clinic.admin();
    assert_eq!(clinic.app.list_notices(&ada).unwrap()[0].kind, NoticeKind::ManyWrongCodes);
}

#[test]
fn a_try_is_counted_before_anything_is_compared() {
    let (clinic, id, code, _) = asked();
    let path = clinic.app.store().unwrap().path().to_owned();
    super::hashing::tests::watch(move || {
        let again = crate::db::Store::open(&path, &crate::db::StoreKey::new([7; 32])).unwrap();
        let tries: u32 = again
            .read(|conn| Ok(conn.query_row("SELECT tries FROM one_time_code", [], |row| row.get(0))?))
            .unwrap();
        assert_eq!(tries, 1, "whoever pulls the plug now gets no try back");
    });
    type_in(&clinic, id, &another(&code)).unwrap_err();
}

#[test]
fn what_is_not_six_digits_counts_for_nothing() {
    let (clinic, id, code, _) = asked();
    for typed in ["", "12345", "1234567", "abcdef"].iter().cycle().take(20) {
        let refusal = type_in(&clinic, id, typed).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].rule), ("code", FieldRule::Malformed));
    }
    type_in(&clinic, id, &code).unwrap();
}

/// O3: a hundred who type the right code at the same moment.
#[test]
fn of_a_hundred_right_codes_at_once_one_is_let_in() {
    let (clinic, id, code, link) = asked();
    let at_once = |prove: &(dyn Fn() -> Answer<SessionState> + Sync)| {
        std::thread::scope(|scope| {
            let tries: Vec<_> = (0..100).map(|_| scope.spawn(prove)).collect();
            tries.into_iter().map(|one| one.join().unwrap()).filter(Result::is_ok).count()
        })
    };
    assert_eq!(at_once(&|| type_in(&clinic, id, &code)), 1);
    assert_eq!(at_once(&|| paste(&clinic, &link)), 0, "it is used up with the digits");
    let (clinic, _, _, link) = asked();
    assert_eq!(at_once(&|| paste(&clinic, &link)), 1);
}

/// O9 and TR-7: whoever asks learns nothing about who has an account.
#[test]
fn whoever_is_asked_for_the_answer_and_the_work_are_the_same() {
    let clinic = clinic();
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    let mute = clinic.account("mute", Role::FrontDesk, None);
    clinic.change(mute, |account| account.email = None);
    let mut seen = Vec::new();
    for login in ["ada", "nobody", "gone", "mute", "PAT00000000", "x@y.example"] {
        let tables = ["one_time_code", "mail", "audit", "notice"];
        let before = tables.map(|table| clinic.count(table));
        let worked = work();
        let CodeAsked { id, seconds, tries } = ask(&clinic, login).unwrap();
        let asked_work = work() - worked;
        let refusal = type_in(&clinic, id, "000 000").unwrap_err();
        let worked = work() - worked;
        let rows = [0, 1, 2, 3].map(|at| clinic.count(tables[at]) - before[at]);
        seen.push((seconds, tries, asked_work, worked, refusal, rows));
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
    assert_eq!(seen[0].5, [1, 1, 2, 0]);
    let addressed = clinic.read(|conn| {
        Ok(conn.query_row("SELECT count(*) FROM mail WHERE recipient <> ''", [], |row| row.get::<_, u32>(0))?)
    });
    assert_eq!(addressed, 1, "and a mail goes to the one alone who may have it");
}

/// O4.
#[test]
fn five_codes_an_hour_for_one_name_and_the_next_one_says_when() {
    for login in ["ada", "nobody"] {
        let clinic = clinic();
        for _ in 0..5 {
            ask(&clinic, login).unwrap();
            clinic.wait(60);
        }
        assert_eq!(ask(&clinic, login).unwrap_err(), AppError::CodesSpent { wait_seconds: 55 * 60 }, "{login}");
        assert_eq!(clinic.count("one_time_code"), 5);
        clinic.wait(55 * 60);
        ask(&clinic, login).unwrap();
    }
}

#[test]
fn another_name_of_the_same_person_gives_nothing_away_and_floods_no_mailbox() {
    let clinic = clinic();
    let number = clinic.admin().public_id;
    for _ in 0..5 {
        ask(&clinic, "ada").unwrap();
    }
    for login in ["ada@example.org", &number] {
        let asked = ask(&clinic, login).unwrap();
        assert_eq!((asked.seconds, asked.tries), (600, 5), "as for a name that is no account's");
        assert_eq!(problem(type_in(&clinic, asked.id, "000 000")), MailCodeProblem::Wrong);
    }
    assert_eq!(clinic.letters("ada@example.org").len(), 5);
}

#[test]
fn a_device_asks_for_twenty_an_hour_whoever_they_are_for() {
    let clinic = clinic();
    for nth in 0..20 {
        ask(&clinic, &format!("nobody{nth}")).unwrap();
    }
    assert_eq!(ask(&clinic, "ada").unwrap_err(), AppError::CodesSpent { wait_seconds: 3600 });
    clinic.wait(3600);
    ask(&clinic, "ada").unwrap();
}

#[test]
fn codes_of_yesterday_are_forgotten() {
    let clinic = clinic();
    ask(&clinic, "ada").unwrap();
    clinic.wait(24 * 3600 + 1);
    ask(&clinic, "nobody").unwrap();
    assert_eq!(clinic.count("one_time_code"), 1);
}

/// O2: what is kept of a code.
#[test]
fn no_code_is_kept_in_clear() {
    let (clinic, id, code, link) = asked();
    clinic.write(|conn| Ok(conn.execute("UPDATE mail SET letter = NULL", [])?));
    let dump = clinic.read(|conn| {
        let mut dump = String::new();
        for table in ["one_time_code", "mail", "audit", "outbox", "notice", "fact"] {
            let mut all = conn.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = all.column_count();
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                (0..columns).for_each(|at| dump.push_str(&format!("{:?}\n", row.get_ref(at).unwrap())));
            }
        }
        Ok(dump)
    });
    let digits = code.replace(' ', "");
    assert!(dump.contains("argon2id") || dump.contains("Text"), "the table was read");
    for secret in [digits.as_str(), &link, "secret", &format!("{:?}", digits.as_bytes()), &format!("{:?}", link.as_bytes())] {
        let secret = secret.trim_matches(['[', ']']);
        assert!(!dump.contains(secret), "{secret}");
    }
    type_in(&clinic, id, &code).unwrap();
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
    assert_eq!((sent.email.as_str(), (sent.until - clinic.app.now()).num_minutes()), ("noor@example.org", 30));
    assert_eq!(clinic.audit().pop().unwrap().subject_id, Some(noor.0));
    let Some(Letter::ResetLink { link, .. }) = clinic.letters("noor@example.org").pop() else { panic!() };
    clinic.sign_in("noor", PASSWORD).unwrap();
    clinic.app.sign_out().unwrap();
    paste(&clinic, &link).unwrap();
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
