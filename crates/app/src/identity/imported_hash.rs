//! Password hashes of programs that accounts were imported from: bcrypt (AU-8). They are verified here and replaced at the
//! first sign-in; nothing is ever hashed with it.

use clinic_domain::identity::secret::Secret;

/// The most work that is done for one: 2^14 rounds, about a second. What common programs take is 2^10 to 2^12.
const MOST_COST: u32 = 14;
/// Bytes of a password that bcrypt looks at.
const SEEN_BYTES: usize = 72;

/// Whether a stored hash is one of bcrypt's. The variant `2x` is left out: it repeats a fault of one library.
pub(super) fn is_bcrypt(hash: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|variant| hash.starts_with(variant))
}

/// Whether an account can come with this hash: one of bcrypt's that can be read and is bearable work.
pub(super) fn is_usable(hash: &str) -> bool {
    is_bcrypt(hash) && hash.parse::<bcrypt::HashParts>().is_ok_and(|parts| parts.get_cost() <= MOST_COST)
}

/// Whether a password belongs to a hash of bcrypt, byte by byte as it was typed, which is how those programs took it. A
/// hash that cannot be read or is too much work fits no password.
#[inline(never)]
pub(super) fn verify(password: &Secret, hash: &str) -> bool {
    let parts = hash.parse::<bcrypt::HashParts>();
    parts.is_ok_and(|parts| parts.get_cost() <= MOST_COST)
        && bcrypt::verify(password.expose(), hash).unwrap_or(false)
}

/// Whether bcrypt looked at the whole password. What it did not look at may be a slip of the pen, and nobody would know
/// the password any more if that were hashed anew.
pub(super) fn says_all(password: &Secret) -> bool {
    password.expose().len() <= SEEN_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored";

    /// Passwords and salts of the tests of crypt_blowfish and jBCrypt; libxcrypt gives the same hashes.
    const VECTORS: [(&str, &str); 11] = [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.N0wO4z3EELuk/ycIifDScNe.mijJ.Sa"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
        (LONG, "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"),
        ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
        ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        ("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"),
        (
            "~!@#$%^&*()      ~!@#$%^&*()PNBFRD",
            "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO",
        ),
        ("abc", "$2y$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
    ];

    #[test]
    fn the_vectors_of_other_programs_are_verified() {
        for (password, hash) in VECTORS {
            assert!(is_bcrypt(hash) && verify(&password.into(), hash), "{password} {hash}");
            assert!(!verify(&format!("x{password}").into(), hash), "{password}");
        }
    }

    #[test]
    fn a_hash_that_would_stall_the_desk_or_is_none_fits_nothing() {
        // The first would fit, and take two seconds; the second would take days.
        for hash in [
            "$2b$15$CCCCCCCCCCCCCCCCCCCCC.jJXUjSlXZ2p6nRm3NJIupp3r/yrrjVy",
            "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOé",
            "$2b$",
            "$2b$05$",
        ] {
            assert!(is_bcrypt(hash) && !verify(&"U*U".into(), hash), "{hash}");
        }
        assert!(!is_bcrypt("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
    }

    #[test]
    fn what_bcrypt_did_not_look_at_is_not_made_the_password() {
        assert!(says_all(&LONG[..SEEN_BYTES].into()) && !says_all(&LONG.into()));
        assert!(verify(&LONG.replace("ignored", "wrong").into(), VECTORS[4].1));
    }
}
