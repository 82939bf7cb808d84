//! The file `store.recovery`: the key of the store sealed by the recovery key that the clinic keeps on paper. It opens
//! the store on the day on which the keystore has lost the key or nobody knows the passphrase.

use std::path::Path;

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use clinic_domain::identity::recovery_key;
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::key;
use crate::app::Random;
use crate::db::StoreKey;
use crate::error::{Answer, AppError};

const FILE: &str = "store.recovery";
/// Keeps what is sealed here apart from anything else that is ever made from the same secret.
const CONTEXT: &[u8] = b"clinic-desk recovery key 1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    made_at: Instant,
    nonce: String,
    sealed: String,
}

/// Makes a new recovery key for a store's key, as it is printed. The one before opens nothing any more.
///
/// # Errors
/// The computer gives no randomness; [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
pub(super) fn make(random: &dyn Random, folder: &Path, store_key: &StoreKey, now: Instant) -> Answer<Secret> {
    let mut secret = Zeroizing::new([0; recovery_key::BYTES]);
    let mut nonce = [0; 24];
    random.fill(&mut *secret)?;
    random.fill(&mut nonce)?;
    let sealed = cipher(&secret)?
        .encrypt(XNonce::from_slice(&nonce), store_key.bytes().as_slice())
        .map_err(|_| AppError::StoreUnreadable)?;
    let file = Sealed { made_at: now, nonce: hex::encode(nonce), sealed: hex::encode(sealed) };
    key::write_private(folder, FILE, &serde_json::to_string_pretty(&file)?)?;
    Ok(recovery_key::write(&secret))
}

/// The recovery key opens nothing any more: the store has another key.
pub(super) fn discard(folder: &Path) {
    let _gone = std::fs::remove_file(folder.join(FILE));
}

/// Whether a recovery key was made.
pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// When the recovery key of a store was made; `None` when it has none.
///
/// # Errors
/// [`AppError::StoreUnreadable`] when the file is damaged.
pub(super) fn made_at(folder: &Path) -> Answer<Option<Instant>> {
    Ok(read(folder)?.map(|file| file.made_at))
}

/// The key of the store by the recovery key as somebody typed it.
///
/// # Errors
/// [`AppError::WrongRecoveryKey`]; [`AppError::NotFound`] when the store has none; [`AppError::StoreUnreadable`].
pub(super) fn open(folder: &Path, typed: &Secret) -> Answer<StoreKey> {
    let file = read(folder)?.ok_or(AppError::NotFound)?;
    let secret = Zeroizing::new(recovery_key::read(typed).ok_or(AppError::WrongRecoveryKey)?);
    let unreadable = |_| AppError::StoreUnreadable;
    let nonce: [u8; 24] =
        hex::decode(&file.nonce).map_err(unreadable)?.try_into().map_err(|_| AppError::StoreUnreadable)?;
    let opened = cipher(&secret)?
        .decrypt(XNonce::from_slice(&nonce), hex::decode(&file.sealed).map_err(unreadable)?.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| AppError::WrongRecoveryKey)?;
    let bytes = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| AppError::StoreUnreadable)?;
    Ok(StoreKey::new(bytes))
}

fn read(folder: &Path) -> Answer<Option<Sealed>> {
    let Some(text) = key::read_private(folder, FILE)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| AppError::StoreUnreadable)
}

/// A secret of 128 bits needs no slow hash: nobody can try them all.
fn cipher(secret: &[u8; recovery_key::BYTES]) -> Answer<XChaCha20Poly1305> {
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(secret).map_err(|fault| AppError::internal(&fault))?;
    mac.update(CONTEXT);
    let wrapping = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
    Ok(XChaCha20Poly1305::new(wrapping.as_slice().into()))
}
