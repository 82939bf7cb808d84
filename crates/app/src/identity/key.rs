//! The key of the store: made once, kept in one of three places, never made anew over a store that exists.
//!
//! The file `store.key` beside the store says which place it is. It holds the key itself only where a person chose that
//! in so many words; with a passphrase it holds the key sealed by it (Argon2id, RFC 9106; XChaCha20-Poly1305). Where the
//! store opens for its staff alone, the place holds a secret of the computer instead, and the file an entry for each
//! person (K2).

use clinic_domain::identity::secret::Secret;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::hashing::{self, Cost};
use super::keystore::Keystore;
use super::person_key::PersonKey;
use super::recovery_view::StoreKeyPlace;
use crate::app::Random;
use crate::db::StoreKey;
use crate::error::{Answer, AppError};

/// Name of the file that says where the key is.
pub(super) const FILE: &str = "store.key";
/// Name of the file that says where the key will be, while the store gets another one.
const NEXT: &str = "store.key.next";
/// Work of opening a sealed key: about an eighth of a second of an office computer.
const COST: Cost = Cost::STANDARD;

/// Where a key is, as `store.key` holds it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Kept {
    /// In the keystore, under this name.
    Keystore {
        /// Name of the entry.
        entry: String,
    },
    /// Here, sealed by a passphrase.
    Passphrase {
        /// Argon2id memory.
        memory_kib: u32,
        /// Argon2id passes.
        passes: u32,
        /// Salt in hex.
        salt: String,
        /// Nonce in hex.
        nonce: String,
        /// Sealed key in hex.
        sealed: String,
    },
    /// Here, open to whoever can read the file.
    File {
        /// Key in hex.
        key: String,
    },
    /// Here, sealed for each person by the own password together with a secret of this computer (K2).
    Staff {
        /// Version of this entry; another one is a newer program's.
        version: u8,
        /// Where the secret of the computer is.
        secret: Box<Kept>,
        /// Who opens the store. Two entries for one person are there only while a password changes.
        people: Vec<PersonKey>,
    },
}

/// The version of [`Kept::Staff`] that is written and read.
const STAFF: u8 = 1;

impl Kept {
    /// For its staff alone.
    pub(super) fn staff(secret: Kept, people: Vec<PersonKey>) -> Self {
        Self::Staff { version: STAFF, secret: Box::new(secret), people }
    }

    /// The name under which the keystore has something for it.
    pub(super) fn entry(&self) -> Option<&str> {
        match self {
            Self::Keystore { entry } => Some(entry),
            Self::Staff { secret, .. } => secret.entry(),
            Self::Passphrase { .. } | Self::File { .. } => None,
        }
    }

    /// The place, without what is in it.
    pub(super) fn place(&self) -> StoreKeyPlace {
        match self {
            Self::Staff { secret, .. } => secret.place(),
            Self::Keystore { .. } => StoreKeyPlace::Keystore,
            Self::Passphrase { .. } => StoreKeyPlace::Passphrase,
            Self::File { .. } => StoreKeyPlace::File,
        }
    }
}

/// What the folder says about its key; `None` when there is no key file.
///
/// # Errors
/// [`AppError::StoreUnreadable`] when the file is damaged or others can read it.
pub(super) fn kept(folder: &Path) -> Answer<Option<Kept>> {
    read(folder, FILE)
}

/// What the folder says about the key that a change of the key was to give the store; `None` when none was interrupted.
///
/// # Errors
/// [`AppError::StoreUnreadable`] when the file is damaged or others can read it.
pub(super) fn next(folder: &Path) -> Answer<Option<Kept>> {
    read(folder, NEXT)
}

fn read(folder: &Path, name: &str) -> Answer<Option<Kept>> {
    let Some(text) = read_private(folder, name)? else { return Ok(None) };
    let kept: Kept = serde_json::from_str(&text).map_err(|_| AppError::StoreUnreadable)?;
    match &kept {
        Kept::Staff { version, secret, .. }
            if *version != STAFF || matches!(**secret, Kept::Staff { .. }) =>
        {
            Err(AppError::StoreUnreadable)
        }
        _ => Ok(Some(kept)),
    }
}

