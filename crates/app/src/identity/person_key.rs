//! The store's key for one person (K2): sealed to a public key (X25519, RFC 7748) whose private half is sealed by the
//! person's password (Argon2id) together with the secret of this computer (HKDF, RFC 5869). Both are needed to open it;
//! the public half alone gives the person another key of the store. It knows neither files nor accounts, and nothing in
//! an entry tells whose it is but the id: names are here as keyed hashes.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use clinic_domain::id::AccountId;
use clinic_domain::identity::secret::Secret;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::hashing::{self, Cost, SALT_BYTES};
use crate::app::Random;
use crate::db::StoreKey;
use crate::error::{Answer, AppError};

/// Keeps the keys that are derived here apart from each other and from anything else.
const PRIVATE: &[u8] = b"clinic desk person's private key 1";
const STORE: &[u8] = b"clinic desk store key for a person 1";
const NAME: &str = "clinic desk name of a person 1";
const CODE: &str = "clinic desk entry of a person 1";

/// One person's entry. Everything is hex.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonKey {
    /// Whose.
    pub account: AccountId,
    /// Keyed hashes of what the person types to say who they are (see [`name_tag`]).
    pub names: Vec<String>,
    /// Which stored hash the password fitted when the entry was made; part of what is sealed. Whoever opens the entry has
    /// proved the password of that hash and of no other.
    pub proves: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    public: String,
    private: Sealed,
    ephemeral: String,
    store_key: Sealed,
    /// Code over all of it by the key that it opens, so that an open store sees which entries would open it.
    code: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    nonce: String,
    sealed: String,
}

/// Who an entry is made for.
pub(super) struct Whose<'a> {
    /// The account.
    pub account: AccountId,
    /// See [`PersonKey::names`].
    pub names: Vec<String>,
    /// See [`PersonKey::proves`].
    pub proves: String,
    /// The password.
    pub password: &'a Secret,
}

/// What a name is known by in the file: nobody finds the name without the secret of this computer.
pub(super) fn name_tag(device: &StoreKey, normalised: &str) -> String {
    hex::encode(crate::db::audit::hmac(&device.derive(NAME), &[normalised.as_bytes()]))
}

/// Makes an entry with a pair of keys of its own. Costs one Argon2id.
///
/// # Errors
/// The computer gives no randomness or no memory.
pub(super) fn make(
    random: &dyn Random,
    cost: Cost,
    device: &StoreKey,
    whose: Whose<'_>,
    store_key: &StoreKey,
) -> Answer<PersonKey> {
    let (mut salt, mut secret) = ([0; 16], Zeroizing::new([0; 32]));
    random.fill(&mut salt)?;
    random.fill(&mut *secret)?;
    let public = hex::encode(PublicKey::from(&StaticSecret::from(*secret)).as_bytes());
    let bound = bound(whose.account, &public, &whose.proves);
    let wrapping = wrapping(cost, device, whose.password, &salt)?;
    let private = seal(random, &wrapping, secret.as_slice(), &bound)?;
    let (ephemeral, sealed_key) = seal_to(random, &public, whose.account, store_key)?;
    let entry = PersonKey {
        account: whose.account,
        names: whose.names,
        proves: whose.proves,
        memory_kib: cost.memory_kib,
        passes: cost.passes,
        salt: hex::encode(salt),
        public,
        private,
        ephemeral,
        store_key: sealed_key,
        code: String::new(),
    };
    entry.coded(store_key)
}

impl PersonKey {
    /// The same entry for another key of the store; needs nobody's password.
    ///
    /// # Errors
    /// The computer gives no randomness; [`AppError::StoreUnreadable`] when the public half is damaged.
    pub(super) fn with_key(&self, random: &dyn Random, store_key: &StoreKey) -> Answer<Self> {
        let (ephemeral, sealed) = seal_to(random, &self.public, self.account, store_key)?;
        Self { ephemeral, store_key: sealed, ..self.clone() }.coded(store_key)
    }

    /// The same entry for other names.
    ///
    /// # Errors
    /// An entry without a JSON form.
    pub(super) fn with_names(self, names: Vec<String>, store_key: &StoreKey) -> Answer<Self> {
        Self { names, ..self }.coded(store_key)
    }

    /// Whether nothing in it is damaged and it opens the store that has this key.
    pub(super) fn is_whole(&self, store_key: &StoreKey) -> bool {
        self.clone().coded(store_key).is_ok_and(|coded| coded.code == self.code)
    }

    fn coded(self, store_key: &StoreKey) -> Answer<Self> {
        let bare = Self { code: String::new(), ..self };
        let code = crate::db::audit::hmac(&store_key.derive(CODE), &[&serde_json::to_vec(&bare)?]);
        Ok(Self { code: hex::encode(code), ..bare })
    }

