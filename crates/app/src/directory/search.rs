//! Plans a search: which ranges of keys answer what was typed, which of them is walked, and what is tried when
//! somebody misspelt a name (FD-3).

use std::collections::HashSet;

use clinic_domain::directory::search::{DateParts, PatientQuery, score, within_one_edit_prefix};
use rusqlite::Connection;

use super::keys;
use super::store_search::{self, Found, KeyRange, Part};
use crate::error::Answer;

/// Beyond so many keys a part is not told from one with more when the part to walk is chosen.
const MANY: u32 = 256;
/// Most name parts that are tried for a misspelt one.
const MOST_NEAR_PARTS: usize = 48;
/// Most patients that are looked at for misspelt names.
const MOST_NEAR: u32 = 200;
/// Most name parts that one way of misspelling is looked up with.
const MOST_PARTS_OF_A_RANGE: u32 = 2_000;
/// Words shorter than this must be spelled right, as the rule of the domain says.
const SHORTEST_MISSPELT: usize = 3;

/// Which patients a search is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Archived ones instead of the others.
    pub archived: bool,
    /// At most this many answers.
    pub limit: u32,
    /// Misspelt names are tried when the query as typed finds fewer than this.
    pub misspelt_below: u32,
}

/// Patients who answer a query, best first.
///
/// # Errors
/// Faults of the store.
pub(super) fn search(conn: &Connection, query: &PatientQuery, scope: Scope) -> Answer<Vec<Found>> {
    let plan = Plan::of(query);
    let mut best = Best::new(query);
    best.take(plan.exact(conn, scope)?);
    for joined in joined_words(query) {
        if best.len() < scope.misspelt_below {
            best.take(Plan::of(&joined).exact(conn, scope)?);
        }
    }
    if best.len() < scope.misspelt_below {
        plan.near(conn, query, scope, &mut best)?;
    }
    Ok(best.into_sorted(scope.limit))
}

/// Collects those who answer, each once.
struct Best<'q> {
    query: &'q PatientQuery,
    seen: HashSet<clinic_domain::id::PatientId>,
    hits: Vec<(u32, Found)>,
}

impl<'q> Best<'q> {
    fn new(query: &'q PatientQuery) -> Self {
        Self { query, seen: HashSet::new(), hits: Vec::new() }
    }

    fn take(&mut self, found: Vec<Found>) {
        for one in found {
            if self.seen.insert(one.id)
                && let Some(points) = one.with_candidate(|candidate| score(self.query, candidate))
            {
                self.hits.push((points, one));
            }
        }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.hits.len()).unwrap_or(u32::MAX)
    }

    fn into_sorted(mut self, limit: u32) -> Vec<Found> {
        // Stable: among equals the order of the index stays.
        self.hits.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
        self.hits.into_iter().take(limit as usize).map(|(_, found)| found).collect()
    }
}

/// A query as parts that must all match: name parts first.
struct Plan {
    parts: Vec<Part>,
}

impl Plan {
    fn of(query: &PatientQuery) -> Self {
        let mut parts: Vec<Part> =
            query.name_tokens.iter().map(|token| vec![KeyRange::prefix(keys::NAME, token)]).collect();
        parts.extend(query.digits.as_deref().map(digit_ranges));
        parts.extend(query.number.as_deref().map(number_ranges));
        // A day without a month has no range; the ranking still looks at it.
        let births: Part = query.births.iter().filter_map(birth_range).collect();
        if !births.is_empty() {
            parts.push(births);
        }
        Self { parts }
    }

    /// Patients whose keys match every part as it was typed.
    fn exact(&self, conn: &Connection, scope: Scope) -> Answer<Vec<Found>> {
        let Some(driver) = self.fewest(conn, None)? else { return Ok(Vec::new()) };
        // Alone, a part comes in the order of the ranking but for a few; with others, who matches best is not known.
        let most = match self.parts.len() {
            1 => scope.limit.saturating_add(4),
            _ => scope.limit.saturating_mul(2),
        };
        self.walk(conn, driver, None, scope.archived, most)
    }

