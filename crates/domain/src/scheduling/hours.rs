//! Weekly templates and dated changes: when the clinic is open and when a doctor works. Wall time only.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::id::ExceptionId;
use crate::time::{NaiveDate, Span};

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