    /// The private half; `None` for a wrong password, another computer and a damaged entry alike. Costs one Argon2id.
    pub(super) fn unseal(&self, device: &StoreKey, password: &Secret) -> Option<StaticSecret> {
        let wrapping = wrapping(self.cost(), device, password, &hex::decode(&self.salt).ok()?).ok()?;
        let opened = open(&wrapping, &self.private, &bound(self.account, &self.public, &self.proves))?;
        Some(StaticSecret::from(<[u8; 32]>::try_from(opened.as_slice()).ok()?))
    }

    /// One that no password opens, as much work as this one: for a name that is nobody's, so that it takes no other time.
    pub(super) fn of_nobody(&self, name_tag: &str) -> Self {
        Self { salt: name_tag[..2 * SALT_BYTES].to_owned(), ..self.clone() }
    }

    /// The key of the store, with the private half; `None` when the entry is damaged.
    pub(super) fn store_key(&self, private: &StaticSecret) -> Option<StoreKey> {
        let ephemeral = read_public(&self.ephemeral)?;
        let shared = private.diffie_hellman(&ephemeral);
        let key = agreed(shared.as_bytes(), &ephemeral, &PublicKey::from(private));
        let opened = open(&key, &self.store_key, self.account.bytes())?;
        Some(StoreKey::new(<[u8; 32]>::try_from(opened.as_slice()).ok()?))
    }

    /// How much work its password is.
    pub(super) fn cost(&self) -> Cost {
        Cost { memory_kib: self.memory_kib, passes: self.passes }
    }
}

/// What the private half is sealed together with: none of it can be taken from another entry.
fn bound(account: AccountId, public: &str, proves: &str) -> Vec<u8> {
    [account.bytes().as_slice(), public.as_bytes(), proves.as_bytes()].concat()
}

/// The key that seals a private half: neither the password nor the secret of the computer gives it alone.
fn wrapping(cost: Cost, device: &StoreKey, password: &Secret, salt: &[u8]) -> Answer<Zeroizing<[u8; 32]>> {
    let derived = hashing::derive_key(cost, password, salt)?;
    Ok(expand(device.bytes(), derived.as_slice(), PRIVATE))
}

/// Seals the key of the store so that the private half of `public` opens it; answers with the ephemeral public key, too.
fn seal_to(
    random: &dyn Random,
    public: &str,
    account: AccountId,
    store_key: &StoreKey,
) -> Answer<(String, Sealed)> {
    let public = read_public(public).ok_or(AppError::StoreUnreadable)?;
    let mut once = Zeroizing::new([0; 32]);
    random.fill(&mut *once)?;
    let once = StaticSecret::from(*once);
    let ephemeral = PublicKey::from(&once);
    let shared = once.diffie_hellman(&public);
    if !shared.was_contributory() {
        return Err(AppError::StoreUnreadable);
    }
    let key = agreed(shared.as_bytes(), &ephemeral, &public);
    Ok((hex::encode(ephemeral.as_bytes()), seal(random, &key, store_key.bytes(), account.bytes())?))
}

fn agreed(shared: &[u8; 32], ephemeral: &PublicKey, public: &PublicKey) -> Zeroizing<[u8; 32]> {
    expand(&[ephemeral.as_bytes().as_slice(), public.as_bytes()].concat(), shared, STORE)
}

fn expand(salt: &[u8], secret: &[u8], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // Fails only for more than 255 blocks, and this is one.
    let one_block = Hkdf::<Sha256>::new(Some(salt), secret).expand(purpose, &mut *key);
    debug_assert!(one_block.is_ok());
    key
}

fn read_public(text: &str) -> Option<PublicKey> {
    Some(PublicKey::from(<[u8; 32]>::try_from(hex::decode(text).ok()?).ok()?))
}

fn seal(random: &dyn Random, key: &[u8; 32], text: &[u8], bound: &[u8]) -> Answer<Sealed> {
    let mut nonce = [0; 24];
    random.fill(&mut nonce)?;
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: text, aad: bound })
        .map_err(|_| AppError::StoreUnreadable)?;
    Ok(Sealed { nonce: hex::encode(nonce), sealed: hex::encode(sealed) })
}

