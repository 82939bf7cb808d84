//! Who must have a second factor may work without one for some days, and not longer: role by role, with and without a
//! factor, before and after the end of the grace (AU-18, ASVS 6.3.3).

use chrono::TimeDelta;
use clinic_domain::id::AccountId;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::security_policy::SecurityPolicy;
use totp_rs::{Builder, Secret};

use super::fixture::{Clinic, PASSWORD};
use super::second_factor_view::{FactorCode, ResetSecondFactor};
use super::security_policy_view::EditSecurityPolicy;
use super::view::{AccountForm, EditAccount, SessionState, SetAccountActive};
use crate::app::Actor;
use crate::error::AppError;

const DAY: u64 = 24 * 3600;

fn decide(clinic: &Clinic, actor: &Actor, change: impl FnOnce(&mut SecurityPolicy)) {
    let view = clinic.app.read_security_policy(actor).unwrap();
    let mut form = view.policy;
    change(&mut form);
    clinic.app.edit_security_policy(actor, EditSecurityPolicy { rev: view.rev, form }).unwrap();
}

/// A clinic as the wizard makes it, with an account of each role.
fn new_clinic() -> (Clinic, Actor) {
    let clinic = Clinic::new();
    let ada = clinic.person(clinic.admin().person.account);
    clinic.app.sign_out().unwrap();
    clinic.account("noor", Role::FrontDesk, None);
    clinic.account("haddad", Role::Doctor, Some(clinic.doctor()));
    clinic.account("pat", Role::Patient, None);
    decide(&clinic, &ada, |policy| *policy = SecurityPolicy::of_new_clinic());
    (clinic, ada)
}

fn enrol(clinic: &Clinic) -> String {
    let actor = clinic.app.enrolling_actor().unwrap();
    let offer = clinic.app.begin_second_factor(&actor).unwrap();
    let secret = Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build_noncompliant();
    let code = app.generate(clinic.app.now().timestamp().unsigned_abs()).to_string();
    let codes = clinic.app.confirm_second_factor(&actor, FactorCode { code: code.into() }).unwrap().codes;
    codes.first().unwrap().expose().to_owned()
}

/// Where a sign-in leads.
fn leads_to(clinic: &Clinic, login: &str) -> &'static str {
    match clinic.sign_in(login, PASSWORD).unwrap() {
        SessionState::SignedIn { factor_due: Some(_), .. } => "grace",
        SessionState::SignedIn { factor_due: None, .. } => "work",
        SessionState::Enrolling { .. } => "enrol",
        SessionState::SecondStep { .. } => "code",
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_role_with_and_without_a_factor_before_and_after_the_grace() {
    let (clinic, _) = new_clinic();
    let logins = ["ada", "noor", "haddad", "pat"];
    let now = |clinic: &Clinic| logins.map(|login| leads_to(clinic, login));
    assert_eq!(now(&clinic), ["grace", "work", "grace", "work"], "on the first day");
    clinic.wait(7 * DAY - 1);
    assert_eq!(now(&clinic), ["grace", "work", "grace", "work"], "one second before the end");
    clinic.wait(1);
    assert_eq!(now(&clinic), ["enrol", "work", "enrol", "work"], "at the end");
    for login in ["ada", "haddad"] {
        clinic.sign_in(login, PASSWORD).unwrap();
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::SecondFactorDemanded);
        enrol(&clinic);
        clinic.app.actor().unwrap();
    }
    clinic.sign_in("noor", PASSWORD).unwrap();
    enrol(&clinic);
    assert_eq!(now(&clinic), ["code", "code", "code", "work"], "with a factor");
}

#[test]
fn a_session_that_is_open_at_the_end_of_the_grace_gets_no_further_either() {
    let (clinic, ada) = new_clinic();
    decide(&clinic, &ada, |policy| policy.idle_minutes = 60);
    clinic.wait(7 * DAY - 60);
    clinic.sign_in("haddad", PASSWORD).unwrap();
    clinic.app.actor().unwrap();
    clinic.wait(60);
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::SecondFactorDemanded);
}

