//! The PIN that unlocks a desk within a session (AU-22). It opens no session and proves nothing else; the password stands
//! behind it after few tries. Hashes nothing and counts nothing.

use super::secret::Secret;
use crate::validation::{FieldError, FieldRule};

/// Wrong PINs in a row after which only the password unlocks.
pub const TRIES: u8 = 5;

const LEAST: usize = 4;
const MOST: usize = 8;

/// Whether this may be a PIN: four to eight digits, neither all the same nor a run such as 1234 or 8765.
///
/// # Errors
/// `too_short`, `too_long`, `bad_character`, `common_password`.
pub fn check_pin(field: &str, pin: &Secret) -> Result<(), FieldError> {
    let pin = pin.expose();
    if pin.chars().any(|letter| !letter.is_ascii_digit()) {
        return Err(FieldError::new(field, FieldRule::BadCharacter));
    }
    match pin.len() {
        length if length < LEAST => Err(FieldError::new(field, FieldRule::TooShort).bound(LEAST as u32)),
        length if length > MOST => Err(FieldError::new(field, FieldRule::TooLong).bound(MOST as u32)),
        _ if is_run(pin.as_bytes()) => Err(FieldError::new(field, FieldRule::CommonPassword)),
        _ => Ok(()),
    }
}

/// Every digit differs from the one before by the same none or one.
fn is_run(digits: &[u8]) -> bool {
    [-1, 0, 1]
        .into_iter()
        .any(|step| digits.windows(2).all(|two| i16::from(two[1]) - i16::from(two[0]) == step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_four_to_eight_digits_and_no_run() {
        let rule = |pin: &str| check_pin("pin", &pin.into()).map_err(|error| error.rule);
        for pin in ["4711", "90210", "000001", "12354321", "1122"] {
            assert_eq!(rule(pin), Ok(()), "{pin}");
        }
        for (pin, wrong) in [
            ("", FieldRule::TooShort),
            ("471", FieldRule::TooShort),
            ("471147114", FieldRule::TooLong),
            ("47 11", FieldRule::BadCharacter),
            ("４７１１", FieldRule::BadCharacter),
            ("1234", FieldRule::CommonPassword),
            ("8765", FieldRule::CommonPassword),
            ("0000", FieldRule::CommonPassword),
            ("99999999", FieldRule::CommonPassword),
        ] {
            assert_eq!(rule(pin), Err(wrong), "{pin}");
        }
    }
}
