//! What is measured: each row is a use case and the least that any program must do for the same answer.

use chrono::Days;
use clinic_app::directory::view::Search;
use clinic_app::identity::view::SignIn;
use clinic_app::scheduling::view::{BookAppointment, NextFree, Opening, Place, ViewMonth, ViewSchedule};
use clinic_domain::id::{ActionId, DoctorId, PatientId};
use clinic_domain::time::NaiveDate;

use crate::Fault;
use crate::floor;
use crate::measure::{Program, REPEATS, Time};
use crate::subject::{LOGIN, PASSWORD, Subject};
use crate::trust;
use crate::wal::Written;

/// One line of the report.
pub struct Row {
    /// What is done.
    pub name: &'static str,
    /// Which time is taken.
    pub time: Time,
    /// Whether the small clinic gives the same work; it is booked for three weeks ahead and free after them.
    pub grows: bool,
    /// Makes the floor and the use case.
    pub programs: for<'s> fn(&'s Subject) -> Result<(Program<'s>, Program<'s>), Fault>,
}

type Programs<'s> = Result<(Program<'s>, Program<'s>), Fault>;

/// Bookings of one comparison.
const BOOKINGS: usize = 40;
/// Bookings before the first comparison: the log grows to its length and the pages are read.
const WARM: usize = 20;

const fn row(name: &'static str, programs: for<'s> fn(&'s Subject) -> Programs<'s>) -> Row {
    Row { name, time: Time::Processor, grows: true, programs }
}

/// Every row in the order of the report.
pub const ROWS: [Row; 16] = [
    row("day of one doctor", |subject| schedule(subject, 1, 1)),
    row("week of 20 doctors", |subject| schedule(subject, 20, 7)),
    row("month of 20 doctors", month),
    row("slots, 1 doctor x 1 day", |subject| free(subject, 1, 1, 480, 1)),
    Row {
        grows: false,
        ..row("slots, all of 20 doctors x 30 days", |subject| free(subject, 20, 30, 480, 30))
    },
    Row {
        grows: false,
        ..row("slots, all of 20 doctors x 90 days", |subject| free(subject, 20, 90, 480, 90))
    },
    Row {
        grows: false,
        ..row("slots, all of 50 doctors x 366 days", |subject| free(subject, 50, 366, 480, 366))
    },
    row("slots, next ten of 20 doctors", |subject| free(subject, 20, 90, 30, 7)),
    row("search, three letters", |subject| search(subject, &beginning(subject, 3)?)),
    row("search, misspelt name", |subject| search(subject, &misspelt(subject)?)),
    Row { time: Time::ProcessorOnce(BOOKINGS), ..row("book, on the processor", book) },
    Row { time: Time::Wall(BOOKINGS), ..row("book, on the disk", book) },
    Row { time: Time::Wall(9), ..row("sign in", sign_in) },
    Row { grows: false, ..row("token, checked", trust::token) },
    Row { time: Time::Wall(1), grows: false, ..row("audit log, 1,000,000 entries", trust::audit) },
    Row { grows: false, ..row("audit log, a day of it", trust::day) },
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

fn doctors(subject: &Subject, many: usize) -> Result<Vec<DoctorId>, Fault> {
    Ok(floor::doctors(&subject.bare)?.into_iter().take(many).collect())
}

fn schedule(subject: &Subject, many: usize, days: u8) -> Programs<'_> {
    let (doctor_ids, day) = (doctors(subject, many)?, today().to_epoch_days());
    let asked = doctor_ids.clone();
    let ours = move || {
        let request = ViewSchedule { from: today(), days, doctor_ids: asked.clone() };
        std::hint::black_box(subject.app.view_schedule(&subject.actor, request)?);
        Ok(())
    };
    let floor = move || floor::days(&subject.bare, &doctor_ids, day, days.into());
    Ok((Box::new(floor), Box::new(ours)))
}

fn month(subject: &Subject) -> Programs<'_> {
    let (doctor_ids, first) = (doctors(subject, 20)?, today().to_epoch_days() - 28);
    let asked = doctor_ids.clone();
    let ours = move || {
        let request = ViewMonth { month: today(), doctor_ids: asked.clone() };
        std::hint::black_box(subject.app.view_month(&subject.actor, request)?);
        Ok(())
    };
    let floor = move || floor::month(&subject.bare, &doctor_ids, first);
    Ok((Box::new(floor), Box::new(ours)))
}

