//! The program is killed while it gives the store another key: one of the two keys opens it, and nothing is lost (K4).

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::view::{KeyPlace, SignIn, StartState};
use clinic_app::{Actor, App};
use clinic_domain::id::ActionId;
use clinic_testkit::forms;

use super::{number, program};

const FOLDER: &str = "CLINIC_TEST_KEY_FOLDER";
const CYCLE: &str = "CLINIC_TEST_KEY_CYCLE";
const WAY: &str = "CLINIC_TEST_KEY_WAY";
const NAME: &str = "durability::key_changes::changes_keys_until_it_is_killed";
const CHANGED: &str = "the key is changed";

fn signed_in(app: &App) -> Actor {
    app.sign_in(SignIn { login: "ada".to_owned(), password: forms::PASSWORD.into() }).unwrap();
    app.actor().unwrap()
}

fn changes(app: &App, admin: &Actor) -> u64 {
    [Op::ChangeStoreKey, Op::TurnOnStaffKeys, Op::TurnOffStaffKeys]
        .map(|op| count(app, admin, op))
        .iter()
        .sum()
}

fn count(app: &App, admin: &Actor, op: Op) -> u64 {
    let all = ListAudit { op: Some(op), size: 1, ..ListAudit::default() };
    app.list_audit(admin, all).unwrap().total.into()
}

/// Who opens the store after each change.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Computer,
    Staff,
    /// The one and the other in turn.
    Turns,
}

impl Way {
    fn after(self, changes: u64) -> Protection {
        match self {
            Self::Computer => Protection::Computer,
            Self::Turns if changes % 2 == 1 => Protection::Computer,
            Self::Staff | Self::Turns => Protection::Staff,
        }
    }
}

fn change(app: &App, admin: &Actor, protection: Protection) {
    let password = forms::PASSWORD.into();
    app.change_store_key(admin, ChangeStoreKey { protection, password, passphrase: "".into() }).unwrap();
}

/// Changes keys in a process of its own, which is killed some time after it has said so often that one is changed.
fn killed_after(folder: &Path, cycle: u64, way: Way) -> u64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(CYCLE, cycle.to_string()).env(WAY, format!("{way:?}"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut changed = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        changed += u64::from(line.contains(CHANGED));
        if changed == 1 + cycle % 3 {
            // Elsewhere in the next change each time.
            (0..cycle * 7919 % 20_000).for_each(|_| std::thread::yield_now());
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    changed
}

#[test]
fn changes_keys_until_it_is_killed() {
    // Only when it is started by the test below; otherwise there is nothing to do.
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let app = program(Path::new(&folder), std::env::var(CYCLE).unwrap().parse().unwrap());
    app.start().unwrap();
    let admin = signed_in(&app);
    let way = std::env::var(WAY).unwrap();
    let way =
        [Way::Computer, Way::Staff, Way::Turns].into_iter().find(|it| format!("{it:?}") == way).unwrap();
    for n in 0.. {
        change(&app, &admin, way.after(n));
        println!("{CHANGED}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn kills_while_the_key_changes_leave_a_store_that_opens_with_everything_in_it() {
    kill(Way::Computer);
}

#[test]
fn kills_while_the_key_of_the_staff_changes_leave_a_store_that_opens_with_everything_in_it() {
    kill(Way::Staff);
}

#[test]
fn kills_while_staff_and_computer_take_turns_leave_a_store_that_opens_with_everything_in_it() {
    kill(Way::Turns);
}

fn kill(way: Way) {
    let kills = number("CLINIC_DESK_SOAK_KEY_KILLS", 20);
    let folder = tempfile::tempdir().unwrap();
    let first = program(folder.path(), 0);
    first.start().unwrap();
    first.create_store(KeyPlace::File).unwrap();
    first.set_up_clinic(forms::clinic(ActionId(first.new_id().unwrap()))).unwrap();
    change(&first, &first.actor().unwrap(), way.after(0));
    drop(first);
    let (mut acknowledged, mut cut) = (0, 0);
    for cycle in 1..=kills {
        acknowledged += killed_after(folder.path(), 2 * cycle, way);
        cut += u64::from(folder.path().join("store.key.next").exists());
        let app = program(folder.path(), 2 * cycle + 1);
        assert!(matches!(app.start().unwrap(), StartState::Ready { .. }), "cycle {cycle}");
        let admin = signed_in(&app);
        assert!(changes(&app, &admin) >= acknowledged, "cycle {cycle}");
        assert_eq!(app.verify_audit(&admin).unwrap().broken_at, None, "cycle {cycle}");
        assert!(!folder.path().join("store.key.next").exists(), "cycle {cycle}");
    }
    println!("{way:?}: {kills} kills, {acknowledged} changes, {cut} cut off in the middle, no store lost");
    assert!(cut > 0, "no kill came in the middle of a change");
}
