//! The password of the mail account: in the keystore of this computer or, where there is none, sealed in the store
//! (XChaCha20-Poly1305 under a key derived from the store's). It goes in and to the server, and nowhere else.
//!
//! The store is encrypted anyway. Sealing is for what leaves it in clear by a slip: an export, a row in a report.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use clinic_domain::identity::secret::Secret;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::view::PasswordPlace;
use crate::app::App;
use crate::db::Store;
use crate::error::{Answer, AppError};

/// Bytes of the nonce that a sealed password begins with.
const NONCE: usize = 24;

/// A password on its way into the store.
pub(super) enum Kept {
    /// The keystore has it.
    Keystore,
    /// Sealed, for the store.
    Sealed(Vec<u8>),
}

/// Gives a password to the keystore, or seals it where there is none. Outside of a transaction, since a keystore may be
/// slow.
///
/// # Errors
/// The computer gives no randomness.
pub(super) fn keep(app: &App, settings: Uuid, password: &Secret) -> Answer<Kept> {
    let keystore = &app.parts.keystore;
    let kept = keystore
        .set(&entry(settings), password.expose().as_bytes())
        .and_then(|()| keystore.get(&entry(settings)));
    match kept {
        Ok(Some(back)) if password.fits(&back) => Ok(Kept::Keystore),
        _ => {
            let mut nonce = [0; NONCE];
            app.parts.random.fill(&mut nonce)?;
            seal(&*app.store()?, settings, nonce, password).map(Kept::Sealed)
        }
    }
}

/// Writes down where the password is, in the transaction that changes the settings; `None` forgets it.
///
/// # Errors
/// Faults of the store.
pub(super) fn write(conn: &Connection, kept: Option<&Kept>) -> Answer<()> {
    conn.prepare_cached("DELETE FROM mail_password")?.execute([])?;
    let Some(kept) = kept else { return Ok(()) };
    let sealed = match kept {
        Kept::Keystore => None,
        Kept::Sealed(bytes) => Some(bytes),
    };
    conn.prepare_cached("INSERT INTO mail_password (only, sealed) VALUES (1, ?1)")?
        .execute(params![sealed])?;
    Ok(())
}

/// Where the password is; `None` without one.
///
/// # Errors
/// Faults of the store.
pub(super) fn place(conn: &Connection) -> Answer<Option<PasswordPlace>> {
    Ok(row(conn)?.map(|sealed| if sealed.is_some() { PasswordPlace::Store } else { PasswordPlace::Keystore }))
}

/// The password; `None` without one.
///
/// # Errors
/// [`AppError::NoKeystore`] when the keystore does not give it out, or has none; [`AppError::StoreUnreadable`] when what
/// was sealed does not open; faults of the store.
pub(super) fn read(app: &App, settings: Uuid) -> Answer<Option<Secret>> {
    let store = app.store()?;
    let bytes = match store.read(row)? {
        None => return Ok(None),
        Some(Some(sealed)) => unseal(&store, settings, &sealed)?,
        Some(None) => app.parts.keystore.get(&entry(settings))?.ok_or(AppError::NoKeystore)?,
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| AppError::StoreUnreadable)?;
    Ok(Some(text.into()))
}

/// Makes the keystore forget a password that is no longer used, as far as it can: it has no way to remove an entry.
pub(super) fn forget(app: &App, settings: Uuid) {
    if let Err(fault) = app.parts.keystore.set(&entry(settings), b"-") {
        tracing::warn!(%fault, "the keystore still holds a mail password that is no longer used");
    }
}

fn row(conn: &Connection) -> Answer<Option<Option<Vec<u8>>>> {
    let mut load = conn.prepare_cached("SELECT sealed FROM mail_password")?;
    Ok(load.query_row([], |row| row.get(0)).optional()?)
}

fn entry(settings: Uuid) -> String {
    format!("mail {settings}")
}

fn cipher(store: &Store) -> XChaCha20Poly1305 {
    let key = Zeroizing::new(store.derive("clinic desk mail password 1"));
    XChaCha20Poly1305::new(key.as_slice().into())
}

fn seal(store: &Store, settings: Uuid, nonce: [u8; NONCE], password: &Secret) -> Answer<Vec<u8>> {
    let payload = Payload { msg: password.expose().as_bytes(), aad: settings.as_bytes() };
    let sealed = cipher(store).encrypt(XNonce::from_slice(&nonce), payload);
    Ok([&nonce[..], &sealed.map_err(|_| AppError::WrongState)?].concat())
}

fn unseal(store: &Store, settings: Uuid, sealed: &[u8]) -> Answer<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(AppError::StoreUnreadable)?;
    let payload = Payload { msg: sealed, aad: settings.as_bytes() };
    let opened = cipher(store).decrypt(XNonce::from_slice(nonce), payload);
    opened.map(Zeroizing::new).map_err(|_| AppError::StoreUnreadable)
}
