//! Somebody guesses and kills the program each time before it says no: no try is given back (AU-16), whatever is guessed
//! at. Here is what guesses until it is killed, and what counts; at what, [`super::guesser`] knows.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::guesser::{Guesser, Target, before};
use super::{number, program};

const FOLDER: &str = "CLINIC_TEST_GUESSER_FOLDER";
const CYCLE: &str = "CLINIC_TEST_GUESSER_CYCLE";
const TARGET: &str = "CLINIC_TEST_GUESSER_TARGET";
const FLOW: &str = "CLINIC_TEST_GUESSER_FLOW";
const NAME: &str = "durability::guesses::guesses_until_it_is_killed";
/// What is said after each guess that was looked at.
const LOOKED_AT: &str = "looked at";

/// Guesses in a process of its own that is killed some time after it has said no so many times. Answers how often it has.
fn killed_after(folder: &Path, target: Target, cycle: u64, flow: &str, count: usize) -> usize {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(CYCLE, cycle.to_string());
    command.env(TARGET, format!("{target:?}")).env(FLOW, flow);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut looked_at = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        looked_at += usize::from(line.contains(LOOKED_AT));
        if looked_at == count {
            // Elsewhere in the next guess each time.
            (0..cycle * 7919 % 10_000).for_each(|_| std::thread::yield_now());
            // SIGKILL; lines that were on their way are still read.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    looked_at
}

#[test]
fn guesses_until_it_is_killed() {
    // Only when it is started by the tests below; otherwise there is nothing to do.
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let cycle: u64 = std::env::var(CYCLE).unwrap().parse().unwrap();
    let target = Target::named(&std::env::var(TARGET).unwrap());
    let app = program(Path::new(&folder), cycle);
    app.start().unwrap();
    let mut guesser = Guesser::new(&app, target, cycle, std::env::var(FLOW).unwrap());
    while guesser.is_looked_at() {
        println!("{LOOKED_AT}");
        std::io::stdout().flush().unwrap();
    }
    // Waits to be killed.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_hundred_kills_while_somebody_guesses_give_no_try_back() {
    kill(Target::Password);
}

#[test]
fn a_hundred_kills_while_somebody_guesses_at_a_closed_store_give_no_try_back() {
    kill(Target::ClosedStore);
}

#[test]
fn a_hundred_kills_while_somebody_guesses_at_a_code_by_mail_give_no_try_back() {
    kill(Target::MailCode);
}

#[test]
fn a_hundred_kills_while_somebody_guesses_at_a_second_factor_give_no_try_back() {
    kill(Target::SecondFactor);
}

#[test]
fn a_hundred_kills_while_somebody_guesses_at_recovery_codes_give_no_try_back() {
    kill(Target::RecoveryCode);
}

fn kill(target: Target) {
    let (kills, most) = (number("CLINIC_DESK_SOAK_KILLS", 100), target.most());
    let folder = tempfile::tempdir().unwrap();
    let owner = before(folder.path(), target);
    let mut cut = 0;
    for n in 1..=kills {
        // Hours apart, so that nobody waits for what was before.
        let cycle = 3 * n;
        let flow = owner.begin(cycle);
        let count = 1 + usize::try_from(n).unwrap() % most;
        let before = killed_after(folder.path(), target, cycle, &flow, count);
        let app = program(folder.path(), cycle);
        app.start().unwrap();
        let mut guesser = Guesser::new(&app, target, cycle, flow);
        let after = std::iter::repeat_with(|| guesser.is_looked_at()).take_while(|seen| *seen).count();
        // One may have been counted when the kill came before its answer.
        assert!(before + after <= most, "cycle {n}: {before} and {after} more were looked at");
        assert!(before + after + 1 >= most, "cycle {n}: {before} and only {after} more");
        cut += u64::from(before + after < most);
        drop(app);
        owner.end(cycle + 1);
    }
    println!("{target:?}: {kills} kills, {cut} between count and answer, no try given back");
    assert!(cut > 0, "no kill came between count and answer");
}
