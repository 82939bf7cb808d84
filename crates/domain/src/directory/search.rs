//! What a person types to find a patient, and how well a record answers it (FD-3).
//!
//! Loads nothing: the store finds candidates by its keys, this module reads the query, ranks and marks.

use super::contact;
pub use super::dates::{DateParts, dates_in};
use super::dates::{numeric, worded};
use super::name::{Folded, fold_char, tokens};
use crate::time::{NaiveDate, Span};

/// A query for patients. All of its parts must match; within `births` any of the readings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatientQuery {
    /// Folded name parts in the order typed; each must match the start of another part of the name.
    pub name_tokens: Vec<String>,
    /// Digits that were typed bare: part of a phone or account number, or a birth date or year without separators.
    pub digits: Option<String>,
    /// The readings of a birth date that was written as one; empty when none was.
    pub births: Vec<DateParts>,
    /// An account number or the beginning of one, in upper case with its prefix: `PAT1234`.
    pub number: Option<String>,
}

/// Name parts beyond these are ignored, so that no text makes the ranking slow.
const MOST_TOKENS: usize = 8;

impl PatientQuery {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<_> =
            lower.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
        let mut query = Self::default();
        let mut digits = String::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let numeric = numeric(word, &[1900, 2000]);
            if let Some((number, taken)) = account_number(&words[at..]) {
                query.number = Some(number);
                at += taken;
            } else if !numeric.is_empty() {
                query.births.extend(numeric);
                at += 1;
            } else if let Some((births, taken)) = worded(&words[at..], &[1900, 2000]) {
                query.births.extend(births);
                at += taken;
            } else {
                if is_phone_part(word) {
                    digits.push_str(&contact::digits(word));
                } else {
                    query.name_tokens.extend(tokens(word));
                }
                at += 1;
            }
        }
        query.name_tokens.truncate(MOST_TOKENS);
        query.digits = Some(digits).filter(|digits| !digits.is_empty());
        query
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A prefix with digits right after it, or with at least five in the next word: `Pat 1988` is a name and a year.
fn account_number(words: &[&str]) -> Option<(String, usize)> {
    let first = words.first()?;
    let prefix = ["pat", "doc", "stf", "adm"].into_iter().find(|prefix| first.starts_with(prefix))?;
    let rest = first[prefix.len()..].trim_start_matches('-');
    let (digits, taken) = match words.get(1) {
        Some(next) if rest.is_empty() && next.len() >= 5 => (*next, 2),
        _ => (rest, 1),
    };
    let good = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    good.then(|| (format!("{}{digits}", prefix.to_uppercase()), taken))
}

fn is_phone_part(word: &str) -> bool {
    let digits = contact::digits(word).chars().count();
    digits > 0 && word.chars().filter(|c| !"+-./()".contains(*c)).count() == digits
}

/// What a query is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Folded parts of the name, family name first ([`super::name::tokens`]).
    pub name_tokens: &'a [String],
    /// Phones as E.164; empty ones are ignored.
    pub phones: &'a [&'a str],
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Account number, `PAT` + 8 digits.
    pub number: &'a str,
}

/// Whether a word that was typed is the start of a name part, give or take one edit (a letter wrong, missing, too many,
/// or two swapped). Both folded. Words shorter than three letters must match as they are.
pub fn within_one_edit_prefix(query: &str, token: &str) -> bool {
    if token.starts_with(query) {
        return true;
    }
    let typed: Vec<_> = query.chars().collect();
    let name: Vec<_> = token.chars().collect();
    if typed.len() < 3 {
        return false;
    }
    // An edit before the first difference could be moved there, so only that place has to be tried.
    let agreed = typed.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let (typed, name) = (&typed[agreed..], &name[agreed..]);
    let wrong = !name.is_empty() && name[1..].starts_with(&typed[1..]);
    let too_many = name.starts_with(&typed[1..]);
    let missing = !name.is_empty() && name[1..].starts_with(typed);
    let swapped = typed.len() >= 2
        && name.len() >= 2
        && (typed[0], typed[1]) == (name[1], name[0])
        && name[2..].starts_with(&typed[2..]);
    wrong || too_many || missing || swapped
}

