//! How much memory two hundred sign-ins at once take (P1): in a process of its own, as the system counts it.

use std::path::Path;
use std::process::Command;
use std::sync::Barrier;

use clinic_app::identity::hashing::Cost;
use clinic_app::identity::view::{KeyPlace, SignIn};
use clinic_app::{App, AppError, Parts};
use clinic_domain::id::ActionId;
use clinic_testkit::clinic::MONDAY_MORNING;
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};

const FOLDER: &str = "CLINIC_TEST_SIGN_IN_FOLDER";
const NAME: &str = "app::sign_in_memory::signs_in_two_hundred_times_at_once";
const GREW: &str = "grew by KiB: ";
/// As many as the budget of a device lets guess without a wait.
const AT_ONCE: usize = 200;
/// The memory of the ordinary hash; one pass over it, because it is memory that is looked at.
const COST: Cost = Cost { memory_kib: 64 * 1024, passes: 1 };

fn program(folder: &Path, seed: u64) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(TurnedClock::at(MONDAY_MORNING)),
        random: Box::new(RepeatingRandom::from_seed(seed)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: COST,
    })
}

/// The most memory that this process has had at once, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn signs_in_two_hundred_times_at_once() {
    // Only when it is started by the test below; otherwise there is nothing to do.
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let app = program(Path::new(&folder), 2);
    app.start().unwrap();
    let (before, barrier) = (peak(), Barrier::new(AT_ONCE));
    std::thread::scope(|scope| {
        for nth in 0..AT_ONCE {
            let (app, barrier) = (&app, &barrier);
            scope.spawn(move || {
                barrier.wait();
                // A name that is nobody's is as much work, and each has a counter of its own.
                let request = SignIn { login: format!("name{nth}"), password: "another password".into() };
                assert_eq!(app.sign_in(request).unwrap_err(), AppError::WrongCredentials, "it was hashed");
            });
        }
    });
    println!("{GREW}{}", peak() - before);
}

#[test]
fn two_hundred_sign_ins_at_once_take_the_memory_of_two() {
    let folder = tempfile::tempdir().unwrap();
    let first = program(folder.path(), 1);
    first.create_store(KeyPlace::File).unwrap();
    first.set_up_clinic(forms::clinic(ActionId(first.new_id().unwrap()))).unwrap();
    drop(first);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]).env(FOLDER, folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let grew: u64 = said.lines().find_map(|line| line.split_once(GREW)).unwrap().1.parse().unwrap();
    println!("200 sign-ins at once: {grew} KiB more");
    let one = u64::from(COST.memory_kib);
    assert!(grew >= one, "{grew} KiB: the memory of a hash was seen");
    assert!(grew <= 2 * one + 64 * 1024, "{grew} KiB");
}
