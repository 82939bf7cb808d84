//! Measures the services at the design load, each against the least that any program must do for the same answer, and
//! against itself on a clinic a tenth as large, all in turns.
//!
//! `--quick` leaves the large clinic out. Words keep the rows whose names have one of them: `clinic-bench slots search`.

mod clock;
mod floor;
mod measure;
mod rows;
mod subject;
mod trust;
mod wal;

use std::io::Write;
use std::time::{Duration, Instant};

use clinic_app::setup::large::Size;
use measure::compare;
use rows::{ROWS, Row};
use subject::Subject;

/// Anything that goes wrong ends the run.
pub type Fault = Box<dyn std::error::Error>;

/// A tenth of the design load.
const TENTH: Size = Size { doctors: 50, patients: 10_000, appointments: 100_000 };

fn main() -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    let (options, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let small = open(TENTH, &mut out)?;
    let large = if options.iter().any(|option| option == "--quick") {
        None
    } else {
        Some(open(Size::LARGE, &mut out)?)
    };
    let wanted = |row: &&Row| words.is_empty() || words.iter().any(|word| row.name.contains(word.as_str()));
    writeln!(out, "\nTime on the processor of one call, median; on the wall for what waits for the disk.")?;
    writeln!(out, "{:<36} {:>12} {:>12} {:>8} {:>10}", "", "ours", "floor", "ratio", "10n / n")?;
    for row in ROWS.iter().filter(wanted) {
        measure(row, &small, large.as_ref(), &mut out)?;
    }
    if words.is_empty() || words.iter().any(|word| "pages".contains(word.as_str())) {
        for subject in [Some(&small), large.as_ref()].into_iter().flatten() {
            writeln!(
                out,
                "A booking writes {} pages ({} patients).",
                rows::pages_of_a_booking(subject)?,
                subject.size.patients
            )?;
        }
    }
    Ok(())
}

/// A clinic of a size, and a line about it.
fn open(size: Size, out: &mut impl Write) -> Result<Subject, Fault> {
    let began = Instant::now();
    let mut told = |words: &str| {
        // Progress is no result: a terminal that is gone does not end the run.
        let _ = write!(out, "\r{words}          ").and_then(|()| out.flush());
    };
    let subject = Subject::open(size, &mut told)?;
    let bytes = std::fs::metadata(subject.folder.join("store.db"))?.len();
    writeln!(
        out,
        "\r{} doctors, {} patients, {} appointments: {} MB, ready in {:.1} s",
        size.doctors,
        size.patients,
        floor::count(&subject.bare, "SELECT count(*) FROM appointment")?,
        bytes >> 20,
        began.elapsed().as_secs_f64()
    )?;
    Ok(subject)
}

/// Measures one row on the large clinic, where there is one, and prints it.
fn measure(row: &Row, small: &Subject, large: Option<&Subject>, out: &mut impl Write) -> Result<(), Fault> {
    let (floor, ours) = (row.programs)(large.unwrap_or(small))?;
    let mut programs = vec![floor, ours];
    if large.is_some() && row.grows {
        programs.push((row.programs)(small)?.1);
    }
    let found = compare(&mut programs, row.time)?;
    let growth = found.ratios.get(2).map(|before| format!("{:.2}", found.ratios[1] / before));
    writeln!(
        out,
        "{:<36} {:>12} {:>12} {:>8.2} {:>10}",
        row.name,
        in_words(found.calls[1]),
        in_words(found.calls[0]),
        found.ratios[1],
        growth.unwrap_or_default(),
    )?;
    Ok(())
}

fn in_words(time: Duration) -> String {
    match time.as_nanos() {
        0..10_000_000 => format!("{:.1} us", time.as_secs_f64() * 1e6),
        _ => format!("{:.1} ms", time.as_secs_f64() * 1e3),
    }
}
