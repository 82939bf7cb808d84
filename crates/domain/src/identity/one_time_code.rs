//! One-time codes by e-mail (AU-3 to AU-5): they prove an address at registration and open the way to a new password,
//! and nothing else (SP 800-63B-4, section 3.1.3: no second factor). Six digits count in the flow that asked for them
//! alone; a long code, which nobody can guess, counts wherever it is pasted. Sends nothing and keeps nothing.

use chrono::TimeDelta;

use super::secret::Secret;
use crate::time::Instant;

/// How long a code can be used (OWASP ASVS 6.5.5).
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How long the long code that comes with it, or alone, can be used (AU-6).
pub const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// How often somebody may try to type one code.
pub const MOST_TRIES: u8 = 5;
/// How many codes one address gets in an hour, and in a day.
pub const MOST_AN_HOUR: usize = 5;
/// See [`MOST_AN_HOUR`].
pub const MOST_A_DAY: usize = 10;
/// How many codes one device may ask for in an hour, whoever they are for.
pub const MOST_OF_A_DEVICE: usize = 20;

/// A code from 32 random bits; `None` for the few values that would make some codes likelier than others: draw again.
pub fn write(random: u32) -> Option<Secret> {
    const EVEN: u32 = u32::MAX - u32::MAX % 1_000_000;
    (random < EVEN).then(|| format!("{:06}", random % 1_000_000).into())
}

/// Six digits as somebody typed them, with or without spaces; `None` when they are something else.
pub fn read(typed: &Secret) -> Option<Secret> {
    let digits: String =
        typed.expose().chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    let are_six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    are_six.then(|| digits.into())
}

/// What is kept of a code besides its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    /// When it was made.
    pub at: Instant,
    /// Tries so far, this one included: they are counted before anything is compared.
    pub tries: u8,
    /// It was used.
    pub used: bool,
}

/// How many more tries a code has after so many.
pub const fn tries_left(tries: u8) -> u8 {
    MOST_TRIES.saturating_sub(tries)
}

/// Why a code is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeClosed {
    /// Its time is over, or the clock stands before it was made.
    Expired,
    /// Five tries were made.
    TriedTooOften,
    /// It was used before.
    Used,
}

/// Whether a code may be compared with what was typed.
///
/// # Errors
/// See [`CodeClosed`].
pub fn decide_try(issued: &Issued, now: Instant) -> Result<(), CodeClosed> {
    is_open(issued, LIFETIME, now)?;
    if issued.tries > MOST_TRIES { Err(CodeClosed::TriedTooOften) } else { Ok(()) }
}

/// Whether a long code may be used. Tries do not matter: it is found by its hash, and nobody guesses 256 bits.
///
/// # Errors
/// [`CodeClosed::Used`], also once the six digits beside it were, and [`CodeClosed::Expired`].
pub fn decide_link(issued: &Issued, now: Instant) -> Result<(), CodeClosed> {
    is_open(issued, LINK_LIFETIME, now)
}

fn is_open(issued: &Issued, lifetime: TimeDelta, now: Instant) -> Result<(), CodeClosed> {
    if issued.used {
        return Err(CodeClosed::Used);
    }
    if now < issued.at || now - issued.at >= lifetime { Err(CodeClosed::Expired) } else { Ok(()) }
}

/// Whether another code may be sent. `to_address` are the times of earlier codes to the same address and `by_device` of
/// those that the same device asked for, each in any order.
///
/// # Errors
/// The time from which one may be sent.
pub fn decide_send(to_address: &[Instant], by_device: &[Instant], now: Instant) -> Result<(), Instant> {
    let (hour, day) = (TimeDelta::hours(1), TimeDelta::days(1));
    let waits = [
        free_from(to_address, MOST_AN_HOUR, hour, now),
        free_from(to_address, MOST_A_DAY, day, now),
        free_from(by_device, MOST_OF_A_DEVICE, hour, now),
    ];
    waits.into_iter().flatten().max().map_or(Ok(()), Err)
}