fn open(key: &[u8; 32], sealed: &Sealed, bound: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let nonce = <[u8; 24]>::try_from(hex::decode(&sealed.nonce).ok()?).ok()?;
    let text = hex::decode(&sealed.sealed).ok()?;
    let payload = Payload { msg: text.as_slice(), aad: bound };
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(&nonce), payload).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::Clinic;

    const PASSWORD: &str = "kvass blurt fjord zwerg";

    fn device() -> StoreKey {
        StoreKey::new([5; 32])
    }

    fn entry(clinic: &Clinic, store_key: &StoreKey) -> PersonKey {
        let whose = Whose {
            account: AccountId(clinic.app.new_id().unwrap()),
            names: vec![name_tag(&device(), "ada")],
            proves: "the stored hash".into(),
            password: &PASSWORD.into(),
        };
        make(&*clinic.app.parts.random, clinic.app.parts.hashing, &device(), whose, store_key).unwrap()
    }

    fn key_by(entry: &PersonKey, device: &StoreKey, password: &str) -> Option<[u8; 32]> {
        entry
            .unseal(device, &password.into())
            .and_then(|private| entry.store_key(&private))
            .map(|key| *key.bytes())
    }

    #[test]
    fn password_and_computer_open_it_together_and_neither_does_alone() {
        let clinic = Clinic::new();
        let entry = entry(&clinic, &StoreKey::new([7; 32]));
        assert_eq!(key_by(&entry, &device(), PASSWORD), Some([7; 32]));
        assert_eq!(key_by(&entry, &device(), "another password"), None);
        assert_eq!(key_by(&entry, &StoreKey::new([6; 32]), PASSWORD), None, "another computer");
        assert_eq!(key_by(&entry, &StoreKey::new([0; 32]), PASSWORD), None);
    }

    #[test]
    fn another_key_of_the_store_needs_nobodys_password() {
        let clinic = Clinic::new();
        let before = entry(&clinic, &StoreKey::new([7; 32]));
        let after = before.with_key(&*clinic.app.parts.random, &StoreKey::new([8; 32])).unwrap();
        assert_eq!(key_by(&after, &device(), PASSWORD), Some([8; 32]));
        assert_eq!(key_by(&before, &device(), PASSWORD), Some([7; 32]));
        assert_ne!(after.ephemeral, before.ephemeral);
    }

    #[test]
    fn neither_names_nor_keys_can_be_read_in_an_entry() {
        let clinic = Clinic::new();
        let key = StoreKey::new([7; 32]);
        let text = serde_json::to_string(&entry(&clinic, &key)).unwrap();
        for secret in ["ada", PASSWORD, &hex::encode(key.bytes()), &hex::encode(device().bytes())] {
            assert!(!text.contains(secret), "{secret}");
        }
    }

    #[test]
    fn whatever_is_changed_in_an_entry_it_opens_nothing() {
        let clinic = Clinic::new();
        let entry = entry(&clinic, &StoreKey::new([7; 32]));
        let whole = serde_json::to_value(&entry).unwrap();
        for path in [
            "/proves",
            "/salt",
            "/public",
            "/private/nonce",
            "/private/sealed",
            "/ephemeral",
            "/store_key/nonce",
            "/store_key/sealed",
            "/account",
        ] {
            let mut damaged = whole.clone();
            let text = damaged.pointer(path).unwrap().as_str().unwrap();
            let last = if text.ends_with('0') { '1' } else { '0' };
            let text = format!("{}{last}", &text[..text.len() - 1]);
            *damaged.pointer_mut(path).unwrap() = text.into();
            let damaged: PersonKey = serde_json::from_value(damaged).unwrap();
            assert_eq!(key_by(&damaged, &device(), PASSWORD), None, "{path}");
            assert!(!damaged.is_whole(&StoreKey::new([7; 32])), "{path}");
        }
        assert!(entry.is_whole(&StoreKey::new([7; 32])) && !entry.is_whole(&StoreKey::new([8; 32])));
        for path in ["/salt", "/public", "/private/nonce", "/private/sealed", "/ephemeral"] {
            let mut damaged = whole.clone();
            *damaged.pointer_mut(path).unwrap() = "no hex".into();
            let damaged: PersonKey = serde_json::from_value(damaged).unwrap();
            assert_eq!(key_by(&damaged, &device(), PASSWORD), None, "{path}");
        }
    }

    #[test]
    fn a_public_half_that_agrees_on_nothing_gets_no_key() {
        let clinic = Clinic::new();
        let damaged = PersonKey { public: "00".repeat(32), ..entry(&clinic, &StoreKey::new([7; 32])) };
        let resealed = damaged.with_key(&*clinic.app.parts.random, &StoreKey::new([8; 32]));
        assert_eq!(resealed.err(), Some(AppError::StoreUnreadable));
    }

    #[test]
    fn an_entry_that_asks_for_too_much_work_is_not_computed() {
        let clinic = Clinic::new();
        let entry = PersonKey { memory_kib: u32::MAX, ..entry(&clinic, &StoreKey::new([7; 32])) };
        assert_eq!(key_by(&entry, &device(), PASSWORD), None);
    }
}
