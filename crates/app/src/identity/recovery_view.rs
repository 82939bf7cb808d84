//! What the interface reads and sends about the recovery key.

use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::{Disclosed, Secret};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Whether the store has a recovery key, and where its own key is.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RecoveryKeyState {
    /// When it was made; `None` when there is none yet.
    pub made_at: Option<Instant>,
    /// Where the key of the store is, or the secret of the computer where the staff opens it.
    pub place: StoreKeyPlace,
    /// Who opens the store.
    pub protection: Protection,
    /// Everybody who works here, and whether they can open it; empty where the computer does.
    pub openers: Vec<Opener>,
}

/// Where the key of the store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StoreKeyPlace {
    /// In the keystore of the operating system.
    Keystore,
    /// In a file, sealed by a passphrase.
    Passphrase,
    /// In a file, open.
    File,
}

/// Who opens the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// This computer, whoever is there.
    Computer,
    /// The staff alone: a person's password and this computer together (K2).
    Staff,
}

/// Somebody of the staff, and whether they can open the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Opener {
    /// "Surname, Given".
    pub name: String,
    /// In which role.
    pub role: Role,
    /// Whether they can; who cannot yet signs in once while the store is open.
    pub opens: bool,
}

/// Asks for a new key of the store (K4), and says who opens it.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ChangeStoreKey {
    /// Who opens the store from then on.
    pub protection: Protection,
    /// The password of whoever asks, again.
    pub password: Secret,
    /// The passphrase that seals the key now, and will seal the new one; empty where none does.
    pub passphrase: Secret,
}

/// Asks for a new recovery key.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct MakeRecoveryKey {
    /// The password of whoever asks, again: who finds an open desk shall not take the key of the store along.
    pub password: Secret,
}

/// A new recovery key, shown once.
#[derive(Serialize, Type)]
pub struct NewRecoveryKey {
    /// Seven groups of four letters.
    pub recovery_key: Disclosed,
}

/// The recovery key as somebody typed it.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RecoverStore {
    /// Case, spaces and hyphens do not matter.
    pub recovery_key: Secret,
}