#[test]
fn the_end_is_told_and_is_gone_with_the_factor() {
    let (clinic, _) = new_clinic();
    let due = clinic.app.now() + TimeDelta::days(7);
    let shown = |state: SessionState| match state {
        SessionState::SignedIn { factor_due, .. } => factor_due,
        other => panic!("{other:?}"),
    };
    clinic.wait(DAY);
    assert_eq!(shown(clinic.sign_in("haddad", PASSWORD).unwrap()), Some(due));
    assert_eq!(shown(clinic.sign_in("noor", PASSWORD).unwrap()), None);
    let noor = clinic.app.actor().unwrap();
    let own = clinic.app.read_second_factor(&noor).unwrap();
    assert!(own.recommended && !own.demanded, "the front desk should have one");
    clinic.sign_in("haddad", PASSWORD).unwrap();
    enrol(&clinic);
    assert_eq!(shown(clinic.app.session_state().unwrap()), None);
    let own = clinic.app.read_second_factor(&clinic.app.actor().unwrap()).unwrap();
    assert!(own.demanded && !own.recommended);
}

fn in_eight_days(clinic: &Clinic, change: impl FnOnce(AccountId)) -> AccountId {
    let noor = clinic.account("lena", Role::Doctor, Some(clinic.doctor()));
    clinic.wait(8 * DAY);
    assert_eq!(leads_to(clinic, "lena"), "enrol");
    change(noor);
    noor
}

#[test]
fn a_new_an_activated_and_a_promoted_account_have_days_of_their_own() {
    let (clinic, ada) = new_clinic();
    clinic.wait(30 * DAY);
    let lena = in_eight_days(&clinic, |id| {
        for active in [false, true] {
            let rev = clinic.load(id).1;
            clinic.app.set_account_active(&ada, SetAccountActive { id, rev, active }).unwrap();
        }
    });
    assert_eq!(leads_to(&clinic, "lena"), "grace", "activated again");
    let (noor, rev) = clinic.load(clinic.account("rosa", Role::FrontDesk, None));
    clinic.wait(30 * DAY);
    let form = AccountForm { role: Role::Admin, ..noor.form() };
    clinic.app.edit_account(&ada, EditAccount { id: noor.id, rev, form }).unwrap();
    assert_eq!(leads_to(&clinic, "rosa"), "grace", "an administrator since today");
    assert_eq!(leads_to(&clinic, "lena"), "enrol", "{lena:?}: thirty days later");
}

#[test]
fn neither_another_decision_nor_a_lost_factor_begins_the_days_anew() {
    let (clinic, ada) = new_clinic();
    clinic.sign_in("haddad", PASSWORD).unwrap();
    let haddad = clinic.app.actor().unwrap().person.account;
    enrol(&clinic);
    clinic.wait(8 * DAY);
    decide(&clinic, &ada, |policy| policy.second_factor_roles = Role::ALL.to_vec());
    assert_eq!(leads_to(&clinic, "ada"), "enrol", "demanded since the beginning");
    assert_eq!(leads_to(&clinic, "noor"), "grace", "demanded since now");
    clinic.app.reset_second_factor(&ada, ResetSecondFactor { id: haddad }).unwrap();
    assert_eq!(leads_to(&clinic, "haddad"), "enrol");
    decide(&clinic, &ada, |policy| policy.factor_grace_days = 30);
    assert_eq!(leads_to(&clinic, "haddad"), "grace", "more days are more days");
    decide(&clinic, &ada, |policy| policy.factor_grace_days = 0);
    assert_eq!(leads_to(&clinic, "noor"), "enrol");
}

#[test]
fn setting_the_clock_back_prolongs_nothing() {
    let (clinic, _) = new_clinic();
    clinic.wait(7 * DAY);
    assert_eq!(leads_to(&clinic, "haddad"), "enrol");
    clinic.turn(-3 * 24 * 3600, 0);
    assert_eq!(leads_to(&clinic, "haddad"), "enrol", "what was written down is later");
}
