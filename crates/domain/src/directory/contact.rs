//! Phone numbers and e-mail addresses: how they are read, kept and shown (PE-2).
//!
//! A phone is judged by its length alone, not by whether the number is given out: numbers kept free for fiction, such
//! as +1 555 014 2288, and ranges newer than the tables are accepted.

use chrono_tz::Tz;
use email_address::{EmailAddress, Options};
use phonenumber::country::Id;
use phonenumber::metadata::{DATABASE, Descriptor};
use phonenumber::{Mode, ParseError, PhoneNumber};
use unicode_normalization::UnicodeNormalization;

use crate::validation::{FieldError, FieldRule};

/// The country whose national spelling a phone number without a country code is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(Id);

/// One country a line, then its zones.
const ZONE_REGIONS: &str = include_str!("zone_regions.txt");

impl Region {
    /// The United States.
    pub const US: Self = Self(Id::US);

    /// The country of an IANA zone, United States where the table does not know it (`UTC`, for example).
    pub fn of_zone(zone: Tz) -> Self {
        ZONE_REGIONS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .find(|line| line.split(' ').skip(1).any(|name| name == zone.name()))
            .and_then(|line| line.split(' ').next()?.parse().ok())
            .map_or(Self::US, Self)
    }
}

/// A phone number as E.164 (`+15550142288`); empty stays empty.
///
/// # Errors
/// `too_short` (bound: digits that are missing), `too_long` (bound: digits that are too many), `bad_character`,
/// `malformed` (unknown country code).
pub fn check_phone(field: &str, text: &str, region: Region) -> Result<String, FieldError> {
    let spelled = spelled_phone(field, text)?;
    if spelled.is_empty() {
        return Ok(spelled);
    }
    let typed = spelled.bytes().filter(u8::is_ascii_digit).count();
    // With a country code the region must stay out of it: the parser would strip the region's own trunk prefix, a German
    // zero from an Italian number.
    let home = (!spelled.starts_with('+')).then_some(region.0);
    match phonenumber::parse(home, &spelled) {
        Ok(number) => check_phone_length(field, &number),
        Err(ParseError::InvalidCountryCode) if typed > 3 => Err(FieldError::new(field, FieldRule::Malformed)),
        // ITU-T E.164: at most 15 digits.
        Err(ParseError::TooLong) => Err(counted(field, FieldRule::TooLong, typed.saturating_sub(15).max(1))),
        // Too short to be parsed at all: count against the shortest number of the region.
        Err(_) => {
            let shortest = Lengths::of(calling_code(region.0)).next_after(typed).unwrap_or(typed + 1);
            Err(counted(field, FieldRule::TooShort, shortest - typed))
        }
    }
}

/// Digits with a plus before them where one was typed; blanks and the usual punctuation dropped.
fn spelled_phone(field: &str, text: &str) -> Result<String, FieldError> {
    let mut spelled = String::new();
    for c in text.trim().nfkc() {
        match digit(c) {
            Some(digit) => spelled.push(digit),
            None if c == '+' && spelled.is_empty() => spelled.push(c),
            None if c.is_whitespace() || is_phone_punctuation(c) => {}
            None => return Err(FieldError::new(field, FieldRule::BadCharacter)),
        }
    }
    // The international prefix of most countries, and the beginning of a number in none.
    Ok(spelled.strip_prefix("00").map(|rest| format!("+{rest}")).unwrap_or(spelled))
}

fn is_phone_punctuation(c: char) -> bool {
    matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200e}' | '\u{200f}')
}

fn check_phone_length(field: &str, number: &PhoneNumber) -> Result<String, FieldError> {
    let typed = number.national().to_string().len();
    let lengths = Lengths::of(number.country().code());
    if lengths.all.is_empty() || lengths.all.contains(&typed) {
        return Ok(number.format().mode(Mode::E164).to_string());
    }
    match lengths.next_after(typed) {
        Some(next) => Err(counted(field, FieldRule::TooShort, next - typed)),
        None => {
            let longest = lengths.all.into_iter().max().unwrap_or(typed);
            Err(counted(field, FieldRule::TooLong, typed - longest))
        }
    }
}

/// How many digits the national numbers of a calling code have.
struct Lengths {
    /// Of any kind of number.
    all: Vec<usize>,
    /// Of fixed and mobile lines: what a person who has not finished typing is heading for.
    usual: Vec<usize>,
}

impl Lengths {
    /// The tables carry lengths for each kind of number, not in general; where several countries share a code the main
    /// one speaks for all, because the others list local lengths as well.
    fn of(code: u16) -> Self {
        let regions = DATABASE.by_code(&code).unwrap_or_default();
        let shared = regions.len() > 1;
        let main = regions.iter().filter(|region| !shared || region.is_main_country_for_code());
        let (mut all, mut usual) = (Vec::new(), Vec::new());
        for kinds in main.map(|region| region.descriptors()) {
            let lines = [kinds.fixed_line(), kinds.mobile()];
            let others = [
                kinds.toll_free(),
                kinds.premium_rate(),
                kinds.shared_cost(),
                kinds.personal_number(),
                kinds.voip(),
                kinds.uan(),
            ];
            let lengths = |kind: &Descriptor| kind.possible_length().to_vec();
            usual.extend(lines.into_iter().flatten().flat_map(lengths).map(usize::from));
            all.extend(others.into_iter().flatten().flat_map(lengths).map(usize::from));
        }
        all.extend(&usual);
        Self { all, usual }
    }

