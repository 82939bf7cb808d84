//! Account numbers, sign-in names and the rules for what may be written in an account (AU-1, AU-2).
//!
//! Makes no numbers of its own: random digits are passed in, and whether a number is taken is the store's to say.

use std::fmt;
use std::str::FromStr;

use super::role::Role;
use crate::directory::contact::check_email;
use crate::directory::name::fold;
use crate::id::DoctorId;
use crate::validation::{FieldError, FieldErrors, FieldRule, check_line};

/// The human-readable number of an account, patient or doctor: three letters for the role and eight digits (AU-1).
/// Displays as `PAT12345678`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountNumber {
    role: Role,
    /// Below [`AccountNumber::COUNT`].
    digits: u32,
}

/// The text is no account number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAccountNumber;

impl AccountNumber {
    /// How many numbers there are for one role.
    pub const COUNT: u32 = 100_000_000;

    /// A number from 64 random bits, every one of the 10^8 equally likely (to one part in 10^11), those with leading
    /// zeros included. Whether it is taken, the caller must check.
    pub const fn from_random(role: Role, random: u64) -> Self {
        Self { role, digits: (random % Self::COUNT as u64) as u32 }
    }

    /// The role in the prefix.
    pub const fn role(self) -> Role {
        self.role
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:08}", self.role.prefix(), self.digits)
    }
}

impl FromStr for AccountNumber {
    type Err = NotAnAccountNumber;

    /// Reads a number in any case, with blanks or hyphens anywhere: `pat 1234-5678`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let packed: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        Role::ALL
            .into_iter()
            .find_map(|role| packed.strip_prefix(role.prefix()).map(|digits| (role, digits)))
            .filter(|(_, digits)| digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|(role, digits)| digits.parse().ok().map(|digits| Self { role, digits }))
            .ok_or(NotAnAccountNumber)
    }
}

/// What a person types to say who they are (AU-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// An account number.
    Number(AccountNumber),
    /// An e-mail address, trimmed and in lower case.
    Email(String),
    /// A user name, trimmed and in lower case. Anything that is nothing else ends up here, so that a mistyped login
    /// fails in the same way as an unknown one.
    UserName(String),
}

impl Login {
    /// Reads what was typed. Never fails: see [`Login::UserName`].
    pub fn parse(text: &str) -> Self {
        if let Ok(number) = text.parse() {
            return Self::Number(number);
        }
        let folded = text.trim().to_lowercase();
        if folded.contains('@') { Self::Email(folded) } else { Self::UserName(folded) }
    }

    /// What was typed in the one form in which it is compared.
    pub fn normalised(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Email(name) | Self::UserName(name) => name.clone(),
        }
    }
}

/// What a person types about an account. Fields as in the interface's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// Given names, 1 to 80 characters.
    pub given_names: String,
    /// Family name, 1 to 80 characters.
    pub family_name: String,
    /// E-mail address, or empty.
    pub email: String,
    /// User name, or empty.
    pub user_name: String,
    /// Role.
    pub role: Role,
    /// The doctor this account belongs to; required for [`Role::Doctor`], dropped for every other role.
    pub doctor: Option<DoctorId>,
}

/// The details as they are to be stored: trimmed, NFC, e-mail and user name in lower case.
///
/// # Errors
/// Every field that cannot be accepted; paths are those of the form (`doctor_id` for the doctor).
pub fn check_account(details: &AccountDetails) -> Result<AccountDetails, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    let checked = AccountDetails {
        given_names: errors.take(check_line("given_names", &details.given_names, 1, 80)),
        family_name: errors.take(check_line("family_name", &details.family_name, 1, 80)),
        email: errors.take(check_email("email", &details.email)),
        user_name: errors.take(check_user_name("user_name", &details.user_name)),
        role: details.role,
        // Ownership in the policy table hangs on this field: an account of another role must never carry a doctor.
        doctor: details.doctor.filter(|_| details.role == Role::Doctor),
    };
    if checked.role == Role::Doctor && checked.doctor.is_none() {
        errors.add("doctor_id", FieldRule::Required);
    }
    errors.into_result(checked)
}

/// A user name in lower case; empty stays empty.
///
/// # Errors
/// Anything but 3 to 32 ASCII letters, digits, dots and dashes that begins and ends with a letter or digit, and
/// anything that reads as an account number. Suggests a name without the characters that are not allowed.
pub fn check_user_name(field: &str, text: &str) -> Result<String, FieldError> {
    let name = text.trim().to_lowercase();
    if name.is_empty() {
        return Ok(name);
    }
    let length = name.chars().count();
    if length < 3 {
        return Err(FieldError::new(field, FieldRule::TooShort).bound(3));
    }
    if length > 32 {
        return Err(FieldError::new(field, FieldRule::TooLong).bound(32));
    }
    if !is_user_name(&name) {
        let error = FieldError::new(field, FieldRule::BadCharacter);
        let guess = fold(&name).replace(' ', ".");
        let good = (3..=32).contains(&guess.len()) && is_user_name(&guess);
        return Err(if good { error.suggest(guess) } else { error });
    }
    if name.parse::<AccountNumber>().is_ok() {
        return Err(FieldError::new(field, FieldRule::Malformed));
    }
    Ok(name)
}

/// ASCII only: names that look alike but are spelled in another script must not exist beside one another.
fn is_user_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    name.chars().all(inner)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// The act would leave the clinic without an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastAdministrator;

