//! Somebody with the key of the store, but without the program, changes the log: what of it is found, and where (TR-4; rows
//! L2 to L6 of the security reference).

use chrono::TimeDelta;
use clinic_domain::identity::role::Role;
use rusqlite::Connection;
use uuid::Uuid;

use super::recompute::{Verified, verify};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::db::audit::{Entry, append, link};
use crate::db::sql;
use crate::error::AppError;
use crate::scheduling::fixture::{Clinic, monday};

const ENTRIES: i64 = 250;

/// A clinic whose log holds 249 sign-ins and one booking, with checkpoints at 1, 100 and 200.
fn clinic() -> (Clinic, Actor) {
    clinic_with(ENTRIES)
}

/// A clinic whose log holds sign-ins and, last, a booking.
fn clinic_with(entries: i64) -> (Clinic, Actor) {
    let clinic = Clinic::new(1, 1);
    let mut admin = clinic.desk(1);
    admin.person.role = Role::Admin;
    let store = clinic.app.store().unwrap();
    for _ in 1..entries {
        store.note(&admin.entry(Op::SignIn, clinic.app.now())).unwrap();
    }
    clinic.book(0, 0, monday(), 600).unwrap();
    (clinic, admin)
}

/// What verifying finds after somebody with the key of the store, but without the program, wrote to it.
fn after(clinic: &Clinic, tamper: impl FnOnce(&Connection)) -> Verified {
    let store = clinic.app.store().unwrap();
    let checkpoints = store.checkpoints();
    let mut found = None;
    let rolled_back = store.keep(None, |conn| {
        conn.execute_batch(
            "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks;
             DROP TRIGGER audit_words_only_go",
        )
        .unwrap();
        tamper(conn);
        found = Some(verify(conn, &store.audit_key, &checkpoints).unwrap());
        Err::<(), _>(AppError::WrongState)
    });
    assert!(rolled_back.is_err());
    found.unwrap()
}

fn run(conn: &Connection, sql: &str) {
    conn.execute_batch(sql).unwrap();
}

#[test]
fn a_whole_chain_fits_and_its_end_becomes_a_checkpoint() {
    let (clinic, admin) = clinic();
    let report = clinic.app.verify_audit(&admin).unwrap();
    assert_eq!((report.entries, report.broken_at, report.checkpoint_broken), (250, None, None));
    let named: Vec<_> = clinic.app.store().unwrap().checkpoints().heads.iter().map(|head| head.seq).collect();
    assert_eq!(named, [1, 100, 200, 250]);
}

#[test]
fn the_end_is_named_outside_the_store_once_five_minutes_have_passed_or_the_clock_went_back() {
    let (clinic, admin) = clinic_with(3);
    let (store, begun) = (clinic.app.store().unwrap(), clinic.app.now());
    for seconds in [299, 300, 301, 599, 600, 10] {
        store.note(&admin.entry(Op::SignIn, begun + TimeDelta::seconds(seconds))).unwrap();
    }
    let named: Vec<_> = store.checkpoints().heads.iter().map(|head| head.seq).collect();
    assert_eq!(named, [1, 5, 8, 9], "the first, and those of 300, 600 and 10 seconds");
}

#[test]
fn only_who_may_read_the_log_verifies_it() {
    let clinic = Clinic::new(1, 1);
    assert_eq!(clinic.app.verify_audit(&clinic.desk(1)).unwrap_err(), AppError::Forbidden);
}

#[test]
fn the_store_refuses_to_change_or_remove_an_entry() {
    let (clinic, _) = clinic();
    for sql in [
        "UPDATE audit SET body = '' WHERE seq = 3",
        "UPDATE audit SET words = '{}' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 250",
    ] {
        let refused = clinic.app.store().unwrap().keep(None, |conn| Ok(conn.execute(sql, [])?));
        assert!(refused.is_err(), "{sql}");
    }
}

