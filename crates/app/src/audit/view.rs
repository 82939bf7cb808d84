//! What the interface reads and sends about the audit log.

use clinic_domain::id::{AccountId, ActionId, PatientId};
use clinic_domain::time::{Instant, NaiveDate};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Every act that is written down (AD-6). The names are part of the stored log: add, never rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The clinic was set up.
    SetUpClinic,
    /// The settings of the clinic were changed.
    EditClinic,
    /// What the clinic decided about security was changed.
    EditSecurityPolicy,
    /// How mail leaves the clinic was changed.
    EditMail,
    /// Somebody signed in.
    SignIn,
    /// A sign-in failed.
    SignInFailed,
    /// Somebody signed out.
    SignOut,
    /// The desk was locked.
    Lock,
    /// The desk was unlocked.
    Unlock,
    /// The desk was unlocked with the PIN of the session.
    UnlockWithPin,
    /// Somebody gave the own session a PIN.
    SetPin,
    /// Somebody took the PIN of the own session away.
    RemovePin,
    /// The last try of a PIN was wrong: only the password unlocks.
    PinClosed,
    /// An unlock failed.
    UnlockFailed,
    /// The own password was asked for once more, and was wrong.
    ProofFailed,
    /// Somebody signed in on a device that did not know them.
    NewDevice,
    /// So many wrong passwords in a row for one name that administrators are told.
    ManyWrongPasswords,
    /// A password was closed after too many wrong ones.
    PasswordClosed,
    /// Many wrong passwords for many names.
    SprayingNoticed,
    /// A person changed the own password.
    ChangePassword,
    /// A person replaced a password that was given by somebody else, or is too short alone.
    ReplacePassword,
    /// Somebody asked for a way to a new password.
    AskReset,
    /// An administrator had one sent.
    SendReset,
    /// A code from a mail was wrong.
    MailCodeFailed,
    /// Five wrong ones were typed for one code.
    ManyWrongCodes,
    /// A person chose another password with a code from a mail.
    ResetPassword,
    /// Somebody began to register.
    BeginRegistration,
    /// Somebody proved the address, and has an account.
    Register,
    /// An administrator took a pending registration away.
    DeleteRegistration,
    /// An administrator had the code of a pending registration sent again.
    ResendRegistration,
    /// Somebody took back that a device knows a person; the reason names the device.
    ForgetDevice,
    /// An administrator shut a device out of every account.
    RevokeDevice,
    /// An administrator made sure who somebody is.
    VerifyAccount,
    /// An administrator took that back.
    UnverifyAccount,
    /// Somebody read a notice.
    ReadNotice,
    /// An administrator opened an account that wrong passwords had locked.
    UnlockAccount,
    /// A session was ended by its owner or an administrator.
    EndSession,
    /// An account was made.
    CreateAccount,
    /// Accounts came from another program; each is an entry of its own.
    ImportAccounts,
    /// An account was changed.
    EditAccount,
    /// An account was deactivated.
    DeactivateAccount,
    /// An account that nobody had used was deleted.
    DeleteAccount,
    /// An account was activated again.
    ReactivateAccount,
    /// A person changed the own profile.
    EditProfile,
    /// A person turned the own second factor on.
    TurnOnSecondFactor,
    /// A person took the own second factor away.
    TurnOffSecondFactor,
    /// A person made the own recovery codes anew.
    RenewRecoveryCodes,
    /// The password was right and the code was not.
    SecondStepFailed,
    /// An administrator took somebody's second factor away.
    ResetSecondFactor,
    /// The recovery key of the store was made anew.
    MakeRecoveryKey,
    /// The store was opened with its recovery key.
    RecoverStore,
    /// The store got another key.
    ChangeStoreKey,
    /// The store got another key that its staff alone opens (K2).
    TurnOnStaffKeys,
    /// The store got another key that this computer opens.
    TurnOffStaffKeys,
    /// A patient was added.
    AddPatient,
    /// A patient's record was changed.
    EditPatient,
    /// A patient was archived.
    ArchivePatient,
    /// A patient was brought back.
    RestorePatient,
    /// A patient's record was read (TR-4).
    ReadPatient,
    /// A doctor opened the record of somebody else's patient in an emergency; the reason is in the doctor's words.
    OpenInEmergency,
    /// The same doctor gave a second reason for more time.
    ExtendEmergency,
    /// The doctor closed the record again before its time.
    EndEmergency,
    /// A record was read in an emergency.
    ReadPatientInEmergency,
    /// The appointments of a patient were read in an emergency.
    ReadAppointmentsInEmergency,
    /// An administrator looked at an emergency access.
    ReviewEmergency,
    /// A doctor was added.
    AddDoctor,
    /// A doctor's record was changed.
    EditDoctor,
    /// Time off or extra hours were entered.
    AddException,
    /// Time off or extra hours were taken back.
    RemoveException,
    /// An appointment was booked.
    Book,
    /// An appointment was moved.
    Reschedule,
    /// An appointment was made longer or shorter.
    Resize,
    /// An appointment was confirmed.
    Confirm,
    /// A patient arrived.
    Arrive,
    /// A patient was taken to a room.
    TakeToRoom,
    /// An appointment was completed.
    Complete,
    /// An appointment was cancelled.
    Cancel,
    /// A patient did not come.
    MarkNoShow,
    /// An appointment was set back one step.
    StepBack,
    /// An act was undone.
    Undo,
    /// The log, or a part of it, was written into a file.
    ExportAudit,
    /// Somebody was refused by the policy.
    Denied,
    /// At a start the clock stood earlier than at the last entry; the reason says by how many minutes.
    ClockSetBack,
}

