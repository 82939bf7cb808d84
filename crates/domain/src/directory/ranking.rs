//! How well a record answers a query, and which letters of its name matched (FD-3).

use super::contact;
use super::name::{Folded, fold_char};
use super::search::{MOST_TOKENS, PatientQuery};
use crate::time::{NaiveDate, Span};

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
    use super::super::name::tokens;
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
