//! Somebody guesses at passwords and kills the program each time before it says no: no try is given back (AU-16).

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::view::{KeyPlace, SignIn, StartState};
use clinic_app::{App, AppError};
use clinic_domain::id::ActionId;
use clinic_testkit::forms;

use super::program;

const FOLDER: &str = "CLINIC_TEST_GUESSER_FOLDER";
const CYCLE: &str = "CLINIC_TEST_GUESSER_CYCLE";
const NAME: &str = "durability::guesses::guesses_until_it_is_killed";
/// What is said after each wrong password.
const LOOKED_AT: &str = "looked at";
/// Wrong passwords in a row after which the next one waits.
const FREE: usize = 4;

fn guess(app: &App, cycle: u64) -> AppError {
    let request = SignIn { login: format!("somebody{cycle}"), password: "a wrong password".into() };
    app.sign_in(request).unwrap_err()
}

/// Guesses in a process of its own that is killed as soon as it has said no so many times. Answers how often it has.
fn killed_after(folder: &Path, cycle: u64, count: usize) -> usize {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(CYCLE, cycle.to_string());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut looked_at = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        looked_at += usize::from(line.contains(LOOKED_AT));
        if looked_at == count {
            // SIGKILL; lines that were on their way are still read.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    looked_at
}

#[test]
fn guesses_until_it_is_killed() {
    // Only when it is started by the test below; otherwise there is nothing to do.
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let cycle: u64 = std::env::var(CYCLE).unwrap().parse().unwrap();
    let app = program(Path::new(&folder), cycle);
    app.start().unwrap();
    while guess(&app, cycle) == AppError::WrongCredentials {
        println!("{LOOKED_AT}");
        std::io::stdout().flush().unwrap();
    }
    // Waits to be killed.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_hundred_kills_while_somebody_guesses_give_no_try_back() {
    kill_a_hundred(Protection::Computer);
}

#[test]
fn a_hundred_kills_while_somebody_guesses_at_a_closed_store_give_no_try_back() {
    kill_a_hundred(Protection::Staff);
}

fn kill_a_hundred(protection: Protection) {
    let folder = tempfile::tempdir().unwrap();
    let first = program(folder.path(), 0);
    first.start().unwrap();
    first.create_store(KeyPlace::File).unwrap();
    first.set_up_clinic(forms::clinic(ActionId(first.new_id().unwrap()))).unwrap();
    if protection == Protection::Staff {
        let (password, passphrase) = (forms::PASSWORD.into(), "".into());
        let request = ChangeStoreKey { protection, password, passphrase };
        first.change_store_key(&first.actor().unwrap(), request).unwrap();
    }
    drop(first);
    let mut cut = 0;
    for cycle in 1..=100 {
        let count = 1 + usize::try_from(cycle % 4).unwrap();
        let before = killed_after(folder.path(), cycle, count);
        let app = program(folder.path(), cycle);
        assert!(matches!(app.start().unwrap(), StartState::Ready { .. }));
        let after = std::iter::repeat_with(|| guess(&app, cycle))
            .take_while(|answer| *answer == AppError::WrongCredentials)
            .count();
        // One may have been counted when the kill came before its answer.
        assert!(before + after <= FREE, "cycle {cycle}: {before} and {after} more were looked at");
        assert!(before + after + 1 >= FREE, "cycle {cycle}: {before} and only {after} more");
        cut += usize::from(before + after < FREE);
    }
    println!("{protection:?}: 100 kills, {cut} between count and answer, no try given back");
}