/// How well a candidate answers a query; larger is better, `None` is not at all. An empty query matches nothing.
pub fn score(query: &PatientQuery, candidate: &Candidate<'_>) -> Option<u32> {
    if query.is_empty() {
        return None;
    }
    let names = &candidate.name_tokens[..candidate.name_tokens.len().min(MOST_TOKENS)];
    let mut total = assign(&query.name_tokens, names, 0)?;
    if let Some(number) = &query.number {
        total += candidate
            .number
            .starts_with(number.as_str())
            .then(|| if candidate.number == number { 200 } else { 80 })?;
    }
    if !query.births.is_empty() {
        let birth = candidate.birth_date?;
        total += query.births.iter().any(|parts| parts.matches(birth)).then_some(100)?;
    }
    if let Some(digits) = &query.digits {
        total += score_digits(digits, candidate)?;
    }
    Some(total)
}

/// The best way to give each typed word its own part of the name; `used` is a bit set of parts that are taken.
fn assign(typed: &[String], names: &[String], used: u32) -> Option<u32> {
    let Some((word, rest)) = typed.split_first() else { return Some(0) };
    let free = |from: usize, count: usize| (from..from + count).all(|i| used >> i & 1 == 0);
    let taking = |from: usize, count: usize| (from..from + count).fold(used, |bits, i| bits | 1 << i);
    let mut best: Option<u32> = None;
    for (index, name) in names.iter().enumerate().filter(|(index, _)| free(*index, 1)) {
        // The family name stands first and is what the desk types first.
        let bonus = u32::from(index == 0) * 3;
        if let Some(quality) = word_quality(word, name) {
            best = best.max(assign(rest, names, taking(index, 1)).map(|others| others + quality + bonus));
        }
        // `vanderberg` for "van der Berg".
        for count in 2..=(names.len() - index).min(3) {
            let joined = names[index..index + count].concat();
            if free(index, count) && word.len() > name.len() && joined.starts_with(word.as_str()) {
                best = best.max(assign(rest, names, taking(index, count)).map(|others| others + 25 + bonus));
            }
        }
        // `o brien` for "O'Brien".
        if let Some((second, rest)) = rest.split_first()
            && name.strip_prefix(word.as_str()).is_some_and(|tail| tail.starts_with(second.as_str()))
        {
            best = best.max(assign(rest, names, taking(index, 1)).map(|others| others + 50 + bonus));
        }
    }
    best
}

fn word_quality(word: &str, name: &str) -> Option<u32> {
    if word == name {
        Some(40)
    } else if name.starts_with(word) {
        Some(30)
    } else {
        within_one_edit_prefix(word, name).then_some(12)
    }
}

fn score_digits(digits: &str, candidate: &Candidate<'_>) -> Option<u32> {
    // A national number begins with zeros that the international one does not have.
    let dialled = digits.trim_start_matches('0');
    let phone = candidate.phones.iter().filter_map(|phone| match contact::digits(phone) {
        _ if dialled.is_empty() => None,
        phone if phone.ends_with(dialled) => Some(if dialled.len() >= 7 { 100 } else { 60 }),
        phone if phone.contains(dialled) => Some(40),
        _ => None,
    });
    let number = candidate.number.get(3..).and_then(|number| match number {
        _ if number == digits => Some(150),
        _ if number.starts_with(digits) => Some(50),
        _ => None,
    });
    let birth = candidate.birth_date.and_then(|birth| {
        let spellings = ["%Y%m%d", "%d%m%Y", "%m%d%Y", "%d%m%y", "%m%d%y"];
        let whole = spellings.iter().any(|spelling| birth.format(spelling).to_string() == digits);
        let year = birth.format("%Y").to_string() == digits;
        if whole { Some(90) } else { year.then_some(45) }
    });
    phone.chain(number).chain(birth).max()
}

/// A word of a displayed text: its folded letters, each with the UTF-16 units it comes from.
type Word = Vec<(char, u16, u16)>;

