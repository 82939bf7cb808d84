//! What the interface reads and sends about the security policy.

use clinic_domain::identity::role::Role;
use clinic_domain::identity::security_policy::SecurityPolicy;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The policy that holds, and whom its second factor concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SecurityPolicyView {
    /// Revision, to be sent back with a change; 0 while nothing was decided.
    pub rev: u32,
    /// The policy.
    pub policy: SecurityPolicy,
    /// Administrators, doctors, front desk: who has a second factor.
    pub factors: Vec<RoleFactors>,
}

/// The second factors of one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RoleFactors {
    /// Role.
    pub role: Role,
    /// Active accounts.
    pub people: u32,
    /// How many of them have a second factor.
    pub have: u32,
    /// Who has none, "Surname, I.", up to twenty.
    pub without: Vec<String>,
}

/// Changes the security policy. Every part is replaced as it stands here.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditSecurityPolicy {
    /// Revision that was edited.
    pub rev: u32,
    /// The policy as it shall be.
    pub form: SecurityPolicy,
}
