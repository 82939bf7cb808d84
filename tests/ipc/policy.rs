//! Role × command × ownership, cell by cell: the table of the domain against real calls (AU-19, TR-6).

use clinic_app::audit::view::Op;
use clinic_app::contract::{Access, COMMANDS, WHILE_CHOOSING, WHILE_ENROLLING};
use clinic_app::identity::second_factor_view::ResetSecondFactor;
use clinic_app::identity::view::{CreateAccount, SignIn};
use clinic_domain::identity::policy::{Action, Ownership, allows};
use clinic_domain::identity::role::Role;

use clinic_testkit::forms::{self, PASSWORD};
use serde_json::{Value, json};

use super::page::Page;
use super::states::another_admin;

/// The page of each role.
pub const PAGES: [(Role, fn() -> Page); 4] = [
    (Role::Admin, || Page::of("ada")),
    (Role::FrontDesk, || Page::of("fran")),
    (Role::Doctor, || Page::of("lee")),
    (Role::Patient, Page::of_a_patient),
];

/// Commands that are about somebody's thing; the others are about nobody's in particular.
const OWNED: [&str; 12] = [
    "book",
    "reschedule",
    "change_status",
    "change_status:cancel",
    "change_status:complete",
    "add_exception",
    "remove_exception",
    "undo",
    "read_patient",
    "edit_patient",
    "register_patient",
    "list_appointments:patient",
];

/// Every command with what it asks of the policy. One command asks by what is to become of the appointment, one by whose
/// appointments are listed.
pub fn cells() -> impl Iterator<Item = (&'static str, Action)> {
    let declared = COMMANDS.iter().filter_map(|(name, access)| match access {
        Access::Policy(action) | Access::Proven(action) => Some((*name, *action)),
        Access::Open => None,
    });
    declared.chain([
        ("change_status:cancel", Action::Cancel),
        ("change_status:complete", Action::Complete),
        ("list_appointments:patient", Action::ReadPatient),
    ])
}

/// The same for an own thing, and for somebody else's where a command is about somebody's.
pub fn owned_cells() -> impl Iterator<Item = (&'static str, Action, Ownership)> {
    cells().flat_map(|(command, action)| {
        let others = OWNED.contains(&command).then_some(Ownership::Other);
        [Some(Ownership::Own), others].into_iter().flatten().map(move |whose| (command, action, whose))
    })
}

/// Whether an answer is what the table says: that it is forbidden, or anything that was done.
pub fn is_as_told(answer: &Result<Value, Value>, allowed: bool) -> bool {
    match answer {
        Ok(_) => allowed,
        Err(error) => !allowed && error["code"] == "forbidden",
    }
}

