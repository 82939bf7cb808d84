//! When a doctor can be booked: open times of a day, free starts, and the next free slots over doctors and days
//! (AP-3, FD-4).
//!
//! Open is: the doctor's weekly template ∩ the clinic's hours, without breaks, closed days and time off; and then the
//! doctor's extra hours added. Never for a doctor who is inactive or whose licence has ended. White is bookable: what this module calls free is exactly
//! what [`super::booking::decide_booking`] accepts.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::booking::{BookingPolicy, DoctorDay};
use super::clock::ticks_between;
use super::day::{DayRules, closed_mask, closed_on, closes, dated_open, time_off_on, week_masks};
use super::mask::{DayClock, DayMask, TICK_MINUTES, whole_wall};
use crate::id::DoctorId;
use crate::time::{Datelike, Fold, Instant, NaiveDate, Span};

/// Why part of a column is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClosedKind {
    /// The clinic is not open.
    ClinicClosed,
    /// The doctor does not work.
    OutsideSchedule,
    /// The doctor has a break.
    Break,
    /// The doctor is away.
    TimeOff,
}

/// A closed part of a doctor's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSpan {
    /// Wall-clock span.
    pub span: Span,
    /// Why.
    pub kind: ClosedKind,
    /// The name of the closed day or the reason of the time off, or empty.
    pub words: String,
}

/// The ticks of a day in which a doctor can be booked, booked or not.
pub fn open_ticks(clock: &DayClock, policy: &BookingPolicy, doctor: &DoctorDay) -> DayMask {
    clock.ticks_of_wall(DayRules::of(clock.date(), policy, doctor).open())
}

/// The closed parts of a day, in order, without overlaps: with the open ones they make up 0..1440.
///
/// A part that is closed for several reasons shows the first one that a booking would be refused for; only a day on
/// which the whole clinic is closed shows its name from midnight to midnight.
pub fn closed_spans(clock: &DayClock, policy: &BookingPolicy, doctor: &DoctorDay) -> Vec<ClosedSpan> {
    let rules = DayRules::of(clock.date(), policy, doctor);
    let mut rest = whole_wall().and_not(clock.wall_of_ticks(clock.ticks_of_wall(rules.open())));
    let mut spans = Vec::new();
    let mut take = |mask: DayMask, kind: ClosedKind, words: &str| {
        for (from, to) in rest.and(mask).runs() {
            let span = Span::new(from * TICK_MINUTES, to * TICK_MINUTES);
            spans.push(ClosedSpan { span, kind, words: words.to_owned() });
        }
        rest = rest.and_not(mask);
    };
    for day in closed_on(clock.date(), policy).filter(|day| day.span.is_none()) {
        take(whole_wall(), ClosedKind::ClinicClosed, &day.name);
    }
    take(whole_wall().and_not(rules.clinic), ClosedKind::ClinicClosed, "");
    for day in closed_on(clock.date(), policy) {
        take(closes(day.span), ClosedKind::ClinicClosed, &day.name);
    }
    if !rules.employed {
        take(whole_wall(), ClosedKind::OutsideSchedule, "");
    }
    take(whole_wall().and_not(rules.template), ClosedKind::OutsideSchedule, "");
    take(rules.breaks, ClosedKind::Break, "");
    for away in time_off_on(clock.date(), doctor) {
        take(closes(away.span), ClosedKind::TimeOff, &away.reason);
    }
    // What is left is open by every rule but skipped by the clocks.
    take(whole_wall(), ClosedKind::ClinicClosed, "");
    spans.sort_by_key(|closed| closed.span);
    spans.dedup_by(|next, before| {
        let joins =
            before.span.end == next.span.start && before.kind == next.kind && before.words == next.words;
        if joins {
            before.span.end = next.span.end;
        }
        joins
    });
    spans
}

/// Whether the doctor is away all day: there would be open time, and time off takes all of it.
pub fn away_all_day(clock: &DayClock, policy: &BookingPolicy, doctor: &DoctorDay) -> bool {
    let rules = DayRules::of(clock.date(), policy, doctor);
    rules.open().is_empty() && !DayRules { off: DayMask::EMPTY, ..rules }.open().is_empty()
}

/// The ticks that lie ahead: those a booking may start in. The running slot counts as ahead, for a walk-in.
pub fn ahead(clock: &DayClock, slot_minutes: u16, now: Instant) -> DayMask {
    // A tick lies ahead when its start and one slot come after now.
    let started = now - TimeDelta::minutes(slot_minutes.into());
    let first = ticks_between(clock.start(), started) + 1;
    DayMask::of_range(first.clamp(0, i64::from(clock.ticks())) as u16, clock.ticks())
}

/// The ticks at which an appointment of `minutes` may start in `free` (open, not booked, ahead): on the slot grid and
/// long enough. None when `minutes` is zero or no multiple of five.
pub fn starts(clock: &DayClock, free: DayMask, minutes: u16, slot_minutes: u16) -> DayMask {
    starts_on(clock.aligned(slot_minutes), free, minutes)
}