impl Op {
    /// Whether what the log said before of whom the act was about went with it.
    pub fn erases(self) -> bool {
        matches!(self, Self::DeleteAccount)
    }
}

/// One field of a record, before and after. Values are as stored, without translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// Before; `None` when the record is new.
    pub before: Option<String>,
    /// After; `None` when the record is gone.
    pub after: Option<String>,
}

/// One entry of the log.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AuditRow {
    /// Number, from 1, without gaps.
    pub seq: u32,
    /// When.
    pub at: Instant,
    /// Wall-clock date of it.
    pub date: NaiveDate,
    /// Wall-clock seconds of the day.
    pub second: u32,
    /// Who; `None` when nobody was signed in.
    pub actor_id: Option<AccountId>,
    /// Who, by name at that time; empty when unknown.
    pub actor: String,
    /// The account number of who.
    pub actor_public_id: String,
    /// On which device.
    pub device: String,
    /// What was done.
    pub op: Op,
    /// The act, for "undone by" and "show".
    pub action_id: Option<ActionId>,
    /// Whom or what it was about, in words as they stood then.
    pub subject: String,
    /// Whether those words, what changed and the reason were taken out of the log since then.
    pub erased: bool,
    /// The patient it was about.
    pub patient_id: Option<PatientId>,
    /// The patient's account number.
    pub patient_public_id: String,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// The reason that was given.
    pub reason: String,
    /// Hash of the entry before, in hex.
    pub previous: String,
    /// Hash of this entry, in hex.
    pub hash: String,
    /// The entry that undid this act.
    pub undone_by: Option<u32>,
}

/// Asks for a page of the log, latest first. Every filter narrows; the default is none of them and no size.
#[derive(Debug, Clone, Default, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ListAudit {
    /// Part of a person's, patient's or device's name or number; empty shows all.
    pub query: String,
    /// Only from this local day on.
    pub from: Option<NaiveDate>,
    /// Only up to this local day, the day included.
    pub until: Option<NaiveDate>,
    /// Only this person.
    pub actor_id: Option<AccountId>,
    /// Only what happened while nobody was signed in.
    pub nobody: bool,
    /// Only this act.
    pub op: Option<Op>,
    /// Only this patient.
    pub patient_id: Option<PatientId>,
    /// Reads of records as well.
    pub with_reads: bool,
    /// Which page, from 0.
    pub page: u32,
    /// Rows of a page, 1 to 200.
    pub size: u32,
}

/// A page of the log.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// How many match.
    pub total: u32,
    /// The newest entry there is.
    pub head: u32,
    /// What came of verifying the chain the last time since the start, in the background or on demand.
    pub verified: Option<AuditReport>,
}

/// What came of verifying the chain.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AuditReport {
    /// When it was verified.
    pub at: Instant,
    /// Wall-clock minute of it.
    pub minute: u16,
    /// Entries that were recomputed.
    pub entries: u32,
    /// What people note of it outside this computer: the number of the last entry that fits, and the beginning of its
    /// hash.
    pub log_code: String,
    /// The first entry that does not fit; `None` when all do.
    pub broken_at: Option<u32>,
    /// The checkpoint outside the store names an entry that is missing or differs.
    pub checkpoint_broken: Option<u32>,
}

/// Asks whether the log is still what it was when somebody noted its code.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct CompareAudit {
    /// The code as it was typed.
    pub log_code: String,
}

/// What became of the entry whose code was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NotedEntry {
    /// It is the same, and so is every entry before it.
    Same,
    /// It is another one, or the log is broken before it.
    Differs,
    /// The log ends before it.
    Missing,
}

/// The log and a noted code.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ComparedAudit {
    /// Number of the entry.
    pub seq: u32,
    /// What became of it.
    pub entry: NotedEntry,
}

/// What a file of the log looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuditFileKind {
    /// Lines of JSON, sealed and signed, that can be verified without the clinic.
    Sealed,
    /// A table for a spreadsheet.
    Table,
}

/// Asks for a file of the log.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ExportAudit {
    /// Which entries; page and size do not matter.
    pub matching: ListAudit,
    /// What it shall look like.
    pub kind: AuditFileKind,
}

/// A file of the log that was written.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ExportedAudit {
    /// Where it is.
    pub path: String,
    /// Entries in it.
    pub entries: u32,
    /// Fingerprint of the key that signed it; whoever verifies the file compares it.
    pub fingerprint: Option<String>,
}