    /// Patients who match when one name part is taken for misspelt, each in turn.
    fn near(&self, conn: &Connection, query: &PatientQuery, scope: Scope, best: &mut Best<'_>) -> Answer<()> {
        for (i, token) in query.name_tokens.iter().enumerate() {
            if token.chars().count() < SHORTEST_MISSPELT {
                continue;
            }
            // Few patients match everything else: look at each of them.
            if let Some(driver) = self.fewest(conn, Some(i))?
                && store_search::count_up_to(conn, driver, MANY)? < MANY
            {
                best.take(self.walk(conn, driver, Some(i), scope.archived, MANY)?);
                continue;
            }
            let others: Vec<&Part> =
                self.parts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, part)| part).collect();
            let near: Part =
                near_parts(conn, token)?.iter().map(|part| KeyRange::exactly(keys::NAME, part)).collect();
            best.take(store_search::matching(conn, &near, &others, scope.archived, MOST_NEAR)?);
        }
        Ok(())
    }

    /// The part with the fewest keys, leaving out one.
    fn fewest(&self, conn: &Connection, without: Option<usize>) -> Answer<Option<&Part>> {
        let mut parts =
            self.parts.iter().enumerate().filter(|(i, _)| Some(*i) != without).map(|(_, part)| part);
        let Some(mut fewest) = parts.next() else { return Ok(None) };
        let mut least = None;
        for part in parts {
            let before = match least {
                Some(count) => count,
                None => store_search::count_up_to(conn, fewest, MANY)?,
            };
            let count = store_search::count_up_to(conn, part, MANY)?;
            least = Some(before.min(count));
            if count < before {
                fewest = part;
            }
        }
        Ok(Some(fewest))
    }

    fn walk(
        &self,
        conn: &Connection,
        driver: &Part,
        without: Option<usize>,
        archived: bool,
        most: u32,
    ) -> Answer<Vec<Found>> {
        let others: Vec<&Part> = self
            .parts
            .iter()
            .enumerate()
            .filter(|(i, part)| Some(*i) != without && !std::ptr::eq(*part, driver))
            .map(|(_, part)| part)
            .collect();
        store_search::matching(conn, driver, &others, archived, most)
    }
}

/// The query with two words that stand side by side taken for one, `o brien` for "O'Brien": once for each pair.
fn joined_words(query: &PatientQuery) -> impl Iterator<Item = PatientQuery> + '_ {
    let pairs = query.name_tokens.len().saturating_sub(1);
    (0..pairs).map(move |at| {
        let mut joined = query.clone();
        let second = joined.name_tokens.remove(at + 1);
        if let Some(first) = joined.name_tokens.get_mut(at) {
            first.push_str(&second);
        }
        joined
    })
}

/// Bare digits: part of a phone number, the beginning of an account number, or a birth date.
fn digit_ranges(digits: &str) -> Part {
    let mut ranges = vec![KeyRange::prefix(keys::NUMBER, digits)];
    // A national number begins with zeros that the stored, international one does not have.
    let dialled = digits.trim_start_matches('0');
    if !dialled.is_empty() {
        ranges.push(KeyRange::prefix(keys::PHONE, dialled));
    }
    ranges
        .extend(dates_without_separators(digits).into_iter().map(|iso| KeyRange::prefix(keys::BIRTH, &iso)));
    ranges
}

