//! Every command in the states of a desk in which nobody works at it, for each role that was there before (TR-6); and what
//! anybody may ask.

use clinic_app::Actor;
use clinic_app::contract::{Access, COMMANDS};
use clinic_app::identity::access_view::UnlockAccount;
use clinic_app::identity::view::{CreateAccount, SetAccountActive, SignIn};
use clinic_domain::id::ActionId;
use clinic_domain::identity::role::{self, Role};
use clinic_testkit::forms::{self, PASSWORD};
use serde_json::json;

use super::page::Page;
use super::policy::{PAGES, cells, name_of};

/// How somebody leaves, and the code that every command is answered with then.
type State = (&'static str, fn(&Page), &'static str);

const EMPTY: State = ("empty", |page| drop(page.app.sign_out().unwrap()), "not_signed_in");
const LOCKED: State = ("locked", |page| drop(page.app.lock().unwrap()), "locked");
const DEACTIVATED: State = ("deactivated", deactivate, "not_signed_in");
const HALF_IN: State = ("half signed in", prove_the_password_alone, "not_signed_in");

fn deactivate(page: &Page) {
    let (id, admin) = (page.actor().person.account, another_admin(page));
    let rev = page.app.unlock_account(&admin, UnlockAccount { id }).unwrap().rev;
    page.app.set_account_active(&admin, SetAccountActive { id, rev, active: false }).unwrap();
}

pub fn another_admin(page: &Page) -> Actor {
    let request_id = ActionId(page.app.new_id().unwrap());
    let form = forms::account("eve", Role::Admin, None);
    let ada = page.clinic.admin();
    let made = page.app.create_account(&ada, CreateAccount { request_id, form, password: None }).unwrap();
    let person = role::Actor { account: made.account.id, role: Role::Admin, doctor: None };
    Actor { person, public_id: made.account.public_id, ..ada }
}

fn prove_the_password_alone(page: &Page) {
    page.second_factor(true);
    page.app.sign_out().unwrap();
    page.app.sign_in(SignIn { login: page.login.clone(), password: PASSWORD.into() }).unwrap();
}

#[test]
fn a_desk_at_which_nobody_works_answers_no_command_of_any_role() {
    let mut wrong = Vec::new();
    for (role, page) in PAGES {
        for (state, leave, code) in [EMPTY, LOCKED, DEACTIVATED, HALF_IN] {
            // Patients have no second factor.
            if role == Role::Patient && state == HALF_IN.0 {
                continue;
            }
            let page = page();
            let requests: Vec<_> =
                cells().map(|(command, _)| (command, page.arguments(command, true))).collect();
            leave(&page);
            for (command, arguments) in requests {
                let answer = page.call(name_of(command), arguments);
                if answer.as_ref().err().is_none_or(|error| error["code"] != code) {
                    wrong.push(format!("{role:?} {state} {command}: {answer:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The commands that ask for no sign-in, and what each answers at a desk where somebody works, at an empty and at a locked
/// one, and while a second factor is waited for: an error's code, or the kind of the answer.
pub const OPEN: [(&str, [&str; 4]); 23] = [
    ("start", ["ready"; 4]),
    ("create_store", ["wrong_state"; 4]),
    ("open_store", ["wrong_state"; 4]),
    ("recover_store", ["wrong_state"; 4]),
    ("set_up_clinic", ["wrong_state"; 4]),
    ("check_password", ["ok"; 4]),
    ("session_state", ["signed_in", "signed_out", "locked", "second_step"]),
    ("sign_in", ["wrong_credentials"; 4]),
    ("prove_second_factor", ["not_signed_in", "not_signed_in", "not_signed_in", "code_refused"]),
    ("ask_reset", ["mail_not_set_up"; 4]),
    ("prove_reset", ["mail_code_refused"; 4]),
    ("reset_password", ["not_signed_in"; 4]),
    ("replace_password", ["wrong_state", "not_signed_in", "locked", "not_signed_in"]),
    ("sign_out", ["signed_out"; 4]),
    ("lock", ["locked", "signed_out", "locked", "second_step"]),
    ("unlock", ["signed_in", "not_signed_in", "signed_in", "not_signed_in"]),
    ("unlock_with_pin", ["signed_in", "not_signed_in", "wrong_state", "not_signed_in"]),
    ("switch_user", ["signed_out"; 4]),
    ("free_desk", ["signed_out", "signed_out", "signed_out", "second_step"]),
    ("touch", ["ok"; 4]),
    ("register", ["mail_not_set_up"; 4]),
    ("confirm_registration", ["mail_code_refused"; 4]),
    ("resend_registration", ["not_found"; 4]),
];

#[test]
fn what_anybody_may_ask_tells_and_does_no_more_in_any_state_than_is_written_here() {
    let open = COMMANDS.into_iter().filter(|(_, access)| *access == Access::Open);
    assert_eq!(open.map(|(name, _)| name).collect::<Vec<_>>(), OPEN.map(|(name, _)| name));
    for (command, expected) in OPEN {
        let answers = [None, Some(EMPTY), Some(LOCKED), Some(HALF_IN)].map(|state| {
            let page = Page::of("fran");
            let arguments = page.arguments(command, true);
            if let Some((_, leave, _)) = state {
                leave(&page);
            }
            let answer = page.call(command, arguments);
            let said = answer.as_ref().map_or_else(|error| &error["code"], |answer| &answer["kind"]);
            said.as_str().unwrap_or("ok").to_owned()
        });
        assert_eq!(answers, expected, "{command}");
    }
}

#[test]
fn the_session_and_the_notice_of_somebody_else_are_as_if_they_were_not_there() {
    let page = Page::of("ada");
    let (session, notice) = (page.actor().session, page.notice());
    // Ada waits at the desk while Dr Lee works at it.
    page.call("switch_user", json!({ "request": { "session_id": null } })).unwrap();
    page.call("sign_in", json!({ "request": { "login": "lee", "password": PASSWORD } })).unwrap();
    for (command, id) in [("end_session", json!(session)), ("dismiss_notice", json!(notice))] {
        let answer = page.call(command, json!({ "request": { "id": id } }));
        assert_eq!(answer.unwrap_err()["code"], "not_found", "{command}");
    }
    let unlock = json!({ "request": { "session_id": session } });
    page.call("switch_user", unlock).unwrap();
    page.call("unlock", json!({ "request": { "password": PASSWORD } })).unwrap();
    assert_eq!(page.actor().session, session, "still hers");
    page.call("dismiss_notice", json!({ "request": { "id": notice } })).unwrap();
}
