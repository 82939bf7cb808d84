//! Twenty invented doctors with their specialties and weekly schedules (AD-12).

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::id::SpecialtyId;
use clinic_domain::scheduling::hours::{DayHours, WeeklyHours};
use clinic_domain::time::{Datelike, Days, NaiveDate, Span};

/// Family name, given names, short name, specialty, schedule.
type Row = (&'static str, &'static str, &'static str, &'static str, Week);

/// The schedules the doctors share, within usual opening hours.
#[derive(Debug, Clone, Copy)]
enum Week {
    /// Five days, break at half past twelve.
    Full,
    /// Five days, break at one.
    LateBreak,
    /// Five days, from half past nine, break at noon.
    NoonBreak,
    /// Four days: Wednesday off.
    NoWednesday,
    /// Four days: Friday off, a longer break.
    NoFriday,
    /// Mornings only.
    Mornings,
}

const DOCTORS: [Row; 20] = [
    ("Okafor", "Adaeze", "Okafor", "General practice", Week::Full),
    ("Lindqvist", "Maja", "Lindqvist", "General practice", Week::Full),
    ("Haddad", "Youssef", "Haddad", "General practice", Week::LateBreak),
    ("Fernández-Ruiz", "Lucía", "Fernández", "Paediatrics", Week::NoonBreak),
    ("Nakamura", "Kenji", "Nakamura", "Cardiology", Week::LateBreak),
    ("Osei-Bonsu", "Kwame", "Osei-Bonsu", "Orthopaedics", Week::Full),
    ("Petrova", "Irina", "Petrova", "Dermatology", Week::Full),
    ("Rahman", "Farida", "Rahman", "Gynaecology", Week::LateBreak),
    ("Walsh", "Ciarán", "Walsh", "Physiotherapy", Week::NoonBreak),
    ("Trần", "Minh Anh", "Trần", "Ear, nose, throat", Week::Full),
    ("Goldberg", "Naomi", "Goldberg", "Endocrinology", Week::LateBreak),
    ("Silva e Sousa", "Inês", "Silva", "Ophthalmology", Week::Full),
    ("Bergström", "Nils", "Bergström", "Neurology", Week::NoWednesday),
    ("Achebe", "Ifeoma", "Achebe", "General practice", Week::Full),
    ("Moretti", "Paolo", "Moretti", "Urology", Week::NoFriday),
    ("Kaplan", "Ruth", "Kaplan", "Psychiatry", Week::LateBreak),
    ("Desrosiers", "Hélène", "Desrosiers", "Rheumatology", Week::NoWednesday),
    ("Iyer", "Lakshmi", "Iyer", "Pulmonology", Week::Full),
    ("Novotný", "Marek", "Novotný", "Gastroenterology", Week::NoFriday),
    ("Al-Masri", "Layla", "Al-Masri", "Paediatrics", Week::Mornings),
];

/// The specialties of the doctors, each once.
pub(super) fn specialties() -> Vec<&'static str> {
    let mut names: Vec<_> = DOCTORS.iter().map(|row| row.3).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Opens a week on the weekday of `today` if it is closed then: somebody who looks at the demo on a Sunday shall find a
/// day in full swing.
pub(in crate::setup) fn open_today(week: &mut WeeklyHours, today: NaiveDate) {
    let index = today.weekday().num_days_from_monday() as usize;
    if let Some(day) = week.0.get_mut(index).filter(|day| !day.open) {
        day.open = true;
    }
}

/// The doctors, as forms that the rules accept. One licence ends within two months, so that the list shows it.
pub(super) fn doctors(today: NaiveDate, specialty: impl Fn(&str) -> Option<SpecialtyId>) -> Vec<DoctorForm> {
    let form = |(i, (family, given, short, field, week)): (usize, &Row)| DoctorForm {
        family_name: (*family).to_owned(),
        given_names: (*given).to_owned(),
        short_name: (*short).to_owned(),
        specialty_ids: specialty(field).into_iter().collect(),
        licence_number: format!("MD-{:03} {:03}", 448 + i * 7, 103 + i * 37),
        licence_until: today.checked_add_days(Days::new(if i == 6 { 40 } else { 300 + i as u64 * 41 })),
        phone: format!("+155501{i:02}100"),
        email: String::new(),
        schedule: schedule(*week, today),
    };
    DOCTORS.iter().enumerate().map(form).collect()
}

/// A weekend on which the demo is made is worked by all but those who have mornings only.
fn schedule(week: Week, today: NaiveDate) -> WeeklyHours {
    let mut schedule = weekly(week);
    let weekend = today.weekday().num_days_from_monday() > 4;
    if weekend && !matches!(week, Week::Mornings) {
        open_today(&mut schedule, today);
    }
    schedule
}

fn weekly(week: Week) -> WeeklyHours {
    let hours = match week {
        Week::NoonBreak => Span::new(570, 1020),
        Week::Mornings => Span::new(540, 780),
        _ => Span::new(540, 1020),
    };
    let breaks = match week {
        Week::Full | Week::NoWednesday => vec![Span::new(750, 780)],
        Week::LateBreak => vec![Span::new(780, 810)],
        Week::NoonBreak => vec![Span::new(720, 750)],
        Week::NoFriday => vec![Span::new(720, 780)],
        Week::Mornings => Vec::new(),
    };
    let works = |day: usize| match week {
        Week::NoWednesday => day != 2,
        Week::NoFriday => day != 4,
        _ => true,
    };
    // Saturdays and Sundays keep the times, so that a clinic that opens them need not type them again.
    WeeklyHours(
        (0..7).map(|day| DayHours { open: day < 5 && works(day), hours, breaks: breaks.clone() }).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twenty_doctors_and_no_short_name_twice() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let names: std::collections::BTreeSet<_> =
            doctors(today, |_| None).into_iter().map(|form| form.short_name).collect();
        assert_eq!(names.len(), 20);
    }
}
