//! What a clinic decides about security, and that it holds: at passwords, sign-ins, sessions, and for second factors.

use clinic_domain::id::AccountId;
use clinic_domain::identity::duty::Standing;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::security_policy::SecurityPolicy;
use clinic_domain::validation::{FieldError, FieldRule};
use totp_rs::{Builder, Secret};

use super::access_view::{ChangePassword, CheckPassword};
use super::fixture::{Clinic, PASSWORD};
use super::reset_view::{NewPasswordReason, ResetPassword};
use super::second_factor_view::{FactorCode, ProvenByPassword, RecoveryCodes, ResetSecondFactor};
use super::security_policy_view::{EditSecurityPolicy, RoleFactors, SecurityPolicyView};
use super::view::{AccountForm, CreateAccount, SessionState, Unlock};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};

fn edit(
    clinic: &Clinic,
    actor: &Actor,
    change: impl FnOnce(&mut SecurityPolicy),
) -> Answer<SecurityPolicyView> {
    let SecurityPolicyView { rev, mut policy, .. } = clinic.app.read_security_policy(actor)?;
    // At once, unless a test says otherwise.
    policy.factor_grace_days = 0;
    change(&mut policy);
    clinic.app.edit_security_policy(actor, EditSecurityPolicy { rev, form: policy })
}

/// A clinic that has decided something.
fn decided(change: impl FnOnce(&mut SecurityPolicy)) -> (Clinic, Actor) {
    let clinic = Clinic::new();
    let ada = clinic.person(clinic.admin().person.account);
    clinic.app.sign_out().unwrap();
    edit(&clinic, &ada, change).unwrap();
    (clinic, ada)
}

fn proven() -> ProvenByPassword {
    ProvenByPassword { password: PASSWORD.into() }
}

/// Sets up a second factor the way the screen does: from the key that is shown.
fn enrol(clinic: &Clinic) -> Answer<RecoveryCodes> {
    let actor = clinic.app.enrolling_actor()?;
    let offer = clinic.app.begin_second_factor(&actor)?;
    let secret = Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build_noncompliant();
    let code = app.generate(clinic.app.now().timestamp().unsigned_abs()).to_string();
    clinic.app.confirm_second_factor(&actor, FactorCode { code: code.into() })
}

fn change(clinic: &Clinic, actor: &Actor, password: &str) -> Answer<u32> {
    let request = ChangePassword { current: PASSWORD.into(), password: password.into(), end_others: false };
    clinic.app.change_password(actor, request).map(|changed| changed.ended)
}

fn too_short(bound: u32) -> AppError {
    AppError::Validation { fields: vec![FieldError::new("password", FieldRule::TooShort).bound(bound)] }
}

fn is_enrolling(state: &SessionState) -> bool {
    matches!(state, SessionState::Enrolling { .. })
}

fn new_colleague(clinic: &Clinic, role: Role, password: &str) -> CreateAccount {
    CreateAccount {
        request_id: clinic.request(),
        form: AccountForm {
            given_names: "Sam".into(),
            family_name: "Reed".into(),
            email: String::new(),
            user_name: String::new(),
            role,
            doctor_id: None,
        },
        password: Some(password.into()),
    }
}

#[test]
fn a_change_is_written_down_field_by_field_and_the_second_of_two_is_told() {
    let clinic = Clinic::new();
    let ada = clinic.admin();
    let first = edit(&clinic, &ada, |policy| policy.idle_minutes = 5).unwrap();
    assert_eq!((first.rev, first.policy.idle_minutes), (1, 5));
    let second = edit(&clinic, &ada, |policy| policy.session_hours = 8).unwrap();
    assert_eq!((second.rev, second.policy.idle_minutes), (2, 5));
    let entry = clinic.audit().pop().unwrap();
    let changes: Vec<_> = entry.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((entry.op, entry.actor.as_str()), (Op::EditSecurityPolicy, "ada Test"));
    assert_eq!(changes, ["session_hours"]);
    let late = EditSecurityPolicy { rev: 1, form: SecurityPolicy::default() };
    assert_eq!(clinic.app.edit_security_policy(&ada, late).unwrap_err(), AppError::Stale { by: None });
}

#[test]
fn what_is_out_of_bounds_is_named_and_nothing_is_written() {
    let clinic = Clinic::new();
    let ada = clinic.admin();
    let before = clinic.ops().len();
    let refusal = edit(&clinic, &ada, |policy| {
        policy.password_least = 14;
        policy.second_factor_roles = vec![Role::Admin, Role::Admin];
    });
    let expected = vec![
        FieldError::new("form.password_least", FieldRule::OutOfRange).bound(15),
        FieldError::new("form.second_factor_roles", FieldRule::Duplicate),
    ];
    assert_eq!(refusal.unwrap_err(), AppError::Validation { fields: expected });
    assert_eq!(clinic.ops().len(), before);
}

