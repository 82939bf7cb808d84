//! Role × command × ownership, cell by cell: the table of the domain against real calls (AU-19, TR-6).

use clinic_app::contract::{Access, COMMANDS};
use clinic_domain::identity::policy::{Action, Ownership, allows};
use clinic_domain::identity::role::Role;

use super::page::Page;

/// Who signs in for each role. Nobody can sign in as a patient yet.
const PEOPLE: [(&str, Role); 3] = [("ada", Role::Admin), ("fran", Role::FrontDesk), ("lee", Role::Doctor)];

/// Commands that are about somebody's thing; the others are about nobody's in particular.
const OWNED: [&str; 8] = [
    "book",
    "reschedule",
    "change_status",
    "change_status:cancel",
    "change_status:complete",
    "add_exception",
    "remove_exception",
    "undo",
];

/// Every command with what it asks of the policy. One command asks by what is to become of the appointment.
fn cells() -> impl Iterator<Item = (&'static str, Action)> {
    let declared = COMMANDS.iter().filter_map(|(name, access)| match access {
        Access::Policy(action) => Some((*name, *action)),
        Access::Open => None,
    });
    declared.chain([("change_status:cancel", Action::Cancel), ("change_status:complete", Action::Complete)])
}

#[test]
fn every_cell_of_the_policy_is_what_really_happens() {
    let mut asked = 0;
    let mut wrong = Vec::new();
    for (login, role) in PEOPLE {
        let page = Page::of(login);
        assert_eq!(page.actor().person.role, role);
        for (command, action) in cells() {
            for ownership in [Ownership::Own, Ownership::Other] {
                let own = ownership == Ownership::Own;
                if !own && !OWNED.contains(&command) {
                    continue;
                }
                // Whoever may not book cannot have an own booking to undo; everybody here may book an own one.
                let arguments = page.arguments(command, own);
                let name = command.split(':').next().unwrap();
                let answer = page.call(name, arguments);
                let allowed = allows(&page.actor().person, action, ownership);
                asked += 1;
                let as_told = match &answer {
                    Ok(_) => allowed,
                    Err(error) => !allowed && error["code"] == "forbidden",
                };
                if !as_told {
                    wrong.push(format!(
                        "{role:?} {command} {ownership:?}: allowed {allowed}, answer {answer:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(asked, PEOPLE.len() * (cells().count() + OWNED.len()), "cells asked");
}

#[test]
fn a_page_cannot_say_who_acts() {
    let page = Page::of("lee");
    let mut arguments = page.arguments("list_accounts", true);
    arguments["actor"] = serde_json::json!(page.clinic.admin().person.account);
    arguments["request"]["actor"] = arguments["actor"].clone();
    assert_eq!(page.call("list_accounts", arguments).unwrap_err()["code"], "validation");
}
