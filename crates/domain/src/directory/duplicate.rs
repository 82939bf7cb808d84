//! Whether two records are one person's (FD-14). A warning for the desk, never a reason to merge by itself: twins share
//! a birth date, a phone and a family name.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::name::{fold, tokens};
use crate::time::{Datelike, NaiveDate};

/// The facts by which two records are told to be the same person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonFacts<'a> {
    /// Family name.
    pub family_name: &'a str,
    /// Given names.
    pub given_names: &'a str,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Phones as E.164; empty ones are ignored.
    pub phones: [&'a str; 2],
    /// E-mail address, or empty.
    pub email: &'a str,
}

/// A field in which two records agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SameField {
    /// The folded names are equal, be it with family and given name swapped.
    Name,
    /// The names differ by little.
    SimilarName,
    /// Same birth date.
    BirthDate,
    /// Same phone.
    Phone,
    /// Same e-mail address.
    Email,
}

/// How two records look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Surely the same person: name, birth date and phone agree.
    pub exact: bool,
    /// What agrees, in the order of [`SameField`].
    pub same: Vec<SameField>,
}

/// Whether two records look like one person's; `None` when they do not. Symmetric.
///
/// They do when the names are equal or similar and the birth date, a phone or the e-mail address agrees as well, or the
/// names are equal and the birth date is one slip away; and when birth date and phone agree and one of the two names is
/// equal, because names change by marriage.
pub fn looks_alike(a: &PersonFacts<'_>, b: &PersonFacts<'_>) -> Option<Alike> {
    let name = same_name(a, b);
    let birth = a.birth_date.zip(b.birth_date);
    let same_birth = birth.is_some_and(|(a, b)| a == b);
    let near_birth = birth.is_some_and(|(a, b)| one_slip_apart(a, b));
    let same_phone = a.phones.iter().any(|phone| !phone.is_empty() && b.phones.contains(phone));
    let same_email = !a.email.is_empty() && a.email.eq_ignore_ascii_case(b.email);

    let alike = match name {
        Some(SameField::Name) => same_birth || near_birth || same_phone || same_email,
        Some(_) => same_birth || same_phone || same_email,
        None => same_birth && same_phone && shares_a_name(a, b),
    };
    let agreed = [
        name,
        same_birth.then_some(SameField::BirthDate),
        same_phone.then_some(SameField::Phone),
        same_email.then_some(SameField::Email),
    ];
    let exact = name == Some(SameField::Name) && same_birth && same_phone;
    alike.then(|| Alike { exact, same: agreed.into_iter().flatten().collect() })
}

/// [`SameField::Name`], [`SameField::SimilarName`] or nothing.
fn same_name(a: &PersonFacts<'_>, b: &PersonFacts<'_>) -> Option<SameField> {
    let [a_family, a_given, b_family, b_given] =
        [a.family_name, a.given_names, b.family_name, b.given_names].map(fold);
    if a_family.is_empty() && a_given.is_empty() {
        return None;
    }
    let straight = (&a_family, &a_given) == (&b_family, &b_given);
    if straight || (&a_family, &a_given) == (&b_given, &b_family) {
        return Some(SameField::Name);
    }
    let near = |a: &str, b: &str| a == b || (a.len().max(b.len()) >= 4 && strsim::osa_distance(a, b) <= 1);
    let one_edit =
        |a: [&str; 2], b: [&str; 2]| (a[0] == b[0] && near(a[1], b[1])) || (a[1] == b[1] && near(a[0], b[0]));
    let similar = one_edit([&a_family, &a_given], [&b_family, &b_given])
        || one_edit([&a_family, &a_given], [&b_given, &b_family])
        || parts_contained(a, b)
        || parts_contained(b, a);
    similar.then_some(SameField::SimilarName)
}

/// Whether every part of one person's family name and of the given names is among the other's: a second given name or
/// half of a double surname was left out.
fn parts_contained(a: &PersonFacts<'_>, b: &PersonFacts<'_>) -> bool {
    let within = |a: &str, b: &str| {
        let (a, b) = (tokens(a), tokens(b));
        !a.is_empty() && a.iter().all(|part| b.contains(part))
    };
    within(a.family_name, b.family_name) && within(a.given_names, b.given_names)
}

fn shares_a_name(a: &PersonFacts<'_>, b: &PersonFacts<'_>) -> bool {
    let same = |a: &str, b: &str| !fold(a).is_empty() && fold(a) == fold(b);
    same(a.family_name, b.family_name) || same(a.given_names, b.given_names)
}

