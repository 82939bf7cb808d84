//! Calls that nobody would think of: requests of every command, changed at random in several places at once (W8). No call
//! may bring the program down, do what the role may not, or be answered with the program's inside.

use clinic_app::contract::{Access, COMMANDS};
use clinic_app::identity::view::SignIn;
use clinic_domain::identity::policy::{Action, Reach, reach};
use clinic_domain::identity::role::Role;
use clinic_testkit::forms::PASSWORD;
use serde_json::{Value, json};

use super::bad_input::places;
use super::page::Page;
use super::policy::PAGES;

/// Words that would tell how the program is made.
const INSIDE: [&str; 9] =
    ["sqlite", "sql", "constraint failed", "panicked", ".rs:", "rusqlite", "0x", "store.db", "backtrace"];

/// How many calls are made at least: a number of `make soak` where it sets one.
fn calls() -> u32 {
    std::env::var("CLINIC_DESK_SOAK_CALLS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

/// Pseudo-random numbers (xorshift), the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }
}

/// Values that a field may be given.
fn strange(dice: &mut Dice) -> Value {
    const TEXTS: [&str; 14] = [
        "",
        " ",
        "\u{0}",
        "\u{202e}abc",
        "'; --",
        "\" OR 1=1",
        "%",
        "../../etc/passwd",
        "9999-99-99",
        "2026-02-30",
        "2026-11-23",
        "-1",
        "🦷",
        "a\u{301}\u{301}\u{301}",
    ];
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(dice.below(2) == 0),
        2 => json!(i64::MIN),
        3 => json!(u64::MAX),
        4 => json!(1e308),
        5 => json!(dice.below(100_000)),
        6 => json!([]),
        7 => json!({}),
        8 => json!([[[[[["deep"]]]]]]),
        9 => json!("long ".repeat(dice.below(30_000))),
        10 => json!(format!("0193f3e8-0000-7000-8000-{:012x}", dice.below(1 << 30))),
        _ => json!(dice.one_of(&TEXTS)),
    }
}

/// The arguments, mostly with one place changed, emptied, exchanged or added, sometimes with several or none.
fn changed(right: &Value, dice: &mut Dice) -> Value {
    let mut arguments = right.clone();
    for _ in 0..*dice.one_of(&[0, 1, 1, 1, 1, 2, 4]) {
        let mut all = Vec::new();
        places(&arguments, "", &mut all);
        let (at, from) = (dice.one_of(&all).clone(), dice.one_of(&all).clone());
        let other = arguments.pointer(&from).cloned().unwrap_or_default();
        let Some(place) = arguments.pointer_mut(&at) else { continue };
        match (dice.below(5), place) {
            (0, place) => *place = other,
            (1, Value::Object(fields)) => drop(fields.insert("is_admin".to_owned(), strange(dice))),
            (2, Value::Object(fields)) => {
                if let Some(name) = fields.keys().next().cloned() {
                    fields.remove(&name);
                }
            }
            (1 | 2, Value::Array(values)) => values.push(other),
            (_, place) => *place = strange(dice),
        }
    }
    arguments
}

/// What is wrong with an answer, if anything.
fn fault(page: &Page, role: Role, action: Option<Action>, answer: &Result<Value, Value>) -> Option<String> {
    let Err(error) = answer else {
        let never = action.is_some_and(|action| reach(role, action) == Reach::Never);
        return never.then(|| format!("{role:?} may not do that"));
    };
    let code = error["code"].as_str().unwrap_or_default();
    if code.is_empty() || code == "internal" {
        return Some(error.to_string());
    }
    let text = error.to_string().to_lowercase();
    let folder = page.clinic.folder().to_string_lossy().to_lowercase();
    let told = INSIDE.iter().find(|word| text.contains(**word)).copied().map(ToOwned::to_owned);
    told.or_else(|| text.contains(&folder).then_some(folder)).map(|word| format!("says {word}: {error}"))
}

impl Page {
    /// Signs in again whoever a call signed out, if that can be done at all.
    fn came_back(&self) -> bool {
        self.clinic.clock.wait_minutes(15);
        let request = SignIn { login: self.login.clone(), password: PASSWORD.into() };
        self.app.sign_in(request).is_ok() && self.app.actor().is_ok()
    }
}

/// Calls every command once, in an order of its own, on a page of its own. Ends early when nobody can sign in any more.
fn one_round(page: &Page, dice: &mut Dice, tell: &mut impl FnMut(&str, &Value, bool, Option<String>)) {
    let mut calls: Vec<_> =
        COMMANDS.iter().map(|(command, access)| (*command, *access, page.arguments(command, true))).collect();
    while !calls.is_empty() {
        let (command, access, right) = calls.swap_remove(dice.below(calls.len()));
        let arguments = changed(&right, dice);
        let action = match access {
            Access::Policy(action) | Access::Proven(action) => Some(action),
            Access::Open => None,
        };
        let role = page.actor().person.role;
        let answer = page.call(command, arguments.clone());
        tell(command, &arguments, answer.is_ok(), fault(page, role, action, &answer));
        if page.app.actor().is_err() && !page.came_back() {
            return;
        }
    }
}

#[test]
fn no_generated_call_does_harm() {
    let mut faults = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    while accepted + refused < calls() {
        let (role, page) = *dice.one_of(&PAGES);
        one_round(&page(), &mut dice, &mut |command, arguments, ok, fault| {
            *(if ok { &mut accepted } else { &mut refused }) += 1;
            let arguments: String = arguments.to_string().chars().take(300).collect();
            faults.extend(fault.map(|fault| format!("{role:?} {command} {arguments}: {fault}")));
        });
    }
    println!("{accepted} generated calls accepted, {refused} refused");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(accepted > refused / 50, "hardly anything was accepted: {accepted} of {refused}");
}