fn starts_on(grid: DayMask, free: DayMask, minutes: u16) -> DayMask {
    if minutes == 0 || !minutes.is_multiple_of(TICK_MINUTES) {
        return DayMask::EMPTY;
    }
    free.runs_of(minutes / TICK_MINUTES).and(grid)
}

/// What can be booked of a day, as wall-clock spans: open, not booked, from the first slot ahead, each span beginning on
/// the slot grid.
///
/// Exact as long as the longest visit is at least half an hour longer than a slot: where the clocks move by half an hour
/// within a slot of an hour, a visit of one hour does not reach the next slot.
pub fn free_spans(
    clock: &DayClock,
    open: DayMask,
    booked: DayMask,
    slot_minutes: u16,
    now: Instant,
) -> Vec<Span> {
    let free = open.and_not(booked).and(ahead(clock, slot_minutes, now));
    let grid = free.and(clock.aligned(slot_minutes));
    let mut bookable = DayMask::EMPTY;
    for (from, to) in free.runs() {
        // A gap that no slot begins in cannot be booked and must not look as if it could.
        if let Some(start) = grid.first(from).filter(|start| *start < to) {
            bookable.set(start, to);
        }
    }
    clock.wall_spans(bookable)
}

/// A free slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opening {
    /// With whom.
    pub doctor: DoctorId,
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute at which it starts, on the slot grid.
    pub start: u16,
    /// Which of the two when that minute happens twice.
    pub fold: Option<Fold>,
    /// Free minutes from there.
    pub minutes: u16,
}

/// A search for free slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSearch {
    /// From this day on.
    pub from: NaiveDate,
    /// From this wall-clock minute on, on the first day.
    pub from_minute: u16,
    /// How many days, the first included.
    pub days: u16,
    /// At least this long, in minutes; a multiple of five.
    pub minutes: u16,
    /// How many at most.
    pub limit: usize,
}

/// The first free slots of several doctors, by time and then in the doctors' order. `booked` is asked for a doctor and
/// day only where there is open time ahead, day by day, and no further than needed. A length that no booking may have
/// finds nothing.
///
/// # Errors
/// Those of `booked`.
pub fn next_free<E>(
    search: &FreeSearch,
    policy: &BookingPolicy,
    doctors: &[(DoctorId, &DoctorDay)],
    now: Instant,
    mut booked: impl FnMut(DoctorId, NaiveDate) -> Result<DayMask, E>,
) -> Result<Vec<Opening>, E> {
    let mut found = Vec::new();
    if search.minutes > policy.longest_minutes {
        return Ok(found);
    }
    let weeks: Vec<_> = doctors.iter().map(|(_, doctor)| week_masks(policy, doctor)).collect();
    for date in search.from.iter_days().take(search.days.into()) {
        if found.len() >= search.limit {
            break;
        }
        let clock = DayClock::new(date, policy.zone);
        let ahead = ahead(&clock, policy.slot_minutes, now);
        if ahead.is_empty() {
            continue;
        }
        let closed = closed_mask(date, policy);
        let grid = clock.aligned(policy.slot_minutes);
        let weekday = date.weekday().num_days_from_monday() as usize;
        let earliest = if date == search.from { search.from_minute } else { 0 };
        let mut day = Vec::new();
        for ((id, doctor), week) in doctors.iter().zip(&weeks) {
            let open =
                clock.ticks_of_wall(dated_open(week[weekday].and_not(closed), date, doctor)).and(ahead);
            if open.is_empty() {
                continue;
            }
            let free = open.and_not(booked(*id, date)?);
            if !free.is_empty() {
                let starts = starts_on(grid, free, search.minutes)
                    .ticks()
                    .map(|tick| opening(&clock, free, tick, *id));
                day.extend(starts.filter(|(_, opening)| opening.start >= earliest));
            }
        }
        // Stable: doctors keep their order within one time.
        day.sort_by_key(|(tick, _)| *tick);
        found.extend(day.into_iter().map(|(_, opening)| opening));
    }
    found.truncate(search.limit);
    Ok(found)
}

/// The opening that starts at a tick, and that tick.
fn opening(clock: &DayClock, free: DayMask, tick: u16, doctor: DoctorId) -> (u16, Opening) {
    let (start, fold) = clock.wall(tick);
    let end = clock.whole().and_not(free).first(tick).unwrap_or(clock.ticks());
    (tick, Opening { doctor, date: clock.date(), start, fold, minutes: (end - tick) * TICK_MINUTES })
}

/// Openings sorted by their distance from a wanted time, nearest first, at most `limit`; of two equally far ones the
/// earlier.
pub fn nearest(mut openings: Vec<Opening>, date: NaiveDate, minute: u16, limit: usize) -> Vec<Opening> {
    let minutes_from = |opening: &Opening| {
        (opening.date - date).num_days() * 1440 + i64::from(opening.start) - i64::from(minute)
    };
    openings.sort_by_key(|opening| (minutes_from(opening).abs(), minutes_from(opening)));
    openings.truncate(limit);
    openings
}
