//! What the interface reads and sends about sessions, devices, wrong passwords and notices.

use clinic_domain::id::{AccountId, DeviceId, SessionId};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A session of a person (AU-12).
#[derive(Debug, Clone, Serialize, Type)]
pub struct SessionRow {
    /// Which one.
    pub id: SessionId,
    /// On which device.
    pub device_id: Option<DeviceId>,
    /// By name.
    pub device: String,
    /// Its operating system: `linux`, `macos`, `windows`; empty when unknown.
    pub platform: String,
    /// Since when.
    pub started_at: Instant,
    /// Last act.
    pub last_active_at: Instant,
    /// Until when at most.
    pub expires_at: Instant,
    /// This one.
    pub current: bool,
}

/// Ends a session.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EndSession {
    /// Which one; `None` ends all others of this person.
    pub id: Option<SessionId>,
}

/// Opens an account that wrong passwords have locked.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct UnlockAccount {
    /// Whose.
    pub id: AccountId,
}

/// What wrong passwords for an account have led to (AU-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AccountLock {
    /// Wrong passwords in a row in the place where the wait is longest.
    pub failures: u32,
    /// The device where they were typed; `None` for all devices that do not know the person.
    pub device: Option<String>,
    /// What follows from them.
    pub state: LockState,
}

/// What follows from wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LockState {
    /// There, the next try waits.
    Waits {
        /// Until then.
        until: Instant,
    },
    /// Closed for devices that do not know the person, until an administrator opens it again.
    ClosedOutside,
    /// Closed everywhere, until an administrator opens it again.
    Closed,
}
