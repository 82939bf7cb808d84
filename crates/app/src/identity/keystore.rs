//! Where the key of the store is kept outside the store: the operating system's keystore.

use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::{Answer, AppError};

/// The operating system's keystore, or what stands for it in a test.
pub trait Keystore: Send + Sync {
    /// Whether it answers at all.
    fn available(&self) -> bool;

    /// The key kept under this name; `None` when there is none.
    ///
    /// # Errors
    /// [`AppError::NoKeystore`] when it does not answer.
    fn get(&self, name: &str) -> Answer<Option<Zeroizing<Vec<u8>>>>;

    /// Keeps a key under this name.
    ///
    /// # Errors
    /// [`AppError::NoKeystore`] when it does not answer.
    fn set(&self, name: &str, secret: &[u8]) -> Answer<()>;

    /// Forgets the key kept under this name, if there is one.
    ///
    /// # Errors
    /// [`AppError::NoKeystore`] when it does not answer.
    fn remove(&self, name: &str) -> Answer<()>;
}

/// Longest wait for an answer. A keystore that waits for its own password longer than that counts as closed.
const PATIENCE: Duration = Duration::from_secs(2);
/// What a trial entry holds.
const PROBE: &[u8] = b"Clinic Desk looks whether a key can be kept here";
/// The name under which the keystore files our entries.
#[cfg(target_os = "linux")]
const SERVICE: &str = "Clinic Desk";

/// The Secret Service on Linux. Other systems have none here yet, so that a passphrase is asked for there.
#[derive(Debug, Default)]
pub struct OsKeystore;

impl Keystore for OsKeystore {
    fn available(&self) -> bool {
        // Only an entry that was written and comes back proves that the keystore is there, set up and unlocked.
        patiently(PATIENCE, || {
            let probe = entry("probe")?;
            let kept = probe.set_secret(PROBE).and_then(|()| probe.get_secret()).map_err(|f| closed(&f))?;
            probe.delete_credential().map_err(|fault| closed(&fault))?;
            Ok(kept == PROBE)
        })
        .unwrap_or(false)
    }

    fn get(&self, name: &str) -> Answer<Option<Zeroizing<Vec<u8>>>> {
        let name = name.to_owned();
        patiently(PATIENCE, move || match entry(&name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(fault) => Err(closed(&fault)),
        })
    }

    fn set(&self, name: &str, secret: &[u8]) -> Answer<()> {
        let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
        patiently(PATIENCE, move || entry(&name)?.set_secret(&secret).map_err(|fault| closed(&fault)))
    }

    fn remove(&self, name: &str) -> Answer<()> {
        let name = name.to_owned();
        patiently(PATIENCE, move || match entry(&name)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(fault) => Err(closed(&fault)),
        })
    }
}

/// Asks on another thread, so that a keystore that hangs cannot hang the program.
fn patiently<T: Send + 'static>(
    patience: Duration,
    ask: impl FnOnce() -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let (answer, wait) = mpsc::channel();
    std::thread::spawn(move || answer.send(ask()));
    wait.recv_timeout(patience).unwrap_or(Err(AppError::NoKeystore))
}

#[cfg(target_os = "linux")]
fn entry(name: &str) -> Answer<keyring_core::Entry> {
    use keyring_core::api::CredentialStoreApi;
    let store = zbus_secret_service_keyring_store::Store::new().map_err(|fault| closed(&fault))?;
    store.build(SERVICE, name, None).map_err(|fault| closed(&fault))
}

#[cfg(not(target_os = "linux"))]
fn entry(_: &str) -> Answer<keyring_core::Entry> {
    Err(AppError::NoKeystore)
}

fn closed(fault: &keyring_core::Error) -> AppError {
    tracing::warn!(%fault, "the keystore does not answer");
    AppError::NoKeystore
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keystore_that_never_answers_counts_as_closed() {
        let (never, wait) = mpsc::channel::<()>();
        let asked = patiently(Duration::from_millis(20), move || {
            let _ = wait.recv();
            Ok(())
        });
        assert_eq!(asked, Err(AppError::NoKeystore));
        drop(never);
    }

    #[test]
    fn a_keystore_that_fails_in_the_middle_counts_as_closed() {
        let asked = patiently(PATIENCE, || -> Answer<()> { panic!("a planted fault") });
        assert_eq!(asked, Err(AppError::NoKeystore));
    }
}
