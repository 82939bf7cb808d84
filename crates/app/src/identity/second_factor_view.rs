//! What the interface reads and sends about the second factor.

use clinic_domain::id::AccountId;
use clinic_domain::identity::secret::{Disclosed, Secret};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The own second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct SecondFactorState {
    /// Since when it is asked for; `None` when it is not.
    pub since: Option<Instant>,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
    /// The role must have one: it cannot be turned off (AU-18).
    pub demanded: bool,
    /// The clinic does not demand one of the role, and it is recommended all the same.
    pub recommended: bool,
}

/// Renews the recovery codes of the own second factor, or takes it away.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ProvenByPassword {
    /// The own password, again.
    pub password: Secret,
}

/// What an authenticator app needs, shown once.
#[derive(Serialize, Type)]
pub struct SecondFactorOffer {
    /// The secret in groups, for an app without a camera.
    pub key: Disclosed,
    /// Name under which the app will show it.
    pub label: String,
    /// The picture: an SVG path of dark modules, one unit each.
    pub picture: Disclosed,
    /// Modules along one side of the picture.
    pub side: u32,
}

/// Six digits of the app, or a recovery code.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct FactorCode {
    /// As typed.
    pub code: Secret,
}

/// New recovery codes, shown once. The ones before are good no more.
#[derive(Serialize, Type)]
pub struct RecoveryCodes {
    /// Each good once.
    pub codes: Vec<Disclosed>,
}

/// Takes away the second factor of somebody who has lost it.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ResetSecondFactor {
    /// Whose.
    pub id: AccountId,
}

/// Why a code is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    /// It is another one.
    Wrong,
    /// It was accepted before; the app shows the next one in half a minute.
    Used,
    /// It is the code of a minute or so ago or ahead: the clock of the phone or of this computer is wrong.
    ClockIsWrong,
}
