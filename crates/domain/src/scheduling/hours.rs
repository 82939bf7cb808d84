//! Weekly templates and dated changes: when the clinic is open and when a doctor works. Wall time only.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::day::{closes, working};
use super::mask::{TICK_MINUTES, wall_touching};
use crate::id::ExceptionId;
use crate::time::{Datelike, NaiveDate, Span, Weekday};
use crate::validation::{FieldError, FieldRule, check_line};

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
    /// The doctor works although the template says no. It is the narrower promise, for these hours by name, and so the
    /// clinic's hours, closed days and time off do not bound it.
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

impl Exception {
    /// Whether it covers a date.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.until
    }
}

/// Whether a weekly template leaves a part of a date open: on an open day, inside its hours, touching no break.
pub fn week_allows(hours: &WeeklyHours, date: NaiveDate, span: Span) -> bool {
    wall_touching(span).and_not(working(hours.on(date.weekday()))).is_empty()
}

/// Whether no closed day takes away from a part of a date.
pub fn closed_days_allow(days: &[ClosedDay], date: NaiveDate, span: Span) -> bool {
    days.iter().filter(|day| day.date == date).all(|day| closes(day.span).and(wall_touching(span)).is_empty())
}

/// Monday to Friday 09:00 to 17:00, without breaks (AP-2).
pub fn default_week() -> WeeklyHours {
    let day = |open| DayHours { open, hours: Span::new(9 * 60, 17 * 60), breaks: Vec::new() };
    WeeklyHours((0..7).map(|weekday| day(weekday < 5)).collect())
}

/// What is wrong with a weekly template: seven days; on open days start before end, inside the day, multiples of five
/// minutes, at least one slot long; breaks inside, in order, not touching one another. Paths are `{field}.0.hours` and
/// `{field}.0.breaks.1`. The times of off days are not looked at.
pub fn check_weekly(field: &str, hours: &WeeklyHours, slot_minutes: u16) -> Vec<FieldError> {
    if hours.0.len() != 7 {
        return vec![FieldError::new(field, FieldRule::OutOfRange).bound(7)];
    }
    let open = hours.0.iter().enumerate().filter(|(_, day)| day.open);
    open.flat_map(|(index, day)| check_day(&format!("{field}.{index}"), day, slot_minutes)).collect()
}

fn check_day(field: &str, day: &DayHours, slot_minutes: u16) -> Vec<FieldError> {
    let hours = format!("{field}.hours");
    if let Some(error) = check_span(&hours, day.hours) {
        return vec![error];
    }
    if day.hours.minutes() < slot_minutes {
        return vec![FieldError::new(hours, FieldRule::TooShort).bound(slot_minutes.into())];
    }
    let mut errors = Vec::new();
    let mut free_from = day.hours.start;
    for (index, pause) in day.breaks.iter().enumerate() {
        let path = format!("{field}.breaks.{index}");
        let first = index == 0;
        if let Some(error) = check_span(&path, *pause) {
            errors.push(error);
        } else if !day.hours.contains(*pause) {
            let nearest = pause.start.clamp(day.hours.start, day.hours.end);
            errors.push(FieldError::new(path, FieldRule::OutOfRange).bound(nearest.into()));
        } else if !first && pause.start <= free_from {
            errors.push(FieldError::new(path, FieldRule::Duplicate));
        }
        free_from = free_from.max(pause.end);
    }
    errors
}

/// What is wrong with a span of wall-clock minutes.
fn check_span(field: &str, span: Span) -> Option<FieldError> {
    let tick = u32::from(TICK_MINUTES);
    if span.start > 1440 || span.end > 1440 {
        Some(FieldError::new(field, FieldRule::OutOfRange).bound(1440))
    } else if span.end <= span.start {
        Some(FieldError::new(field, FieldRule::EndBeforeStart))
    } else if !span.start.is_multiple_of(TICK_MINUTES) || !span.end.is_multiple_of(TICK_MINUTES) {
        Some(FieldError::new(field, FieldRule::NotAligned).bound(tick))
    } else {
        None
    }
}

/// What is wrong with a dated change: last day not before the first and at most [`LONGEST_EXCEPTION_DAYS`] in all, span
/// ordered and in multiples of five minutes, extra hours with a span, reason up to 120 characters.
pub fn check_exception(exception: &Exception) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let days = (exception.until - exception.from).num_days() + 1;
    if days < 1 {
        errors.push(FieldError::new("until", FieldRule::EndBeforeStart));
    } else if days > i64::from(LONGEST_EXCEPTION_DAYS) {
        errors.push(FieldError::new("until", FieldRule::OutOfRange).bound(LONGEST_EXCEPTION_DAYS.into()));
    }
    match exception.span {
        Some(span) => errors.extend(check_span("span", span)),
        None if exception.kind == ExceptionKind::ExtraHours => {
            errors.push(FieldError::new("span", FieldRule::Required));
        }
        None => {}
    }
    errors.extend(check_line("reason", &exception.reason, 0, 120).err());
    errors
}

