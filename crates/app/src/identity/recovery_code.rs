//! Recovery codes of a second factor: made, and kept as hashes (AU-18). They have 80 bits, fewer than the 112 from which a
//! plain hash is enough (ASVS 6.5.2): each is hashed like a password, with one salt for each set, over a keyed hash. Without
//! the key of the store a stolen table is of no use, and with it each guess at a set takes its work.

use argon2::password_hash::phc::Output;
use clinic_domain::id::AccountId;
use clinic_domain::identity::second_factor as rules;
use clinic_domain::identity::secret::Secret;
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::second_factor_view::RecoveryCodes;
use super::{hashing, store_second_factor as store};
use crate::app::App;
use crate::db::{Store, audit};
use crate::error::Answer;

/// What is kept of a set of recovery codes.
pub(super) struct KeptCodes {
    /// Salt and work: a PHC string without a hash.
    pub set: String,
    /// One for each code.
    pub hashes: Vec<[u8; 32]>,
}

impl App {
    /// Makes a set of recovery codes. Slow, ten times: not to be called inside a transaction.
    ///
    /// # Errors
    /// The computer gives no randomness or no memory.
    pub(super) fn recovery_codes(&self, account: AccountId) -> Answer<(RecoveryCodes, KeptCodes)> {
        let opened = self.store()?;
        let set = hashing::new_set(&*self.parts.random, self.hash_cost()?)?;
        let mut codes = Vec::with_capacity(rules::RECOVERY_CODES);
        let mut hashes = Vec::with_capacity(rules::RECOVERY_CODES);
        for _ in 0..rules::RECOVERY_CODES {
            let mut random = Zeroizing::new([0; rules::RECOVERY_BYTES]);
            self.parts.random.fill(&mut *random)?;
            let code = rules::recovery_code(&random);
            hashes.push(hashing::hash_in_set(&set, self.least_hash_cost(), &keyed(&opened, account, &code))?);
            codes.push(code.disclose());
        }
        Ok((RecoveryCodes { codes }, KeptCodes { set, hashes }))
    }

    /// Uses up a recovery code in the one form that is hashed. False where it is none of this account's or was used. It is
    /// hashed once and compared with each of the set, in constant time; of a hundred who type it at once, one is let in.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn use_recovery_code(&self, account: AccountId, code: &Secret) -> Answer<bool> {
        let (opened, now) = (self.store()?, self.now());
        let kept = opened.read(|conn| store::recovery_codes(conn, account))?;
        let Some(KeptCodes { set, hashes }) = kept else { return Ok(false) };
        let hash = hashing::hash_in_set(&set, self.least_hash_cost(), &keyed(&opened, account, code))?;
        let typed = Output::new(&hash).ok();
        let fitting = hashes.iter().fold(None, |found, each| {
            let fits = typed.is_some() && Output::new(each).ok() == typed;
            if fits { Some(each) } else { found }
        });
        let Some(hash) = fitting else { return Ok(false) };
        opened.keep(None, |conn: &Connection| store::use_recovery_code(conn, account, hash, now))
    }
}

/// What is hashed of a recovery code: it counts for its account alone, and under the key of the store.
fn keyed(opened: &Store, account: AccountId, code: &Secret) -> Secret {
    let key = Zeroizing::new(opened.derive("clinic desk recovery codes 1"));
    hex::encode(audit::hmac(&key, &[account.bytes(), code.expose().as_bytes()])).into()
}
