//! Measures the services at the design load, each against the least that any program must do for the same answer, and
//! against itself on a clinic a tenth as large. `--quick` leaves the large clinic out.

mod clock;
mod floor;
mod measure;
mod subject;

use std::io::Write;
use std::time::{Duration, Instant};

use clinic_app::directory::view::Search;
use clinic_app::identity::hashing::Cost;
use clinic_app::identity::view::SignIn;
use clinic_app::scheduling::view::{BookAppointment, NextFree, Opening, Place, ViewMonth, ViewSchedule};
use clinic_app::setup::large::Size;
use clinic_domain::id::{ActionId, DoctorId, PatientId};
use clinic_domain::time::NaiveDate;
use measure::{Compared, compare, compare_waiting};
use subject::Subject;

/// Anything that goes wrong ends the run.
pub type Fault = Box<dyn std::error::Error>;

/// A tenth of the design load.
const TENTH: Size = Size { doctors: 50, patients: 10_000, appointments: 100_000 };
/// Bookings of one comparison.
const BOOKINGS: usize = 40;

/// One line of the report.
struct Line {
    name: &'static str,
    found: Compared,
    /// The small clinic is booked as densely on the days that are looked at, so that both figures are of the same work.
    grows: bool,
}

impl Line {
    fn new(name: &'static str, found: Compared) -> Self {
        Self { name, found, grows: true }
    }
}

fn main() -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    let quick = std::env::args().any(|argument| argument == "--quick");
    let small = run(TENTH, &mut out)?;
    let large = if quick { Vec::new() } else { run(Size::LARGE, &mut out)? };
    report(&small, &large, &mut out)
}

