//! What a password must be (AU-9; NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2): long enough and not on the list of common
//! ones. Composition rules only where a clinic asks for them. Hashing is not done here.

use unicode_normalization::UnicodeNormalization;

use super::secret::Secret;
use crate::directory::name::{fold, tokens};
use crate::validation::{FieldError, FieldRule};

/// Bounds of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Least length in characters after [`normalise`]. SP 800-63B-4 asks for 15 where the password is the only factor.
    pub least: u32,
    /// Most bytes accepted, so that nobody can make the host hash a book. At least 64 characters must fit.
    pub most_bytes: u32,
    /// Asks for a lower-case and an upper-case letter, a digit and another character. SP 800-63B-4 forbids it; a clinic
    /// may be bound to it all the same (AU-9).
    pub composition: bool,
}

impl PasswordPolicy {
    /// Password only: 15 characters.
    pub const SINGLE_FACTOR: Self = Self { least: 15, most_bytes: 256, composition: false };
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::SINGLE_FACTOR
    }
}

/// What was found out about a password. Holds nothing of the password itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordReport {
    /// Characters after [`normalise`].
    pub length: u32,
    /// Least length of the policy.
    pub least: u32,
    /// More bytes than the policy accepts.
    pub too_long: bool,
    /// On the list of common passwords, or guessed within a million tries.
    pub common: bool,
    /// Contains a word of the context.
    pub context: bool,
    /// Lacks a kind of character that the policy asks for.
    pub composition: bool,
    /// zxcvbn's advice from 0 (weak) to 4 (strong); never a reason to refuse.
    pub score: u8,
    /// May be used: long enough, not too long, neither common nor of the context, of all kinds that are asked for.
    pub acceptable: bool,
}

/// The list of our own, one a line, folded and without blanks; zxcvbn brings 30,000 more.
const COMMON: &str = include_str!("common_passwords.txt");

/// Guesses within which a password counts as common. A list of a million entries would hold it.
const COMMON_GUESSES: u64 = 1_000_000;

/// How much of a password its strength is estimated from; the time it takes grows with the square.
const ESTIMATED_CHARACTERS: usize = 64;

/// Words of the context that are shorter than this are in too many innocent passphrases.
const LEAST_CONTEXT_LETTERS: usize = 4;

/// The form in which a password is measured, hashed and compared: Unicode NFC (SP 800-63B-4 §3.1.1.2), nothing
/// trimmed. Every place that hashes or verifies a password must pass it through here first.
pub fn normalise(password: &Secret) -> Secret {
    password.expose().nfc().collect()
}

/// Judges a password. `context` are names the password must not contain: the person's, the clinic's, the login; words
/// of fewer than four letters are ignored.
///
/// The strength estimate looks at the first 64 characters, so that typing a long one stays quick; all other rules look at
/// the whole password.
pub fn check_password(password: &Secret, context: &[&str], policy: &PasswordPolicy) -> PasswordReport {
    let password = normalise(password);
    let password = password.expose();
    let length = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    let too_long = u32::try_from(password.len()).unwrap_or(u32::MAX) > policy.most_bytes;
    let beginning: Secret = password.chars().take(ESTIMATED_CHARACTERS).collect();
    let estimate = zxcvbn::zxcvbn(beginning.expose(), context);
    let common = estimate.guesses() <= COMMON_GUESSES || is_listed(password);
    let context = contains_word_of(context, password);
    let composition = policy.composition && !has_every_kind(password);
    PasswordReport {
        length,
        least: policy.least,
        too_long,
        common,
        context,
        composition,
        score: u8::from(estimate.score()),
        acceptable: length >= policy.least && !too_long && !common && !context && !composition,
    }
}

/// A lower-case and an upper-case letter, a digit, and something that is none of them; a blank counts.
fn has_every_kind(password: &str) -> bool {
    let kinds: [fn(char) -> bool; 4] =
        [char::is_lowercase, char::is_uppercase, char::is_numeric, |c| !c.is_alphanumeric()];
    kinds.iter().all(|kind| password.chars().any(kind))
}

