//! Names: how they are compared and how they are shown.
//!
//! Folding is for comparing and finding only, never for showing; what a person typed is kept as it is.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as it is compared: compatibility decomposition (NFKD) without marks, in lower case, letters such as `ß ø ł æ
/// þ` spelled with basic ones, apostrophes dropped, everything else that is no letter or digit a single blank, trimmed.
/// `O'Brien-Müller` becomes `obrien muller`. Idempotent.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        match fold_char(c) {
            Folded::Nothing => {}
            Folded::Gap => gap = true,
            Folded::Letters(letters) => {
                if gap && !folded.is_empty() {
                    folded.push(' ');
                }
                gap = false;
                folded.push_str(&letters);
            }
        }
    }
    folded
}

/// What one character contributes to a folded text.
pub(super) enum Folded {
    /// Nothing: a mark or an apostrophe.
    Nothing,
    /// The end of a word.
    Gap,
    /// Letters or digits.
    Letters(String),
}

/// Folds one character. Decomposition works character by character: only the order of marks depends on neighbours, and
/// marks are dropped.
pub(super) fn fold_char(c: char) -> Folded {
    if c.is_ascii_alphanumeric() {
        return Folded::Letters(c.to_ascii_lowercase().to_string());
    }
    // Before decomposition, which makes a blank and a mark of some of these.
    if is_silent(c) {
        return Folded::Nothing;
    }
    let mut letters = String::new();
    let mut silent = true;
    for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase).nfkd().filter(|part| !is_silent(*part))
    {
        silent = false;
        match spelled(part) {
            Some(basic) => letters.push_str(basic),
            None if part.is_alphanumeric() => letters.push(part),
            None => {}
        }
    }
    match (letters.is_empty(), silent) {
        (false, _) => Folded::Letters(letters),
        (true, true) => Folded::Nothing,
        (true, false) => Folded::Gap,
    }
}

/// Marks, and apostrophes in all the ways they are typed.
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | '‛' | 'ʻ' | 'ʼ' | 'ʽ' | 'ʹ' | '′' | '＇')
        || is_combining_mark(c)
}

/// Letters that Unicode does not decompose although people without the key type them with basic ones.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ə' => "e",
        'ĸ' => "k",
        'ɓ' => "b",
        'ɗ' => "d",
        'ƙ' => "k",
        'ƴ' => "y",
        'ς' => "σ",
        _ => return None,
    })
}

/// The words of a folded text, in order.
pub fn tokens(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// "Surname, Given"; only the part there is when one is empty.
pub fn surname_first(family_name: &str, given_names: &str) -> String {
    joined(family_name.trim(), ", ", given_names.trim())
}

/// "Surname, I."; the surname alone when there are no given names.
pub fn surname_initial(family_name: &str, given_names: &str) -> String {
    match first_letter(given_names) {
        Some(initial) if !family_name.trim().is_empty() => format!("{}, {initial}.", family_name.trim()),
        _ => surname_first(family_name, given_names),
    }
}

/// "Given Surname".
pub fn given_first(family_name: &str, given_names: &str) -> String {
    joined(given_names.trim(), " ", family_name.trim())
}

/// Up to two letters in upper case: the first of the given names and the first of the family name.
pub fn initials(family_name: &str, given_names: &str) -> String {
    [given_names, family_name].into_iter().filter_map(first_letter).collect()
}

/// The key by which a list is sorted: folded family name, then given names. Stored as `name_key`.
pub fn sort_key(family_name: &str, given_names: &str) -> String {
    joined(&fold(family_name), " ", &fold(given_names))
}

fn joined(first: &str, between: &str, second: &str) -> String {
    let between = if first.is_empty() || second.is_empty() { "" } else { between };
    format!("{first}{between}{second}")
}

/// The first letter in upper case. One character: `ß` stays as it is, because `SS` would be two.
fn first_letter(name: &str) -> Option<char> {
    let first = name.nfc().find(|c| c.is_alphanumeric())?;
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => Some(single),
        _ => Some(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_fold_to_what_people_type() {
        let cases = [
            ("O'Brien-Müller", "obrien muller"),
            ("O’Brien", "obrien"),
            ("D´Angelo", "dangelo"),
            ("Søren Kierkegård", "soren kierkegard"),
            ("Straße", "strasse"),
            ("Łukasz Żółć", "lukasz zolc"),
            ("Þór Ðóra", "thor dora"),
            ("Đặng Văn Ân", "dang van an"),
            ("Œuvre Æsir", "oeuvre aesir"),
            ("İpek Yıldız", "ipek yildiz"),
            ("Jose\u{301}", "jose"),
            ("ﬁnn Ｗｉｄｅ", "finn wide"),
            ("Ágnes,  Nagy (Dr.)", "agnes nagy dr"),
            ("Ηλίας", "ηλιασ"),
            ("  ", ""),
            ("山田 太郎", "山田 太郎"),
        ];
        for (name, folded) in cases {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn tokens_are_the_words_of_the_folded_name() {
        assert_eq!(tokens("Smith-Jones, Mary Ann"), ["smith", "jones", "mary", "ann"]);
        assert!(tokens(" - ").is_empty());
    }

    #[test]
    fn names_are_shown_in_four_ways() {
        assert_eq!(surname_first("Okafor", "Ngozi Ada"), "Okafor, Ngozi Ada");
        assert_eq!(surname_initial("Okafor", "ngozi ada"), "Okafor, N.");
        assert_eq!(given_first("Okafor", "Ngozi Ada"), "Ngozi Ada Okafor");
        assert_eq!(initials("van Dijk", "Éva"), "ÉV");
    }

    #[test]
    fn a_missing_part_leaves_no_stray_punctuation() {
        assert_eq!(surname_first("Cher", ""), "Cher");
        assert_eq!(surname_first("", "Cher"), "Cher");
        assert_eq!(surname_initial("Cher", ""), "Cher");
        assert_eq!(surname_initial("", "Cher"), "Cher");
        assert_eq!(given_first("Cher", ""), "Cher");
        assert_eq!(initials("", "Cher"), "C");
        assert_eq!(initials("", ""), "");
    }

    #[test]
    fn the_sort_key_puts_accents_beside_their_letters() {
        let mut keys = [sort_key("Zimmer", "A"), sort_key("Ärzte", "B"), sort_key("Bauer", "C")];
        keys.sort();
        assert_eq!(keys, ["arzte b", "bauer c", "zimmer a"]);
    }

    #[test]
    fn folding_any_character_twice_changes_nothing() {
        for c in '\0'..=char::MAX {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "{c} U+{:04X}", c as u32);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn composed_and_decomposed_spellings_fold_alike(text in "[a-zA-ZÀ-ÖØ-öø-ž ']{0,20}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn initials_are_never_more_than_two(family in "\\PC{0,12}", given in "\\PC{0,12}") {
            prop_assert!(initials(&family, &given).chars().count() <= 2);
        }
    }
}
