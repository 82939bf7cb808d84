//! What an entry of the audit log says of whom or what it was about. It lies beside what is chained, which holds a salted
//! hash of it, so that a person can be taken out of the log for good and the chain still holds (L6 of the security
//! reference; GDPR article 17). Who did it stays: nobody is taken out who answers for something.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::audit::Entry;
use crate::audit::view::FieldChange;
use crate::error::Answer;

/// Domain separation of these hashes from the links of the chain.
const WORDS: [u8; 1] = [1];

/// The words of an entry, as they are read back.
#[derive(Deserialize)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) changes: Vec<FieldChange>,
    pub(super) reason: String,
}

/// The words of an entry, as they are stored: without the salt, whoever has the hash could try names until one fits.
#[derive(Serialize)]
struct Salted<'e> {
    salt: &'e str,
    subject: &'e str,
    changes: &'e [FieldChange],
    reason: &'e str,
}

/// The words of an entry with 128 bits of salt, which is as random as ids of the store need not be: nothing depends on it
/// but that nobody knows it, so that the store itself makes it.
///
/// # Errors
/// Faults of the store.
pub(super) fn salted(conn: &Connection, entry: &Entry) -> Answer<String> {
    let salt: String =
        conn.prepare_cached("SELECT lower(hex(randomblob(16)))")?.query_row([], |row| row.get(0))?;
    let Entry { subject, changes, reason, .. } = entry;
    Ok(serde_json::to_string(&Salted { salt: &salt, subject, changes, reason })?)
}

/// What the chain holds of words, byte for byte as they are stored.
pub(super) fn hash(words: &str) -> String {
    hex::encode(digest(words))
}

/// Whether the chain holds this of these words.
pub(crate) fn fit(words: &str, hash: &str) -> bool {
    let mut spelled = [0; 64];
    hex::encode_to_slice(digest(words), &mut spelled).is_ok() && spelled == hash.as_bytes()
}

fn digest(words: &str) -> [u8; 32] {
    Sha256::new().chain_update(WORDS).chain_update(words).finalize().into()
}

/// Takes the words of all entries about this person or thing out of the log. An act that erases says so in an entry of its
/// own, or verifying the log would miss them.
///
/// # Errors
/// Faults of the store.
pub(super) fn erase(conn: &Connection, subject: Uuid) -> Answer<()> {
    conn.prepare_cached("UPDATE audit SET words = NULL WHERE subject_id = ?1")?
        .execute([subject.as_bytes()])?;
    Ok(())
}
