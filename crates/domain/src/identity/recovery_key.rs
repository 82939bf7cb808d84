//! The recovery key of a store: what a clinic keeps on paper for the day on which the computer has lost the key.
//!
//! 128 bits that nobody can guess, and twelve that tell a slip of the pen: every single wrong letter and every two
//! neighbours in the wrong order are noticed before anything is tried.

use super::letters;
use super::secret::Secret;

/// Bytes of a recovery key.
pub const BYTES: usize = 16;
/// Letters of it, 140 bits.
const LETTERS: usize = 28;
/// The largest prime of twelve bits: no slip that is told above is a multiple of it.
const CHECK: u128 = 4093;
const CHECK_BITS: u32 = 12;

/// A recovery key as it is printed: seven groups of four letters. `secret` has to be bytes that cannot be guessed.
pub fn write(secret: &[u8; BYTES]) -> Secret {
    let number = u128::from_be_bytes(*secret);
    // 140 bits do not fit one number: the first letters say the high bits, the rest the low ones and the check.
    let low_bits = 5 * 20 - CHECK_BITS;
    let low = ((number & ((1 << low_bits) - 1)) << CHECK_BITS) | (number % CHECK);
    let [high, low] =
        [(number >> low_bits, LETTERS - 20), (low, 20)].map(|(n, count)| letters::write(n, count));
    format!("{}-{}", high.expose(), low.expose()).into()
}

/// The secret of a recovery key as somebody typed it; `None` when a letter is wrong, missing or out of order.
pub fn read(typed: &Secret) -> Option<[u8; BYTES]> {
    let typed = letters::read(typed, LETTERS)?;
    let letters = typed.expose();
    let part =
        |letters: &str| letters::values(letters).fold(0_u128, |bits, five| (bits << 5) | u128::from(five));
    let (high, low) = (part(&letters[..LETTERS - 20]), part(&letters[LETTERS - 20..]));
    let number = (high << (5 * 20 - CHECK_BITS)) | (low >> CHECK_BITS);
    (low & ((1 << CHECK_BITS) - 1) == number % CHECK).then(|| number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(secret: &[u8; BYTES]) -> String {
        write(secret).expose().to_owned()
    }

    fn read_as(typed: &str) -> Option<[u8; BYTES]> {
        read(&typed.into())
    }

    #[test]
    fn it_is_seven_groups_of_four_letters() {
        assert_eq!(written(&[0; BYTES]), "0000-0000-0000-0000-0000-0000-0000");
        assert_eq!(written(&[255; BYTES]).len(), 34);
        assert_eq!(read_as("0000 0000 0000 0000 0000 0000 000"), None);
        assert_eq!(read_as("O000-0000-0000-0000-0000-0000-0000"), Some([0; BYTES]));
        assert_eq!(read_as(""), None);
    }

    proptest! {
        #[test]
        fn what_was_printed_is_read_again(secret: [u8; BYTES]) {
            let printed = written(&secret);
            prop_assert_eq!(read_as(&printed), Some(secret));
            prop_assert_eq!(read_as(&printed.to_lowercase().replace('-', "").replace('0', "o")), Some(secret));
        }

        #[test]
        fn a_wrong_letter_is_noticed(secret: [u8; BYTES], at in 0..34_usize, letter in "[0-9A-HJKMNP-TV-Z]") {
            let printed = written(&secret);
            let mut typed = printed.clone();
            prop_assume!(&printed[at..=at] != "-" && printed[at..=at] != letter);
            typed.replace_range(at..=at, &letter);
            prop_assert_eq!(read_as(&typed), None);
        }

        #[test]
        fn two_letters_in_the_wrong_order_are_noticed(secret: [u8; BYTES], at in 0..27_usize) {
            let mut letters: Vec<char> = written(&secret).chars().filter(|letter| *letter != '-').collect();
            prop_assume!(letters[at] != letters[at + 1]);
            letters.swap(at, at + 1);
            prop_assert_eq!(read_as(&letters.into_iter().collect::<String>()), None);
        }
    }
}