#[test]
fn every_kind_of_tampering_is_found_where_it_was_done() {
    let (clinic, _) = clinic();
    let broken_at = |sql: &'static str| after(&clinic, |conn| run(conn, sql)).broken_at;
    assert_eq!(after(&clinic, |_| ()).broken_at, None, "the control: nothing was done");
    assert_eq!(
        broken_at("UPDATE audit SET body = replace(body, 'Desk 1', 'Desk 2') WHERE seq = 77"),
        Some(77)
    );
    assert_eq!(broken_at("UPDATE audit SET hash = randomblob(32) WHERE seq = 78"), Some(78));
    assert_eq!(broken_at("UPDATE audit SET hash = hex(randomblob(16)) WHERE seq = 79"), Some(79));
    assert_eq!(broken_at("DELETE FROM audit WHERE seq = 80"), Some(80));
    assert_eq!(broken_at("DELETE FROM audit WHERE seq = 1"), Some(1));
    let swap = "UPDATE audit SET seq = -1 WHERE seq = 81; UPDATE audit SET seq = 81 WHERE seq = 90;
                UPDATE audit SET seq = 90 WHERE seq = -1";
    assert_eq!(broken_at(swap), Some(81));
    let closed_gap = "DELETE FROM audit WHERE seq = 100; UPDATE audit SET seq = seq - 1 WHERE seq > 100";
    assert_eq!(broken_at(closed_gap), Some(100));
    let inserted =
        "INSERT INTO audit SELECT 251, at_ms, op, actor_id, subject_id, patient_id, action, body, hash, words
                    FROM audit WHERE seq = 250";
    assert_eq!(broken_at(inserted), Some(251));
}

#[test]
fn what_the_filters_go_by_cannot_say_something_else_than_the_entry() {
    let (clinic, _) = clinic();
    for (column, value) in [
        ("at_ms", "at_ms + 1"),
        ("op", "'sign_out'"),
        ("actor_id", "NULL"),
        ("subject_id", "randomblob(16)"),
        ("patient_id", "randomblob(16)"),
        ("action", "randomblob(16)"),
    ] {
        let sql = format!("UPDATE audit SET {column} = {value} WHERE seq = 120");
        assert_eq!(after(&clinic, |conn| run(conn, &sql)).broken_at, Some(120), "{column}");
    }
}

/// How many changes are tried: a number of `make soak` where it sets one.
fn tampers() -> u32 {
    std::env::var("CLINIC_DESK_SOAK_TAMPERS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

/// A change of the log, with the number of the first entry that fits no more. The last entry is left alone: what is
/// cut off the end is found by other means.
fn tamper(entries: i64, random: &mut impl FnMut(i64) -> i64) -> (String, i64) {
    let (seq, other, at) = (1 + random(entries - 1), 1 + random(entries - 1), 1 + random(200));
    let with_another_letter = |column: &str| {
        format!(
            "UPDATE audit SET {column} = substr({column}, 1, {at} - 1)
                 || CASE substr({column}, {at}, 1) WHEN 'x' THEN 'y' ELSE 'x' END || substr({column}, {at} + 1)
             WHERE seq = {seq}"
        )
    };
    match random(8) {
        0 => (with_another_letter("body"), seq),
        1 => (format!("UPDATE audit SET hash = randomblob(32) WHERE seq = {seq}"), seq),
        2 => (format!("DELETE FROM audit WHERE seq = {seq}"), seq),
        3 => (
            format!(
                "DELETE FROM audit WHERE seq = {seq}; UPDATE audit SET seq = -seq WHERE seq > {seq};
                 UPDATE audit SET seq = -seq - 1 WHERE seq < 0"
            ),
            seq,
        ),
        4 => (
            format!(
                "UPDATE audit SET seq = -seq WHERE seq > {seq}; UPDATE audit SET seq = 1 - seq WHERE seq < 0;
                 INSERT INTO audit SELECT {seq} + 1, at_ms, op, actor_id, subject_id, patient_id, action, body, hash, words
                     FROM audit WHERE seq = {seq}"
            ),
            seq + 1,
        ),
        5 => (format!("UPDATE audit SET words = NULL WHERE seq = {seq}"), seq),
        6 => (with_another_letter("words"), seq),
        _ => (
            format!(
                "UPDATE audit SET seq = -1 WHERE seq = {seq}; UPDATE audit SET seq = {seq} WHERE seq = {other};
                 UPDATE audit SET seq = {other} WHERE seq = -1; DELETE FROM audit WHERE {seq} = {other} AND seq = {seq}"
            ),
            seq.min(other),
        ),
    }
}

/// Edited, given another hash, deleted, deleted without a gap, copied in between, swapped, words edited and taken out (L2
/// of the security reference).
#[test]
fn random_tampering_is_found_at_its_entry_each_time() {
    const SHORT: i64 = 40;
    let (clinic, _) = clinic_with(SHORT);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.unsigned_abs()).cast_signed()
    };
    for nth in 0..tampers() {
        let (sql, expected) = tamper(SHORT, &mut random);
        let found = after(&clinic, |conn| run(conn, &sql));
        assert_eq!(found.broken_at, Some(expected), "{nth}: {sql}");
    }
}

