//! What the interface reads and sends about a forgotten password.

use clinic_domain::id::{AccountId, CodeId};
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Asks for a way to a new password (AU-5, AU-6).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AskReset {
    /// Account number, e-mail address or user name.
    pub login: String,
}

/// What is answered to whoever asks for a code, whether anything was sent or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CodeAsked {
    /// The flow: the six digits count with it alone.
    pub id: CodeId,
    /// For how many seconds the six digits are good.
    pub seconds: u32,
    /// How often they may be typed.
    pub tries: u8,
}

/// Proves that one got the mail.
#[derive(Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProveReset {
    /// With the six digits.
    Code {
        /// The flow that asked for them.
        id: CodeId,
        /// As typed.
        code: Secret,
    },
    /// With the long code, wherever it was asked for.
    Link {
        /// As pasted.
        link: Secret,
    },
}

/// Chooses another password, after the proof.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The new one.
    pub password: Secret,
}

/// Why a password is chosen before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NewPasswordReason {
    /// The old one is forgotten.
    Forgotten,
    /// The present one was given by somebody else (ASVS 6.4.1).
    Temporary,
    /// The second factor is gone, and the present one is too short without.
    TooShort,
}

/// Has a long code sent to somebody (ASVS 6.4.6: an administrator begins it and never chooses the password).
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SendReset {
    /// To whom.
    pub id: AccountId,
}

/// A long code is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ResetSent {
    /// Where to.
    pub email: String,
    /// Until when it is good.
    pub until: Instant,
}

/// Why a code from a mail is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MailCodeProblem {
    /// It is another one.
    Wrong,
    /// Its time is over, or it was never sent.
    Expired,
    /// Five wrong ones were typed: another one has to be sent.
    TriedTooOften,
    /// It was used, or another way was.
    Used,
}