#[test]
fn only_an_administrator_decides() {
    let clinic = Clinic::new();
    for role in [Role::FrontDesk, Role::Doctor, Role::Patient] {
        let who = clinic.person(clinic.account(&format!("{role:?}").to_lowercase(), role, None));
        let request = EditSecurityPolicy { rev: 0, form: SecurityPolicy::default() };
        assert_eq!(clinic.app.read_security_policy(&who).unwrap_err(), AppError::Forbidden);
        assert_eq!(clinic.app.edit_security_policy(&who, request).unwrap_err(), AppError::Forbidden);
    }
}

#[test]
fn passwords_are_as_long_as_was_decided_and_shorter_only_beside_a_factor() {
    let (clinic, ada) = decided(|policy| {
        policy.password_least = 20;
        policy.password_least_with_factor = 10;
        policy.second_factor_roles = vec![Role::Admin];
    });
    let make = |role, password| {
        let made = clinic.app.create_account(&ada, new_colleague(&clinic, role, password));
        made.map(|changed| changed.account.form.role)
    };
    for role in [Role::FrontDesk, Role::Admin] {
        assert_eq!(
            make(role, "kvassblurtfjordzwer").unwrap_err(),
            too_short(20),
            "the factor is not there yet"
        );
        assert_eq!(make(role, "kvassblurtfjordzwerg"), Ok(role));
    }
    clinic.sign_in("ada", PASSWORD).unwrap();
    let least = |own| {
        let request = CheckPassword { password: "kvass".into(), context: Vec::new(), own };
        clinic.app.check_password(request).unwrap().least
    };
    assert_eq!([true, false].map(least), [20, 20], "demanded and not set up");
    enrol(&clinic).unwrap();
    assert_eq!([true, false].map(least), [10, 20]);
    let ada = clinic.app.actor().unwrap();
    assert_eq!(change(&clinic, &ada, "kvassblur").unwrap_err(), too_short(10));
    assert_eq!(change(&clinic, &ada, "kvassblurt"), Ok(0));
    assert_eq!(clinic.load(ada.person.account).0.password_standing, Standing::WithFactor);
}

#[test]
fn a_short_password_is_replaced_once_the_factor_beside_it_is_gone() {
    let clinic = Clinic::new();
    let ada = clinic.admin();
    enrol(&clinic).unwrap();
    change(&clinic, &ada, "kvassblurt").unwrap();
    assert_eq!(clinic.app.actor().unwrap(), ada);
    clinic.app.end_second_factor(&ada, ProvenByPassword { password: "kvassblurt".into() }).unwrap();
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::NewPasswordDemanded);
    let state = clinic.app.session_state().unwrap();
    let SessionState::NewPassword { reason, .. } = state else { panic!("{state:?}") };
    assert_eq!(reason, NewPasswordReason::TooShort);
    let replace = |password: &str| clinic.app.replace_password(ResetPassword { password: password.into() });
    assert_eq!(replace("blurtkvass").unwrap_err(), too_short(15));
    replace("grey bicycle under pier").unwrap();
    assert_eq!(clinic.app.actor().unwrap(), ada);
}

#[test]
fn kinds_of_characters_are_asked_for_once_that_was_decided() {
    let (clinic, _) = decided(|policy| policy.composition = true);
    clinic.sign_in("ada", PASSWORD).unwrap();
    let ada = clinic.app.actor().unwrap();
    let change = |password: &str| change(&clinic, &ada, password);
    let refused =
        AppError::Validation { fields: vec![FieldError::new("password", FieldRule::PasswordKinds)] };
    assert_eq!(change("grey bicycle under pier").unwrap_err(), refused);
    assert_eq!(change("Grey bicycle under pier 9"), Ok(0));
}

#[test]
fn a_desk_locks_itself_and_a_session_ends_when_it_was_decided() {
    let (clinic, _) = decided(|policy| (policy.idle_minutes, policy.session_hours) = (5, 1));
    clinic.sign_in("ada", PASSWORD).unwrap();
    clinic.wait(5 * 60 - 1);
    clinic.app.actor().unwrap();
    clinic.wait(1);
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
    clinic.app.unlock(Unlock { password: PASSWORD.into() }).unwrap();
    for _ in 0..13 {
        clinic.wait(4 * 60);
        clinic.app.touch().unwrap();
    }
    clinic.app.actor().unwrap();
    clinic.wait(3 * 60);
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn, "57 minutes and 3");
}

#[test]
fn a_session_keeps_the_end_it_began_with() {
    let clinic = Clinic::new();
    let ada = clinic.admin();
    edit(&clinic, &ada, |policy| (policy.session_hours, policy.idle_minutes) = (1, 60)).unwrap();
    for _ in 0..(11 * 2) {
        clinic.wait(30 * 60);
        clinic.app.touch().unwrap();
    }
    assert_eq!(clinic.app.actor().unwrap(), ada, "eleven hours later");
    clinic.sign_in("ada", PASSWORD).unwrap();
    let at_monotonic = |seconds| clinic.turn(0, seconds);
    at_monotonic(30 * 60);
    clinic.app.touch().unwrap();
    at_monotonic(30 * 60);
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn, "by the monotonic clock alone");
}

