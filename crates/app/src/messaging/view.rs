//! What the interface reads and sends about outbound mail. The password only ever goes in.

use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::{MailFault, MailStep};
use clinic_domain::messaging::server::MailServer;
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};
use specta::Type;

/// How mail leaves the clinic, and what waits to leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MailView {
    /// The server; `None` before it was set up.
    pub server: Option<MailServer>,
    /// The password that is kept; `None` without one.
    pub password: Option<PasswordKept>,
    /// What waits, what failed and what was sent.
    pub queue: MailQueue,
    /// Revision, to be sent back with a change; 0 before the first.
    pub rev: u32,
}

/// That there is a password, and nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PasswordKept {
    /// Where it is.
    pub place: PasswordPlace,
    /// When it was typed in.
    pub set: Instant,
}

/// Where a password is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PasswordPlace {
    /// In the keystore of this computer.
    Keystore,
    /// Sealed, in the encrypted store.
    Store,
}

/// The queue in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct MailQueue {
    /// Mails that wait for their first or next try.
    pub waiting: u32,
    /// When the next one is tried.
    pub next_try: Option<Instant>,
    /// Why the last one that waits does so, if it was tried.
    pub waiting_because: Option<MailFault>,
    /// Mails that the server refused for good and that are still of use.
    pub failed: u32,
    /// Why the last one failed.
    pub failed_because: Option<MailFault>,
    /// The last one that was sent.
    pub last_sent: Option<LastSent>,
}

/// The last mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct LastSent {
    /// Its template.
    pub template: String,
    /// When.
    pub when: Instant,
}

/// How mail shall leave the clinic.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct EditMail {
    /// Revision that was edited; 0 for the first.
    pub rev: u32,
    /// The server.
    pub form: MailServer,
    /// The password of the account there, up to 1,024 characters; empty keeps the one that was given for this account.
    pub password: Secret,
}

/// Asks for a test mail by what was typed, which changes nothing.
#[derive(Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct TestMail {
    /// Where to.
    pub to: String,
    /// The server.
    pub form: MailServer,
    /// The password as in [`EditMail`].
    pub password: Secret,
}

/// How far a test mail came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TestReport {
    /// When it was tried.
    pub when: Instant,
    /// Milliseconds that it took.
    pub took_ms: u32,
    /// The server's address; empty when none was found.
    pub peer: String,
    /// Where it stopped; `None` when the server took it.
    pub stop: Option<TestStop>,
}

/// Where a test mail stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TestStop {
    /// The step.
    pub step: MailStep,
    /// What went wrong there.
    pub fault: MailFault,
    /// The server's code, where it answered with one.
    pub status: Option<u16>,
    /// The server's words; empty when it said nothing.
    pub answer: String,
}