fn words_of(text: &str) -> Vec<Word> {
    let mut words = vec![Word::new()];
    let mut at = 0u16;
    for c in text.chars() {
        let end = at.saturating_add(c.len_utf16() as u16);
        match fold_char(c) {
            Folded::Letters(letters) => {
                if let Some(word) = words.last_mut() {
                    word.extend(letters.chars().map(|letter| (letter, at, end)));
                }
            }
            Folded::Gap => words.push(Word::new()),
            Folded::Nothing => {}
        }
        at = end;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Which parts of a displayed name the query matched, in order, without overlaps, in UTF-16 units.
pub fn matched_spans(display_name: &str, query: &PatientQuery) -> Vec<Span> {
    let words = words_of(display_name);
    let folded: Vec<String> =
        words.iter().map(|word| word.iter().map(|(letter, ..)| letter).collect()).collect();
    let mut marked = vec![0usize; words.len()];
    for typed in &query.name_tokens {
        let length = typed.chars().count();
        let unmarked = |index: &usize| marked[*index] == 0;
        // The best kind of match first; the first word within one kind.
        let best = (0..words.len())
            .filter(unmarked)
            .filter_map(|index| word_quality(typed, &folded[index]).map(|quality| (quality, index)))
            .max_by_key(|(quality, index)| (*quality, std::cmp::Reverse(*index)));
        if let Some((_, index)) = best {
            marked[index] = length.min(words[index].len());
        } else if let Some(index) =
            (0..words.len()).find(|i| folded[*i..].concat().starts_with(typed.as_str()))
        {
            // Typed in one word, written in several.
            let mut rest = length;
            for (mark, word) in marked.iter_mut().zip(&words).skip(index) {
                *mark = (*mark).max(rest.min(word.len()));
                rest = rest.saturating_sub(word.len());
            }
        }
    }
    let spans = words.iter().zip(marked).filter(|(_, length)| *length > 0);
    spans.map(|(word, length)| Span::new(word[0].1, word[length - 1].2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(text: &str) -> PatientQuery {
        PatientQuery::parse(text)
    }

    fn scored(text: &str, name: &str) -> Option<u32> {
        let tokens = tokens(name);
        let candidate = Candidate {
            name_tokens: &tokens,
            phones: &["+15550142288", ""],
            birth_date: NaiveDate::from_ymd_opt(1988, 3, 12),
            number: "PAT00431207",
        };
        score(&query(text), &candidate)
    }

    fn parts(year: i32, month: u32, day: u32) -> DateParts {
        DateParts { year: Some(year), month: Some(month), day: Some(day) }
    }

    #[test]
    fn each_part_of_a_query_is_told_apart() {
        let read = query("O'Brien, josé +1 (555) 014");
        assert_eq!(read.name_tokens, ["obrien", "jose"]);
        assert_eq!(read.digits.as_deref(), Some("1555014"));
        assert!(read.births.is_empty() && read.number.is_none());
        assert_eq!(query("pat-0043 smith").number.as_deref(), Some("PAT0043"));
        assert_eq!(query("PAT 00431207").number.as_deref(), Some("PAT00431207"));
        assert_eq!(query("Pat 1988").name_tokens, ["pat"]);
        assert_eq!(query("Pat 1988").digits.as_deref(), Some("1988"));
        assert!(query(" , ").is_empty());
    }

    #[test]
    fn birth_dates_are_read_in_several_spellings() {
        for text in ["12.3.1988", "1988-03-12", "12 mar 1988", "March 12, 1988"] {
            assert_eq!(query(text).births, [parts(1988, 3, 12)], "{text}");
        }
        assert_eq!(query("3/12/1988").births, [parts(1988, 12, 3), parts(1988, 3, 12)]);
        assert_eq!(
            query("smith mar 1988").births,
            [DateParts { year: Some(1988), month: Some(3), day: None }]
        );
        assert_eq!(query("june smith").name_tokens, ["june", "smith"]);
        assert_eq!(query("555-014-2288").digits.as_deref(), Some("5550142288"));
    }

    #[test]
    fn any_part_in_any_order_finds_the_patient() {
        let finding = [
            "okafor",
            "ngozi ok",
            "ada okafor",
            "ok ng",
            "Okafor, N",
            "okaf0r",
            "okafro",
            "5550142288",
            "2288",
            "0142",
            "555 014",
            "0555 014 2288",
            "12.3.88",
            "12031988",
            "1988",
            "pat00431207",
            "00431207",
            "ngozi 1988",
            "okafor 2288 12.3.1988",
        ];
        for text in finding {
            assert!(scored(text, "Okafor Ngozi Ada").is_some(), "{text}");
        }
        for text in
            ["", "smith", "okafor smith", "okafor okafor", "9999", "13.3.1988", "pat9", "ngozi 1989", "xk"]
        {
            assert_eq!(scored(text, "Okafor Ngozi Ada"), None, "{text}");
        }
    }

    #[test]
    fn names_written_apart_or_together_are_the_same() {
        for (text, name) in [("vanderberg", "van der Berg Jan"), ("van der berg jan", "van der Berg Jan")] {
            assert!(scored(text, name).is_some(), "{text}");
        }
        for text in ["obrien", "o'brien", "o brien", "O’Brien tom", "tom o brien"] {
            assert!(scored(text, "O'Brien Tom").is_some(), "{text}");
        }
    }

    #[test]
    fn the_better_match_ranks_higher() {
        let ranked = [
            ("smith", "Smith Anna", "Smithers Anna"),
            ("smith", "Smith Anna", "Anna Smith"),
            ("smit", "Smithers Anna", "Smot Anna"),
            ("smith a", "Smith A", "Smith Anna"),
            ("smith ann", "Smith Anna", "Smyth Anna"),
        ];
        for (text, better, worse) in ranked {
            assert!(scored(text, better) > scored(text, worse), "{text}: {better} before {worse}");
        }
    }

    #[test]
    fn matched_letters_are_marked_in_utf16_units() {
        let spans = |name: &str, text: &str| {
            matched_spans(name, &query(text)).into_iter().map(|s| (s.start, s.end)).collect::<Vec<_>>()
        };
        assert_eq!(spans("Okafor, Ngozi", "ng ok"), [(0, 2), (8, 10)]);
        assert_eq!(spans("O'Brien, Tom", "obr"), [(0, 4)], "the apostrophe lies inside");
        assert_eq!(spans("Straße, Bo", "strasse"), [(0, 6)], "two folded letters, one character");
        assert_eq!(spans("𝒜da, Bo", "ada bo"), [(0, 4), (6, 8)], "a character of two units");
        assert_eq!(spans("Okafor, Ngozi", "okofor"), [(0, 6)]);
        assert_eq!(spans("van der Berg, Jan", "vanderb"), [(0, 3), (4, 7), (8, 9)]);
        assert_eq!(spans("Smith, Sam", "s s"), [(0, 1), (7, 8)]);
        assert_eq!(spans("Okafor, Ngozi", "2288"), []);
    }

    proptest! {
        #[test]
        fn one_edit_agrees_with_the_distance_to_every_prefix(query in "[abc]{3,7}", token in "[abc]{0,8}") {
            let naive = (0..=token.len()).any(|end| strsim::osa_distance(&query, &token[..end]) <= 1);
            prop_assert_eq!(within_one_edit_prefix(&query, &token), naive);
        }

        #[test]
        fn short_words_must_be_a_true_prefix(query in "[abc]{0,2}", token in "[abc]{0,4}") {
            prop_assert_eq!(within_one_edit_prefix(&query, &token), token.starts_with(&query));
        }

        #[test]
        fn a_name_with_one_slip_is_still_found(
            name in "[a-z]{4,9}", other in "[a-z]{4,9}", at in 0usize..4, slip in 0u8..4, letter in proptest::char::range('a', 'z'),
        ) {
            let mut typed: Vec<char> = name.chars().collect();
            match slip {
                0 => typed[at] = letter,
                1 => { typed.remove(at); }
                2 => typed.insert(at, letter),
                _ => typed.swap(at, (at + 1).min(name.len() - 1)),
            }
            let typed: String = typed.into_iter().collect();
            prop_assert!(scored(&typed, &format!("{other} {name}")).is_some(), "{} for {}", typed, name);
        }

        #[test]
        fn marked_spans_are_in_order_and_inside(name in "\\PC{0,20}", text in "\\PC{0,12}") {
            let units = name.encode_utf16().count() as u16;
            let mut last = 0;
            for span in matched_spans(&name, &query(&text)) {
                prop_assert!(last <= span.start && span.start < span.end && span.end <= units);
                last = span.end;
            }
        }

        #[test]
        fn no_query_breaks_the_score(text in "\\PC{0,30}", name in "\\PC{0,30}") {
            scored(&text, &name);
        }
    }
}
