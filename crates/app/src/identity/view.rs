//! What the interface reads and sends about the store's key, sign-in, sessions and accounts.

use clinic_domain::id::{AccountId, ActionId, DoctorId};
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::access_view::AccountLock;
use crate::clinic::view::ClinicView;
use crate::paging::Paging;

/// What the program found when it started.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StartState {
    /// There is no store yet.
    FirstRun {
        /// Where it will lie.
        folder: String,
        /// Free space there, in whole gigabytes; `None` when unknown.
        free_gb: Option<u32>,
        /// The keystore of this computer answers.
        keystore: bool,
    },
    /// The store is there and asks for its passphrase.
    NeedsPassphrase {
        /// Where it lies.
        folder: String,
    },
    /// The store is there, its key was in the keystore, and the keystore does not give it.
    KeyMissing {
        /// Where it lies.
        folder: String,
    },
    /// A newer program wrote the store; it is left untouched.
    StoreNewer {
        /// Where it lies.
        folder: String,
        /// Schema of the store.
        store: u32,
        /// Newest schema this program knows.
        program: u32,
    },
    /// The store or its folder cannot be written to.
    ReadOnly {
        /// Where it lies.
        folder: String,
    },
    /// The store cannot be read with its key, or is damaged; it is left untouched.
    Unreadable {
        /// Where it lies.
        folder: String,
    },
    /// The store is open, but no clinic has been set up in it.
    NoClinic {
        /// Where it lies.
        folder: String,
        /// Where its key is.
        place: super::recovery_view::StoreKeyPlace,
    },
    /// The store is open; somebody may sign in.
    Ready {
        /// The clock went back since the last start, by so many minutes.
        clock_back_minutes: Option<u32>,
    },
}

/// Where the key of a new store is kept.
#[derive(Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum KeyPlace {
    /// The keystore of this computer.
    Keystore,
    /// Nowhere in clear: a passphrase opens it at each start. At least 15 characters.
    Passphrase {
        /// The passphrase.
        passphrase: Secret,
    },
    /// A file beside the store, readable by this user only. Protects against other users, not against theft.
    File,
}

/// A passphrase.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Passphrase {
    /// The passphrase.
    pub passphrase: Secret,
}

/// What a person types about an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address, or empty; unique.
    pub email: String,
    /// User name, or empty; 3 to 32 letters, digits, dots, dashes; unique.
    pub user_name: String,
    /// Role.
    pub role: Role,
    /// The doctor this account belongs to; needed for a doctor's account.
    pub doctor_id: Option<DoctorId>,
}

/// Who is signed in here.
#[derive(Debug, Clone, Serialize, Type)]
#[expect(clippy::large_enum_variant, reason = "one is made for each change of session and sent at once")]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SessionState {
    /// Nobody.
    SignedOut {
        /// Name of the clinic, for the sign-in screen.
        clinic: String,
        /// The clinic sends mail: codes can be asked for.
        mail: bool,
        /// A demo store: its known accounts may be shown.
        demo_accounts: Vec<DemoAccount>,
        /// Who waits behind the lock, whoever waits longest first.
        waiting: Vec<super::access_view::WaitingPerson>,
        /// The store is closed until somebody of the staff signs in (K2): no codes, no registration.
        closed: bool,
    },
    /// Nobody yet: the password was right, and the code of the second factor is asked for.
    SecondStep {
        /// Name of the clinic.
        clinic: String,
        /// Whose code.
        name: String,
    },
    /// Somebody who chooses a password before anything else: nobody is signed in after a code from a mail, the person is
    /// where the own password has to be replaced.
    NewPassword {
        /// Name of the clinic.
        clinic: String,
        /// Whose password.
        name: String,
        /// Account number.
        public_id: String,
        /// Why.
        reason: super::reset_view::NewPasswordReason,
        /// Sessions that end with it.
        sessions: u32,
        /// Words that it must not contain.
        context: Vec<String>,
    },
    /// Somebody whose role must have a second factor, and who has none: it is set up before anything else (AU-18).
    Enrolling {
        /// Name of the clinic.
        clinic: String,
        /// Who.
        name: String,
        /// In which role.
        role: Role,
    },
    /// Somebody who has locked the desk.
    Locked {
        /// Name of the clinic.
        clinic: String,
        /// Whose account, so that a page knows whose text waits in it.
        account_id: AccountId,
        /// Who.
        name: String,
        /// Initials.
        initials: String,
        /// How many digits the PIN has that unlocks this session; none where only the password does.
        pin: Option<u8>,
        /// Who else waits behind the lock, whoever waits longest first.
        waiting: Vec<super::access_view::WaitingPerson>,
        /// The clock, for the lock screen.
        clock: crate::scheduling::view::ClinicClock,
    },
    /// Somebody.
    SignedIn {
        /// Who.
        me: Me,
        /// The clinic.
        clinic: ClinicView,
        /// From when on this person gets no further without a second factor, as long as there is none (AU-18).
        factor_due: Option<Instant>,
    },
}

