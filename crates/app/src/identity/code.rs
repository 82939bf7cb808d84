//! Codes by mail: made, counted, compared, used up (AU-3 to AU-6). The order matters: a try is counted in a transaction of
//! its own before anything is compared, and a right code is used up in one that succeeds once.
//!
//! Six digits are little, so that they are hashed like a password over a keyed hash: without the key of the store a
//! stolen table is of no use (ASVS 6.5.2). The long code has 256 bits, for which SHA-256 is enough.

use clinic_domain::id::CodeId;
use clinic_domain::identity::one_time_code::{self as rules, CodeClosed};
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::hashing;
use super::reset_view::MailCodeProblem;
use super::store_one_time_code::{self as store, Asked, Purpose};
use crate::app::App;
use crate::db::{Store, audit, sql};
use crate::error::{Answer, AppError};
use crate::messaging::settings;

/// A new code, before it is kept and sent.
pub(super) struct NewCode {
    pub id: CodeId,
    /// Six digits.
    pub digits: Secret,
    /// What is kept of them.
    pub hash: String,
}

/// A new long code, before it is kept and sent.
pub(super) struct NewLink {
    /// 64 hexadecimal digits.
    pub text: Secret,
    /// What is kept of it.
    pub hash: [u8; 32],
}

impl App {
    /// A new code for this purpose. Slow, like a password: not to be called inside a transaction.
    ///
    /// # Errors
    /// The computer gives no randomness or no memory.
    pub(super) fn new_code(&self, purpose: Purpose) -> Answer<NewCode> {
        let id = CodeId(self.new_id()?);
        let digits = loop {
            let mut random = [0; 4];
            self.parts.random.fill(&mut random)?;
            if let Some(digits) = rules::write(u32::from_le_bytes(random)) {
                break digits;
            }
        };
        let hash = self.hash_password(&keyed(&*self.store()?, purpose, id, &digits))?;
        Ok(NewCode { id, digits, hash })
    }

    /// A new long code.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub(super) fn new_link(&self) -> Answer<NewLink> {
        let mut secret = Zeroizing::new([0; 32]);
        self.parts.random.fill(secret.as_mut())?;
        let text = Secret::from(hex::encode(secret.as_slice()));
        Ok(NewLink { hash: link_hash(&text), text })
    }

    /// Counts a try at six digits, compares them, and uses them up. Answers with what they open.
    ///
    /// # Errors
    /// [`AppError::MailCodeRefused`]; [`AppError::Validation`] for what is not six digits, which counts for nothing;
    /// faults of the store.
    pub(super) fn use_mail_code(&self, purpose: Purpose, id: CodeId, typed: &Secret) -> Answer<Uuid> {
        let (opened, now) = (self.store()?, self.now());
        let digits = rules::read(typed).ok_or_else(|| malformed("code"))?;
        let kept = opened.keep(None, |conn| store::count_try(conn, id, purpose))?;
        let kept = kept.ok_or_else(|| refused(MailCodeProblem::Expired, 0))?;
        rules::decide_try(&kept.issued, now).map_err(closed)?;
        let fits = hashing::verify(&keyed(&opened, purpose, id, &digits), &kept.code_hash);
        // A code that opens nothing was sent to nobody: whoever guesses it has guessed wrong.
        let wrong = || refused(MailCodeProblem::Wrong, rules::tries_left(kept.issued.tries));
        let subject = kept.subject.filter(|_| fits).ok_or_else(wrong)?;
        self.use_up(id, subject)
    }

    /// Uses up the code that a long one belongs to. Answers with what it opens.
    ///
    /// # Errors
    /// [`AppError::MailCodeRefused`]; [`AppError::Validation`] for what is no long code; faults of the store.
    pub(super) fn use_mail_link(&self, purpose: Purpose, pasted: &Secret) -> Answer<Uuid> {
        let text = read_link(pasted).ok_or_else(|| malformed("link"))?;
        let found = self.store()?.read(|conn| store::by_link(conn, &link_hash(&text), purpose))?;
        let kept = found.ok_or_else(|| refused(MailCodeProblem::Expired, 0))?;
        rules::decide_link(&kept.issued, self.now()).map_err(closed)?;
        let subject = kept.subject.ok_or_else(|| refused(MailCodeProblem::Expired, 0))?;
        self.use_up(kept.id, subject)
    }

    fn use_up(&self, id: CodeId, subject: Uuid) -> Answer<Uuid> {
        let now = self.now();
        match self.store()?.keep(None, |conn| store::use_up(conn, id, now))? {
            true => Ok(subject),
            false => Err(refused(MailCodeProblem::Used, 0)),
        }
    }

    /// Whether another code may be sent for what was typed, and whether its mailbox takes another one. The first is told
    /// to whoever asks; the second is not, or two names of one account would give one another away.
    ///
    /// # Errors
    /// [`AppError::CodesSpent`]; faults of the store.
    pub(super) fn may_send(&self, conn: &Connection, asked: &Asked) -> Answer<bool> {
        let now = self.now();
        let earlier = store::earlier(conn, asked, now)?;
        rules::decide_send(&earlier.typed, &earlier.device, now).map_err(|from| spent(from, now))?;
        Ok(rules::decide_send(&earlier.mailbox, &[], now).is_ok())
    }

    /// Whether a mailbox takes another code, for an administrator who may know.
    ///
    /// # Errors
    /// [`AppError::CodesSpent`]; faults of the store.
    pub(super) fn mailbox_takes(&self, conn: &Connection, asked: &Asked) -> Answer<()> {
        let now = self.now();
        let earlier = store::earlier(conn, asked, now)?;
        rules::decide_send(&earlier.mailbox, &[], now).map_err(|from| spent(from, now))
    }

    /// Refuses where the clinic sends no mail: nobody could ever get a code.
    ///
    /// # Errors
    /// [`AppError::MailNotSetUp`]; faults of the store.
    pub(super) fn needs_mail(&self) -> Answer<()> {
        match self.store()?.read(settings::find)? {
            Some(_) => Ok(()),
            None => Err(AppError::MailNotSetUp),
        }
    }
}

