//! The four roles of AU-19 and the person behind an act.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::id::{AccountId, DoctorId};

/// What a person is to the clinic. Order and names are those of AU-19.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps accounts, settings and the audit log.
    Admin,
    /// Books, moves and checks in all day.
    FrontDesk,
    /// Sees the own schedule by default.
    Doctor,
    /// Has no desk of their own yet: may sign in nowhere but at their own record.
    Patient,
}

impl Role {
    /// Every role, for tables and tests.
    pub const ALL: [Role; 4] = [Role::Admin, Role::FrontDesk, Role::Doctor, Role::Patient];

    /// The three letters before an account number (AU-1).
    pub const fn prefix(self) -> &'static str {
        match self {
            Role::Admin => "ADM",
            Role::FrontDesk => "STF",
            Role::Doctor => "DOC",
            Role::Patient => "PAT",
        }
    }
}

/// The part of a signed-in person that rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Whose act it is.
    pub account: AccountId,
    /// In which role.
    pub role: Role,
    /// The doctor this account belongs to, if it is a doctor's.
    pub doctor: Option<DoctorId>,
}