/// A known account of a demo store (AD-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DemoAccount {
    /// What to type.
    pub login: String,
    /// What to type below.
    pub password: String,
    /// Whose.
    pub name: String,
    /// In which role.
    pub role: Role,
}

/// The signed-in person (AU-21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Me {
    /// Who.
    pub account_id: AccountId,
    /// Account number.
    pub public_id: String,
    /// "Given Surname".
    pub name: String,
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address, or empty.
    pub email: String,
    /// User name, or empty.
    pub user_name: String,
    /// Initials.
    pub initials: String,
    /// Role.
    pub role: Role,
    /// The own column.
    pub doctor_id: Option<DoctorId>,
    /// What this person may do, for greying out; the host decides again each time.
    pub may: Vec<clinic_domain::identity::policy::Action>,
    /// How this person wants the screen.
    pub preferences: Preferences,
}

/// How a person wants the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Colours.
    pub theme: Theme,
    /// Height of a row.
    pub density: Density,
    /// Single letters act while the schedule or a list has focus (WCAG 2.1.4 asks that this can be switched off).
    pub single_letter_keys: bool,
}

/// Colours of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the computer says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// Height of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// 36 pixels a half hour.
    Normal,
    /// 28 pixels a half hour.
    Compact,
}

/// Signs in (AU-2).
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Account number, e-mail address or user name.
    pub login: String,
    /// Password.
    pub password: Secret,
}

/// Unlocks the desk for whom it was locked.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// Password.
    pub password: Secret,
}

/// A row of the list of accounts.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AccountRow {
    /// Who.
    pub id: AccountId,
    /// Account number.
    pub public_id: String,
    /// Revision, to be sent back with a change.
    pub rev: u32,
    /// What may be edited.
    pub form: AccountForm,
    /// "Surname, Given".
    pub name: String,
    /// Device of the last sign-in.
    pub last_device: Option<String>,
    /// Last act.
    pub last_seen_at: Option<Instant>,
    /// May sign in.
    pub active: bool,
    /// What wrong passwords have led to; `None` while the next try need not wait.
    pub lock: Option<AccountLock>,
    /// Since when a second factor is asked for; `None` without one (AU-18).
    pub second_factor: Option<Instant>,
    /// When an administrator made sure who it is and that the e-mail address is theirs (AU-23).
    pub verified_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

/// Asks for a page of accounts. Sorts: `name`, `id`, `role`, `last_seen`.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListAccounts {
    /// Part of the name, id or e-mail; empty shows all.
    pub query: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only active ones, or only deactivated ones.
    pub active: Option<bool>,
    /// Which page.
    pub paging: Paging,
}

/// A page of accounts.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AccountPage {
    /// The rows.
    pub rows: Vec<AccountRow>,
    /// How many match.
    pub total: u32,
}

/// Makes an account.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// Made by the interface once per form.
    pub request_id: ActionId,
    /// The account.
    pub form: AccountForm,
    /// The first password, which the person replaces at the first sign-in; `None` has the program make one.
    pub password: Option<Secret>,
}

/// Changes an account.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditAccount {
    /// Who.
    pub id: AccountId,
    /// Revision that was edited.
    pub rev: u32,
    /// The account as it shall be.
    pub form: AccountForm,
}

/// Deactivates an account or activates it again (AU-23).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SetAccountActive {
    /// Who.
    pub id: AccountId,
    /// Revision that was seen.
    pub rev: u32,
    /// May sign in.
    pub active: bool,
}

/// What came of a change to an account.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AccountChanged {
    /// The act.
    pub action_id: ActionId,
    /// The account as it is now.
    pub account: AccountRow,
}

/// Changes the own profile (AU-21): names, e-mail and user name. The current password proves that it is oneself.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditProfile {
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address, or empty.
    pub email: String,
    /// User name, or empty.
    pub user_name: String,
    /// Current password.
    pub password: Secret,
}