/// Day and month swapped, two neighbouring digits swapped, or one digit wrong.
fn one_slip_apart(a: NaiveDate, b: NaiveDate) -> bool {
    let swapped = a.year() == b.year() && (a.month(), a.day()) == (b.day(), b.month());
    let digits = |date: NaiveDate| date.format("%Y%m%d").to_string();
    a != b && (swapped || strsim::osa_distance(&digits(a), &digits(b)) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NGOZI: PersonFacts<'_> = PersonFacts {
        family_name: "Okafor",
        given_names: "Ngozi Ada",
        birth_date: NaiveDate::from_ymd_opt(1988, 3, 12),
        phones: ["+15550142288", ""],
        email: "ngozi@example.org",
    };

    fn same(b: &PersonFacts<'_>) -> Option<(bool, Vec<SameField>)> {
        looks_alike(&NGOZI, b).map(|alike| (alike.exact, alike.same))
    }

    fn born(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    #[test]
    fn name_birth_date_and_phone_make_it_certain() {
        use SameField::{BirthDate, Email, Name, Phone};
        assert_eq!(same(&NGOZI), Some((true, vec![Name, BirthDate, Phone, Email])));
        let swapped = PersonFacts { family_name: "ngozi ada", given_names: "OKAFOR", email: "", ..NGOZI };
        assert_eq!(same(&swapped), Some((true, vec![Name, BirthDate, Phone])));
        let other_line = PersonFacts { phones: ["", "+15550142288"], email: "", ..NGOZI };
        assert_eq!(same(&other_line), Some((true, vec![Name, BirthDate, Phone])));
    }

    #[test]
    fn little_differences_are_likely_the_same_person() {
        use SameField::{BirthDate, Email, Name, Phone, SimilarName};
        let stranger = PersonFacts { phones: ["", ""], email: "", ..NGOZI };
        let cases = [
            (PersonFacts { family_name: "Okofor", ..stranger }, vec![SimilarName, BirthDate]),
            (PersonFacts { family_name: "Okfaor", ..stranger }, vec![SimilarName, BirthDate]),
            (PersonFacts { given_names: "Ngozi", ..stranger }, vec![SimilarName, BirthDate]),
            (PersonFacts { family_name: "Okafor-Bell", ..stranger }, vec![SimilarName, BirthDate]),
            (PersonFacts { birth_date: born(1988, 12, 3), ..stranger }, vec![Name]),
            (PersonFacts { birth_date: born(1988, 3, 21), ..stranger }, vec![Name]),
            (PersonFacts { birth_date: born(1989, 3, 12), ..stranger }, vec![Name]),
            (PersonFacts { birth_date: None, email: NGOZI.email, ..stranger }, vec![Name, Email]),
            (PersonFacts { birth_date: None, phones: NGOZI.phones, ..stranger }, vec![Name, Phone]),
            (PersonFacts { family_name: "Bell", phones: NGOZI.phones, ..stranger }, vec![BirthDate, Phone]),
        ];
        for (other, agreed) in cases {
            assert_eq!(same(&other), Some((false, agreed)), "{other:?}");
        }
    }

    #[test]
    fn strangers_do_not_look_alike() {
        let stranger = PersonFacts { phones: ["", ""], email: "", ..NGOZI };
        let cases = [
            PersonFacts { birth_date: born(1975, 6, 30), ..stranger },
            PersonFacts { birth_date: None, ..stranger },
            PersonFacts { family_name: "Bell", given_names: "Tom", ..stranger },
            PersonFacts { family_name: "Bell", given_names: "Tom", ..NGOZI },
            PersonFacts { family_name: "Okofor", birth_date: born(1988, 3, 21), ..stranger },
            PersonFacts { family_name: "", given_names: "", ..stranger },
        ];
        for other in cases {
            assert_eq!(same(&other), None, "{other:?}");
        }
        let nobody = PersonFacts { family_name: "", given_names: "", phones: ["", ""], email: "", ..NGOZI };
        assert_eq!(looks_alike(&nobody, &nobody), None, "nothing in common but emptiness and a date");
    }

    #[test]
    fn short_names_are_not_similar_by_one_letter() {
        let li = PersonFacts { family_name: "Li", given_names: "Wei", phones: ["", ""], email: "", ..NGOZI };
        assert_eq!(looks_alike(&li, &PersonFacts { family_name: "Lu", ..li }), None);
    }

    proptest! {
        #[test]
        fn looking_alike_is_mutual(
            names in prop::array::uniform4("(an|ann|anna|lee|le|bell|b)"),
            days in prop::array::uniform2(1u32..=12),
            phones in prop::array::uniform2("(|1|2)"),
        ) {
            let person = |family, given, day, phone| PersonFacts {
                family_name: family, given_names: given, birth_date: born(1990, 3, day), phones: [phone, ""], email: "",
            };
            let a = person(&names[0], &names[1], days[0], &phones[0]);
            let b = person(&names[2], &names[3], days[1], &phones[1]);
            prop_assert_eq!(looks_alike(&a, &b), looks_alike(&b, &a));
        }
    }
}
