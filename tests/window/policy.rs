//! A page that was taken over can do what the person at the desk may, and no more (W11, R1): every command of the contract,
//! sent by an injected script of the real window in each role, at an empty desk and behind the lock.

use clinic_domain::identity::policy::{Action, Ownership, allows};
use clinic_domain::identity::role::Role;
use clinic_testkit::forms::PASSWORD;
use serde_json::{Value, json};

use super::desk::Desk;
use super::opening::{Computer, at_a_desk_on};
use crate::ipc::page::{Page, turn_into_a_patient};
use crate::ipc::policy::{PAGES, is_as_told, name_of, owned_cells};
use crate::ipc::states::OPEN;

/// What lets through and has nothing to go on with: these go on from something that lives in the memory of the program or
/// in one session, which the requests, made beforehand by another program, cannot know.
const GOES_ON: [(&str, &str); 5] = [
    ("confirm_second_factor", "code_refused"),
    ("renew_recovery_codes", "wrong_state"),
    ("end_second_factor", "wrong_state"),
    ("extend_emergency", "not_found"),
    ("end_emergency", "not_found"),
];

/// Sends one command after the other, as the page's own scripts do, and says what each was answered.
const SEND: &str = r"
    const [calls, done] = arguments;
    const { invoke } = window.__TAURI_INTERNALS__;
    (async () => {
        const answers = [];
        for (const [command, sent] of calls) {
            answers.push(await invoke(command, sent).then((answer) => ({ Ok: answer }), (error) => ({ Err: error })));
        }
        return answers;
    })().then(done);
";

/// Brings a desk into a state, whatever it was in.
const BRING: &str = r"
    const [state, password, done] = arguments;
    const { invoke } = window.__TAURI_INTERNALS__;
    (async () => {
        if ((await invoke('session_state')).kind === state) return;
        await invoke('sign_out');
        if (state !== 'signed_out') await invoke('sign_in', { request: { login: 'fran', password } });
        if (state === 'locked') await invoke('lock');
    })().then(done);
";

type Reply = Result<Value, Value>;

