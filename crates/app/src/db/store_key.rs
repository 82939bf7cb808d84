//! The key of a store, as it is handed about in memory. Where it is kept is [`crate::identity`]'s to know.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::audit;

/// The 256-bit key of a store. It is wiped when dropped, and can be neither printed, sent nor compared but in constant time.
///
/// ```
/// use clinic_app::db::StoreKey;
/// let key = StoreKey::new([7; 32]);
/// println!("{:?}", key.bytes());
/// println!("{}", serde_json::to_string(key.bytes()).unwrap());
/// assert!(key.fits(key.bytes()));
/// ```
/// ```compile_fail,E0277
/// use clinic_app::db::StoreKey;
/// let key = StoreKey::new([7; 32]);
/// println!("{:?}", key);
/// ```
/// ```compile_fail,E0277
/// use clinic_app::db::StoreKey;
/// let key = StoreKey::new([7; 32]);
/// println!("{}", serde_json::to_string(&key).unwrap());
/// ```
/// ```compile_fail,E0369
/// use clinic_app::db::StoreKey;
/// let key = StoreKey::new([7; 32]);
/// assert!(key == key);
/// ```
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// A key from its bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes, for wrapping it.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether it is these bytes, in constant time.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        self.0.as_slice().ct_eq(bytes).into()
    }

    /// A key for another purpose, from which this one cannot be found.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        audit::hmac(&self.0, &[purpose.as_bytes()])
    }
}