/// A file that only this user can read; `None` when there is none.
///
/// # Errors
/// [`AppError::StoreUnreadable`] when others can read it or nobody can.
pub(super) fn read_private(folder: &Path, name: &str) -> Answer<Option<Zeroizing<String>>> {
    let path = folder.join(name);
    if !path.exists() {
        return Ok(None);
    }
    if !private(&path) {
        tracing::error!(name, "a key file can be read by others");
        return Err(AppError::StoreUnreadable);
    }
    let text = std::fs::read_to_string(&path).map_err(|_| AppError::StoreUnreadable)?;
    Ok(Some(Zeroizing::new(text)))
}

/// A new random key.
///
/// # Errors
/// The computer gives no randomness.
pub(super) fn make(random: &dyn Random) -> Answer<StoreKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(&mut *bytes)?;
    Ok(StoreKey::new(*bytes))
}

/// Keeps a key in the keystore.
///
/// # Errors
/// [`AppError::NoKeystore`], also when it does not give back what it was given.
pub(super) fn keep_in_keystore(keystore: &dyn Keystore, entry: String, key: &StoreKey) -> Answer<Kept> {
    keystore.set(&entry, key.bytes())?;
    let back = keystore.get(&entry)?.ok_or(AppError::NoKeystore)?;
    if key.fits(&back) { Ok(Kept::Keystore { entry }) } else { Err(AppError::NoKeystore) }
}

/// The key that the keystore holds; `None` when it has none.
///
/// # Errors
/// [`AppError::NoKeystore`]; [`AppError::StoreUnreadable`] when what it holds is no key.
pub(super) fn from_keystore(keystore: &dyn Keystore, entry: &str) -> Answer<Option<StoreKey>> {
    let Some(secret) = keystore.get(entry)? else { return Ok(None) };
    let bytes = <[u8; 32]>::try_from(secret.as_slice()).map_err(|_| AppError::StoreUnreadable)?;
    Ok(Some(StoreKey::new(bytes)))
}

/// A key that lies open in its file.
///
/// # Errors
/// [`AppError::StoreUnreadable`] when it is none.
pub(super) fn from_hex(key: &str) -> Answer<StoreKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(key, &mut *bytes).map_err(|_| AppError::StoreUnreadable)?;
    Ok(StoreKey::new(*bytes))
}

/// Seals a key by a passphrase.
///
/// # Errors
/// The computer gives no randomness or too little memory.
pub(super) fn seal(random: &dyn Random, key: &StoreKey, passphrase: &Secret) -> Answer<Kept> {
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    random.fill(&mut salt)?;
    random.fill(&mut nonce)?;
    let cipher = cipher(passphrase, &salt, COST)?;
    let sealed = cipher
        .encrypt(XNonce::from_slice(&nonce), key.bytes().as_slice())
        .map_err(|_| AppError::StoreUnreadable)?;
    Ok(Kept::Passphrase {
        memory_kib: COST.memory_kib,
        passes: COST.passes,
        salt: hex::encode(salt),
        nonce: hex::encode(nonce),
        sealed: hex::encode(sealed),
    })
}

/// Opens a sealed key.
///
/// # Errors
/// [`AppError::WrongPassphrase`]; [`AppError::StoreUnreadable`] when the file is damaged, asks for more work than a desk can
/// be made to wait for, or the key is not sealed.
pub(super) fn unseal(kept: &Kept, passphrase: &Secret) -> Answer<StoreKey> {
    let &Kept::Passphrase { memory_kib, passes, ref salt, ref nonce, ref sealed } = kept else {
        return Err(AppError::StoreUnreadable);
    };
    let damaged = |_| AppError::StoreUnreadable;
    let salt = hex::decode(salt).map_err(damaged)?;
    let nonce =
        <[u8; 24]>::try_from(hex::decode(nonce).map_err(damaged)?).map_err(|_| AppError::StoreUnreadable)?;
    let sealed = hex::decode(sealed).map_err(damaged)?;
    let opened = cipher(passphrase, &salt, Cost { memory_kib, passes })?
        .decrypt(XNonce::from_slice(&nonce), sealed.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| AppError::WrongPassphrase)?;
    let bytes = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| AppError::StoreUnreadable)?;
    Ok(StoreKey::new(bytes))
}

fn cipher(passphrase: &Secret, salt: &[u8], cost: Cost) -> Answer<XChaCha20Poly1305> {
    let wrapping = hashing::derive_key(cost, passphrase, salt)?;
    Ok(XChaCha20Poly1305::new(wrapping.as_slice().into()))
}

/// Writes `store.key`, which must not be there yet.
///
/// # Errors
/// [`AppError::WrongState`] when there is one; [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
pub(super) fn write(folder: &Path, kept: &Kept) -> Answer<()> {
    if folder.join(FILE).exists() {
        return Err(AppError::WrongState);
    }
    write_private(folder, FILE, &Zeroizing::new(serde_json::to_string_pretty(kept)?))
}

