//! What the weekly templates and the dated changes make of one doctor's day.
//!
//! Open is: the doctor's weekly template ∩ the clinic's hours, without breaks, closed days and time off; and then the
//! doctor's extra hours added, because they are entered last and for this very time. Never for a doctor who is inactive
//! or whose licence has ended. All masks here are on the wall clock's axis: rules are wall times.

use super::booking::{BookingPolicy, DoctorDay};
use super::hours::{ClosedDay, DayHours, Exception, ExceptionKind};
use super::mask::{DayMask, wall_inside, wall_touching, whole_wall};
use crate::time::{Datelike, NaiveDate, Span, Weekday};

/// One day under each rule apart, so that a refusal can name the rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayRules {
    /// The clinic's weekly hours.
    pub clinic: DayMask,
    /// Closed days of the clinic.
    pub closed: DayMask,
    /// The doctor's weekly hours, breaks included.
    pub template: DayMask,
    /// The doctor's breaks.
    pub breaks: DayMask,
    /// The doctor's time off.
    pub off: DayMask,
    /// The doctor's extra hours.
    pub extra: DayMask,
    /// Active, and the licence has not ended.
    pub employed: bool,
}

impl DayRules {
    pub(super) fn of(date: NaiveDate, policy: &BookingPolicy, doctor: &DoctorDay) -> Self {
        let weekday = date.weekday();
        let hours = policy.clinic_hours.on(weekday);
        let schedule = doctor.schedule.on(weekday).filter(|day| day.open);
        Self {
            clinic: working(hours),
            closed: closed_mask(date, policy),
            template: schedule.map_or(DayMask::EMPTY, |day| wall_inside(day.hours)),
            breaks: schedule.map_or(DayMask::EMPTY, |day| union(&day.breaks)),
            off: time_off_on(date, doctor).fold(DayMask::EMPTY, |mask, away| mask.or(closes(away.span))),
            extra: extra_on(date, doctor),
            employed: employed(date, doctor),
        }
    }

    /// The open part of the wall clock.
    pub(super) fn open(&self) -> DayMask {
        if !self.employed {
            return DayMask::EMPTY;
        }
        let regular =
            self.clinic.and(self.template).and_not(self.closed).and_not(self.breaks).and_not(self.off);
        regular.or(self.extra)
    }
}

/// What the templates leave open on each weekday, Monday first: the part of [`DayRules::open`] that needs no date. For
/// searches over many days.
pub(super) fn week_masks(policy: &BookingPolicy, doctor: &DoctorDay) -> [DayMask; 7] {
    std::array::from_fn(|index| {
        let weekday = Weekday::try_from(index as u8).unwrap_or(Weekday::Mon);
        working(policy.clinic_hours.on(weekday)).and(working(doctor.schedule.on(weekday)))
    })
}

/// What dated changes make of the regular open time of a day, closed days already taken out.
pub(super) fn dated_open(regular: DayMask, date: NaiveDate, doctor: &DoctorDay) -> DayMask {
    if !employed(date, doctor) {
        return DayMask::EMPTY;
    }
    let open = time_off_on(date, doctor).fold(regular, |mask, away| mask.and_not(closes(away.span)));
    open.or(extra_on(date, doctor))
}

/// The closed parts of a date.
pub(super) fn closed_mask(date: NaiveDate, policy: &BookingPolicy) -> DayMask {
    closed_on(date, policy).fold(DayMask::EMPTY, |mask, day| mask.or(closes(day.span)))
}

/// The entries of the list of closed days for a date.
pub(super) fn closed_on(date: NaiveDate, policy: &BookingPolicy) -> impl Iterator<Item = &ClosedDay> {
    policy.closed_days.iter().filter(move |day| day.date == date)
}

/// The doctor's time off on a date.
pub(super) fn time_off_on(date: NaiveDate, doctor: &DoctorDay) -> impl Iterator<Item = &Exception> {
    doctor
        .exceptions
        .iter()
        .filter(move |change| change.kind == ExceptionKind::TimeOff && change.covers(date))
}

/// Whether the doctor works here on a date and has time off on it.
pub(super) fn takes_time_off(date: NaiveDate, doctor: &DoctorDay) -> bool {
    time_off_on(date, doctor).next().is_some() && employed(date, doctor)
}

/// What a dated closure takes: its part of the day, or all of it.
pub(super) fn closes(span: Option<Span>) -> DayMask {
    span.map_or_else(whole_wall, wall_touching)
}

fn extra_on(date: NaiveDate, doctor: &DoctorDay) -> DayMask {
    doctor
        .exceptions
        .iter()
        .filter(|change| change.kind == ExceptionKind::ExtraHours && change.covers(date))
        .fold(DayMask::EMPTY, |mask, extra| mask.or(extra.span.map_or_else(whole_wall, wall_inside)))
}

fn employed(date: NaiveDate, doctor: &DoctorDay) -> bool {
    doctor.active && doctor.licence_until.is_none_or(|until| date <= until)
}

/// The working part of a weekday: its hours without its breaks.
pub(super) fn working(day: Option<&DayHours>) -> DayMask {
    day.filter(|day| day.open)
        .map_or(DayMask::EMPTY, |day| wall_inside(day.hours).and_not(union(&day.breaks)))
}

fn union(spans: &[Span]) -> DayMask {
    spans.iter().fold(DayMask::EMPTY, |mask, span| mask.or(wall_touching(*span)))
}
