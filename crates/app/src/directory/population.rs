//! Invented people for the tests of searching: the same ones in every run, some names common and most rare.

use clinic_domain::directory::patient::{PatientForm, Validation};
use clinic_domain::id::PatientId;
use clinic_domain::time::{Days, NaiveDate};
use uuid::Uuid;

use super::fixture::{Clinic, person};
use super::record::Patient;
use crate::db::Record;

const GIVEN: [&str; 96] = [
    "Anna",
    "Maria",
    "José",
    "Søren",
    "Łukasz",
    "Zoë",
    "Ngozi",
    "Chidi",
    "Amara",
    "Ifeoma",
    "Wei",
    "Mei",
    "Hiroshi",
    "Yuki",
    "Fatima",
    "Omar",
    "Layla",
    "Yusuf",
    "Aisha",
    "Ivan",
    "Olga",
    "Dmitri",
    "Svetlana",
    "Priya",
    "Arjun",
    "Ananya",
    "Rohan",
    "Lakshmi",
    "John",
    "Mary",
    "Robert",
    "Patricia",
    "Michael",
    "Linda",
    "William",
    "Elizabeth",
    "David",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Charles",
    "Karen",
    "Christopher",
    "Nancy",
    "Daniel",
    "Lisa",
    "Matthew",
    "Margaret",
    "Anthony",
    "Sandra",
    "Ashley",
    "Donald",
    "Kimberly",
    "Steven",
    "Emily",
    "Paul",
    "Donna",
    "Andrew",
    "Michelle",
    "Joshua",
    "Carol",
    "Kenneth",
    "Amanda",
    "Kevin",
    "Melissa",
    "Brian",
    "Deborah",
    "George",
    "Stephanie",
    "Edward",
    "Rebecca",
    "Ronald",
    "Laura",
    "Timothy",
    "Helen",
    "Jason",
    "Jürgen",
    "Heike",
    "Günther",
    "Ulrike",
    "François",
    "Hélène",
    "Renée",
    "Jérôme",
    "Siobhán",
    "Niamh",
    "Ciarán",
    "Björk",
    "Þóra",
    "Mary Ann",
    "Jean-Luc",
    "Anne-Sophie",
];
const STEM: [&str; 60] = [
    "Ab", "Ander", "Bar", "Berg", "Blom", "Brand", "Carl", "Christ", "Dahl", "Dar", "Der", "Eck", "Ehr",
    "Fal", "Fisch", "Fran", "Gar", "Gott", "Grün", "Ham", "Har", "Hein", "Hol", "Iv", "Jan", "Jor", "Kal",
    "Kar", "Kow", "Kra", "Lam", "Land", "Lind", "Mal", "Mar", "Mat", "Mor", "Nak", "Nor", "Ok", "Ols", "Pet",
    "Pol", "Quin", "Rad", "Ras", "Ros", "Sand", "Schu", "Stein", "Sven", "Tan", "Thor", "Ul", "Van", "Vog",
    "Wal", "Win", "Yam", "Zim",
];
const END: [&str; 40] = [
    "son", "sen", "man", "mann", "berg", "feld", "stein", "ski", "ska", "ova", "enko", "ides", "ou", "ini",
    "etti", "ez", "ado", "eira", "ell", "er", "ers", "ley", "ton", "ford", "wood", "ham", "worth", "quist",
    "lund", "gaard", "ano", "amoto", "ashi", "ura", "afor", "onkwo", "aswamy", "yan", "ić", "ák",
];

/// A sequence of numbers that is the same in every run (SplitMix64).
pub(super) struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Small numbers far more often than large ones, as names are.
    fn skewed(&mut self, end: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (unit.powf(1.6) * end as f64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A person of the population.
pub(super) fn somebody(numbers: &mut Numbers) -> PatientForm {
    let family = numbers.skewed(STEM.len() * END.len());
    // Neighbours in the order of frequency have nothing else in common.
    let family = family * 1_103 % (STEM.len() * END.len());
    let mut family_name = format!("{}{}", STEM[family / END.len()], END[family % END.len()]);
    match numbers.below(40) {
        0 => family_name.insert_str(0, "O'"),
        1 => family_name.insert_str(0, "van der "),
        2 => family_name = format!("{family_name}-{}{}", numbers.pick(&STEM), numbers.pick(&END)),
        _ => {}
    }
    let given = numbers.skewed(GIVEN.len());
    let born = NaiveDate::from_ymd_opt(1930, 1, 1).unwrap() + Days::new(numbers.below(34_000) as u64);
    PatientForm {
        phone: format!("+49{}{:08}", 150 + numbers.below(30), numbers.below(100_000_000)),
        ..person(&family_name, GIVEN[given], &born.to_string())
    }
}

/// Fills a clinic with so many people, each written as the door writes them.
pub(super) fn populate(clinic: &Clinic, many: usize) -> Vec<Patient> {
    let mut numbers = Numbers::new(42);
    let now = super::fixture::NOW.parse().unwrap();
    let people: Vec<Patient> = (0..many)
        .map(|i| Patient {
            id: PatientId(Uuid::from_u128((i as u128) << 64 | u128::from(numbers.next()))),
            public_id: format!("PAT{:08}", i * 7_919 % 100_000_000),
            form: somebody(&mut numbers),
            validation: Validation::Pending,
            archived_at: None,
            created_at: now,
            changed_at: now,
            changed_by: "Ada Admin".into(),
        })
        .collect();
    for chunk in people.chunks(20_000) {
        clinic.write(|conn| chunk.iter().try_for_each(|patient| patient.save(conn, 1)));
    }
    people
}

/// The text with one slip of the finger: a letter wrong, missing, too many, or two swapped.
pub(super) fn misspelt(numbers: &mut Numbers, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = loop {
        let at = numbers.below(letters.len());
        if letters[at].is_alphabetic() {
            break at;
        }
    };
    let letter = char::from(b'a' + numbers.below(26) as u8);
    match numbers.below(4) {
        0 => letters[at] = letter,
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letter),
        _ if at + 1 < letters.len() && letters[at + 1].is_alphabetic() => letters.swap(at, at + 1),
        _ => letters[at] = letter,
    }
    letters.into_iter().collect()
}