    /// The next possible length, a usual one if there is any.
    fn next_after(&self, typed: usize) -> Option<usize> {
        let next = |lengths: &[usize]| lengths.iter().copied().filter(|length| *length > typed).min();
        next(&self.usual).or_else(|| next(&self.all))
    }
}

fn counted(field: &str, rule: FieldRule, count: usize) -> FieldError {
    FieldError::new(field, rule).bound(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A country's calling code.
fn calling_code(country: Id) -> u16 {
    DATABASE.by_id(country.as_ref()).map_or(1, |region| region.country_code())
}

/// A stored number as it is written for people: `+1 555-014-2288`. What is no number is returned as it is.
pub fn display_phone(e164: &str) -> String {
    match phonenumber::parse(None, e164) {
        Ok(number) => number.format().mode(Mode::International).to_string(),
        Err(_) => e164.to_owned(),
    }
}

/// The digits of a text, in order; Arabic-Indic, Persian and full-width digits as ASCII.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{0660}'..='\u{0669}' => c as u32 - 0x0660,
        '\u{06f0}'..='\u{06f9}' => c as u32 - 0x06f0,
        '\u{ff10}'..='\u{ff19}' => c as u32 - 0xff10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// The last four digits, or empty when there are fewer.
pub fn phone_tail(e164: &str) -> String {
    let digits = digits(e164);
    digits.len().checked_sub(4).map_or_else(String::new, |from| digits[from..].to_owned())
}

/// An e-mail address (RFC 5321, up to 254 bytes) in lower case with a dot in its domain; empty stays empty.
///
/// # Errors
/// `malformed`, with a suggestion where one can be guessed; `too_long`.
pub fn check_email(field: &str, text: &str) -> Result<String, FieldError> {
    let address: String = text.trim().nfc().collect::<String>().to_lowercase();
    if address.len() > 254 {
        return Err(FieldError::new(field, FieldRule::TooLong).bound(254));
    }
    if address.is_empty() || is_email(&address) {
        return Ok(address);
    }
    let error = FieldError::new(field, FieldRule::Malformed);
    Err(match guess_email(&address) {
        Some(guess) => error.suggest(guess),
        None => error,
    })
}

/// A quoted local part is lawful but never real: it is a slip or an attempt at something.
fn is_email(address: &str) -> bool {
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    !address.contains(['"', '\\'])
        && !address.contains(char::is_control)
        && EmailAddress::parse_with_options(address, options).is_ok()
}

/// Mends the slips that have one likely meaning: blanks, a comma for a dot, doubled or trailing dots, no ending.
fn guess_email(address: &str) -> Option<String> {
    let packed: String = address.chars().filter(|c| !c.is_whitespace()).collect();
    let (local, domain) = packed.split_once('@')?;
    let domain = domain.replace(',', ".");
    let labels: Vec<_> = domain.split('.').filter(|label| !label.is_empty()).collect();
    let ending = if labels.len() == 1 { ".com" } else { "" };
    let local = local.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    let guess = format!("{local}@{}{ending}", labels.join("."));
    is_email(&guess).then_some(guess)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn region(zone: &str) -> Region {
        Region::of_zone(zone.parse().unwrap())
    }

    #[test]
    fn a_zone_gives_the_country_of_the_clinic() {
        let cases = [
            ("America/New_York", Id::US),
            ("US/Eastern", Id::US),
            ("Europe/London", Id::GB),
            ("Europe/Berlin", Id::DE),
            ("Africa/Lagos", Id::NG),
            ("Africa/Casablanca", Id::MA),
            ("America/Sao_Paulo", Id::BR),
            ("Asia/Kolkata", Id::IN),
            ("Asia/Calcutta", Id::IN),
            ("Australia/Lord_Howe", Id::AU),
            ("UTC", Id::US),
        ];
        for (zone, id) in cases {
            assert_eq!(region(zone), Region(id), "{zone}");
        }
    }

    #[test]
    fn every_country_of_the_table_has_a_calling_code() {
        let unknown: Vec<_> = ZONE_REGIONS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split(' ').next())
            .filter(|code| code.parse::<Id>().is_err())
            .collect();
        assert_eq!(unknown, ["AQ", "GS", "PN", "TF", "UM"], "territories without numbers of their own");
    }

    #[test]
    fn phones_are_kept_as_e164() {
        let cases = [
            ("America/New_York", "555 014 2288", "+15550142288"),
            ("America/New_York", "(555) 014-2288", "+15550142288"),
            ("America/New_York", "+1 555.014.2288", "+15550142288"),
            ("America/New_York", "011 44 20 7946 0018", "+442079460018"),
            ("America/New_York", "0044 20 7946 0018", "+442079460018"),
            ("Europe/London", "020 7946 0018", "+442079460018"),
            ("Europe/London", "+44 (0)20 7946 0018", "+442079460018"),
            ("Europe/Rome", "06 1234567", "+39061234567"),
            ("Europe/Berlin", "+39 06 1234567", "+39061234567"),
            ("Europe/Berlin", "030/1234567", "+49301234567"),
            ("Asia/Riyadh", "٠٥٠ ١٢٣ ٤٥٦٧", "+966501234567"),
            ("Europe/London", "  ", ""),
        ];
        for (zone, typed, stored) in cases {
            assert_eq!(check_phone("phone", typed, region(zone)).as_deref(), Ok(stored), "{typed} in {zone}");
        }
    }

    #[test]
    fn a_number_as_it_is_shown_is_stored_as_it_was() {
        for stored in ["+15550142288", "+49301234567", "+442079460018", "+390612345678", "+81312345678"] {
            for zone in ["America/New_York", "Europe/Berlin"] {
                let shown = display_phone(stored);
                assert_eq!(check_phone("phone", &shown, region(zone)).as_deref(), Ok(stored), "{shown}");
            }
        }
    }

    #[test]
    fn a_short_phone_says_how_many_digits_are_missing() {
        let cases = [("555 014 2", 3), ("555", 7), ("5", 9), ("+1 555 014 228", 1), ("+44 20", 7)];
        for (typed, missing) in cases {
            let error = check_phone("phone", typed, Region::US).unwrap_err();
            assert_eq!((error.rule, error.bound), (FieldRule::TooShort, Some(missing)), "{typed}");
        }
    }

    #[test]
    fn other_wrong_phones_are_told_apart() {
        let cases = [
            ("555 014 22881", FieldRule::TooLong, Some(1)),
            ("5550142288123456789", FieldRule::TooLong, Some(4)),
            ("+999 1234 5678", FieldRule::Malformed, None),
            ("+98 0001", FieldRule::TooShort, Some(4)),
            ("555 014 CALL", FieldRule::BadCharacter, None),
            ("555+014+2288", FieldRule::BadCharacter, None),
        ];
        for (typed, rule, bound) in cases {
            let error = check_phone("phone", typed, Region::US).unwrap_err();
            assert_eq!((error.rule, error.bound), (rule, bound), "{typed}");
        }
    }

    #[test]
    fn phones_are_shown_grouped() {
        assert_eq!(display_phone("+15550142288"), "+1 555-014-2288");
        assert_eq!(display_phone("+442079460018"), "+44 20 7946 0018");
        assert_eq!(display_phone(""), "");
        assert_eq!(phone_tail("+15550142288"), "2288");
        assert_eq!(phone_tail("+1"), "");
        assert_eq!(digits("٠٥٠-12３"), "050123");
    }

    #[test]
    fn addresses_are_trimmed_and_in_lower_case() {
        for (typed, stored) in
            [(" Ada@Example.ORG ", "ada@example.org"), ("", ""), ("a+b@x.co.uk", "a+b@x.co.uk")]
        {
            assert_eq!(check_email("email", typed).as_deref(), Ok(stored));
        }
    }

    #[test]
    fn a_wrong_address_comes_with_a_guess_where_there_is_one() {
        let cases = [
            ("ada@gmail", Some("ada@gmail.com")),
            ("ada@gmail,com", Some("ada@gmail.com")),
            ("ada @ gmail.com", Some("ada@gmail.com")),
            ("ada@gmail..com.", Some("ada@gmail.com")),
            ("ada", None),
            ("@gmail.com", None),
            ("ada@[127.0.0.1]", None),
            ("Ada <ada@example.org>", None),
            ("\"a b\"@example.org", None),
        ];
        for (typed, guess) in cases {
            let error = check_email("email", typed).unwrap_err();
            assert_eq!((error.rule, error.suggestion.as_deref()), (FieldRule::Malformed, guess), "{typed}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        assert_eq!(check_email("email", &long).unwrap_err().rule, FieldRule::TooLong);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_stored_phone_is_stored_unchanged_the_second_time(typed in "[+]?[0-9 ()-]{4,18}") {
            if let Ok(stored) = check_phone("phone", &typed, Region::US) {
                prop_assert_eq!(check_phone("phone", &stored, region("Europe/Berlin")), Ok(stored));
            }
        }

        #[test]
        fn a_guessed_address_is_accepted(typed in "[a-z. ]{1,8}@[a-z.,]{1,12}") {
            if let Err(FieldError { suggestion: Some(guess), .. }) = check_email("email", &typed) {
                prop_assert_eq!(check_email("email", &guess), Ok(guess));
            }
        }
    }
}
