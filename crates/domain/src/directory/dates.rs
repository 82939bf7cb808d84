//! Dates as people write them: in a search for a patient's birth date, and for a day of the schedule in the palette.
//! Names of months and weekdays are English.

use chrono::{Days, Months};

use crate::time::{Datelike, NaiveDate};

/// A date as far as it was typed. Parts that are `None` match anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateParts {
    /// Year.
    pub year: Option<i32>,
    /// Month, 1 to 12.
    pub month: Option<u32>,
    /// Day of the month, 1 to 31.
    pub day: Option<u32>,
}

impl DateParts {
    /// Whether a date has these parts.
    pub fn matches(&self, date: NaiveDate) -> bool {
        self.year.is_none_or(|year| year == date.year())
            && self.month.is_none_or(|month| month == date.month())
            && self.day.is_none_or(|day| day == date.day())
    }

    fn new(year: Option<i32>, month: u32, day: u32) -> Option<Self> {
        // 29 February exists in some year.
        NaiveDate::from_ymd_opt(year.unwrap_or(2000), month, day)?;
        Some(Self { year, month: Some(month), day: Some(day) })
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Which entry of a list a word names: in full or by its first three letters or more.
fn named(list: &[&str], word: &str) -> Option<usize> {
    let word = word.trim_end_matches(['.', ',']);
    (word.len() >= 3).then(|| list.iter().position(|name| name.starts_with(word))).flatten()
}

/// A year of four digits, or of two in each of the centuries.
fn years(text: &str, centuries: &[i32]) -> Vec<i32> {
    match (text.len(), text.parse::<i32>()) {
        (4, Ok(year)) if text.bytes().all(|b| b.is_ascii_digit()) && (1800..=2199).contains(&year) => {
            vec![year]
        }
        (2, Ok(year)) if text.bytes().all(|b| b.is_ascii_digit()) => {
            centuries.iter().map(|century| century + year).collect()
        }
        _ => Vec::new(),
    }
}

/// A day or a month: one or two digits.
fn small(text: &str) -> Option<u32> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// The readings of a date in digits with separators: `1988-03-12`, `12.3.1988`, `3/12/88` (both orders), `24.12.`,
/// `3/12`. Empty when it is none. Two-digit years are read in each of the `centuries`.
pub(super) fn numeric(text: &str, centuries: &[i32]) -> Vec<DateParts> {
    let Some(separator) = text.chars().find(|c| matches!(c, '.' | '/' | '-')) else { return Vec::new() };
    let parts: Vec<_> = text.trim_end_matches(separator).split(separator).collect();
    let day_first_only = separator == '.';
    let mut readings = Vec::new();
    let mut read = |year: Option<i32>, a: &str, b: &str| {
        let (Some(a), Some(b)) = (small(a), small(b)) else { return };
        let month_first = (!day_first_only).then(|| DateParts::new(year, a, b)).flatten();
        readings.extend(DateParts::new(year, b, a).into_iter().chain(month_first));
    };
    match parts[..] {
        [year, month, day] if year.len() == 4 => {
            for year in years(year, centuries) {
                if let (Some(month), Some(day)) = (small(month), small(day)) {
                    readings.extend(DateParts::new(Some(year), month, day));
                }
            }
        }
        [a, b, year] => years(year, centuries).into_iter().for_each(|year| read(Some(year), a, b)),
        [a, b] => read(None, a, b),
        _ => {}
    }
    distinct(readings)
}

fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// The readings of a date with the month in words at the start of `words`, and how many words it takes: `12 mar 1988`,
/// `mar 12, 1988`, `12th mar`, `mar 1988`. The words are in lower case.
pub(super) fn worded(words: &[&str], centuries: &[i32]) -> Option<(Vec<DateParts>, usize)> {
    let month = |index: usize| named(&MONTHS, words.get(index)?).map(|month| month as u32 + 1);
    let day = |index: usize| {
        let word = words.get(index)?.trim_end_matches([',', '.']);
        small(["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word))
    };
    let year = |index: usize| words.get(index).map(|word| years(word, centuries)).unwrap_or_default();
    let (month, day) = match (month(0), day(0)) {
        (Some(month), _) if day(1).is_some() => (month, day(1)),
        (Some(month), _) => (month, None),
        (None, Some(first)) => (month(1)?, Some(first)),
        (None, None) => return None,
    };
    let Some(day) = day else {
        let year = *year(1).first()?;
        return Some((vec![DateParts { year: Some(year), month: Some(month), day: None }], 2));
    };
    let years = year(2);
    let taken = if years.is_empty() { 2 } else { 3 };
    let years: Vec<_> = if years.is_empty() { vec![None] } else { years.into_iter().map(Some).collect() };
    let readings: Vec<_> = years.into_iter().filter_map(|year| DateParts::new(year, month, day)).collect();
    (!readings.is_empty()).then_some((readings, taken))
}

/// The dates a text can mean, likeliest first; empty when it is no date. Reads `today`, `tomorrow`, `tue`, `next tue`,
/// `24 nov`, `24.12.`, `3/12` (both orders), `2026-12-24`, `dec 2026` (its first day), `+3d`, `+2w`, `+1m`, `in 3 days`.
/// A date without a year is the next one, then the last one when it is not half a year ago.
pub fn dates_in(text: &str, today: NaiveDate) -> Vec<NaiveDate> {
    let text = text.trim().to_lowercase();
    let words: Vec<_> = text.split_whitespace().collect();
    let mut dates = match words[..] {
        [] => Vec::new(),
        [word] => single_word(word, today),
        ["next", day] => next_week(day, today),
        ["in", count, unit] => count.parse().ok().and_then(|n| shifted(today, n, unit)).into_iter().collect(),
        _ => Vec::new(),
    };
    if dates.is_empty() {
        let readings = match worded(&words, &[2000]) {
            Some((readings, taken)) if taken == words.len() => readings,
            _ if words.len() == 1 => numeric(words[0], &[2000]),
            _ => Vec::new(),
        };
        dates = readings.iter().flat_map(|parts| around(parts, today)).collect();
        // Several orders: the next dates of all of them come before the last ones of any.
        dates.sort_by_key(|date| *date < today);
    }
    distinct(dates)
}

fn single_word(word: &str, today: NaiveDate) -> Vec<NaiveDate> {
    let near = [("today", 0), ("tomorrow", 1), ("yesterday", -1), ("tmr", 1)];
    let shift =
        near.iter().find(|(name, _)| word.len() >= 3 && name.starts_with(word)).map(|(_, days)| *days);
    if let Some(days) = shift {
        return shifted(today, days, "d").into_iter().collect();
    }
    if let Some(weekday) = named(&WEEKDAYS, word) {
        let ahead = (weekday as i64 - i64::from(today.weekday().num_days_from_monday())).rem_euclid(7);
        return [ahead, ahead + 7].into_iter().filter_map(|days| shifted(today, days, "d")).collect();
    }
    let Some(digits) = word.strip_prefix('+').or(word.starts_with('-').then_some(word)) else {
        return Vec::new();
    };
    let unit = digits.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
    let count = digits.strip_suffix(unit).and_then(|count| count.parse().ok());
    count.and_then(|count| shifted(today, count, unit)).into_iter().collect()
}

/// The weekday in the week after this one, then the one that comes first; weeks begin on Monday.
fn next_week(word: &str, today: NaiveDate) -> Vec<NaiveDate> {
    let from_monday = i64::from(today.weekday().num_days_from_monday());
    let Some(weekday) = named(&WEEKDAYS, word) else {
        return if word == "week" { shifted(today, 1, "w").into_iter().collect() } else { Vec::new() };
    };
    let next = weekday as i64 + 7 - from_monday;
    let first = (weekday as i64 - from_monday - 1).rem_euclid(7) + 1;
    [next, first].into_iter().filter_map(|days| shifted(today, days, "d")).collect()
}

fn shifted(today: NaiveDate, count: i64, unit: &str) -> Option<NaiveDate> {
    let size = u32::try_from(count.abs()).ok().filter(|size| *size <= 5000)?;
    let days = match unit {
        "" | "d" | "day" | "days" => u64::from(size),
        "w" | "week" | "weeks" => u64::from(size) * 7,
        "m" | "month" | "months" if count < 0 => return today.checked_sub_months(Months::new(size)),
        "m" | "month" | "months" => return today.checked_add_months(Months::new(size)),
        _ => return None,
    };
    if count < 0 { today.checked_sub_days(Days::new(days)) } else { today.checked_add_days(Days::new(days)) }
}

/// The dates with these parts that are worth offering.
fn around(parts: &DateParts, today: NaiveDate) -> Vec<NaiveDate> {
    let Some(month) = parts.month else { return Vec::new() };
    let on = |year: i32| NaiveDate::from_ymd_opt(year, month, parts.day.unwrap_or(1));
    if let Some(year) = parts.year {
        return on(year).into_iter().collect();
    }
    // Eight years: 29 February may be that far away around 2100.
    let next = (0..=8).filter_map(|years| on(today.year() + years)).find(|date| *date >= today);
    let last = (0..=1).filter_map(|years| on(today.year() - years)).find(|date| *date < today);
    let recent = last.filter(|date| (today - *date).num_days() <= 180);
    next.into_iter().chain(recent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A Tuesday.
    const TODAY: &str = "2026-11-24";

    fn dates(text: &str) -> Vec<String> {
        dates_in(text, TODAY.parse().unwrap()).into_iter().map(|date| date.to_string()).collect()
    }

    #[test]
    fn days_near_today_are_named() {
        let cases = [
            ("today", vec!["2026-11-24"]),
            ("Tomorrow", vec!["2026-11-25"]),
            ("tom", vec!["2026-11-25"]),
            ("yesterday", vec!["2026-11-23"]),
            ("tue", vec!["2026-11-24", "2026-12-01"]),
            ("wed", vec!["2026-11-25", "2026-12-02"]),
            ("monday", vec!["2026-11-30", "2026-12-07"]),
            ("next tue", vec!["2026-12-01"]),
            ("next fri", vec!["2026-12-04", "2026-11-27"]),
            ("next week", vec!["2026-12-01"]),
            ("+3d", vec!["2026-11-27"]),
            ("+2w", vec!["2026-12-08"]),
            ("+1m", vec!["2026-12-24"]),
            ("+3", vec!["2026-11-27"]),
            ("-1w", vec!["2026-11-17"]),
            ("in 3 days", vec!["2026-11-27"]),
            ("in 2 weeks", vec!["2026-12-08"]),
        ];
        for (text, expected) in cases {
            assert_eq!(dates(text), expected, "{text}");
        }
    }

    #[test]
    fn written_dates_are_read_in_every_order_they_can_have() {
        let cases = [
            ("2026-12-24", vec!["2026-12-24"]),
            ("24.12.", vec!["2026-12-24"]),
            ("24.12.2026", vec!["2026-12-24"]),
            ("24.12.27", vec!["2027-12-24"]),
            ("24 nov", vec!["2026-11-24"]),
            ("23 nov", vec!["2027-11-23", "2026-11-23"]),
            ("nov 30", vec!["2026-11-30"]),
            ("3 dec", vec!["2026-12-03"]),
            ("3rd december 2027", vec!["2027-12-03"]),
            ("Dec 3, 2027", vec!["2027-12-03"]),
            ("3/12", vec!["2026-12-03", "2027-03-12"]),
            ("12/24", vec!["2026-12-24"]),
            ("3/12/2026", vec!["2026-12-03", "2026-03-12"]),
            ("dec 2026", vec!["2026-12-01"]),
            ("29 feb", vec!["2028-02-29"]),
        ];
        for (text, expected) in cases {
            assert_eq!(dates(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in
            ["", "smith", "31.2.", "13/13", "555-014-2288", "may", "june smith", "24", "+99999d", "next june"]
        {
            assert_eq!(dates(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn short_years_are_read_in_each_century() {
        let years: Vec<_> = numeric("12.3.88", &[1900, 2000]).into_iter().map(|parts| parts.year).collect();
        assert_eq!(years, [Some(1988), Some(2088)]);
    }

    proptest! {
        #[test]
        fn every_date_is_found_again_in_all_its_spellings(days in 0u64..40_000) {
            let date = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + Days::new(days);
            for spelling in ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%-d %b %Y", "%B %-d, %Y"] {
                let text = date.format(spelling).to_string();
                prop_assert!(dates_in(&text, date).contains(&date), "{}", text);
            }
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,30}") {
            dates_in(&text, NaiveDate::from_ymd_opt(2026, 11, 24).unwrap());
        }
    }
}