/// When fewer than `most` of these times lie within the last `span`; `None` for now.
fn free_from(times: &[Instant], most: usize, span: TimeDelta, now: Instant) -> Option<Instant> {
    let mut within: Vec<_> = times.iter().copied().filter(|&at| at + span > now).collect();
    within.sort_unstable();
    let last_in_the_way = within.len().checked_sub(most)?;
    Some(within[last_in_the_way] + span)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(random: u32) -> Option<String> {
        write(random).map(|code| code.expose().to_owned())
    }

    fn read_as(typed: &str) -> Option<String> {
        read(&typed.into()).map(|code| code.expose().to_owned())
    }

    fn noon() -> Instant {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn minutes(minutes: i64) -> Instant {
        noon() + TimeDelta::minutes(minutes)
    }

    #[test]
    fn codes_are_evenly_spread_and_keep_their_zeros() {
        assert_eq!(written(7).as_deref(), Some("000007"));
        assert_eq!(written(u32::MAX), None);
        assert_eq!(written(4_294_000_000 - 1).as_deref(), Some("999999"));
        assert_eq!(written(4_294_000_000), None);
        // How often each digit stands at each place, and each three digits in each half.
        let (mut digits, mut halves) = ([[0_i64; 10]; 6], vec![[0_i64; 1_000]; 2]);
        let mut state = 0x9e37_79b9_u32;
        let mut drawn = 0;
        while drawn < 1_000_000 {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let Some(code) = written(state) else { continue };
            for (place, digit) in code.bytes().enumerate() {
                digits[place][usize::from(digit - b'0')] += 1;
            }
            for (half, of) in halves.iter_mut().enumerate() {
                of[code[3 * half..3 * half + 3].parse::<usize>().unwrap()] += 1;
            }
            drawn += 1;
        }
        let chi =
            |counts: &[i64], each: i64| counts.iter().map(|n| (n - each) * (n - each)).sum::<i64>() / each;
        // χ² at p = 0.001: 27.9 with nine degrees of freedom, 1143.9 with 999.
        for place in &digits {
            assert!(chi(place, 100_000) < 28, "{digits:?}");
        }
        for half in &halves {
            assert!(chi(half, 1_000) < 1_144, "{}", chi(half, 1_000));
        }
    }

    #[test]
    fn a_code_is_six_digits_however_they_are_grouped() {
        assert_eq!(read_as(" 583-01 2 ").as_deref(), Some("583012"));
        for typed in ["", "58301", "5830123", "58301a", "+58301", "５８３０１２"] {
            assert_eq!(read_as(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_code_lives_for_ten_minutes_and_five_tries_and_one_use() {
        let issued = Issued { at: noon(), tries: 1, used: false };
        let second = TimeDelta::seconds(1);
        assert_eq!(decide_try(&issued, minutes(10) - second), Ok(()));
        assert_eq!(decide_try(&issued, minutes(10)), Err(CodeClosed::Expired));
        assert_eq!(decide_try(&issued, noon() - second), Err(CodeClosed::Expired));
        assert_eq!(decide_try(&Issued { tries: 5, ..issued }, noon()), Ok(()));
        assert_eq!(decide_try(&Issued { tries: 6, ..issued }, noon()), Err(CodeClosed::TriedTooOften));
        assert_eq!(decide_try(&Issued { used: true, ..issued }, noon()), Err(CodeClosed::Used));
    }

    #[test]
    fn a_long_code_lives_for_thirty_minutes_and_one_use_whatever_was_tried() {
        let issued = Issued { at: noon(), tries: u8::MAX, used: false };
        assert_eq!(decide_link(&issued, minutes(30) - TimeDelta::seconds(1)), Ok(()));
        assert_eq!(decide_link(&issued, minutes(30)), Err(CodeClosed::Expired));
        assert_eq!(decide_link(&issued, noon() - TimeDelta::seconds(1)), Err(CodeClosed::Expired));
        assert_eq!(decide_link(&Issued { used: true, ..issued }, noon()), Err(CodeClosed::Used));
        assert_eq!([0, 4, 5, 6].map(tries_left), [5, 1, 0, 0]);
    }

    #[test]
    fn an_address_gets_five_codes_an_hour_and_ten_a_day() {
        let five: Vec<_> = (0..5).map(minutes).collect();
        assert_eq!(decide_send(&five[..4], &[], minutes(5)), Ok(()));
        assert_eq!(decide_send(&five, &[], minutes(5)), Err(minutes(60)));
        assert_eq!(decide_send(&five, &[], minutes(60)), Ok(()));
        let ten: Vec<_> = (0..10).map(|n| minutes(n * 100)).collect();
        assert_eq!(decide_send(&ten, &[], minutes(1_000)), Err(minutes(1_440)));
        assert_eq!(decide_send(&ten, &[], minutes(1_440)), Ok(()));
    }

    #[test]
    fn a_device_asks_for_twenty_an_hour_whoever_they_are_for() {
        let twenty: Vec<_> = (0..20).map(minutes).collect();
        assert_eq!(decide_send(&[], &twenty, minutes(30)), Err(minutes(60)));
        assert_eq!(decide_send(&[], &twenty[1..], minutes(30)), Ok(()));
    }

    proptest! {
        /// What is open now was open at every moment since it was made, and never is again once it was closed.
        #[test]
        fn a_code_closes_once_and_for_all(tries in 0..9_u8, used: bool, first in -60..3_000_i64, later in 0..3_000_i64) {
            let issued = Issued { at: noon(), tries, used };
            let (then, now) = (noon() + TimeDelta::seconds(first), noon() + TimeDelta::seconds(first + later));
            for decide in [decide_try, decide_link] {
                if decide(&issued, now).is_ok() && then >= noon() {
                    prop_assert!(decide(&issued, then).is_ok());
                }
                let once_used = Issued { used: true, ..issued };
                prop_assert_eq!(decide(&once_used, now), Err(CodeClosed::Used));
            }
            if decide_try(&issued, now).is_ok() {
                prop_assert!(decide_link(&issued, now).is_ok() && tries <= MOST_TRIES);
            }
        }

        /// Whatever somebody types, it is six ASCII digits or nothing; and a code reads back as itself.
        #[test]
        fn a_code_reads_back_as_itself(random: u32, typed in "\\PC{0,12}") {
            if let Some(code) = written(random) {
                prop_assert_eq!(read_as(&format!("{} {}", &code[..3], &code[3..])), Some(code));
            }
            if let Some(code) = read_as(&typed) {
                prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }

        /// An attacker who asks as fast as may be for a day makes 50 guesses at most.
        #[test]
        fn a_day_of_asking_gives_ten_codes(waits in prop::collection::vec(1..3_600_i64, 1..200)) {
            let (mut now, mut sent) = (noon(), Vec::new());
            for wait in waits {
                now += TimeDelta::seconds(wait);
                match decide_send(&sent, &[], now) {
                    Ok(()) => sent.push(now),
                    Err(from) => {
                        prop_assert!(from > now);
                        prop_assert_eq!(decide_send(&sent, &[], from), Ok(()));
                    }
                }
                let of_this_day = sent.iter().filter(|&&at| at + TimeDelta::days(1) > now).count();
                prop_assert!(of_this_day <= MOST_A_DAY);
            }
        }
    }
}
