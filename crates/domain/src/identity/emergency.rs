//! Emergency access (HIPAA 164.312(a)(2)(ii)): whose patient somebody is, and for how long a doctor may read the record of
//! somebody else's patient after saying why. Reads no clock and keeps nothing.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::policy::Ownership;
use crate::time::Instant;
use crate::validation::{FieldError, check_line};

/// How long a record stays open, and how much the one extension adds.
pub const LASTS: TimeDelta = TimeDelta::minutes(60);
/// Fewest characters in which a doctor says why.
pub const LEAST_WORDS: u32 = 12;
/// Most characters of it.
pub const MOST_WORDS: u32 = 500;

/// What ties a patient to a doctor (PE-4). Any one of them makes the patient the doctor's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bond {
    /// The doctor is the patient's usual one.
    pub usual: bool,
    /// They have or had an appointment that was not cancelled.
    pub booked: bool,
    /// The doctor made the record.
    pub made: bool,
}

/// Whose patient it is.
pub const fn whose(bond: Bond) -> Ownership {
    if bond.usual || bond.booked || bond.made { Ownership::Own } else { Ownership::Other }
}

/// Why a record is opened. The names are stored: add, never rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyReason {
    /// The patient is here and needs treatment now.
    NeedsTreatment,
    /// Another doctor asks by phone.
    AskedByPhone,
    /// A result that cannot wait.
    UrgentResult,
    /// Something else; the words say what.
    Other,
}

/// The doctor's own words as they are to be stored.
///
/// # Errors
/// As for [`check_line`], with 12 to 500 characters.
pub fn check_words(field: &str, text: &str) -> Result<String, FieldError> {
    check_line(field, text, LEAST_WORDS, MOST_WORDS)
}

/// The time for which a record is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Since when.
    pub from: Instant,
    /// Until when, unless it is ended before.
    pub until: Instant,
    /// When it was ended before its time.
    pub ended: Option<Instant>,
    /// A second reason was given for more time.
    pub extended: bool,
}

impl Opening {
    /// A record that is opened now.
    pub fn at(now: Instant) -> Self {
        Self { from: now, until: now + LASTS, ended: None, extended: false }
    }

    /// Whether the record is open now. A clock that stands before the opening was set back: then it is not.
    pub fn is_open(&self, now: Instant) -> bool {
        self.ended.is_none() && self.from <= now && now < self.until
    }

    /// Whether there may be more time.
    pub fn may_extend(&self, now: Instant) -> bool {
        self.is_open(now) && !self.extended
    }

    /// With more time, which is given once; nothing where there may be none.
    #[must_use]
    pub fn extended(self, now: Instant) -> Option<Self> {
        self.may_extend(now).then(|| Self { until: self.until + LASTS, extended: true, ..self })
    }

    /// Ended now; as it was where it is over.
    #[must_use]
    pub fn ended(self, now: Instant) -> Self {
        if self.is_open(now) { Self { ended: Some(now), ..self } } else { self }
    }

    /// When it was or will be over.
    pub fn over(&self) -> Instant {
        self.ended.unwrap_or(self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::FieldRule;
    use proptest::prelude::*;

    fn at(minutes: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn any_one_bond_makes_a_patient_the_doctors_own() {
        for bits in 0..8_u8 {
            let bond = Bond { usual: bits & 1 > 0, booked: bits & 2 > 0, made: bits & 4 > 0 };
            assert_eq!(whose(bond) == Ownership::Own, bits > 0, "{bond:?}");
        }
    }

    #[test]
    fn twelve_to_five_hundred_characters_say_why() {
        let rule = |words: &str| check_words("words", words).map_err(|error| error.rule);
        assert_eq!(rule("  collapsed   here "), Ok("collapsed here".into()));
        assert_eq!(rule(""), Err(FieldRule::Required));
        assert_eq!(rule("eleven char"), Err(FieldRule::TooShort));
        assert_eq!(rule("twelve chars"), Ok("twelve chars".into()));
        assert_eq!(rule(&"ä".repeat(500)).map(|words| words.chars().count()), Ok(500));
        assert_eq!(rule(&"x".repeat(501)), Err(FieldRule::TooLong));
        assert_eq!(rule("why\u{202e} it must be"), Err(FieldRule::BadCharacter));
    }

    #[test]
    fn a_record_is_open_for_an_hour_and_for_one_more_with_a_second_reason() {
        let open = Opening::at(at(0));
        for (minute, expected) in [(-1, false), (0, true), (59, true), (60, false), (600, false)] {
            assert_eq!(open.is_open(at(minute)), expected, "{minute}");
        }
        let longer = open.extended(at(59)).unwrap();
        assert!(longer.is_open(at(119)) && !longer.is_open(at(120)));
        assert_eq!(longer.extended(at(100)), None, "once");
        assert_eq!(open.extended(at(60)), None, "it is over");
        assert_eq!(open.ended(at(10)).extended(at(11)), None, "it was ended");
    }

    proptest! {
        #[test]
        fn nothing_opens_it_again_and_nothing_lasts_longer_than_two_hours(
            steps in prop::collection::vec((0_i64..200, any::<bool>()), 0..12), probe in 0_i64..400,
        ) {
            let mut opening = Opening::at(at(0));
            let mut now = 0;
            for (later, ends) in steps {
                now += later;
                let was_open = opening.is_open(at(now));
                opening = if ends { opening.ended(at(now)) } else { opening.extended(at(now)).unwrap_or(opening) };
                prop_assert!(was_open || !opening.is_open(at(now)));
                prop_assert!(!ends || !opening.is_open(at(now)));
                prop_assert!(opening.over() <= at(120) && opening.over() >= opening.from);
            }
            prop_assert!(probe < 120 || !opening.is_open(at(probe)));
        }
    }
}
