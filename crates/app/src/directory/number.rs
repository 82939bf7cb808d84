//! Gives out account numbers (AU-1).

use clinic_domain::identity::account::AccountNumber;
use clinic_domain::identity::role::Role;
use rusqlite::Connection;

use crate::app::App;
use crate::error::{Answer, AppError};

/// Tries before something else must be wrong: with half of all numbers given out, one in a million fails.
const TRIES: u32 = 20;

impl App {
    /// A number for this role that nothing has or ever had. It is free when this returns; the store keeps two of a kind
    /// from having it.
    ///
    /// # Errors
    /// The computer gives no randomness; faults of the store.
    pub(super) fn free_number(&self, conn: &Connection, role: Role) -> Answer<String> {
        for _ in 0..TRIES {
            let mut bytes = [0; 8];
            self.parts.random.fill(&mut bytes)?;
            let number = AccountNumber::from_random(role, u64::from_le_bytes(bytes)).to_string();
            if !super::store_number::is_used(conn, &number)? {
                return Ok(number);
            }
        }
        Err(AppError::internal(&std::io::Error::other("no free account number")))
    }
}
