//! Weekly templates and dated changes: when the clinic is open and when a doctor works. Wall time only.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::id::ExceptionId;
use crate::time::{NaiveDate, Span, Weekday};
use crate::validation::FieldError;

/// One weekday of a weekly template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DayHours {
    /// Off days keep their times, so that switching one on again restores them.
    pub open: bool,
    /// From when until when, in wall-clock minutes.
    pub hours: Span,
    /// Breaks inside, in order, not touching one another.
    pub breaks: Vec<Span>,
}

/// A weekly template, Monday first; always seven days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct WeeklyHours(pub Vec<DayHours>);

/// What a dated change does to the weekly template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// The doctor is away.
    TimeOff,
    /// The doctor works although the template says no; the clinic's hours do not bound it.
    ExtraHours,
}

/// A dated change to one doctor's weekly template (PE-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Its id.
    pub id: ExceptionId,
    /// What it does.
    pub kind: ExceptionKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub until: NaiveDate,
    /// The part of each of these days it covers; `None` is the whole day.
    pub span: Option<Span>,
    /// Why, in the words of whoever entered it.
    pub reason: String,
}

/// A day on which the whole clinic is closed, or closes early or opens late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ClosedDay {
    /// Which day.
    pub date: NaiveDate,
    /// The closed part; `None` is the whole day.
    pub span: Option<Span>,
    /// Its name, for example "Christmas Day".
    pub name: String,
}

/// The lengths of a slot a clinic may choose, in minutes.
pub const SLOT_LENGTHS: [u16; 6] = [5, 10, 15, 20, 30, 60];

/// Longest run of days one exception may cover.
pub const LONGEST_EXCEPTION_DAYS: u16 = 366;

impl WeeklyHours {
    /// The hours of a weekday; `None` when the template has fewer than seven days.
    pub fn on(&self, weekday: Weekday) -> Option<&DayHours> {
        self.0.get(weekday.num_days_from_monday() as usize)
    }
}

/// Monday to Friday 09:00 to 17:00, without breaks (AP-2).
pub fn default_week() -> WeeklyHours {
    todo!()
}

/// What is wrong with a weekly template: seven days; on open days start before end, inside the day, multiples of five
/// minutes, at least one slot long; breaks inside, in order, not touching one another. Paths are `{field}.0.hours` and
/// `{field}.0.breaks.1`.
pub fn check_weekly(field: &str, hours: &WeeklyHours, slot_minutes: u16) -> Vec<FieldError> {
    let _ = (field, hours, slot_minutes);
    todo!()
}

/// What is wrong with a dated change: last day not before the first and at most [`LONGEST_EXCEPTION_DAYS`] in all, span
/// ordered and in multiples of five minutes, extra hours with a span, reason up to 120 characters.
pub fn check_exception(exception: &Exception) -> Vec<FieldError> {
    let _ = exception;
    todo!()
}

/// What is wrong with a list of closed days: names of 1 to 80 characters, ordered spans, no day twice in part or whole.
/// Paths are `{field}.0.name` and so on.
pub fn check_closed_days(field: &str, days: &[ClosedDay]) -> Vec<FieldError> {
    let _ = (field, days);
    todo!()
}
