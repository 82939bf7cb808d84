//! A process of its own that books one half hour after another and says so, until it is killed. It is this very test
//! binary, started again for one test.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::ledger::Program;

const FOLDER: &str = "CLINIC_TEST_WRITER_FOLDER";
const FIRST: &str = "CLINIC_TEST_WRITER_FIRST";
const EARLY: &str = "CLINIC_TEST_WRITER_EARLY";
const NAME: &str = "durability::writer::books_until_it_is_killed";
/// What stands before a number that was acknowledged.
const BOOKED: &str = "booked ";

/// Whether a booking is acknowledged after it was committed, as it must be, or before: the fault that the kills must
/// find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledge {
    Committed,
    Early,
}

/// The process.
pub struct Writer(Child);

impl Writer {
    /// Starts booking at half hour `first`.
    pub fn start(folder: &Path, first: u32, when: Acknowledge) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]);
        command.env(FOLDER, folder).env(FIRST, first.to_string());
        if when == Acknowledge::Early {
            command.env(EARLY, "1");
        }
        Self(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Kills it as soon as it has acknowledged `count` bookings, at the worst moment that this gives. Answers with all
    /// that it acknowledged.
    pub fn kill_after(mut self, count: usize) -> Vec<u32> {
        let mut booked = Vec::new();
        let lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            booked.extend(line.split(BOOKED).nth(1).and_then(|number| number.trim().parse::<u32>().ok()));
            if booked.len() == count {
                // SIGKILL; lines that were on their way are still read.
                self.0.kill().unwrap();
            }
        }
        self.0.wait().unwrap();
        booked
    }
}

#[test]
fn books_until_it_is_killed() {
    // Only when it is started by a Writer; otherwise there is nothing to do.
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let first: u32 = std::env::var(FIRST).unwrap().parse().unwrap();
    let early = std::env::var_os(EARLY).is_some();
    let program = Program::again(Path::new(&folder), u64::from(first) + 1);
    for nth in first.. {
        if early {
            say(nth);
        }
        program.book(nth).unwrap();
        if !early {
            say(nth);
        }
    }
}

fn say(nth: u32) {
    println!("{BOOKED}{nth}");
    std::io::stdout().flush().unwrap();
}