#[test]
fn waiting_begins_and_ends_when_it_was_decided() {
    let (clinic, _) = decided(|policy| (policy.free_tries, policy.longest_wait_minutes) = (1, 1));
    let waits: Vec<_> = (0..12)
        .map(|_| match clinic.sign_in("ada", "another password").unwrap_err() {
            AppError::Throttled { wait_seconds } => {
                clinic.wait(u64::from(wait_seconds));
                clinic.sign_in("ada", "another password").unwrap_err();
                wait_seconds
            }
            _ => 0,
        })
        .collect();
    assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
}

#[test]
fn who_must_have_a_second_factor_is_led_to_it_and_gets_nowhere_else() {
    let (clinic, _) = decided(|policy| policy.second_factor_roles = vec![Role::FrontDesk]);
    let noor = clinic.account("noor", Role::FrontDesk, None);
    let state = clinic.sign_in("noor", PASSWORD).unwrap();
    assert!(is_enrolling(&state), "{state:?}");
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::SecondFactorDemanded);
    clinic.app.touch().unwrap();
    assert!(matches!(clinic.app.lock().unwrap(), SessionState::Locked { .. }), "it can be locked");
    assert_eq!(clinic.app.enrolling_actor().unwrap_err(), AppError::Locked);
    let state = clinic.app.unlock(Unlock { password: PASSWORD.into() }).unwrap();
    assert!(is_enrolling(&state), "and unlocking leads no further: {state:?}");
    let codes = enrol(&clinic).unwrap().codes;
    assert_eq!(clinic.app.actor().unwrap().person.account, noor);
    assert!(matches!(clinic.app.session_state().unwrap(), SessionState::SignedIn { .. }));
    clinic.app.sign_out().unwrap();
    assert!(matches!(clinic.sign_in("noor", PASSWORD).unwrap(), SessionState::SecondStep { .. }));
    let code = FactorCode { code: codes[0].expose().into() };
    assert!(matches!(clinic.app.prove_second_factor(code).unwrap(), SessionState::SignedIn { .. }));
    assert!(clinic.ops().contains(&Op::TurnOnSecondFactor));
}

#[test]
fn other_roles_are_not_asked_and_going_away_is_always_open() {
    let (clinic, _) = decided(|policy| policy.second_factor_roles = vec![Role::FrontDesk]);
    clinic.account("noor", Role::FrontDesk, None);
    assert!(matches!(clinic.sign_in("ada", PASSWORD).unwrap(), SessionState::SignedIn { .. }));
    assert!(is_enrolling(&clinic.sign_in("noor", PASSWORD).unwrap()));
    assert!(matches!(clinic.app.sign_out().unwrap(), SessionState::SignedOut { .. }));
    assert_eq!(clinic.app.enrolling_actor().unwrap_err(), AppError::NotSignedIn);
}

#[test]
fn it_holds_from_the_next_command_on_for_whoever_decided_it_too() {
    let clinic = Clinic::new();
    let ada = clinic.admin();
    edit(&clinic, &ada, |policy| policy.second_factor_roles = vec![Role::Admin]).unwrap();
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::SecondFactorDemanded);
    enrol(&clinic).unwrap();
    assert_eq!(clinic.app.actor().unwrap(), ada, "the same session as before");
}

#[test]
fn who_must_have_one_cannot_turn_it_off_and_who_loses_it_sets_up_another() {
    let (clinic, ada) = decided(|policy| policy.second_factor_roles = vec![Role::FrontDesk]);
    let noor = clinic.account("noor", Role::FrontDesk, None);
    clinic.sign_in("noor", PASSWORD).unwrap();
    enrol(&clinic).unwrap();
    let actor = clinic.app.actor().unwrap();
    assert!(clinic.app.read_second_factor(&actor).unwrap().demanded);
    assert_eq!(clinic.app.end_second_factor(&actor, proven()).unwrap_err(), AppError::SecondFactorDemanded);
    assert!(clinic.app.actor().is_ok(), "it is still on");
    clinic.app.reset_second_factor(&ada, ResetSecondFactor { id: noor }).unwrap();
    assert_eq!(clinic.app.actor().unwrap_err(), AppError::SecondFactorDemanded, "at once");
    edit(&clinic, &ada, |policy| policy.second_factor_roles.clear()).unwrap();
    assert_eq!(clinic.app.actor().unwrap(), actor, "until nobody asks for it");
}

#[test]
fn administrators_see_who_has_none_yet() {
    let clinic = Clinic::new();
    clinic.account("noor", Role::FrontDesk, None);
    let gone: AccountId = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    clinic.sign_in("noor", PASSWORD).unwrap();
    enrol(&clinic).unwrap();
    let ada = clinic.admin();
    let of = |role, people, have, without: &[&str]| RoleFactors {
        role,
        people,
        have,
        without: without.iter().map(|&name| name.to_owned()).collect(),
    };
    assert_eq!(
        clinic.app.read_security_policy(&ada).unwrap().factors,
        [of(Role::Admin, 1, 0, &["Test, A."]), of(Role::Doctor, 0, 0, &[]), of(Role::FrontDesk, 1, 1, &[])]
    );
}
