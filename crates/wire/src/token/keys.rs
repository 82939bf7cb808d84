//! The ring of keys that sign tokens (AU-14): the newest signs, a retired one is still believed for as long as a token
//! that it signed can live. Where the ring is kept is the caller's: it must be a place that only the service can read.

use chrono::TimeDelta;
use clinic_domain::time::Instant;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::access::{LEEWAY, LIFETIME};

/// Bytes of a key in the kept form: seed, made at, retired at.
const KEPT: usize = 32 + 8 + 8;
/// How many keys a ring holds at most: the one that signs and those that are still believed.
const MOST: usize = 8;

/// Keys that sign and check tokens. Cannot be printed or serialised by accident.
pub struct KeyRing {
    keys: Vec<Key>,
}

struct Key {
    id: String,
    seed: Zeroizing<[u8; 32]>,
    checking: DecodingKey,
    made_at: Instant,
    retired_at: Option<Instant>,
}

impl Key {
    fn new(seed: Zeroizing<[u8; 32]>, made_at: Instant, retired_at: Option<Instant>) -> Self {
        let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        let id = hex::encode(&Sha256::digest(public)[..8]);
        Self { id, seed, checking: DecodingKey::from_ed_der(&public), made_at, retired_at }
    }

    /// Whether a token that this key signed can still be alive.
    fn is_believed(&self, now: Instant) -> bool {
        self.retired_at.is_none_or(|retired| now < retired + LIFETIME + LEEWAY)
    }
}

impl KeyRing {
    /// A ring with one key. `seed` has to be 32 bytes that cannot be guessed.
    pub fn new(seed: Zeroizing<[u8; 32]>, now: Instant) -> Self {
        Self { keys: vec![Key::new(seed, now, None)] }
    }

    /// Takes a new key into use. The one before signs no more and is believed until its last token has run out.
    pub fn rotate(&mut self, seed: Zeroizing<[u8; 32]>, now: Instant) {
        self.keys.retain(|key| key.is_believed(now));
        for key in &mut self.keys {
            key.retired_at.get_or_insert(now);
        }
        let spare = self.keys.len().saturating_sub(MOST - 1);
        self.keys.drain(..spare);
        self.keys.push(Key::new(seed, now, None));
    }

    /// Takes a new key into use and believes none of the old ones from now on: for keys that somebody else may have.
    pub fn replace(&mut self, seed: Zeroizing<[u8; 32]>, now: Instant) {
        self.keys = vec![Key::new(seed, now, None)];
    }

    /// When the key that signs was made.
    pub fn made_at(&self) -> Option<Instant> {
        self.keys.last().map(|key| key.made_at)
    }

    /// Id and signing key of the newest; `None` only for a ring that was kept empty.
    pub(super) fn signing(&self) -> Option<(&str, EncodingKey)> {
        self.keys.last().map(|key| (key.id.as_str(), EncodingKey::from_ed_der(key.seed.as_slice())))
    }

    /// The key of this id, if it is still believed.
    pub(super) fn checking(&self, id: &str, now: Instant) -> Option<&DecodingKey> {
        self.keys.iter().find(|key| key.id == id && key.is_believed(now)).map(|key| &key.checking)
    }

    /// The ring as bytes, for a keystore or a file that nobody else can read.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.keys.len() * KEPT));
        for key in &self.keys {
            bytes.extend_from_slice(key.seed.as_slice());
            bytes.extend_from_slice(&key.made_at.timestamp_millis().to_be_bytes());
            let retired = key.retired_at.map_or(i64::MIN, |at| at.timestamp_millis());
            bytes.extend_from_slice(&retired.to_be_bytes());
        }
        bytes
    }

    /// A ring from [`KeyRing::to_bytes`]; `None` when the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() || !bytes.len().is_multiple_of(KEPT) || bytes.len() > KEPT * MOST {
            return None;
        }
        bytes.chunks_exact(KEPT).map(read).collect::<Option<_>>().map(|keys| Self { keys })
    }
}

fn read(bytes: &[u8]) -> Option<Key> {
    let (seed, times) = bytes.split_first_chunk::<32>()?;
    let (made, retired) = times.split_first_chunk::<8>()?;
    let retired = i64::from_be_bytes(retired.try_into().ok()?);
    let mut copy = *seed;
    let seed = Zeroizing::new(copy);
    copy.zeroize();
    let retired = if retired == i64::MIN { None } else { Some(Instant::from_timestamp_millis(retired)?) };
    Some(Key::new(seed, Instant::from_timestamp_millis(i64::from_be_bytes(*made))?, retired))
}

/// How long a key signs before it is due for another (AU-14).
pub const KEY_LIFETIME: TimeDelta = TimeDelta::days(30);

#[cfg(test)]
mod tests {
    use super::super::access::tests::{NOON, claims, ring};
    use super::super::access::{Purpose, check, issue};
    use super::*;

    fn seed(byte: u8) -> Zeroizing<[u8; 32]> {
        Zeroizing::new([byte; 32])
    }

    #[test]
    fn a_token_outlives_the_rotation_of_its_key_and_no_longer_than_itself() {
        let (mut ring, now) = (ring(), *NOON);
        let token = issue(&ring, Purpose::Access, &claims(now)).unwrap();
        let rotated = now + TimeDelta::minutes(5);
        ring.rotate(seed(9), rotated);
        assert!(check(&ring, Purpose::Access, &token, rotated).is_ok());
        assert!(check(&ring, Purpose::Access, &token, now + LIFETIME + LEEWAY).is_err());
        assert!(ring.checking(&ring.keys[0].id, rotated + LIFETIME + LEEWAY).is_none());
    }

    #[test]
    fn a_token_of_a_replaced_key_is_refused_at_once() {
        let (mut ring, now) = (ring(), *NOON);
        let token = issue(&ring, Purpose::Access, &claims(now)).unwrap();
        ring.replace(seed(9), now);
        assert!(check(&ring, Purpose::Access, &token, now).is_err());
    }

    #[test]
    fn a_ring_does_not_grow_however_often_it_turns() {
        let (mut ring, now) = (ring(), *NOON);
        (0..100).for_each(|turn| ring.rotate(seed(turn), now));
        assert_eq!(ring.keys.len(), MOST);
        ring.rotate(seed(200), now + TimeDelta::days(1));
        assert_eq!(ring.keys.len(), 2, "the one that signs and the one that did until now");
    }

    #[test]
    fn a_kept_ring_is_the_same_ring() {
        let (mut ring, now) = (ring(), *NOON);
        let old = issue(&ring, Purpose::Access, &claims(now)).unwrap();
        ring.rotate(seed(9), now);
        let new = issue(&ring, Purpose::Access, &claims(now)).unwrap();
        let bytes = ring.to_bytes();
        let again = KeyRing::from_bytes(&bytes).unwrap();
        for token in [old, new] {
            assert!(check(&again, Purpose::Access, &token, now).is_ok());
        }
        assert_eq!(again.made_at(), Some(now));
        for damaged in [&bytes[1..], &bytes[..0], &bytes[..47]] {
            assert!(KeyRing::from_bytes(damaged).is_none());
        }
    }
}
