//! What a person is told when a rule says no: who holds the slot, and the nearest free ones (AP-2, AP-3).

use clinic_domain::identity::policy::{Action, Reach, reach};
use clinic_domain::scheduling::booking::Busy;
use clinic_domain::scheduling::mask::{DayClock, DayMask};
use clinic_domain::scheduling::openings::{self, FreeSearch, nearest};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::time::{Days, Instant, NaiveDate, wall_of};
use rusqlite::Connection;

use super::rules::Rules;
use super::store_boxes;
use super::store_weeks::Booked;
use super::view::{Opening, Place};
use crate::app::{Actor, App};
use crate::directory::store_columns::{ColumnDoctor, Which, doctors};
use crate::error::{Answer, AppError};

/// Alternatives that are offered at most.
const MOST: usize = 5;
/// How far ahead an alternative is looked for, in days.
const DAYS_AHEAD: u16 = 28;

/// What was asked for when a rule said no, taken out of the transaction that found it.
pub(super) struct Asked {
    /// What the rule said.
    pub refusal: Refusal,
    /// The clinic's rules.
    pub rules: Rules,
    /// The doctor that was asked for.
    pub doctor: ColumnDoctor,
    /// Where.
    pub place: Place,
    /// What else the patient has around that day.
    pub patient_busy: Vec<Busy>,
    /// When.
    pub now: Instant,
}

impl Asked {
    /// Keeps what was asked for and answers with the bare refusal, which ends the transaction.
    pub fn refuse(self, asked: &mut Option<Self>) -> AppError {
        let refusal = self.refusal.clone();
        *asked = Some(self);
        AppError::Refused { refusal, alternatives: Vec::new(), holder: None }
    }
}

/// Does what a rule may refuse. A refusal is answered with the holder of the slot and the nearest free ones; they are
/// looked for when the writing connection is free again, so that who is refused holds nobody up. A fault while looking is
/// answered instead.
pub(super) fn told<T>(
    app: &App,
    actor: &Actor,
    act: impl FnOnce(&mut Option<Asked>) -> Answer<T>,
) -> Answer<T> {
    let mut asked = None;
    act(&mut asked).or_else(|error| match asked {
        Some(asked) => Err(app.store()?.read(|conn| refused(conn, &asked, actor))?),
        None => Err(error),
    })
}

fn refused(conn: &Connection, asked: &Asked, actor: &Actor) -> Answer<AppError> {
    let refusal = asked.refusal.clone();
    let holder = holder(conn, &asked.rules, &refusal)?;
    let alternatives =
        if another_time_helps(&refusal) { alternatives(conn, asked, actor)? } else { Vec::new() };
    Ok(AppError::Refused { refusal, alternatives, holder })
}

/// A refusal without alternatives, for a step that is about one slot only.
pub(super) fn refused_plain(conn: &Connection, rules: &Rules, refusal: Refusal) -> AppError {
    match holder(conn, rules, &refusal) {
        Ok(holder) => AppError::Refused { refusal, alternatives: Vec::new(), holder },
        Err(fault) => fault,
    }
}

fn holder(conn: &Connection, rules: &Rules, refusal: &Refusal) -> Answer<Option<crate::error::Holder>> {
    match refusal {
        Refusal::Taken { by } | Refusal::PatientBusy { by, .. } => {
            store_boxes::holder(conn, *by, rules.policy.zone)
        }
        _ => Ok(None),
    }
}

/// Whether another slot would be accepted where this one is not.
fn another_time_helps(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::TimeTwice
            | Refusal::BadLength { .. }
            | Refusal::PatientArchived
            | Refusal::UnlawfulStep { .. }
            | Refusal::TooEarly
    )
}

/// Free slots near the one asked for: the same doctor's of that day, nearest first, then of later days, then another
/// doctor's at the same time.
fn alternatives(conn: &Connection, asked: &Asked, actor: &Actor) -> Answer<Vec<Opening>> {
    let Place { date, start, minutes, .. } = asked.place;
    let (today, _) = wall_of(asked.now, asked.rules.policy.zone);
    let own = std::slice::from_ref(&asked.doctor);
    let of_day =
        |date| FreeSearch { from: date, from_minute: 0, days: 1, minutes, limit: usize::from(DayMask::BITS) };

    let same_day = nearest(search(conn, asked, own, &of_day(date))?, date, start, MOST);
    let next_day = (date + Days::new(1)).max(today);
    let later = FreeSearch { from: next_day, days: DAYS_AHEAD, limit: MOST, ..of_day(date) };
    let later = search(conn, asked, own, &later)?;
    let others = if may_book_others(actor) {
        let others = doctors(conn, Which::Active, date, date)?;
        let others: Vec<_> = others.into_iter().filter(|other| other.id != asked.doctor.id).collect();
        let mut free =
            search(conn, asked, &others, &FreeSearch { from_minute: start, limit: 1, ..of_day(date) })?;
        free.retain(|opening| opening.start == start);
        free.into_iter().map(|opening| named(&others, opening)).collect()
    } else {
        Vec::new()
    };
    // One place each is kept for a later day and for another doctor, where there is one.
    let kept = MOST - others.len() - later.len().min(1);
    let mut found: Vec<_> = same_day.into_iter().take(kept).map(|opening| named(own, opening)).collect();
    let room = MOST - others.len() - found.len();
    found.extend(later.into_iter().take(room).map(|opening| named(own, opening)));
    found.extend(others);
    Ok(found)
}

/// Whether this person may book with any doctor.
fn may_book_others(actor: &Actor) -> bool {
    reach(actor.person.role, Action::Book) == Reach::All
}

fn search(
    conn: &Connection,
    asked: &Asked,
    doctors: &[ColumnDoctor],
    search: &FreeSearch,
) -> Answer<Vec<openings::Opening>> {
    let facts: Vec<_> = doctors.iter().map(|doctor| (doctor.id, &doctor.day)).collect();
    let zone = asked.rules.policy.zone;
    let patient = |date: NaiveDate| {
        DayClock::new(date, zone).mask_of(asked.patient_busy.iter().map(|busy| (busy.start, busy.end)))
    };
    let until = search.from + Days::new(u64::from(search.days));
    let mut booked = Booked::new(conn, facts.iter().map(|(id, _)| *id), search.from, until);
    openings::next_free(search, &asked.rules.policy, &facts, asked.now, |date, free| {
        booked.take(date, free)?;
        let patient = patient(date);
        free.iter_mut().for_each(|free| *free = free.and_not(patient));
        Ok(())
    })
}

/// An opening with the doctor's name.
pub(super) fn named(doctors: &[ColumnDoctor], opening: openings::Opening) -> Opening {
    let doctor = doctors.iter().find(|doctor| doctor.id == opening.doctor);
    Opening {
        doctor_id: opening.doctor,
        doctor: doctor.map(|doctor| doctor.short_name.clone()).unwrap_or_default(),
        date: opening.date,
        start: opening.start,
        minutes: opening.minutes,
    }
}
