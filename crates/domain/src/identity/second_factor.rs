//! The second factor (AU-18): six digits of an authenticator app (RFC 6238), each accepted once, and recovery codes for
//! the day on which the app is away. Makes no secret and counts no tries.

use totp_rs::{Builder, Totp};

use super::letters;
use super::secret::Secret;
use crate::time::Instant;

/// Seconds for which one code is shown.
pub const STEP: u64 = 30;
/// Bytes of a secret: 160 bits (RFC 4226, section 4, R6).
pub const SECRET_BYTES: usize = 20;
/// By how many steps a clock may be wrong for the wrong code to be told apart from a guess.
const CLOCK_STEPS: u64 = 3;

/// Why six digits are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// Not the code of this secret.
    Wrong,
    /// It was accepted before, or a newer one was (RFC 6238, section 5.2).
    Used,
    /// The code of another time, near enough that a clock is wrong rather than the person.
    ClockIsWrong,
}

/// Decides about six digits, typed with or without spaces. `last_step` is the step that was accepted last. Answers the
/// step to keep; the code of this step and of the one before count (SP 800-63B-4, section 3.1.4).
///
/// # Errors
/// See [`CodeRefusal`].
pub fn decide_code(
    secret: &[u8; SECRET_BYTES],
    typed: &Secret,
    last_step: Option<u64>,
    now: Instant,
) -> Result<u64, CodeRefusal> {
    let digits: Secret =
        typed.expose().chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    let step = u64::try_from(now.timestamp()).unwrap_or_default() / STEP;
    let totp = app(secret);
    // The library compares in constant time; every step is tried whatever fits.
    let fits = |step: u64| totp.check(digits.expose(), step * STEP).is_some();
    let (this, before) = (fits(step), step > 0 && fits(step - 1));
    let near = (step.saturating_sub(CLOCK_STEPS)..=step + CLOCK_STEPS).filter(|&near| fits(near)).count() > 0;
    match (this, before) {
        (true, _) if last_step.is_none_or(|last| last < step) => Ok(step),
        (_, true) if last_step.is_none_or(|last| last < step - 1) => Ok(step - 1),
        (true, _) | (_, true) => Err(CodeRefusal::Used),
        _ if near => Err(CodeRefusal::ClockIsWrong),
        _ => Err(CodeRefusal::Wrong),
    }
}

/// The address that an authenticator app reads from a picture. The app shows the clinic and the account number.
pub fn setup_address(secret: &[u8; SECRET_BYTES], clinic: &str, account: &str) -> Secret {
    // A colon separates the two in the address and may be in neither.
    let issuer = clinic.replace(':', " ");
    let totp = builder(secret)
        .with_issuer(Some(issuer))
        .with_account_name(account.replace(':', " "))
        .build_noncompliant();
    totp.to_url().unwrap_or_default().into()
}

/// The secret as a person types it into an app that has no camera: base32 in groups of four.
pub fn setup_key(secret: &[u8; SECRET_BYTES]) -> Secret {
    let key = Secret::from(totp_rs::Secret::from(secret.to_vec()).to_base32());
    letters::grouped(&key, ' ')
}

fn builder(secret: &[u8; SECRET_BYTES]) -> Builder {
    Builder::new().with_secret(secret.to_vec()).with_skew(0)
}

fn app(secret: &[u8; SECRET_BYTES]) -> Totp {
    builder(secret).build_noncompliant()
}

/// Letters of a recovery code.
const RECOVERY_LETTERS: usize = 16;
/// Bytes of a recovery code: 80 bits, so that it may be kept like a password (ASVS 6.5.2).
pub const RECOVERY_BYTES: usize = 10;
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;

/// A recovery code as it is printed: sixteen letters in groups of four. `random` has to be bytes that cannot be guessed.
pub fn recovery_code(random: &[u8; RECOVERY_BYTES]) -> Secret {
    let bits = random.iter().fold(0_u128, |bits, &byte| (bits << 8) | u128::from(byte));
    letters::write(bits, RECOVERY_LETTERS)
}

