//! Where the key of the store is kept outside the store.

use crate::error::Answer;

/// The operating system's keystore, or what stands for it in a test.
pub trait Keystore: Send + Sync {
    /// Whether it answers at all.
    fn available(&self) -> bool;

    /// The key kept under this name; `None` when there is none.
    ///
    /// # Errors
    /// [`crate::AppError::NoKeystore`] when it does not answer.
    fn get(&self, name: &str) -> Answer<Option<zeroize::Zeroizing<Vec<u8>>>>;

    /// Keeps a key under this name.
    ///
    /// # Errors
    /// [`crate::AppError::NoKeystore`] when it does not answer.
    fn set(&self, name: &str, secret: &[u8]) -> Answer<()>;
}
