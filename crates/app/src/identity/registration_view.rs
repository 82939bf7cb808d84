//! What the interface reads and sends about registrations.

use clinic_domain::id::RegistrationId;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::{MailFault, MailState};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::paging::Paging;

/// Begins to register (AU-3).
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Patient or doctor.
    pub role: Role,
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address; the code goes there.
    pub email: String,
    /// The password of the account that it may become.
    pub password: Secret,
}

/// What is answered to whoever registers, whether the address is an account's already or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RegistrationBegun {
    /// Which one.
    pub id: RegistrationId,
    /// For how many seconds the six digits are good.
    pub seconds: u32,
    /// How often they may be typed.
    pub tries: u8,
}

/// Has the code of the own registration sent again, or of a pending one.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct PendingRegistration {
    /// Which one.
    pub id: RegistrationId,
}

/// Proves the address.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRegistration {
    /// Which one.
    pub id: RegistrationId,
    /// As typed.
    pub code: Secret,
}

/// An account was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Registered {
    /// Account number.
    pub public_id: String,
    /// "Given Surname".
    pub name: String,
    /// In which role.
    pub role: Role,
    /// An administrator makes sure first who it is; until then nobody signs in to it.
    pub waits: bool,
}

/// Asks for a page of pending registrations. Sorts: `expires`, `name`, `role`.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListRegistrations {
    /// Part of the name or the address; empty shows all.
    pub query: String,
    /// Which page.
    pub paging: Paging,
}

/// A page of pending registrations.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RegistrationPage {
    /// The rows.
    pub rows: Vec<RegistrationRow>,
    /// How many match.
    pub total: u32,
}

/// A pending registration.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RegistrationRow {
    /// Which one.
    pub id: RegistrationId,
    /// "Surname, Given".
    pub name: String,
    /// As what.
    pub role: Role,
    /// The address.
    pub email: String,
    /// When it was begun.
    pub begun_at: Instant,
    /// By whom, by name; `None` for the person, where one signs in.
    pub begun_by: Option<String>,
    /// Seconds until it is removed.
    pub seconds_left: u32,
    /// Codes sent for it.
    pub codes: u32,
    /// Wrong tries at the newest one.
    pub wrong: u8,
    /// What became of the mail with the newest one.
    pub mail: MailState,
    /// Why it has not been sent, if it was tried.
    pub fault: Option<MailFault>,
    /// The address is an account's already: its owner was told, and no code opens this.
    pub known: bool,
}
