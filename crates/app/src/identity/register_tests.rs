//! Registration from the first form to the first sign-in, and the list of those that wait (AU-3, AU-4, AD-1; rows O3, O4,
//! O8 and O9 of the security reference).

use clinic_domain::id::RegistrationId;
use clinic_domain::identity::role::Role;
use clinic_domain::messaging::delivery::MailState;
use clinic_domain::validation::FieldRule;

use super::fixture::Clinic;
use super::hashing::tests::work;
use super::notice::NoticeKind;
use super::registration_view::{
    ConfirmRegistration, ListRegistrations, PendingRegistration, Register, Registered, RegistrationBegun,
    RegistrationRow,
};
use super::reset_tests::{another, clinic, problem};
use super::reset_view::MailCodeProblem;
use crate::app::Actor;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountForm, EditAccount, SessionState, SetAccountActive};
use crate::messaging::Letter;
use crate::paging::Paging;

const PASSWORD: &str = "grey bicycle under pier";
pub(super) const BEA: &str = "bea@mail.example";

pub(super) fn form(role: Role, email: &str) -> Register {
    Register {
        role,
        given_names: "Bea".into(),
        family_name: "Vega".into(),
        email: email.into(),
        password: PASSWORD.into(),
    }
}

pub(super) fn register(clinic: &Clinic, email: &str) -> Answer<RegistrationBegun> {
    clinic.app.register(form(Role::Patient, email))
}

pub(super) fn confirm(clinic: &Clinic, id: RegistrationId, code: &str) -> Answer<Registered> {
    clinic.app.confirm_registration(ConfirmRegistration { id, code: code.into() })
}