/// On our list as it is, with digits and punctuation around it, or repeated.
fn is_listed(password: &str) -> bool {
    let packed = fold(password).replace(' ', "");
    let core = packed.trim_matches(|c: char| c.is_ascii_digit());
    COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).any(|common| {
        packed == common
            || core == common
            || (packed.len() > common.len() && packed.len().is_multiple_of(common.len()) && {
                packed.as_bytes().chunks(common.len()).all(|chunk| chunk == common.as_bytes())
            })
    })
}

fn contains_word_of(context: &[&str], password: &str) -> bool {
    let packed = fold(password).replace(' ', "");
    let long_enough = |word: &String| word.chars().count() >= LEAST_CONTEXT_LETTERS;
    context.iter().flat_map(|words| tokens(words)).filter(long_enough).any(|word| packed.contains(&word))
}

impl PasswordReport {
    /// The reasons to refuse, for the field of this path; empty when acceptable.
    pub fn errors(&self, field: &str, policy: &PasswordPolicy) -> Vec<FieldError> {
        let reasons = [
            (self.length == 0).then(|| FieldError::new(field, FieldRule::Required)),
            (self.length > 0 && self.length < policy.least)
                .then(|| FieldError::new(field, FieldRule::TooShort).bound(policy.least)),
            self.too_long.then(|| FieldError::new(field, FieldRule::TooLong).bound(policy.most_bytes)),
            (self.length > 0 && self.common).then(|| FieldError::new(field, FieldRule::CommonPassword)),
            self.context.then(|| FieldError::new(field, FieldRule::ContextPassword)),
            (self.length > 0 && self.composition).then(|| FieldError::new(field, FieldRule::PasswordKinds)),
        ];
        reasons.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(password: &str, context: &[&str]) -> PasswordReport {
        check_password(&password.into(), context, &PasswordPolicy::default())
    }

    #[test]
    fn length_is_counted_in_characters_after_composition() {
        assert_eq!(check("e\u{301}e\u{301}", &[]).length, 2);
        assert!(!check("kvassblurtfjord", &[]).common);
        assert!(check("kvassblurtfjord", &[]).acceptable, "exactly 15");
        assert!(!check("kvassblurtfjor", &[]).acceptable, "14");
        let relaxed = PasswordPolicy { least: 8, ..PasswordPolicy::default() };
        assert!(check_password(&"kvassblu".into(), &[], &relaxed).acceptable);
        assert!(!check_password(&"kvassbl".into(), &[], &relaxed).acceptable);
    }

    #[test]
    fn nothing_is_trimmed_and_no_kind_of_character_is_asked_for() {
        assert_eq!(normalise(&" a b ".into()).expose(), " a b ");
        for password in [
            "zwergotterfalterwinde",
            "ZWERGOTTERFALTERWINDE",
            "zwerg otter falter",
            "9137 4402 8856 1",
            "日本の朝は静かで美しい山と川だ",
        ] {
            assert!(check(password, &[]).acceptable, "{password}");
        }
    }

    #[test]
    fn kinds_of_characters_are_asked_for_where_a_clinic_wants_it() {
        let policy = PasswordPolicy { composition: true, ..PasswordPolicy::default() };
        let rules = |password: &str| {
            let report = check_password(&password.into(), &[], &policy);
            assert_eq!(report.acceptable, !report.composition, "{password}");
            report.errors("p", &policy).into_iter().map(|error| error.rule).collect::<Vec<_>>()
        };
        for password in ["Kvass blurt 7 fjord", "ÉTÉ-kvass-blurt-٧", "kvassBlurtfjord+3"] {
            assert_eq!(rules(password), [], "{password}");
        }
        for password in [
            "kvass blurt 7 fjord",
            "KVASS BLURT 7 FJORD",
            "Kvass blurt seven fjord",
            "KvassBlurt7FjordZwerg",
            "日本の朝は静かで美しい山と川だ",
        ] {
            assert_eq!(rules(password), [FieldRule::PasswordKinds], "{password}");
        }
    }

    #[test]
    fn long_passwords_are_accepted_up_to_256_bytes() {
        let phrase = "Ærøskøbing čaj лес 山 kvass blurt fjord ";
        for bytes in [64, 128, 256] {
            let mut password = String::new();
            for c in phrase.chars().cycle() {
                if password.len() + c.len_utf8() > bytes {
                    break;
                }
                password.push(c);
            }
            while password.len() < bytes {
                password.push('x');
            }
            assert_eq!(password.len(), bytes);
            assert!(check(&password, &[]).acceptable, "{bytes} bytes");
        }
        let report = check(&"kvass blurt fjord ".repeat(15), &[]);
        assert!(report.too_long && !report.acceptable);
    }

    #[test]
    fn every_listed_password_is_refused_in_all_its_disguises() {
        let listed: Vec<_> =
            COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(listed.len() >= 300, "{} on the list", listed.len());
        for common in listed {
            assert_eq!(fold(common), common, "the list is folded");
            let has_letters_at_its_ends = common.trim_matches(|c: char| c.is_ascii_digit()) == common;
            let numbered = has_letters_at_its_ends.then(|| format!("1{common}2026"));
            let disguises = [common.to_owned(), format!("{}!", common.to_uppercase()), common.repeat(4)];
            for password in disguises.into_iter().chain(numbered) {
                let policy = PasswordPolicy { least: 1, ..PasswordPolicy::default() };
                let report = check_password(&password.as_str().into(), &[], &policy);
                assert!(is_listed(&password) && report.common && !report.acceptable, "{password}");
            }
        }
    }

    /// ASVS 6.2.4: at the length that is enough beside a second factor, the least that anybody may choose.
    #[test]
    fn the_three_thousand_most_used_passwords_are_refused() {
        let policy = PasswordPolicy { least: 8, ..PasswordPolicy::default() };
        let used = include_str!("most_used_passwords.txt").lines().filter(|line| !line.starts_with('#'));
        let used: Vec<_> = used.collect();
        assert!(used.len() >= 3_000 && used.iter().all(|password| password.len() >= 8), "{}", used.len());
        for password in used {
            let report = check_password(&password.into(), &[], &policy);
            assert!(report.common && !report.acceptable, "{password}");
        }
    }

    #[test]
    fn what_is_easily_guessed_counts_as_common() {
        for password in
            ["aaaaaaaaaaaaaaaa", "abcdefghijklmnopqrst", "12345678901234567890", "qwertyuiopasdfghjkl"]
        {
            let report = check(password, &[]);
            assert!(report.common && !report.acceptable && report.score <= 2, "{password}");
        }
    }

    #[test]
    fn words_of_the_context_are_refused_wherever_they_stand() {
        let context = ["Riverside Clinic", "Ngozi Okafor", "Lee"];
        for password in [
            "kvass riverside blurt",
            "RiverSide-fjord-blurt",
            "fjord Ökafor blurt kvass",
            "my CLINIC fjord blurt",
        ] {
            let report = check(password, &context);
            assert!(report.context && !report.acceptable, "{password}");
        }
        assert!(!check("the sleeper kvass blurt", &context).context, "three letters are too few");
    }

    #[test]
    fn the_errors_are_the_reasons() {
        let policy = PasswordPolicy::default();
        let rules = |password: &str, context: &[&str]| {
            let errors = check(password, context).errors("password", &policy);
            errors.into_iter().map(|e| (e.rule, e.bound)).collect::<Vec<_>>()
        };
        assert_eq!(rules("", &[]), [(FieldRule::Required, None)]);
        assert_eq!(
            rules("password", &[]),
            [(FieldRule::TooShort, Some(15)), (FieldRule::CommonPassword, None)]
        );
        assert_eq!(rules("okafor kvass fjord blurt", &["Okafor"]), [(FieldRule::ContextPassword, None)]);
        assert_eq!(rules("kvass fjord blurt", &[]), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn random_passphrases_of_letters_are_accepted(password in "[a-z]{15}") {
            prop_assert!(check(&password, &["Riverside Clinic"]).acceptable, "{}", password);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn acceptable_means_no_errors(password in "\\PC{0,40}") {
            let report = check(&password, &["okafor"]);
            prop_assert_eq!(report.acceptable, report.errors("p", &PasswordPolicy::default()).is_empty());
        }
    }
}