/// The beginnings of ISO dates that digits without separators can mean, as the ranking reads them: a year; or day,
/// month and year in the orders that people write, the year first only with four digits.
fn dates_without_separators(digits: &str) -> Vec<String> {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let mut dates: Vec<(String, &str, &str)> = match digits.len() {
        4 => return vec![format!("{digits}-")],
        8 => vec![
            (part(0, 4).to_owned(), part(4, 6), part(6, 8)),
            (part(4, 8).to_owned(), part(2, 4), part(0, 2)),
            (part(4, 8).to_owned(), part(0, 2), part(2, 4)),
        ],
        6 => ["19", "20"]
            .into_iter()
            .flat_map(|century| {
                let year = format!("{century}{}", part(4, 6));
                [(year.clone(), part(2, 4), part(0, 2)), (year, part(0, 2), part(2, 4))]
            })
            .collect(),
        _ => Vec::new(),
    };
    dates.retain(|(_, month, day)| ("01"..="12").contains(month) && ("01"..="31").contains(day));
    let mut dates: Vec<String> =
        dates.into_iter().map(|(year, month, day)| format!("{year}-{month}-{day}")).collect();
    dates.dedup();
    dates
}

/// Only patients have numbers that begin with `PAT`; others have no range, so that nobody matches.
fn number_ranges(number: &str) -> Part {
    number.strip_prefix("PAT").map(|digits| KeyRange::prefix(keys::NUMBER, digits)).into_iter().collect()
}

fn birth_range(born: &DateParts) -> Option<KeyRange> {
    let text = match (born.year, born.month, born.day) {
        (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(year), Some(month), None) => format!("{year:04}-{month:02}-"),
        (Some(year), None, _) => format!("{year:04}-"),
        (None, Some(month), Some(day)) => format!("--{month:02}-{day:02}"),
        (None, Some(month), None) => format!("--{month:02}-"),
        (None, None, _) => return None,
    };
    Some(KeyRange::prefix(keys::BIRTH, &text))
}

/// Name parts that are one edit away from a word or from its beginning, likeliest first.
///
/// An edit in the first two letters is undone in every possible way and looked up; any other leaves the first two
/// letters alone, so that only the parts that begin with them are compared. The vocabulary is never read as a whole.
fn near_parts(conn: &Connection, word: &str) -> Answer<Vec<String>> {
    let letters: Vec<char> = word.chars().collect();
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut beginnings = respelled(&letters, &alphabet(conn)?);
    beginnings.push(letters.iter().take(2).collect());
    beginnings.sort_unstable();
    beginnings.dedup();
    for beginning in &beginnings {
        store_search::parts_beginning(conn, beginning, MOST_PARTS_OF_A_RANGE, |part, bearers| {
            // What begins as it was typed was found already.
            if !part.starts_with(word) && within_one_edit_prefix(word, part) {
                found.push((part.to_owned(), bearers));
            }
        })?;
    }
    let length = letters.len();
    found.sort_by_cached_key(|(part, bearers)| {
        let longer = part.chars().count().saturating_sub(length + 1);
        (longer > 0, std::cmp::Reverse(*bearers), part.clone())
    });
    found.dedup();
    Ok(found.into_iter().take(MOST_NEAR_PARTS).map(|(part, _)| part).collect())
}

/// Latin letters and whatever else names begin with here.
fn alphabet(conn: &Connection) -> Answer<Vec<char>> {
    let mut letters: Vec<char> = ('a'..='z').collect();
    letters.extend(store_search::first_letters(conn)?);
    letters.sort_unstable();
    letters.dedup();
    Ok(letters)
}

/// Every word that one edit in the first two letters can have been made from.
fn respelled(letters: &[char], alphabet: &[char]) -> Vec<String> {
    let mut words = Vec::new();
    for at in 0..2 {
        let (head, tail) = letters.split_at(at.min(letters.len()));
        let rest = tail.get(1..).unwrap_or_default();
        let spell = |middle: &[char], end: &[char]| head.iter().chain(middle).chain(end).collect::<String>();
        words.push(spell(&[], rest));
        for letter in alphabet {
            words.push(spell(&[*letter], tail));
            words.push(spell(&[*letter], rest));
        }
        if let [first, second, end @ ..] = tail {
            words.push(spell(&[*second, *first], end));
        }
    }
    words
}