/// Whether an active account may be deactivated, removed or given another role (AD-4): never the last administrator.
/// `active_admins` counts the active administrators, the target included.
///
/// # Errors
/// [`LastAdministrator`] when the target is the only one.
pub const fn decide_deactivation(target: Role, active_admins: u32) -> Result<(), LastAdministrator> {
    if matches!(target, Role::Admin) && active_admins <= 1 { Err(LastAdministrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn details() -> AccountDetails {
        AccountDetails {
            given_names: "Ada".into(),
            family_name: "Lovelace".into(),
            email: "ada@example.org".into(),
            user_name: "ada".into(),
            role: Role::FrontDesk,
            doctor: None,
        }
    }

    #[test]
    fn a_number_shows_three_letters_and_eight_digits() {
        assert_eq!(AccountNumber::from_random(Role::Patient, 42).to_string(), "PAT00000042");
        assert_eq!(AccountNumber::from_random(Role::Doctor, 199_999_999).to_string(), "DOC99999999");
    }

    #[test]
    fn a_number_is_read_in_any_case_and_spacing() {
        let number = AccountNumber::from_random(Role::FrontDesk, 12_345_678);
        for text in ["STF12345678", "stf12345678", " stf 1234 5678 ", "Stf-1234-5678"] {
            assert_eq!(text.parse(), Ok(number), "{text}");
        }
        for text in ["", "PAT", "PAT1234567", "PAT123456789", "XYZ12345678", "PAT1234567a", "PAT١٢٣٤٥٦٧٨"]
        {
            assert_eq!(text.parse::<AccountNumber>(), Err(NotAnAccountNumber), "{text}");
        }
    }

    #[test]
    fn a_login_is_a_number_an_address_or_a_name() {
        assert!(matches!(Login::parse("adm00000001"), Login::Number(n) if n.role() == Role::Admin));
        assert_eq!(Login::parse(" Ada@Example.ORG "), Login::Email("ada@example.org".into()));
        assert_eq!(Login::parse(" Ada "), Login::UserName("ada".into()));
        assert_eq!(Login::parse(""), Login::UserName(String::new()));
        for text in ["adm 0000-0001", "ADM00000001 "] {
            assert_eq!(Login::parse(text).normalised(), "ADM00000001");
        }
    }

    #[test]
    fn user_names_follow_the_rule_or_get_a_suggestion() {
        for good in ["ada", "a.d-a", "Front-Desk.2", &"a".repeat(32)] {
            assert_eq!(check_user_name("u", good).unwrap(), good.to_lowercase());
        }
        let cases = [
            ("ab", FieldRule::TooShort, None),
            (&*"a".repeat(33), FieldRule::TooLong, None),
            ("José María", FieldRule::BadCharacter, Some("jose.maria")),
            ("-ada", FieldRule::BadCharacter, Some("ada")),
            ("pat12345678", FieldRule::Malformed, None),
        ];
        for (text, rule, suggestion) in cases {
            let error = check_user_name("u", text).unwrap_err();
            assert_eq!((error.rule, error.suggestion.as_deref()), (rule, suggestion), "{text}");
        }
    }

    #[test]
    fn an_account_is_normalised() {
        let typed = AccountDetails {
            given_names: " Ada ".into(),
            email: "ADA@Example.org".into(),
            user_name: "ADA".into(),
            ..details()
        };
        assert_eq!(check_account(&typed), Ok(details()));
    }

    #[test]
    fn only_a_doctors_account_has_a_doctor_and_it_must_have_one() {
        let someone = Some(DoctorId(Uuid::from_u128(1)));
        let errors = check_account(&AccountDetails { role: Role::Doctor, ..details() }).unwrap_err();
        assert_eq!(errors, [FieldError::new("doctor_id", FieldRule::Required)]);
        let kept = check_account(&AccountDetails { role: Role::Doctor, doctor: someone, ..details() });
        assert_eq!(kept.unwrap().doctor, someone);
        let dropped = check_account(&AccountDetails { role: Role::Admin, doctor: someone, ..details() });
        assert_eq!(dropped.unwrap().doctor, None);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let empty = AccountDetails {
            given_names: String::new(),
            family_name: "\u{7}".into(),
            email: "nobody".into(),
            user_name: "a".into(),
            role: Role::Doctor,
            doctor: None,
        };
        let fields: Vec<_> = check_account(&empty).unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["given_names", "family_name", "email", "user_name", "doctor_id"]);
    }

    #[test]
    fn the_last_administrator_stays() {
        assert_eq!(decide_deactivation(Role::Admin, 1), Err(LastAdministrator));
        assert_eq!(decide_deactivation(Role::Admin, 0), Err(LastAdministrator), "a wrong count refuses");
        assert_eq!(decide_deactivation(Role::Admin, 2), Ok(()));
        assert_eq!(decide_deactivation(Role::FrontDesk, 1), Ok(()));
    }

    proptest! {
        #[test]
        fn a_number_reads_back_as_itself(random: u64, role in prop::sample::select(Role::ALL.to_vec())) {
            let number = AccountNumber::from_random(role, random);
            prop_assert_eq!(number.to_string().len(), 11);
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            prop_assert_eq!(Login::parse(&number.to_string().to_lowercase()), Login::Number(number));
        }

        #[test]
        fn an_accepted_user_name_signs_in_as_a_user_name(name in "[a-zA-Z0-9.-]{3,32}") {
            if let Ok(stored) = check_user_name("u", &name) {
                prop_assert_eq!(Login::parse(&name), Login::UserName(stored));
            }
        }
    }
}