pub(super) fn code(clinic: &Clinic, email: &str) -> String {
    match clinic.letters(email).pop() {
        Some(Letter::RegistrationCode { code, .. }) => code.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// Bea registers and has her code.
pub(super) fn registering() -> (Clinic, RegistrationId, String) {
    let clinic = clinic();
    let id = register(&clinic, BEA).unwrap().id;
    let code = code(&clinic, BEA);
    (clinic, id, code)
}

fn pending(clinic: &Clinic) -> Vec<RegistrationRow> {
    listed(clinic, &clinic.admin())
}

pub(super) fn listed(clinic: &Clinic, admin: &Actor) -> Vec<RegistrationRow> {
    let paging = Paging { page: 0, size: 20, sort: "expires".into(), descending: false };
    let request = ListRegistrations { query: String::new(), paging };
    clinic.app.list_registrations(admin, request).unwrap().rows
}

#[test]
fn a_patient_registers_proves_the_address_and_sees_the_own_account_alone() {
    let clinic = clinic();
    let accounts = clinic.count("account");
    let id = register(&clinic, " Bea@Mail.example ").unwrap().id;
    assert_eq!(clinic.count("account"), accounts, "no account before the proof");
    let made = confirm(&clinic, id, &code(&clinic, BEA)).unwrap();
    assert!(made.public_id.starts_with("PAT") && made.public_id.len() == 11 && !made.waits);
    assert_eq!((made.name.as_str(), clinic.count("pending_registration")), ("Bea Vega", 0));
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn, "nobody is signed in by it");
    for login in [BEA, &made.public_id] {
        let SessionState::SignedIn { me, .. } = clinic.sign_in(login, PASSWORD).unwrap() else { panic!() };
        assert_eq!(me.may, [clinic_domain::identity::policy::Action::ManageOwnSession]);
    }
    assert!(
        clinic
            .letters(BEA)
            .iter()
            .any(|letter| matches!(letter, Letter::AccountCreated { waits: false, .. }))
    );
    let entry = clinic.audit().into_iter().find(|entry| entry.op == Op::Register).unwrap();
    assert!(entry.subject.contains("Vega, Bea") && !format!("{:?}", entry.changes).contains("argon2"));
}

/// Whoever says to be a doctor would see every patient.
#[test]
fn a_doctor_registers_and_waits_until_an_administrator_made_sure() {
    let clinic = clinic();
    let id = clinic.app.register(form(Role::Doctor, BEA)).unwrap().id;
    let made = confirm(&clinic, id, &code(&clinic, BEA)).unwrap();
    assert!(made.public_id.starts_with("DOC") && made.waits);
    assert_eq!(clinic.sign_in(BEA, PASSWORD).unwrap_err(), AppError::WrongCredentials);
    let ada = clinic.admin();
    let told = clinic.app.list_notices(&ada).unwrap();
    let told = told.iter().find(|notice| notice.kind == NoticeKind::DoctorRegistered).unwrap();
    let account = told.about.as_ref().unwrap().id;
    let activate =
        |rev| clinic.app.set_account_active(&ada, SetAccountActive { id: account, rev, active: true });
    let AppError::Validation { fields } = activate(1).unwrap_err() else { panic!() };
    assert_eq!((fields[0].field.as_str(), fields[0].rule), ("form.doctor_id", FieldRule::Required));
    let (found, rev) = clinic.load(account);
    let linked = AccountForm { doctor_id: Some(clinic.doctor()), ..found.form() };
    clinic.app.edit_account(&ada, EditAccount { id: account, rev, form: linked }).unwrap();
    activate(2).unwrap();
    clinic.sign_in(BEA, PASSWORD).unwrap();
}

#[test]
fn every_mistake_is_named_and_nothing_is_kept() {
    let clinic = clinic();
    let wrong = Register {
        role: Role::Admin,
        given_names: " ".into(),
        password: "short".into(),
        ..form(Role::Patient, "bea")
    };
    let AppError::Validation { fields } = clinic.app.register(wrong).unwrap_err() else { panic!() };
    let mut fields: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
    // Short and common at once.
    fields.dedup();
    assert_eq!(fields, ["given_names", "email", "role", "password"]);
    let named = Register { password: "vega bicycle under pier".into(), ..form(Role::Patient, BEA) };
    let AppError::Validation { fields } = clinic.app.register(named).unwrap_err() else { panic!() };
    assert_eq!(fields[0].rule, FieldRule::ContextPassword);
    assert_eq!((clinic.count("pending_registration"), clinic.count("mail")), (0, 0));
}

/// O9 and TR-7.
#[test]
fn an_address_that_is_an_accounts_already_reads_the_same_and_its_owner_is_told() {
    let clinic = clinic();
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    register(&clinic, "waiting@example.org").unwrap();
    let mut seen = Vec::new();
    for email in ["new@example.org", "ada@example.org", "gone@example.org", "waiting@example.org"] {
        let tables = ["one_time_code", "mail", "audit", "pending_registration", "notice"];
        let before = tables.map(|table| clinic.count(table));
        let worked = work();
        let begun = register(&clinic, email).unwrap();
        let first = work() - worked;
        let refusal = confirm(&clinic, begun.id, "000 000").unwrap_err();
        let again = clinic.app.resend_registration(PendingRegistration { id: begun.id }).unwrap();
        let rows = [0, 1, 2, 3, 4].map(|at| clinic.count(tables[at]) - before[at]);
        seen.push((begun.seconds, begun.tries, again.id == begun.id, first, work() - worked, refusal, rows));
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
    let letters = clinic.letters("ada@example.org");
    assert!(
        matches!(letters[..], [Letter::AlreadyRegistered { .. }, Letter::AlreadyRegistered { .. }]),
        "{letters:?}"
    );
    let known: Vec<_> = pending(&clinic).into_iter().filter(|row| row.known).map(|row| row.email).collect();
    assert!(known.len() == 2 && !known.contains(&"new@example.org".to_owned()), "{known:?}");
}

#[test]
fn a_code_for_a_known_address_opens_nothing_even_if_somebody_guesses_it() {
    let clinic = clinic();
    let id = register(&clinic, "ada@example.org").unwrap().id;
    clinic.write(|conn| {
        Ok(conn.execute(
            "UPDATE one_time_code SET code_hash =
        (SELECT password_hash FROM account LIMIT 1)",
            [],
        )?)
    });
    assert_eq!(problem(confirm(&clinic, id, "123456")), MailCodeProblem::Wrong);
    let (clinic, id, code) = registering();
    clinic.write(|conn| Ok(conn.execute("UPDATE pending_registration SET known = 1", [])?));
    assert_eq!(problem(confirm(&clinic, id, &code)), MailCodeProblem::Expired);
    assert_eq!(clinic.count("account"), 1);
}

#[test]
fn an_address_that_becomes_an_accounts_in_between_makes_no_second_one() {
    let (clinic, id, code) = registering();
    let noor = clinic.account("noor", Role::FrontDesk, None);
    clinic.change(noor, |account| account.email = Some(BEA.into()));
    assert_eq!(problem(confirm(&clinic, id, &code)), MailCodeProblem::Expired);
    assert_eq!(clinic.count("account"), 2);
}

#[test]
fn the_code_is_good_for_ten_minutes_and_the_registration_for_thirty_to_the_second() {
    for (seconds, is_good) in [(599, true), (600, false)] {
        let (clinic, id, code) = registering();
        clinic.wait(seconds);
        assert_eq!(confirm(&clinic, id, &code).is_ok(), is_good, "{seconds}");
    }
    for (seconds, is_good) in [(1799, true), (1800, false)] {
        let (clinic, id, _) = registering();
        clinic.wait(1500);
        clinic.app.resend_registration(PendingRegistration { id }).unwrap();
        clinic.wait(seconds - 1500);
        assert_eq!(confirm(&clinic, id, &code(&clinic, BEA)).is_ok(), is_good, "{seconds}");
        let gone = clinic.app.resend_registration(PendingRegistration { id });
        assert_eq!(gone.unwrap_err(), AppError::NotFound, "{seconds}");
    }
}

#[test]
fn another_code_closes_the_one_before_and_five_an_hour_are_sent() {
    let (clinic, id, first) = registering();
    for _ in 0..4 {
        clinic.app.resend_registration(PendingRegistration { id }).unwrap();
    }
    let spent = clinic.app.resend_registration(PendingRegistration { id }).unwrap_err();
    assert_eq!(spent, AppError::CodesSpent { wait_seconds: 3600 });
    assert_eq!(register(&clinic, BEA).unwrap_err(), spent, "nor by beginning anew");
    let newest = code(&clinic, BEA);
    assert_ne!(first, newest);
    assert_eq!(problem(confirm(&clinic, id, &first)), MailCodeProblem::Wrong);
    confirm(&clinic, id, &newest).unwrap();
    assert_eq!(problem(confirm(&clinic, id, &newest)), MailCodeProblem::Expired, "once");
}

#[test]
fn five_wrong_tries_close_a_code_and_the_next_one_is_good() {
    let (clinic, id, right) = registering();
    for _ in 0..5 {
        assert_eq!(problem(confirm(&clinic, id, &another(&right))), MailCodeProblem::Wrong);
    }
    assert_eq!(problem(confirm(&clinic, id, &right)), MailCodeProblem::TriedTooOften);
    clinic.app.resend_registration(PendingRegistration { id }).unwrap();
    confirm(&clinic, id, &code(&clinic, BEA)).unwrap();
}

/// O3.
#[test]
fn a_hundred_right_codes_at_once_make_one_account() {
    let (clinic, id, code) = registering();
    let made = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..100).map(|_| scope.spawn(|| confirm(&clinic, id, &code).is_ok())).collect();
        tries.into_iter().filter_map(|one| one.join().ok()).filter(|is_made| *is_made).count()
    });
    assert_eq!((made, clinic.count("account")), (1, 2));
}