/// What is wrong with a list of closed days: names of 1 to 80 characters, ordered spans, no part of a day closed twice.
/// Paths are `{field}.0.name` and so on.
pub fn check_closed_days(field: &str, days: &[ClosedDay]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, day) in days.iter().enumerate() {
        errors.extend(check_line(&format!("{field}.{index}.name"), &day.name, 1, 80).err());
        errors.extend(day.span.and_then(|span| check_span(&format!("{field}.{index}.span"), span)));
        let whole = Span::new(0, 1440);
        let closes = day.span.unwrap_or(whole);
        if days[..index]
            .iter()
            .any(|other| other.date == day.date && closes.overlaps(other.span.unwrap_or(whole)))
        {
            errors.push(FieldError::new(format!("{field}.{index}.date"), FieldRule::Duplicate));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The default week with a change to its Monday.
    fn week(change: impl FnOnce(&mut DayHours)) -> WeeklyHours {
        let mut week = default_week();
        change(&mut week.0[0]);
        week
    }

    fn found(errors: Vec<FieldError>) -> Vec<(String, FieldRule, Option<u32>)> {
        errors.into_iter().map(|e| (e.field, e.rule, e.bound)).collect()
    }

    #[test]
    fn the_default_week_is_monday_to_friday_nine_to_five() {
        let week = default_week();
        assert_eq!(check_weekly("hours", &week, 30), []);
        assert!(week.on(Weekday::Fri).is_some_and(|day| day.open && day.hours == Span::new(540, 1020)));
        assert!(week.on(Weekday::Sat).is_some_and(|day| !day.open));
    }

    #[test]
    fn every_fault_of_a_day_is_named() {
        type Change = fn(&mut DayHours);
        let cases: [(Change, &str, FieldRule, Option<u32>); 9] = [
            (|d| d.hours = Span::new(600, 600), "h.0.hours", FieldRule::EndBeforeStart, None),
            (|d| d.hours = Span::new(600, 1445), "h.0.hours", FieldRule::OutOfRange, Some(1440)),
            (|d| d.hours = Span::new(603, 1000), "h.0.hours", FieldRule::NotAligned, Some(5)),
            (|d| d.hours = Span::new(600, 620), "h.0.hours", FieldRule::TooShort, Some(30)),
            (|d| d.breaks = vec![Span::new(700, 690)], "h.0.breaks.0", FieldRule::EndBeforeStart, None),
            (|d| d.breaks = vec![Span::new(500, 560)], "h.0.breaks.0", FieldRule::OutOfRange, Some(540)),
            (|d| d.breaks = vec![Span::new(1000, 1040)], "h.0.breaks.0", FieldRule::OutOfRange, Some(1000)),
            (
                |d| d.breaks = vec![Span::new(600, 630), Span::new(630, 660)],
                "h.0.breaks.1",
                FieldRule::Duplicate,
                None,
            ),
            (
                |d| d.breaks = vec![Span::new(700, 730), Span::new(600, 630)],
                "h.0.breaks.1",
                FieldRule::Duplicate,
                None,
            ),
        ];
        for (change, field, rule, bound) in cases {
            assert_eq!(found(check_weekly("h", &week(change), 30)), [(field.to_owned(), rule, bound)]);
        }
    }

    #[test]
    fn a_break_at_the_edge_of_the_day_and_the_times_of_an_off_day_are_fine() {
        assert_eq!(
            check_weekly("h", &week(|d| d.breaks = vec![Span::new(540, 600), Span::new(960, 1020)]), 30),
            []
        );
        assert_eq!(
            check_weekly(
                "h",
                &week(|d| *d = DayHours { open: false, hours: Span::new(9, 3), breaks: vec![] }),
                30
            ),
            []
        );
    }

    #[test]
    fn a_week_has_seven_days() {
        let short = WeeklyHours(default_week().0[..6].to_vec());
        assert_eq!(found(check_weekly("h", &short, 30)), [("h".into(), FieldRule::OutOfRange, Some(7))]);
    }

    #[test]
    fn dated_changes_are_checked() {
        let date = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let off = Exception {
            id: ExceptionId(Uuid::from_u128(1)),
            kind: ExceptionKind::TimeOff,
            from: date(2),
            until: date(6),
            span: None,
            reason: "Conference".into(),
        };
        assert_eq!(check_exception(&off), []);
        let fields = |change: &dyn Fn(&mut Exception)| {
            let mut changed = off.clone();
            change(&mut changed);
            found(check_exception(&changed))
                .into_iter()
                .map(|(field, rule, _)| (field, rule))
                .collect::<Vec<_>>()
        };
        assert_eq!(fields(&|e| e.until = date(1)), [("until".into(), FieldRule::EndBeforeStart)]);
        assert_eq!(
            fields(&|e| e.until = e.from + chrono::Days::new(366)),
            [("until".into(), FieldRule::OutOfRange)]
        );
        assert_eq!(fields(&|e| e.until = e.from + chrono::Days::new(365)), []);
        assert_eq!(fields(&|e| e.kind = ExceptionKind::ExtraHours), [("span".into(), FieldRule::Required)]);
        assert_eq!(
            fields(&|e| e.span = Some(Span::new(60, 30))),
            [("span".into(), FieldRule::EndBeforeStart)]
        );
        assert_eq!(fields(&|e| e.reason = "x".repeat(121)), [("reason".into(), FieldRule::TooLong)]);
    }

    #[test]
    fn no_part_of_a_day_is_closed_twice() {
        let day = |date: u32, span, name: &str| ClosedDay {
            date: NaiveDate::from_ymd_opt(2026, 12, date).unwrap(),
            span,
            name: name.into(),
        };
        let (morning, afternoon) = (Some(Span::new(0, 720)), Some(Span::new(720, 1440)));
        assert_eq!(
            check_closed_days("c", &[day(24, morning, "a"), day(24, afternoon, "b"), day(25, None, "c")]),
            []
        );
        let twice = check_closed_days("c", &[day(24, morning, "a"), day(24, None, "")]);
        assert_eq!(
            found(twice),
            [("c.1.name".into(), FieldRule::Required, None), ("c.1.date".into(), FieldRule::Duplicate, None)]
        );
    }
}
