//! The one error every use case answers with. It crosses to the interface as a code and facts, never as words,
//! and never carries a path, SQL or a patient's data.

use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::validation::FieldError;
use serde::Serialize;
use specta::Type;

use crate::scheduling::view::Opening;

/// Why a command was not carried out. Each code has one row of words in the interface.
#[derive(Debug, Clone, PartialEq, Serialize, Type, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum AppError {
    /// Some fields cannot be accepted; nothing was written.
    #[error("{} fields are not acceptable", fields.len())]
    Validation {
        /// Each field with what is wrong.
        fields: Vec<FieldError>,
    },
    /// A rule of scheduling says no; nothing was written.
    #[error("refused by a rule")]
    Refused {
        /// The rule.
        refusal: Refusal,
        /// The nearest free slots, nearest first, up to five.
        alternatives: Vec<Opening>,
        /// Who holds the slot, for [`Refusal::Taken`] and [`Refusal::PatientBusy`].
        holder: Option<Holder>,
    },
    /// Likely the same person is here already; nothing was written. Send again with `accept_duplicates`.
    #[error("likely duplicates")]
    Duplicates {
        /// Those who look alike, likeliest first.
        hits: Vec<crate::directory::view::DuplicateHit>,
    },
    /// Nobody is signed in here.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The desk is locked.
    #[error("the desk is locked")]
    Locked,
    /// This role may not do that.
    #[error("not allowed")]
    Forbidden,
    /// The name and the password do not belong together.
    #[error("wrong name or password")]
    WrongCredentials,
    /// Too many wrong passwords: the next try is open after so many seconds. Nothing was looked at.
    #[error("the next try is open in {wait_seconds} s")]
    Throttled {
        /// Seconds to wait, from 1 to 900.
        wait_seconds: u32,
    },
    /// Far too many wrong passwords: an administrator has to open the password again. Nothing was looked at.
    #[error("closed after too many wrong passwords")]
    PasswordClosed,
    /// The code of the second factor is not accepted.
    #[error("code refused")]
    CodeRefused {
        /// Why.
        problem: crate::identity::second_factor_view::CodeProblem,
    },
    /// A code from a mail is not accepted.
    #[error("code from a mail refused")]
    MailCodeRefused {
        /// Why.
        problem: crate::identity::reset_view::MailCodeProblem,
        /// How often it may still be typed.
        tries_left: u8,
    },
    /// As many codes were sent as may be for now: the next one after so many seconds.
    #[error("the next code after {wait_seconds} s")]
    CodesSpent {
        /// Seconds to wait, up to a day.
        wait_seconds: u32,
    },
    /// Nobody has set up how mail leaves the clinic.
    #[error("mail is not set up")]
    MailNotSetUp,
    /// The password of this person is good for nothing but choosing another one (ASVS 6.4.1).
    #[error("another password is demanded")]
    NewPasswordDemanded,
    /// The role of this person must have a second factor: it is set up before anything else, and stays.
    #[error("a second factor is demanded")]
    SecondFactorDemanded,
    /// This needs a proof of who is at the desk that is no older than five minutes. Nothing was written.
    #[error("a fresh proof is required")]
    ReauthenticationRequired,
    /// The PIN is another one.
    #[error("PIN refused")]
    PinRefused {
        /// How often it may still be typed; 0 when only the password unlocks.
        tries_left: u8,
    },
    /// The passphrase does not open the store.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The recovery key does not open the store, or a letter of it is wrong.
    #[error("wrong recovery key")]
    WrongRecoveryKey,
    /// There is no such record, or it is none of this person's business.
    #[error("not found")]
    NotFound,
    /// Somebody else changed the record in the meantime; nothing was written.
    #[error("changed by somebody else")]
    Stale {
        /// Who changed it last, if known.
        by: Option<String>,
    },
    /// There is nothing to undo, or it was undone.
    #[error("nothing to undo")]
    NothingToUndo,
    /// The last administrator cannot be removed.
    #[error("the last administrator stays")]
    LastAdministrator,
    /// Somebody has signed in to the account, which therefore stays.
    #[error("the account was used")]
    AccountInUse,
    /// The store is set up already, or not yet.
    #[error("not in this state")]
    WrongState,
    /// The disk is full; nothing was written.
    #[error("the disk is full")]
    StoreFull,
    /// The store or its folder cannot be written to.
    #[error("the store is read-only")]
    StoreReadOnly,
    /// A newer program wrote this store.
    #[error("the store is from a newer version")]
    StoreNewer {
        /// Schema of the store.
        store: u32,
        /// Newest schema this program knows.
        program: u32,
    },
    /// The store cannot be read with this key, or is damaged.
    #[error("the store cannot be read")]
    StoreUnreadable,
    /// The keystore of this computer does not answer.
    #[error("no keystore")]
    NoKeystore,
    /// Another process holds the store.
    #[error("the store is busy")]
    StoreBusy,
    /// A fault of the program; the details are in the log under this number.
    #[error("internal fault {reference}")]
    Internal {
        /// Where to look in the log.
        reference: String,
    },
}

/// Who holds a slot that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Holder {
    /// "Surname, I."
    pub patient: String,
    /// The doctor's short name.
    pub doctor: String,
    /// Wall-clock span.
    pub span: clinic_domain::time::Span,
    /// Who booked it.
    pub booked_by: String,
    /// When it was booked.
    pub booked_at: clinic_domain::time::Instant,
}

/// What every use case returns.
pub type Answer<T> = Result<T, AppError>;