/// O8: what one device can leave behind.
#[test]
fn one_device_begins_twenty_an_hour() {
    let clinic = clinic();
    for nth in 0..20 {
        register(&clinic, &format!("{nth}@mail.example")).unwrap();
    }
    assert!(matches!(register(&clinic, BEA).unwrap_err(), AppError::CodesSpent { .. }));
    assert_eq!((clinic.count("pending_registration"), pending(&clinic).len()), (20, 20));
}

/// NO-5.
#[test]
fn administrators_are_told_once_until_they_have_looked() {
    let (clinic, ..) = registering();
    register(&clinic, "leo@mail.example").unwrap();
    let ada = clinic.admin();
    let told = clinic.app.list_notices(&ada).unwrap();
    assert_eq!(told.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::PendingRegistration]);
    let read = super::access_view::DismissNotice { id: told[0].id };
    assert_eq!(clinic.app.dismiss_notice(&ada, read).unwrap(), []);
    register(&clinic, "mia@mail.example").unwrap();
    assert_eq!(clinic.app.list_notices(&ada).unwrap().len(), 1);
}

#[test]
fn an_administrator_sees_sends_again_and_takes_away() {
    let (clinic, id, first) = registering();
    clinic.wait(60);
    assert_eq!(problem(confirm(&clinic, id, &another(&first))), MailCodeProblem::Wrong);
    let row = pending(&clinic).remove(0);
    assert_eq!((row.name.as_str(), row.role, row.email.as_str()), ("Vega, Bea", Role::Patient, BEA));
    assert_eq!((row.seconds_left, row.codes, row.wrong, row.mail), (1740, 1, 1, MailState::Queued));
    let ada = clinic.admin();
    clinic.app.send_registration(&ada, PendingRegistration { id }).unwrap();
    assert_eq!(pending(&clinic)[0].codes, 2);
    confirm(&clinic, id, &first).unwrap_err();
    let newest = code(&clinic, BEA);
    clinic.app.delete_registration(&ada, PendingRegistration { id }).unwrap();
    assert_eq!(problem(confirm(&clinic, id, &newest)), MailCodeProblem::Expired);
    let gone = clinic.app.delete_registration(&ada, PendingRegistration { id });
    assert_eq!(gone.unwrap_err(), AppError::NotFound);
    let ops = clinic.ops();
    assert!([Op::ResendRegistration, Op::DeleteRegistration].iter().all(|op| ops.contains(op)), "{ops:?}");
    let noor = clinic.person(clinic.account("noor", Role::FrontDesk, None));
    let refusal = clinic.app.delete_registration(&noor, PendingRegistration { id }).unwrap_err();
    assert_eq!(refusal, AppError::Forbidden);
}

