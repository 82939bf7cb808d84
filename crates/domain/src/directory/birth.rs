//! Birth dates and ages.

use crate::time::{Datelike, NaiveDate};
use crate::validation::{FieldError, FieldRule};

/// The earliest year a birth date may lie in.
pub const EARLIEST_BIRTH_YEAR: i32 = 1880;

pub(super) fn check_birth_date(
    field: &str,
    birth_date: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, FieldError> {
    let date = birth_date.ok_or_else(|| FieldError::new(field, FieldRule::Required))?;
    if date > today {
        let error = FieldError::new(field, FieldRule::InFuture);
        // Two-digit years are read into the wrong century more often than they are wrong.
        let century_earlier = date.with_year(date.year() - 100).filter(|earlier| *earlier <= today);
        return Err(century_earlier
            .into_iter()
            .fold(error, |error, earlier| error.suggest(earlier.to_string())));
    }
    if date.year() < EARLIEST_BIRTH_YEAR {
        return Err(FieldError::new(field, FieldRule::OutOfRange).bound(EARLIEST_BIRTH_YEAR.unsigned_abs()));
    }
    Ok(Some(date))
}

/// Whole years on a day; zero before the birth. Who is born on 29 February is a year older on 1 March.
pub fn age_on(birth_date: NaiveDate, today: NaiveDate) -> u16 {
    today.years_since(birth_date).and_then(|years| u16::try_from(years).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn age_is_counted_in_whole_years() {
        let cases = [
            ("1988-03-12", "2026-03-11", 37),
            ("1988-03-12", "2026-03-12", 38),
            ("2000-02-29", "2026-02-28", 25),
            ("2000-02-29", "2026-03-01", 26),
            ("2000-02-29", "2028-02-29", 28),
            ("2026-11-24", "2026-11-24", 0),
            ("2026-11-25", "2026-11-24", 0),
        ];
        for (birth, today, age) in cases {
            assert_eq!(age_on(date(birth), date(today)), age, "{birth} on {today}");
        }
    }
}
