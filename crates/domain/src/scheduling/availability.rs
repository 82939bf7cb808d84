//! When a doctor can be booked on a day: what is open, what is closed and why, and where a visit may start (AP-3).
//!
//! Open is: the doctor's weekly template ∩ the clinic's hours, without breaks, closed days and time off; and then the
//! doctor's extra hours added. Never for a doctor who is inactive or whose licence has ended. White is bookable: what this module calls free is exactly
//! what [`super::booking::decide_booking`] accepts.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::booking::{BookingPolicy, DoctorDay};
use super::clock::ticks_between;
use super::day::{DayRules, closed_on, closes, time_off_on};
use super::mask::{DayClock, DayMask, TICK_MINUTES, whole_wall};
use crate::time::{Instant, Span};

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
    grid_starts(clock.aligned(slot_minutes), free, minutes)
}

/// The ticks of a slot grid at which an appointment of `minutes` may start in `free`.
pub(super) fn grid_starts(grid: DayMask, free: DayMask, minutes: u16) -> DayMask {
    if minutes == 0 || !minutes.is_multiple_of(TICK_MINUTES) {
        return DayMask::EMPTY;
    }
    free.runs_of(minutes / TICK_MINUTES).and(grid)
}

/// What can be booked of `free` (open, not booked, ahead), as wall-clock spans, each beginning on the slot grid.
///
/// Exact as long as the longest visit is at least half an hour longer than a slot: where the clocks move by half an hour
/// within a slot of an hour, a visit of one hour does not reach the next slot.
pub fn free_spans(clock: &DayClock, free: DayMask, slot_minutes: u16) -> Vec<Span> {
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