#[test]
fn a_list_is_sorted_narrowed_and_paged() {
    let clinic = clinic();
    for (given, family, email) in
        [("Bea", "Vega", BEA), ("Leo", "Adebayo", "leo@x.example"), ("Mia", "Núñez", "m@x.example")]
    {
        let (given_names, family_name) = (given.into(), family.into());
        clinic.app.register(Register { given_names, family_name, ..form(Role::Patient, email) }).unwrap();
        clinic.wait(1);
    }
    let ada = clinic.admin();
    let ask = |query: &str, sort: &str, size: u32, descending: bool| {
        let paging = Paging { page: 0, size, sort: sort.into(), descending };
        clinic.app.list_registrations(&ada, ListRegistrations { query: query.into(), paging })
    };
    let names = |query: &str, sort: &str, descending: bool| -> Vec<String> {
        let rows = ask(query, sort, 20, descending).unwrap().rows;
        rows.into_iter().map(|row| row.name.split(',').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names("", "expires", false), ["Vega", "Adebayo", "Núñez"]);
    assert_eq!(names("", "name", false), ["Adebayo", "Núñez", "Vega"]);
    assert_eq!(names("", "expires", true)[0], "Núñez");
    assert_eq!((names("nunez", "name", false).len(), names("X.example", "name", false).len()), (1, 2));
    let page = ask("", "name", 2, false).unwrap();
    assert_eq!((page.rows.len(), page.total), (2, 3));
    assert!(matches!(ask("", "password_hash", 500, false).unwrap_err(), AppError::Validation { .. }));
}

#[test]
fn a_patients_account_stays_one_and_nobody_elses_becomes_one() {
    let (clinic, id, code) = registering();
    confirm(&clinic, id, &code).unwrap();
    let ada = clinic.admin();
    let SessionState::SignedIn { me, .. } = clinic.sign_in(BEA, PASSWORD).unwrap() else { panic!() };
    let edit = |id, role| {
        let (account, rev) = clinic.load(id);
        let form = AccountForm { role, given_names: "Beatriz".into(), ..account.form() };
        clinic.app.edit_account(&ada, EditAccount { id, rev, form })
    };
    for (id, role) in [(me.account_id, Role::Admin), (ada.person.account, Role::Patient)] {
        let AppError::Validation { fields } = edit(id, role).unwrap_err() else { panic!() };
        assert_eq!((fields[0].field.as_str(), fields[0].rule), ("form.role", FieldRule::Fixed));
    }
    edit(me.account_id, Role::Patient).unwrap();
    assert_eq!(clinic.load(me.account_id).0.given_names, "Beatriz");
}