/// Measures everything on a clinic of a size.
fn run(size: Size, out: &mut impl Write) -> Result<Vec<Line>, Fault> {
    let began = Instant::now();
    let mut told = |words: &str| {
        // Progress is no result: a terminal that is gone does not end the run.
        let _ = write!(out, "\r{words}          ").and_then(|()| out.flush());
    };
    let subject = Subject::open(size, &mut told)?;
    let rows = floor::count(&subject.bare, "SELECT count(*) FROM appointment")?;
    let bytes = std::fs::metadata(subject.folder.join("store.db"))?.len();
    writeln!(
        out,
        "\r{} doctors, {} patients, {rows} appointments: {} MB, ready in {:.1} s",
        size.doctors,
        size.patients,
        bytes >> 20,
        began.elapsed().as_secs_f64()
    )?;
    let mut lines = views(&subject)?;
    lines.extend(searches(&subject)?);
    lines.extend(waits(&subject)?);
    Ok(lines)
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

/// The schedule as it is seen.
fn views(subject: &Subject) -> Result<Vec<Line>, Fault> {
    let Subject { app, actor, bare, .. } = subject;
    let doctors: Vec<DoctorId> = floor::doctors(bare)?.into_iter().take(20).collect();
    let one = doctors.get(..1).unwrap_or_default();
    let day = today().to_epoch_days();
    let schedule = |doctors: &[DoctorId], days| {
        let request = ViewSchedule { from: today(), days, doctor_ids: doctors.to_vec() };
        std::hint::black_box(app.view_schedule(actor, request)?);
        Ok(())
    };
    let month = || {
        let request = ViewMonth { month: today(), doctor_ids: doctors.clone() };
        std::hint::black_box(app.view_month(actor, request)?);
        Ok(())
    };
    // Longer than any gap, so that every day of every doctor is looked at.
    let next_free = |days, minutes| {
        let request = NextFree {
            from: today(),
            from_minute: 0,
            minutes,
            doctor_ids: doctors.clone(),
            specialty_id: None,
            limit: 10,
            days,
        };
        std::hint::black_box(app.next_free(actor, request)?);
        Ok(())
    };
    let masks = |days| floor::masks(bare, &doctors, day, days);
    // The small clinic is booked for three weeks ahead and free after them.
    let ahead = |name, found| Line { grows: false, ..Line::new(name, found) };
    Ok(vec![
        Line::new("day of one doctor", compare(|| schedule(one, 1), || floor::days(bare, one, day, 1))?),
        Line::new(
            "week of 20 doctors",
            compare(|| schedule(&doctors, 7), || floor::days(bare, &doctors, day, 7))?,
        ),
        Line::new("month of 20 doctors", compare(month, || floor::month(bare, &doctors, day - 28))?),
        ahead("all slots, 20 x 30 days", compare(|| next_free(30, 480), || masks(30))?),
        ahead("all slots, 20 x 90 days", compare(|| next_free(90, 480), || masks(90))?),
        Line::new("next ten free, 20 x 90 days", compare(|| next_free(90, 30), || masks(7))?),
    ])
}

/// Patients while typing.
fn searches(subject: &Subject) -> Result<Vec<Line>, Fault> {
    let Subject { app, actor, bare, .. } = subject;
    let name = floor::text(bare, "SELECT name_key FROM patient ORDER BY id LIMIT 1")?;
    let prefix: String = name.chars().take(3).collect();
    // As the directory keeps the parts of names.
    let (from, until) = (format!("n{prefix}"), format!("n{prefix}\u{10ffff}"));
    let search = |query: &str| {
        let request = Search { query: query.to_owned(), limit: 20 };
        std::hint::black_box(app.search_patients(actor, request)?);
        Ok(())
    };
    let bare_prefix = || floor::prefix(bare, &from, &until);
    let misspelt: String = name.chars().take(1).chain(['x']).chain(name.chars().skip(2)).collect();
    Ok(vec![
        Line::new("search, three letters", compare(|| search(&prefix), bare_prefix)?),
        Line::new("search, misspelt name", compare(|| search(&misspelt), bare_prefix)?),
    ])
}

/// What waits for the disk or is meant to be slow.
fn waits(subject: &Subject) -> Result<Vec<Line>, Fault> {
    let Subject { app, actor, folder, .. } = subject;
    let mut visits = visits(subject)?.into_iter();
    let mut log = floor::Log::new(folder)?;
    let mut turn = 0;
    let mut book = || {
        let (opening, patient) = visits.next().ok_or("no opening is left")?;
        app.book(actor, request(&opening, patient, ActionId(app.new_id()?)))?;
        Ok(())
    };
    let mut bare_write = || {
        turn += 1;
        log.write_and_sync(turn)
    };
    // The log grows to its length first, and the pages are read.
    for _ in 0..20 {
        book()?;
        bare_write()?;
    }
    let booked = compare_waiting(BOOKINGS, book, bare_write)?;
    let sign_in = || {
        app.sign_in(SignIn { login: subject::LOGIN.to_owned(), password: subject::PASSWORD.to_owned() })?;
        Ok(())
    };
    let hash = || floor::hash(Cost::STANDARD.memory_kib, Cost::STANDARD.passes);
    let signed_in = compare_waiting(9, sign_in, hash)?;
    Ok(vec![Line::new("book, on the disk", booked), Line::new("sign in", signed_in)])
}

/// Bookings that will be accepted: free half hours, each with a patient of its own who has nothing else that day.
fn visits(subject: &Subject) -> Result<Vec<(Opening, PatientId)>, Fault> {
    let mut patients = floor::patients(&subject.bare, BOOKINGS * 20)?.into_iter();
    let mut found = Vec::new();
    let mut from = today() + chrono::Days::new(1);
    while found.len() < BOOKINGS * 5 + 20 {
        let request = NextFree {
            from,
            from_minute: 0,
            minutes: 30,
            doctor_ids: Vec::new(),
            specialty_id: None,
            limit: 50,
            days: 366,
        };
        for opening in subject.app.next_free(&subject.actor, request)? {
            from = opening.date + chrono::Days::new(1);
            let free =
                |patient: &PatientId| floor::is_free(&subject.bare, *patient, opening.date).unwrap_or(false);
            let patient = patients.find(free).ok_or("no patient is free")?;
            found.push((opening, patient));
        }
    }
    Ok(found)
}

fn request(opening: &Opening, patient: PatientId, request_id: ActionId) -> BookAppointment {
    BookAppointment {
        request_id,
        place: Place {
            doctor_id: opening.doctor_id,
            date: opening.date,
            start: opening.start,
            minutes: 30,
            fold: None,
        },
        patient_id: patient,
        type_id: None,
        reason: String::new(),
    }
}

fn report(small: &[Line], large: &[Line], out: &mut impl Write) -> Result<(), Fault> {
    writeln!(out, "\nTime on the processor of one call, median; booking and signing in are wall time.")?;
    writeln!(out, "{:<30} {:>12} {:>12} {:>8} {:>10}", "", "ours", "floor", "ratio", "10n / n")?;
    let lines = if large.is_empty() { small } else { large };
    for line in lines {
        let before = small.iter().find(|other| other.name == line.name && line.grows && !large.is_empty());
        let growth = before.map(|before| line.found.ours.as_secs_f64() / before.found.ours.as_secs_f64());
        writeln!(
            out,
            "{:<30} {:>12} {:>12} {:>8.2} {:>10}",
            line.name,
            in_words(line.found.ours),
            in_words(line.found.floor),
            line.found.ratio,
            growth.map(|growth| format!("{growth:.2}")).unwrap_or_default(),
        )?;
    }
    Ok(())
}

fn in_words(time: Duration) -> String {
    match time.as_nanos() {
        0..10_000_000 => format!("{:.1} us", time.as_secs_f64() * 1e6),
        _ => format!("{:.1} ms", time.as_secs_f64() * 1e3),
    }
}
