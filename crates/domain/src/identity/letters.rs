//! Secrets that people print, read aloud and type: Crockford's base32, which has no letter that looks like a digit.

use super::secret::Secret;

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a group.
const GROUP: usize = 4;

/// The lowest `count` × 5 bits as letters in groups of four.
pub(super) fn write(bits: u128, count: usize) -> Secret {
    let letters: Secret = (0..count)
        .rev()
        .map(|n| bits.checked_shr(u32::try_from(5 * n).unwrap_or(u32::MAX)).unwrap_or_default() & 31)
        .map(|five| char::from(LETTERS[usize::try_from(five).unwrap_or_default()]))
        .collect();
    grouped(&letters, '-')
}

/// The letter of the lowest five bits.
pub(super) fn letter(byte: u8) -> char {
    char::from(LETTERS[usize::from(byte & 31)])
}

/// What was typed without what people put between letters, each letter in its one form; `None` when there is any other
/// than `count` of them or one that is none.
pub(super) fn read(typed: &Secret, count: usize) -> Option<Secret> {
    let letters: Option<Secret> = typed
        .expose()
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            other => u8::try_from(other).is_ok_and(|byte| LETTERS.contains(&byte)).then_some(other),
        })
        .collect();
    letters.filter(|letters| letters.expose().len() == count)
}

/// The five bits of each letter that [`read`] answered.
pub(super) fn values(letters: &str) -> impl Iterator<Item = u8> {
    letters.bytes().filter_map(|letter| LETTERS.iter().position(|one| *one == letter)).map(|at| at as u8)
}

/// Letters in groups of four.
pub(super) fn grouped(letters: &Secret, between: char) -> Secret {
    let letters = letters.expose();
    let mut grouped = String::with_capacity(letters.len() * 5 / 4);
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            grouped.push(between);
        }
        grouped.push(letter);
    }
    grouped.into()
}