#[test]
fn an_end_that_was_cut_off_is_found_by_the_last_command_or_the_last_checkpoint() {
    let (clinic, _) = clinic();
    let cut = after(&clinic, |conn| run(conn, "DELETE FROM audit WHERE seq > 249"));
    assert_eq!((cut.broken_at, cut.checkpoint_broken), (Some(250), None), "a command without an entry");
    let hidden = "DELETE FROM undo; DELETE FROM outbox; DELETE FROM act; DELETE FROM audit WHERE seq > 150";
    let cut = after(&clinic, |conn| run(conn, hidden));
    assert_eq!((cut.broken_at, cut.checkpoint_broken), (None, Some(200)));
}

#[test]
fn a_chain_made_anew_with_the_stolen_key_differs_from_the_checkpoints() {
    let (clinic, _) = clinic();
    let key = *clinic.app.store().unwrap().audit_key;
    let forged = after(&clinic, |conn| {
        run(conn, "UPDATE audit SET body = replace(body, 'Desk 1', 'Desk 2') WHERE seq = 150");
        let mut previous = [0; 32];
        for seq in 1..=ENTRIES {
            let read = "SELECT body FROM audit WHERE seq = ?1";
            let body: String = conn.query_row(read, [seq], |row| row.get(0)).unwrap();
            previous = link(&key, &previous, seq, &body);
            conn.execute("UPDATE audit SET hash = ?2 WHERE seq = ?1", (seq, previous)).unwrap();
        }
    });
    assert_eq!((forged.broken_at, forged.checkpoint_broken), (None, Some(200)));
}

/// L6: words go with an act that says so, and with no other.
#[test]
fn words_that_no_act_took_out_are_missed() {
    let (clinic, _) = clinic();
    let audit_key = clinic.app.store().unwrap().audit_key.clone();
    let subject = "SELECT subject_id FROM audit WHERE seq = 250";
    let subject =
        clinic.read(|conn| Ok(conn.query_row(subject, [], |row| sql::id_or_null(row, "subject_id"))?));
    let erased_by = |op: Op, subject_id: Option<Uuid>| {
        let entry = Entry { subject_id, ..Entry::of_nobody(op, clinic.app.now(), "Desk 1") };
        let found = after(&clinic, |conn| {
            run(conn, "UPDATE audit SET words = NULL WHERE seq = 250");
            append(conn, &audit_key, &entry).unwrap();
        });
        found.broken_at
    };
    assert_eq!(erased_by(Op::DeleteAccount, subject), None, "the control: it says so");
    assert_eq!(erased_by(Op::EditAccount, subject), Some(250));
    assert_eq!(erased_by(Op::DeleteAccount, Some(Uuid::nil())), Some(250), "somebody else went");
}

#[test]
fn entries_from_before_words_were_apart_fit_as_they_were_written() {
    let (clinic, _) = clinic();
    let audit_key = clinic.app.store().unwrap().audit_key.clone();
    let as_before = |conn: &Connection| {
        let last = "SELECT seq, hash, json_remove(json_patch(words, body), '$.salt', '$.words') FROM audit
                    ORDER BY seq DESC LIMIT 2";
        let mut rows = conn.prepare(last).unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows: Vec<(i64, [u8; 32], String)> = rows.map(Result::unwrap).collect();
        let [(seq, _, body), (_, previous, _)] = &rows[..] else { panic!("two entries") };
        let hash = link(&audit_key, previous, *seq, body);
        conn.execute("UPDATE audit SET body = ?2, words = NULL, hash = ?3 WHERE seq = ?1", (seq, body, hash))
            .unwrap();
        let entry = Entry::stored(body, None).unwrap();
        assert_eq!(entry.subject, "Smith0, Jo · PAT00000000");
    };
    assert_eq!(after(&clinic, as_before).broken_at, None);
    let with_words = |conn: &Connection| {
        as_before(conn);
        run(conn, r#"UPDATE audit SET words = '{"subject":"x","changes":[],"reason":""}' WHERE seq = 250"#);
    };
    assert_eq!(after(&clinic, with_words).broken_at, Some(250));
}
