//! What people note of the audit log outside the computer: the number of an entry with the beginning of its hash. Whoever
//! has it can tell later whether the log up to there is still the same, whatever became of the computer and its keys (L3
//! of the security reference).

use std::fmt::Write;

/// Bytes of the hash that are noted: nobody makes another log whose hash begins with the same 64 bits.
const NOTED: usize = 8;

/// The code of an entry, such as `1234-7F3A-91C2-55D0-A1B2`: its number, then the beginning of its hash.
pub fn write(seq: u32, hash: &[u8; 32]) -> String {
    let mut code = seq.to_string();
    for group in hash[..NOTED].chunks(2) {
        let number = group.iter().fold(0, |number: u16, byte| number << 8 | u16::from(*byte));
        // Nothing can fail that writes into memory.
        let _ = write!(code, "-{number:04X}");
    }
    code
}

/// A code that somebody noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// Number of the entry, from 1.
    pub seq: u32,
    start: u64,
}

impl Noted {
    /// Reads a code as it was typed, in any case and however it is grouped; `None` when it is none.
    pub fn read(typed: &str) -> Option<Self> {
        let signs: String = typed.chars().filter(|sign| !sign.is_whitespace() && *sign != '-').collect();
        let (seq, start) = signs.split_at_checked(signs.len().checked_sub(2 * NOTED)?)?;
        let plain = seq.bytes().all(|sign| sign.is_ascii_digit())
            && start.bytes().all(|sign| sign.is_ascii_hexdigit());
        let seq = seq.parse().ok().filter(|seq| *seq > 0 && plain)?;
        Some(Self { seq, start: u64::from_str_radix(start, 16).ok()? })
    }

    /// Whether this is the hash that the entry had when its code was noted.
    pub fn fits(&self, hash: &[u8; 32]) -> bool {
        hash.starts_with(&self.start.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_a_number_and_four_groups_of_four() {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&[0x7f, 0x3a, 0x91, 0xc2, 0x55, 0xd0, 0x00, 0x0b]);
        assert_eq!(write(1_234, &hash), "1234-7F3A-91C2-55D0-000B");
    }

    #[test]
    fn what_is_none_is_not_read() {
        for typed in [
            "",
            "7F3A-91C2-55D0-000B",
            "0-7F3A-91C2-55D0-000B",
            "1-7F3A-91C2-55D0-000",
            "x1-7F3A-91C2-55D0-000B",
        ] {
            assert_eq!(Noted::read(typed), None, "{typed}");
        }
        for typed in [
            "+1-7F3A-91C2-55D0-000B",
            "1-+F3A-91C2-55D0-000B",
            "1-ÄÄ3A-91C2-55D0-000B",
            "4294967296-7F3A-91C2-55D0-000B",
        ] {
            assert_eq!(Noted::read(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_was_noted_is_read_again_and_fits_its_hash_alone(seq in 1..=u32::MAX, hash: [u8; 32], bit in 0..64_usize) {
            let noted = Noted::read(&write(seq, &hash)).unwrap();
            prop_assert_eq!(noted.seq, seq);
            prop_assert!(noted.fits(&hash));
            let typed = write(seq, &hash).to_lowercase().replace('-', " ");
            prop_assert_eq!(Noted::read(&typed), Some(noted));
            let mut other = hash;
            other[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!noted.fits(&other));
        }
    }
}
