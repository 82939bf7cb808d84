//! The part of `make bench` that goes through the real window of the optimised program: from a key to what it paints,
//! calls from the page, start and memory against an empty window. The window is driven as the tests drive it. How the
//! figures are made and what came of them: docs/performance.md.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a fault ends the run"
)]
#![expect(dead_code, unused_imports, reason = "the harness of the tests does more than is measured")]

#[path = "window/calls.rs"]
mod calls;
#[path = "window/cold.rs"]
mod cold;
#[path = "window/figures.rs"]
mod figures;
#[path = "window/memory.rs"]
mod memory;
#[path = "window/probe.rs"]
mod probe;
#[path = "window/screen.rs"]
mod screen;
#[path = "window/stores.rs"]
mod stores;
#[path = "window/work.rs"]
mod work;

#[path = "../window/axe.rs"]
mod axe;
#[path = "../window/desk.rs"]
mod desk;
#[path = "../window/keys.rs"]
mod keys;
#[path = "../window/opening.rs"]
mod opening;
#[path = "../window/prepared.rs"]
mod prepared;
#[path = "../repository.rs"]
mod repository;
#[path = "../search.rs"]
mod search;
#[path = "../window/process.rs"]
mod started;
#[path = "../window/traces.rs"]
mod traces;

/// The program that is measured, in place of the one that the tests build.
mod process {
    use std::path::PathBuf;

    pub use crate::started::{Driver, Screen};

    /// `scripts/bench.sh` builds it and says where it lies.
    pub fn program() -> PathBuf {
        std::env::var_os("CLINIC_DESK_PROGRAM").expect("run `make bench`").into()
    }
}

/// Starts of each program; the first is left out.
const STARTS: usize = 11;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|it| it == part);
    println!("load average {}", std::fs::read_to_string("/proc/loadavg").unwrap().trim());
    if is_wanted("start") {
        cold::starts(STARTS);
    }
    if is_wanted("demo") {
        measure("demo clinic", "fran", clinic_testkit::forms::PASSWORD, prepared::full);
    }
    if is_wanted("busy") {
        measure("12 doctors, 252 appointments a day", "ada", clinic_testkit::forms::PASSWORD, stores::busy);
    }
    if is_wanted("large") {
        if stores::large().is_some() {
            measure(
                "50 doctors, 100,000 patients, 1,000,000 appointments",
                "bench",
                stores::PASSWORD,
                stores::copy_large,
            );
        } else {
            println!("the large clinic is not there: run the benchmark of the services first");
        }
    }
    println!("load average {}", std::fs::read_to_string("/proc/loadavg").unwrap().trim());
}

/// Everything that is measured in one open window.
fn measure(name: &str, login: &'static str, password: &'static str, prepare: impl FnOnce(&std::path::Path)) {
    println!("\n== {name}");
    // Whoever measures calls does not listen to their answers.
    let computer = opening::Computer { listen: false, ..opening::Computer::default() };
    opening::at_a_desk_on(computer, prepare, |desk| async move {
        work::sign_in(&desk, login, password).await;
        let bytes = memory::private_of(&desk.data());
        println!("private memory with the day view open: {} MiB in {} processes", bytes.0 >> 20, bytes.1);
        calls::measure(&desk).await;
        let found = work::stretch(&desk).await;
        probe::report(&found);
        let bytes = memory::private_of(&desk.data());
        println!("private memory after the work: {} MiB in {} processes", bytes.0 >> 20, bytes.1);
    });
}
