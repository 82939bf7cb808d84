//! How the store keeps a doctor's weekly schedule: as JSON without names, `[[open, start, end, [[start, end], …]], …]`,
//! Monday first. Every view of the schedule reads one for each doctor, and with names that took longer than all the rest.

use clinic_domain::scheduling::hours::{DayHours, WeeklyHours};
use clinic_domain::time::Span;

/// A day: open, from, until, breaks.
type Day = (bool, u16, u16, Vec<(u16, u16)>);

/// A schedule as it is stored.
pub(crate) fn to_text(schedule: &WeeklyHours) -> String {
    let pair = |span: &Span| (span.start, span.end);
    let days: Vec<Day> = schedule
        .0
        .iter()
        .map(|day| (day.open, day.hours.start, day.hours.end, day.breaks.iter().map(pair).collect()))
        .collect();
    crate::db::sql::to_json(&days)
}

/// A stored schedule.
///
/// # Errors
/// The text is none.
pub(crate) fn parse(text: &str) -> serde_json::Result<WeeklyHours> {
    let days: [Day; 7] = serde_json::from_str(text)?;
    let span = |(start, end)| Span::new(start, end);
    Ok(WeeklyHours(
        days.into_iter()
            .map(|(open, start, end, breaks)| DayHours {
                open,
                hours: Span::new(start, end),
                breaks: breaks.into_iter().map(span).collect(),
            })
            .collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinic_domain::scheduling::hours::default_week;

    #[test]
    fn a_schedule_is_read_back_as_it_was() {
        let mut schedule = default_week();
        schedule.0[2].breaks = vec![Span::new(720, 750), Span::new(900, 910)];
        schedule.0[6].open = true;
        let text = to_text(&schedule);
        assert!(text.starts_with("[[true,540,1020,[]],"), "{text}");
        assert_eq!(parse(&text).unwrap(), schedule);
        assert!(parse("[[true]]").is_err());
    }
}