/// The command itself, without what it is asked for.
pub fn name_of(command: &'static str) -> &'static str {
    command.split(':').next().unwrap_or(command)
}

#[test]
fn every_cell_of_the_policy_is_what_really_happens() {
    let mut asked = 0;
    let mut wrong = Vec::new();
    for (role, page) in PAGES {
        let page = page();
        let mut denied = 0;
        assert_eq!(page.actor().person.role, role);
        for (command, action, ownership) in owned_cells() {
            // Whoever may not book cannot have an own booking to undo; everybody here may book an own one.
            let arguments = page.arguments(command, ownership == Ownership::Own);
            let answer = page.call(name_of(command), arguments);
            let allowed = allows(&page.actor().person, action, ownership);
            asked += 1;
            denied += u32::from(answer.as_ref().is_err_and(|error| error["code"] == "forbidden"));
            if !is_as_told(&answer, allowed) {
                wrong.push(format!("{role:?} {command} {ownership:?}: allowed {allowed}, answer {answer:?}"));
            }
        }
        assert_eq!(page.entries_of(Some(Op::Denied)), denied, "each refusal is written down (ASVS 16.3.2)");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(asked, PAGES.len() * (cells().count() + OWNED.len()), "cells asked");
}

#[test]
fn whoever_must_set_up_a_second_factor_gets_at_nothing_else() {
    for (login, role) in [("ada", "admin"), ("fran", "front_desk"), ("lee", "doctor")] {
        gets_at_nothing_without_a_second_factor(&Page::of(login), role);
    }
}

fn gets_at_nothing_without_a_second_factor(page: &Page, role: &str) {
    let requests: Vec<_> = cells().map(|(command, _)| (command, page.arguments(command, true))).collect();
    let (me, admin) = (page.actor(), another_admin(page));
    // Making the requests has set one up.
    page.app.reset_second_factor(&admin, ResetSecondFactor { id: me.person.account }).unwrap();
    let mut decided = page.security_policy();
    decided["form"]["second_factor_roles"] = json!([role]);
    decided["form"]["factor_grace_days"] = json!(0);
    let decided = serde_json::from_value(decided).unwrap();
    page.app.edit_security_policy(&admin, decided).unwrap();
    let mut let_in = Vec::new();
    for (command, arguments) in requests {
        let name = name_of(command);
        let answer = page.call(name, arguments);
        if answer.err().is_none_or(|error| error["code"] != "second_factor_demanded") {
            let_in.push(name);
        }
    }
    let_in.sort_unstable();
    assert_eq!(let_in, WHILE_ENROLLING, "{role}");
    let code = page.code().unwrap();
    page.call("confirm_second_factor", json!({ "request": { "code": code } })).unwrap();
    page.call("list_sessions", json!({})).unwrap();
}

#[test]
fn whoever_must_replace_a_first_password_gets_at_nothing_else() {
    let page = Page::of("fran");
    let requests: Vec<_> = cells().map(|(command, _)| (command, page.arguments(command, true))).collect();
    let form = forms::account("given", Role::FrontDesk, None);
    let request = CreateAccount { request_id: page.clinic.request(), form, password: None };
    let made = page.app.create_account(&page.clinic.admin(), request).unwrap();
    let first = made.first_password.unwrap();
    let request = SignIn { login: made.account.public_id, password: first.expose().into() };
    page.app.sign_in(request).unwrap();
    let mut let_in = Vec::new();
    for (command, arguments) in requests {
        let name = name_of(command);
        let answer = page.call(name, arguments);
        if answer.err().is_none_or(|error| error["code"] != "new_password_demanded") {
            let_in.push(name);
        }
    }
    assert_eq!(let_in, WHILE_CHOOSING);
    let replace =
        |password: &str| page.call("replace_password", json!({ "request": { "password": password } }));
    assert_eq!(replace(first.expose()).unwrap_err()["fields"][0]["rule"], "duplicate");
    assert_eq!(replace(PASSWORD).unwrap()["kind"], "signed_in");
    page.call("list_sessions", json!({})).unwrap();
}

#[test]
fn what_changes_accounts_devices_the_policy_and_mail_asks_again_after_five_minutes() {
    let page = Page::of("ada");
    let mut asked = Vec::new();
    let signed_in = COMMANDS.into_iter().filter(|(_, access)| *access != Access::Open);
    for (command, _) in signed_in.clone() {
        let arguments = page.arguments(command, true);
        // The day stays as it is: what is booked for it must not lie behind.
        page.clinic.clock.wait_minutes(5);
        page.clinic.clock.set_by_minutes(-5);
        page.app.touch().unwrap();
        if page
            .call(command, arguments.clone())
            .is_err_and(|error| error["code"] == "reauthentication_required")
        {
            asked.push(command);
            let proof = json!({ "request": { "password": PASSWORD } });
            page.call("reauthenticate", proof).unwrap();
            page.call(command, arguments).unwrap();
        }
    }
    let declared = signed_in.filter(|(_, access)| matches!(access, Access::Proven(_)));
    assert_eq!(asked, declared.map(|(command, _)| command).collect::<Vec<_>>());
}

#[test]
fn a_page_cannot_say_who_acts() {
    let page = Page::of("lee");
    let mut arguments = page.arguments("list_accounts", true);
    arguments["actor"] = json!(page.clinic.admin().person.account);
    arguments["request"]["actor"] = arguments["actor"].clone();
    assert_eq!(page.call("list_accounts", arguments).unwrap_err()["code"], "validation");
}