/// A long code as it was pasted, in the one form that is hashed; `None` when it cannot be one.
fn read_link(pasted: &Secret) -> Option<Secret> {
    let mut text: String = pasted.expose().split_whitespace().collect();
    text.make_ascii_lowercase();
    let is_one = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| text.into())
}

/// A keyed hash of something typed: of a name, because people type their password into the wrong field, and of an
/// address.
pub(super) fn name_hash(opened: &Store, name: &str) -> [u8; 16] {
    let hash = audit::hmac(&pepper(opened), &[b"name\0", name.as_bytes()]);
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// What is hashed of six digits: they count for their purpose and in their flow alone.
fn keyed(opened: &Store, purpose: Purpose, id: CodeId, digits: &Secret) -> Secret {
    let (purpose, digits) = (sql::name_of(&purpose), digits.expose());
    let hash = audit::hmac(&pepper(opened), &[b"code\0", purpose.as_bytes(), id.bytes(), digits.as_bytes()]);
    hex::encode(hash).into()
}

fn pepper(opened: &Store) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(opened.key().derive("clinic desk one-time codes 1"))
}

fn link_hash(text: &Secret) -> [u8; 32] {
    Sha256::digest(text.expose()).into()
}

fn spent(from: Instant, now: Instant) -> AppError {
    let seconds = (from - now).num_milliseconds().max(0).unsigned_abs().div_ceil(1000);
    AppError::CodesSpent { wait_seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }
}

fn malformed(field: &str) -> AppError {
    AppError::Validation { fields: vec![FieldError::new(field, FieldRule::Malformed)] }
}

fn refused(problem: MailCodeProblem, tries_left: u8) -> AppError {
    AppError::MailCodeRefused { problem, tries_left }
}

fn closed(why: CodeClosed) -> AppError {
    let problem = match why {
        CodeClosed::Expired => MailCodeProblem::Expired,
        CodeClosed::TriedTooOften => MailCodeProblem::TriedTooOften,
        CodeClosed::Used => MailCodeProblem::Used,
    };
    refused(problem, 0)
}