/// Writes `store.key` in the place of the one that is there: for other people, or another secret of the computer.
///
/// # Errors
/// [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
pub(super) fn write_over(folder: &Path, kept: &Kept) -> Answer<()> {
    write_private(folder, FILE, &Zeroizing::new(serde_json::to_string_pretty(kept)?))
}

/// Lays a damaged `store.key` aside: what it held may still be read by somebody who knows how.
///
/// # Errors
/// Faults of the disk.
pub(super) fn lay_aside(folder: &Path) -> Answer<()> {
    std::fs::rename(folder.join(FILE), folder.join(format!("{FILE}.damaged")))
        .map_err(|fault| AppError::internal(&fault))
}

/// Writes where the next key of the store will be.
///
/// # Errors
/// [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
pub(super) fn write_next(folder: &Path, kept: &Kept) -> Answer<()> {
    write_private(folder, NEXT, &Zeroizing::new(serde_json::to_string_pretty(kept)?))
}

/// The next key is the key.
///
/// # Errors
/// Faults of the disk.
pub(super) fn promote_next(folder: &Path) -> Answer<()> {
    std::fs::rename(folder.join(NEXT), folder.join(FILE))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|fault| AppError::internal(&fault))
}

/// The next key never came into use.
pub(super) fn discard_next(folder: &Path) {
    let _gone = std::fs::remove_file(folder.join(NEXT));
}

/// Writes a file: whole, on the disk, readable by this user only. One that was there is replaced.
///
/// # Errors
/// [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
pub(super) fn write_private(folder: &Path, name: &str, text: &str) -> Answer<()> {
    let part = folder.join(format!("{name}.part"));
    let written = (|| {
        // What an interrupted start left behind was never in use.
        if part.exists() {
            std::fs::remove_file(&part)?;
        }
        let mut file = create_private(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&part, folder.join(name))?;
        File::open(folder)?.sync_all()
    })();
    written.map_err(|fault: std::io::Error| match fault.kind() {
        std::io::ErrorKind::StorageFull => AppError::StoreFull,
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            AppError::StoreReadOnly
        }
        _ => AppError::internal(&fault),
    })
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 == 0)
}

/// On other systems the folder of the user's own data is private by its place.
#[cfg(not(unix))]
fn private(_: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
            bytes.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
            Ok(())
        }
    }

    #[test]
    fn a_sealed_key_opens_with_its_passphrase_and_with_no_other() {
        let key = make(&Counting).unwrap();
        let kept = seal(&Counting, &key, &"a red tram crosses the bridge".into()).unwrap();
        assert_eq!(unseal(&kept, &"a red tram crosses the bridge".into()).unwrap().bytes(), key.bytes());
        assert_eq!(
            unseal(&kept, &"a red tram crosses the river".into()).err(),
            Some(AppError::WrongPassphrase)
        );
        let text = serde_json::to_string(&kept).unwrap();
        assert!(!text.contains(&hex::encode(key.bytes())), "the key is not in the file");
    }

    #[test]
    fn a_key_file_asks_for_no_work_that_stops_the_desk() {
        let key = make(&Counting).unwrap();
        let kept = seal(&Counting, &key, &"a red tram crosses the bridge".into()).unwrap();
        for (memory_kib, passes) in
            [(u32::MAX, 3), (1 << 20, 1), (64 * 1024, u32::MAX), (64 * 1024, 0), (0, 3)]
        {
            let Kept::Passphrase { salt, nonce, sealed, .. } = kept.clone() else { panic!("not sealed") };
            let said = Kept::Passphrase { memory_kib, passes, salt, nonce, sealed };
            let opened = unseal(&said, &"a red tram crosses the bridge".into());
            assert_eq!(opened.err(), Some(AppError::StoreUnreadable), "{memory_kib} KiB, {passes} passes");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &Kept::File { key: hex::encode([7; 32]) }).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(kept(folder.path()), Ok(Some(Kept::File { .. }))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(kept(folder.path()).err(), Some(AppError::StoreUnreadable));
    }

    #[test]
    fn a_key_file_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &Kept::File { key: hex::encode([7; 32]) }).unwrap();
        let again = write(folder.path(), &Kept::File { key: hex::encode([8; 32]) });
        assert_eq!(again.err(), Some(AppError::WrongState));
    }
}