/// The first ten openings of so many minutes; nobody has 480 free, so that then every day is looked at. The floor reads
/// the days that lead to ten.
fn free(subject: &Subject, many: usize, days: u16, minutes: u16, read: i32) -> Programs<'_> {
    let (doctor_ids, first) = (doctors(subject, many)?, today().to_epoch_days());
    let asked = doctor_ids.clone();
    let ours = move || {
        let request = NextFree {
            from: today(),
            from_minute: 0,
            minutes,
            doctor_ids: asked.clone(),
            specialty_id: None,
            limit: 10,
            days,
        };
        std::hint::black_box(subject.app.next_free(&subject.actor, request)?);
        Ok(())
    };
    let floor = move || floor::masks(&subject.bare, &doctor_ids, first, read);
    Ok((Box::new(floor), Box::new(ours)))
}

fn search<'s>(subject: &'s Subject, query: &str) -> Programs<'s> {
    let (query, prefix) = (query.to_owned(), beginning(subject, 3)?);
    // As the directory keeps the parts of names.
    let (from, until) = (format!("n{prefix}"), format!("n{prefix}\u{10ffff}"));
    let ours = move || {
        let request = Search { query: query.clone(), limit: 20 };
        std::hint::black_box(subject.app.search_patients(&subject.actor, request)?);
        Ok(())
    };
    let floor = move || floor::prefix(&subject.bare, &from, &until);
    Ok((Box::new(floor), Box::new(ours)))
}

/// The first letters of the first patient's name.
fn beginning(subject: &Subject, letters: usize) -> Result<String, Fault> {
    Ok(name(subject)?.chars().take(letters).collect())
}

fn misspelt(subject: &Subject) -> Result<String, Fault> {
    let name = name(subject)?;
    Ok(name.chars().take(1).chain(['x']).chain(name.chars().skip(2)).collect())
}

fn name(subject: &Subject) -> Result<String, Fault> {
    floor::text(&subject.bare, "SELECT name_key FROM patient ORDER BY id LIMIT 1")
}

fn book(subject: &Subject) -> Programs<'_> {
    let mut visits = visits(subject, BOOKINGS * REPEATS + WARM)?.into_iter();
    let mut log = floor::Log::new(&subject.folder)?;
    let mut turn = 0;
    let mut ours = move || {
        let (opening, patient) = visits.next().ok_or("no opening is left")?;
        let action = ActionId(subject.app.new_id()?);
        subject.app.book(&subject.actor, request(&opening, patient, action))?;
        Ok(())
    };
    let mut floor = move || {
        turn += 1;
        log.write_and_sync(turn)
    };
    for _ in 0..WARM {
        ours()?;
        floor()?;
    }
    Ok((Box::new(floor), Box::new(ours)))
}

fn sign_in(subject: &Subject) -> Programs<'_> {
    let ours = || {
        subject.app.sign_in(SignIn { login: LOGIN.to_owned(), password: PASSWORD.into() })?;
        Ok(())
    };
    // As much work as was found out when the clinic was set up.
    let (memory_kib, passes) = subject.bare.read(|conn| {
        let sql = "SELECT memory_kib, passes FROM password_hashing";
        Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    })?;
    let mut memory = Vec::new();
    let floor = move || floor::hash(&mut memory, memory_kib, passes);
    Ok((Box::new(floor), Box::new(ours)))
}

/// Pages that one booking adds to the write-ahead log: the median of some.
pub fn pages_of_a_booking(subject: &Subject) -> Result<usize, Fault> {
    let (_, mut book) = book(subject)?;
    let store = subject.folder.join("store.db");
    let mut pages = Vec::new();
    for _ in 0..BOOKINGS {
        let before = Written::of(&store)?;
        book()?;
        pages.extend(Written::of(&store)?.since(before));
    }
    pages.sort_unstable();
    pages.get(pages.len() / 2).copied().ok_or_else(|| "the log began anew each time".into())
}

/// Bookings that will be accepted: free half hours, each with a patient of its own who has nothing else that day.
fn visits(subject: &Subject, many: usize) -> Result<Vec<(Opening, PatientId)>, Fault> {
    let mut patients = floor::patients(&subject.bare, many * 5)?.into_iter();
    let mut found = Vec::new();
    let mut from = today() + Days::new(1);
    while found.len() < many {
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
            from = opening.date + Days::new(1);
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
