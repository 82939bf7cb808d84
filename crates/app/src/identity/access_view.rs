//! What the interface reads and sends about sessions, devices, wrong passwords and notices.

use clinic_domain::id::{AccountId, ActionId, DeviceId, NoticeId, SessionId};
use clinic_domain::identity::secret::{Disclosed, Secret};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::notice::NoticeKind;
use super::view::AccountRow;

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

/// Asks how strong a password is.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct CheckPassword {
    /// The password as typed so far.
    pub password: Secret,
    /// Words it must not contain: the person's and the clinic's names.
    pub context: Vec<String>,
    /// It is for whoever is here or chooses another one; else for an account that somebody makes.
    pub own: bool,
}

/// How strong a password is. Advice and rules apart (SP 800-63B-4: length and a list of common ones).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PasswordReport {
    /// Characters typed.
    pub length: u32,
    /// Least length.
    pub least: u32,
    /// On the list of common passwords.
    pub common: bool,
    /// Contains a word of the context.
    pub context: bool,
    /// Lacks one of the kinds of characters that the clinic asks for: a small and a capital letter, a digit, another one.
    pub composition: bool,
    /// Advice from 0 (weak) to 4 (strong).
    pub score: u8,
    /// May be used.
    pub acceptable: bool,
}

/// What came of a new account.
#[derive(Serialize, Type)]
pub struct AccountCreated {
    /// The act.
    pub action_id: ActionId,
    /// The account as it stands now.
    pub account: AccountRow,
    /// The first password, where the program made it: this once.
    pub first_password: Option<Disclosed>,
}

/// Changes the own password (AU-7).
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The current one.
    pub current: Secret,
    /// The new one.
    pub password: Secret,
    /// Ends every other session of this person.
    pub end_others: bool,
}

/// What came of a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct PasswordChanged {
    /// Other sessions that ended.
    pub ended: u32,
}

/// Proves once more who is at the desk.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Reauthenticate {
    /// The own password.
    pub password: Secret,
}

/// The PIN of the own session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct PinState {
    /// There is one that unlocks.
    pub set: bool,
}

/// Gives the own session a PIN.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SetPin {
    /// Four to eight digits; `None` takes the PIN away.
    pub pin: Option<Secret>,
}

/// Unlocks the desk with the PIN of its session.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct UnlockWithPin {
    /// As typed.
    pub pin: Secret,
}

/// A device that knows a person (AU-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DeviceRow {
    /// Which one.
    pub id: DeviceId,
    /// By name.
    pub name: String,
    /// Its operating system: `linux`, `macos`, `windows`.
    pub platform: String,
    /// Twelve digits that tell it from another of the same name.
    pub fingerprint: String,
    /// Since when it knows the person.
    pub since: Instant,
    /// The person's last act there.
    pub last_seen_at: Option<Instant>,
    /// This one.
    pub current: bool,
}

/// Forgets one of the own devices.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ForgetDevice {
    /// Which one.
    pub id: DeviceId,
}

/// What an account is open on.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AccountAccess {
    /// Live sessions, the latest first.
    pub sessions: Vec<SessionRow>,
    /// Devices that know the person, the one used last first.
    pub devices: Vec<DeviceRow>,
}

/// Ends a session of somebody else.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EndAccountSession {
    /// Whose.
    pub account_id: AccountId,
    /// Which one; `None` ends all of them.
    pub session_id: Option<SessionId>,
}

/// Forgets a device of somebody else.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ForgetAccountDevice {
    /// Whose.
    pub account_id: AccountId,
    /// Which one.
    pub device_id: DeviceId,
}

/// A device from which anybody signed in.
#[derive(Debug, Clone, Serialize, Type)]
pub struct KnownDevice {
    /// Which one.
    pub id: DeviceId,
    /// By name.
    pub name: String,
    /// Its operating system: `linux`, `macos`, `windows`.
    pub platform: String,
    /// Twelve digits that tell it from another of the same name.
    pub fingerprint: String,
    /// First sign-in.
    pub first_seen_at: Instant,
    /// Last sign-in.
    pub last_seen_at: Instant,
    /// Whom it knows, by name.
    pub people: Vec<String>,
    /// Live sessions on it.
    pub sessions: u32,
    /// This one.
    pub current: bool,
}

/// Shuts a device out of every account.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RevokeDevice {
    /// Which one.
    pub id: DeviceId,
}

/// Deletes an account to which nobody ever signed in (AD-4).
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DeleteAccount {
    /// Which.
    pub id: AccountId,
    /// Revision that was seen.
    pub rev: u32,
}

/// Marks that an administrator made sure who somebody is, or takes that back (AU-23).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct VerifyAccount {
    /// Who.
    pub id: AccountId,
    /// Revision that was seen.
    pub rev: u32,
    /// It is sure.
    pub verified: bool,
}

/// Something that this person has not read yet (AU-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NoticeRow {
    /// Which one.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// When that was.
    pub at: Instant,
    /// On which device.
    pub device: String,
    /// Whom it is about; `None` for a name that is no account's, for everybody, and for the reader.
    pub about: Option<NoticeAbout>,
}

/// Whom a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct NoticeAbout {
    /// Who.
    pub id: AccountId,
    /// "Given Surname".
    pub name: String,
}

/// Somebody has read a notice.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DismissNotice {
    /// Which one.
    pub id: NoticeId,
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

/// Somebody whose session waits behind the lock of this desk (AU-22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct WaitingPerson {
    /// Which session.
    pub session_id: SessionId,
    /// Whose.
    pub name: String,
    /// Initials.
    pub initials: String,
}

/// Brings somebody to the desk who waits behind its lock.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SwitchUser {
    /// Whom; `None` for whoever waits longest.
    pub session_id: Option<SessionId>,
}
