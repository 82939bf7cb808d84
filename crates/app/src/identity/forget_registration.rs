//! What goes with a registration that becomes no account (AU-3): the mails in which its codes went out, the codes but for
//! what bounds how many more are sent, and the notice that one waits. Decides nothing about when.

use clinic_domain::id::RegistrationId;
use clinic_domain::time::Instant;
use rusqlite::Connection;

use super::notice::{self, NoticeKind};
use super::store_one_time_code as codes;
use super::store_registration as store;
use crate::error::Answer;
use crate::messaging;

/// Takes a registration away and all that was kept for it. Answers whether there was one.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget(conn: &Connection, id: RegistrationId, now: Instant) -> Answer<bool> {
    let was_there = store::remove(conn, id)?;
    for mail in codes::give_up(conn, id.0, now)? {
        messaging::forget_secret(conn, mail)?;
    }
    if !store::is_any(conn)? {
        notice::withdraw(conn, NoticeKind::PendingRegistration)?;
    }
    Ok(was_there)
}

/// Does so with those whose time is over, or has not come because somebody set the clock back.
///
/// # Errors
/// Faults of the store.
pub(super) fn forget_over(conn: &Connection, now: Instant) -> Answer<()> {
    for id in store::over(conn, now)? {
        forget(conn, id, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clinic_domain::identity::role::Role;

    use super::super::fixture::Clinic;
    use super::super::register_tests::{BEA, code, confirm, form, listed, register, registering};
    use super::super::registration_view::{PendingRegistration, Register};
    use super::super::reset_tests::clinic;
    use crate::messaging::Letter;

    /// How many rows each table has, of which none has her name or address.
    fn rows_without_bea(clinic: &Clinic) -> BTreeMap<String, usize> {
        let dump = clinic.dump();
        for word in ["vega", BEA].map(|word| [word.to_owned(), hex::encode(word)]).as_flattened() {
            let said = dump.iter().find(|(_, rows)| rows.iter().any(|row| row.to_lowercase().contains(word)));
            assert_eq!(said, None, "{word}");
        }
        dump.into_iter().map(|(table, rows)| (table, rows.len())).collect()
    }

    /// O8: but for the audit log, and for a day the keyed hash of the address, which bounds how many codes it is sent.
    #[test]
    fn a_registration_whose_time_is_over_leaves_nothing_behind() {
        let clinic = clinic();
        let ada = clinic.admin();
        let before = rows_without_bea(&clinic);
        let id = register(&clinic, BEA).unwrap().id;
        clinic.app.resend_registration(PendingRegistration { id }).unwrap();
        assert_eq!(clinic.app.list_notices(&ada).unwrap().len(), 1);
        clinic.wait(1799);
        clinic.app.sweep_registrations().unwrap();
        assert_eq!((listed(&clinic, &ada).len(), clinic.count("mail")), (1, 2));
        clinic.wait(1);
        assert_eq!(listed(&clinic, &ada).len(), 0, "not even before it is swept");
        clinic.app.sweep_registrations().unwrap();
        let for_a_day = BTreeMap::from_iter([("one_time_code".to_owned(), 2)]);
        assert_eq!(rows_without_bea(&clinic), before.clone().into_iter().chain(for_a_day).collect());
        assert!(clinic.dump()["one_time_code"].iter().all(|row| !row.contains("argon2")), "no code either");
        clinic.wait(24 * 3600);
        clinic.app.sweep_registrations().unwrap();
        assert_eq!(rows_without_bea(&clinic), before);
    }

    #[test]
    fn one_that_an_administrator_takes_away_leaves_as_little_and_the_others_what_is_theirs() {
        let (clinic, id, _) = registering();
        let known = Register { family_name: "Byron".into(), ..form(Role::Patient, "ada@example.org") };
        clinic.app.register(known).unwrap();
        let leo = Register { family_name: "Adebayo".into(), ..form(Role::Patient, "leo@x.example") };
        let leo = clinic.app.register(leo).unwrap().id;
        let ada = clinic.admin();
        clinic.app.delete_registration(&ada, PendingRegistration { id }).unwrap();
        rows_without_bea(&clinic);
        assert_eq!(clinic.app.list_notices(&ada).unwrap().len(), 1, "two wait");
        confirm(&clinic, leo, &code(&clinic, "leo@x.example")).unwrap();
        clinic.wait(1800);
        clinic.app.sweep_registrations().unwrap();
        assert_eq!((clinic.count("pending_registration"), clinic.count("notice")), (0, 0));
        let word = clinic.letters("ada@example.org");
        assert!(
            matches!(word[..], [Letter::AlreadyRegistered { .. }]),
            "whoever has the account is told all the same"
        );
        assert!(
            !clinic.letters("leo@x.example").is_empty(),
            "and what went to a proved address stays in the log"
        );
    }
}