/// A command with what it is sent.
type Call = (&'static str, Value);

/// A store with a request for each cell of the policy, all of it made before the window opens.
struct Case {
    page: Page,
    cells: Vec<(&'static str, Action, Ownership)>,
    calls: Vec<Call>,
}

impl Case {
    fn of(role: Role) -> Self {
        let (_, page) = PAGES.into_iter().find(|(of, _)| *of == role).unwrap();
        let (page, mut cells) = (page(), owned_cells().collect::<Vec<_>>());
        // Afterwards somebody else's record is open for an hour.
        cells.sort_by_key(|(command, ..)| *command == "open_in_emergency");
        let calls = cells
            .iter()
            .map(|(command, _, whose)| (name_of(command), page.arguments(command, *whose == Ownership::Own)));
        let calls = calls.collect();
        // Signing in shall take the password alone.
        page.second_factor(false);
        Self { page, cells, calls }
    }
}

/// Each answer as a page is given it.
async fn send(desk: &Desk, calls: &[Call]) -> Vec<Reply> {
    let answers = desk.client.execute_async(SEND, vec![json!(calls)]).await.unwrap();
    let answers: Vec<Reply> = serde_json::from_value(answers).unwrap();
    assert_eq!(answers.len(), calls.len(), "an answer to each");
    answers
}

/// Leaves the interface for a page of the same origin that has nothing of it, and is no document of ours.
async fn take_over(desk: &Desk) {
    desk.js("location.href = 'tauri://localhost/boot.js'", Vec::new()).await;
    let alone = "return location.pathname === '/boot.js' && !document.querySelector('#app') && !!window.__TAURI_INTERNALS__";
    desk.until("a page without the interface", alone).await;
    desk.keep_in_mind(PASSWORD);
}

/// Calls a command that must be answered with no error.
async fn does(desk: &Desk, command: &'static str, sent: Value) {
    let answers = send(desk, &[(command, sent)]).await;
    assert!(answers[0].is_ok(), "{command}: {answers:?}");
}

/// Whoever asks what only somebody at work may ask is answered with this code, whatever it is.
async fn refuses_all(desk: &Desk, calls: &[Call], code: &str) {
    let mut calls = calls.to_vec();
    calls.push(("open_window", json!({})));
    let answers = send(desk, &calls).await;
    let refused = |answer: &Reply| answer.as_ref().is_err_and(|error| error["code"] == code);
    let wrong: Vec<_> = calls.iter().zip(&answers).filter(|(_, answer)| !refused(answer)).collect();
    assert!(wrong.is_empty(), "{} were not answered with {code}: {wrong:?}", wrong.len());
}

/// The whole table in one window: nobody there, the desk locked, and at work.
fn hostile_page(role: Role) {
    let Case { page, cells, calls } = Case::of(role);
    let (person, login, key) = (page.actor().person, page.login.clone(), page.key());
    assert_eq!(person.role, role);
    let computer = Computer { now: page.app.now(), ..Computer::default() };
    at_a_desk_on(
        computer,
        |folder| page.leave_in(folder),
        |desk| async move {
            take_over(&desk).await;
            refuses_all(&desk, &calls, "not_signed_in").await;
            does(&desk, "sign_in", json!({ "request": { "login": login, "password": PASSWORD } })).await;
            does(&desk, "lock", json!({})).await;
            refuses_all(&desk, &calls, "locked").await;
            does(&desk, "unlock", json!({ "request": { "password": PASSWORD } })).await;
            if role == Role::Patient {
                turn_into_a_patient(&desk.data(), &key);
            }
            let mut wrong = Vec::new();
            let answers = send(&desk, &calls).await;
            for ((command, action, ownership), answer) in cells.into_iter().zip(answers) {
                let allowed = allows(&person, action, ownership);
                let goes_on = answer.as_ref().is_err_and(|error| {
                    allowed && GOES_ON.iter().any(|(name, code)| *name == command && error["code"] == *code)
                });
                if !goes_on && !is_as_told(&answer, allowed) {
                    wrong.push(format!("{command} {ownership:?}: allowed {allowed}, answer {answer:?}"));
                }
            }
            assert!(wrong.is_empty(), "{role:?}\n{}", wrong.join("\n"));
        },
    );
}

#[test]
fn a_hostile_page_can_do_what_an_administrator_may_and_no_more() {
    hostile_page(Role::Admin);
}

#[test]
fn a_hostile_page_can_do_what_the_front_desk_may_and_no_more() {
    hostile_page(Role::FrontDesk);
}

#[test]
fn a_hostile_page_can_do_what_a_doctor_may_and_no_more() {
    hostile_page(Role::Doctor);
}

#[test]
fn a_hostile_page_can_do_what_a_patient_may_and_no_more() {
    hostile_page(Role::Patient);
}

#[test]
fn what_anybody_may_ask_is_no_more_for_a_hostile_page() {
    let page = Page::of("fran");
    let calls: Vec<Call> = OPEN.map(|(command, _)| (command, page.arguments(command, true))).into();
    let computer = Computer { now: page.app.now(), ..Computer::default() };
    at_a_desk_on(
        computer,
        |folder| page.leave_in(folder),
        |desk| async move {
            take_over(&desk).await;
            for (nth, state) in ["signed_in", "signed_out", "locked"].into_iter().enumerate() {
                for (call, (command, expected)) in calls.iter().zip(OPEN) {
                    let wanted = vec![json!(state), json!(PASSWORD)];
                    desk.client.execute_async(BRING, wanted).await.unwrap();
                    let answer = &send(&desk, std::slice::from_ref(call)).await[0];
                    let said = answer.as_ref().map_or_else(|error| &error["code"], |answer| &answer["kind"]);
                    assert_eq!(said.as_str().unwrap_or("ok"), expected[nth], "{command}, {state}");
                }
            }
        },
    );
}