/// A recovery code as somebody typed it, in the one form that is hashed; `None` when it cannot be one.
pub fn read_recovery_code(typed: &Secret) -> Option<Secret> {
    letters::read(typed, RECOVERY_LETTERS).map(|letters| letters::grouped(&letters, '-'))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const SECRET: &[u8; SECRET_BYTES] = b"12345678901234567890";

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    fn decide(typed: &str, last_step: Option<u64>, now: Instant) -> Result<u64, CodeRefusal> {
        decide_code(SECRET, &typed.into(), last_step, now)
    }

    fn code(random: &[u8; RECOVERY_BYTES]) -> String {
        recovery_code(random).expose().to_owned()
    }

    fn read(typed: &str) -> Option<String> {
        read_recovery_code(&typed.into()).map(|code| code.expose().to_owned())
    }

    fn shown(seconds: i64) -> String {
        app(SECRET).generate(u64::try_from(seconds).unwrap()).to_string()
    }

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(decide(code, None, at(seconds)), Ok(u64::try_from(seconds).unwrap() / 30));
        }
    }

    /// RFC 4226, appendix D: counters 0 to 9.
    #[test]
    fn the_codes_are_those_of_rfc_4226() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(shown(counter * 30), code);
        }
    }

    #[test]
    fn the_code_of_this_step_and_of_the_one_before_count() {
        let noon = 1_764_000_000 / 30 * 30;
        let step = |n: i64| decide(&shown(noon + n * 30), None, at(noon + 29));
        assert!(step(0).is_ok() && step(-1).is_ok());
        assert_eq!([step(1), step(-2), step(3), step(-3)], [Err(CodeRefusal::ClockIsWrong); 4]);
        assert_eq!([step(4), step(-4), step(100)], [Err(CodeRefusal::Wrong); 3]);
    }

    #[test]
    fn a_code_is_accepted_once_and_none_before_it_after() {
        let noon = 1_764_000_000 / 30 * 30;
        let step = decide(&shown(noon), None, at(noon)).unwrap();
        assert_eq!(decide(&shown(noon), Some(step), at(noon)), Err(CodeRefusal::Used));
        assert_eq!(decide(&shown(noon), Some(step), at(noon + 30)), Err(CodeRefusal::Used));
        assert_eq!(decide(&shown(noon - 30), Some(step), at(noon)), Err(CodeRefusal::Used));
        assert_eq!(decide(&shown(noon + 30), Some(step), at(noon + 30)), Ok(step + 1));
    }

    /// F1: a thousand codes, each of which was accepted once.
    #[test]
    fn no_code_is_accepted_again_as_long_as_it_is_shown_or_after() {
        let mut last = None;
        for step in 0..1_000 {
            let (at_first, code) = (1_764_000_000 + step * 30, shown(1_764_000_000 + step * 30));
            last = Some(decide(&code, last, at(at_first)).unwrap());
            for later in [0, 1, 29, 30, 59] {
                let again = decide(&code, last, at(at_first + later));
                assert_eq!(again, Err(CodeRefusal::Used), "step {step}, {later} s later");
            }
        }
    }

    #[test]
    fn digits_may_be_typed_in_groups_and_nothing_else_counts() {
        let noon = 1_764_000_000;
        let code = shown(noon);
        let spaced = format!(" {} - {} ", &code[..3], &code[3..]);
        assert!(decide(&spaced, None, at(noon)).is_ok());
        for typed in ["", "12345", "1234567", "12345a", "+23456", "１２３４５６", "000000 OR 1=1"] {
            assert_eq!(decide(typed, None, at(noon)), Err(CodeRefusal::Wrong), "{typed}");
        }
    }

    #[test]
    fn the_address_says_whose_and_where() {
        let address = setup_address(SECRET, "North: gate & Co", "STF12345678");
        let address = address.expose();
        assert!(address.starts_with("otpauth://totp/North%20%20gate"), "{address}");
        assert!(
            address.contains("STF12345678") && address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        );
        assert_eq!(setup_key(SECRET).expose(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    proptest! {
        #[test]
        fn a_recovery_code_survives_hands_and_eyes(random: [u8; RECOVERY_BYTES]) {
            let code = code(&random);
            prop_assert_eq!(code.len(), 19);
            prop_assert_eq!(read(&code), Some(code.clone()));
            let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            prop_assert_eq!(read(&typed), Some(code));
        }

        #[test]
        fn different_bytes_are_different_codes(one: [u8; RECOVERY_BYTES], other: [u8; RECOVERY_BYTES]) {
            prop_assert_eq!(one == other, code(&one) == code(&other));
        }

        #[test]
        fn whatever_is_typed_a_code_of_another_time_is_refused(wait in 4..1_000_000_i64, code in 0..1_000_000_u32) {
            let typed = format!("{code:06}");
            let now = at(1_764_000_000);
            if let Ok(step) = decide(&typed, None, now) {
                prop_assert!(typed == shown(1_764_000_000) || typed == shown(1_764_000_000 - 30));
                let again = decide(&typed, Some(step), now + TimeDelta::seconds(wait * 30));
                prop_assert!(again != Ok(step));
            }
        }
    }

    #[test]
    fn what_is_no_recovery_code_is_not_looked_up() {
        for typed in ["", "7KQ2-M9XD", "7KQ2-M9XD-PD4V-81TU", "7KQ2-M9XD-PD4V-81TC-1", "７KQ2-M9XD-PD4V-81TC"]
        {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
