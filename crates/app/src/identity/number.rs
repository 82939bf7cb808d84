//! Gives out account numbers (AU-1).

use clinic_domain::identity::account::AccountNumber;
use clinic_domain::identity::role::Role;
use rusqlite::Connection;

use super::store_account;
use crate::app::App;
use crate::error::{Answer, AppError};

/// Tries before something else must be wrong: with half of all numbers given out, one in a million fails.
const TRIES: u32 = 20;

/// A number for this role that nothing has or ever had. It is free when this returns; the store keeps two accounts from
/// having it.
///
/// # Errors
/// The computer gives no randomness; faults of the store.
pub(crate) fn free(app: &App, conn: &Connection, role: Role) -> Answer<String> {
    for _ in 0..TRIES {
        let mut bytes = [0; 8];
        app.parts.random.fill(&mut bytes)?;
        let number = AccountNumber::from_random(role, u64::from_le_bytes(bytes)).to_string();
        if !store_account::is_number_used(conn, &number)? {
            return Ok(number);
        }
    }
    Err(AppError::internal(&std::io::Error::other("no free account number")))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::identity::fixture::Clinic;

    #[test]
    fn a_number_that_was_ever_given_out_is_passed_over() {
        let first = |clinic: &Clinic| clinic.read(|conn| free(&clinic.app, conn, Role::FrontDesk));
        let number = first(&Clinic::new());
        assert_eq!(number, first(&Clinic::new()), "the same random bytes");
        let clinic = Clinic::new();
        clinic.write(|conn| store_account::retire_number(conn, &number));
        assert_ne!(first(&clinic), number);
    }
    /// P6. How many: a number of `make soak` where it sets one.
    #[test]
    fn no_account_number_is_given_out_twice() {
        let count = std::env::var("CLINIC_DESK_SOAK_NUMBERS").ok().and_then(|n| n.parse().ok());
        let count = count.unwrap_or(100_000_u32);
        let clinic = Clinic::new();
        let mut drawn = HashSet::new();
        for _ in 0..count {
            let mut bytes = [0; 8];
            clinic.app.parts.random.fill(&mut bytes).unwrap();
            drawn.insert(AccountNumber::from_random(Role::FrontDesk, u64::from_le_bytes(bytes)).to_string());
        }
        assert!(drawn.len() < count as usize, "some are drawn twice");
        drop(drawn);
        let clinic = Clinic::new();
        clinic.write(|conn| {
            for _ in 0..count {
                store_account::retire_number(conn, &free(&clinic.app, conn, Role::FrontDesk)?)?;
            }
            Ok(())
        });
        assert_eq!(clinic.count("used_number"), count);
    }
}
