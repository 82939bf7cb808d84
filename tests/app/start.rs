//! What the program finds when it starts: nothing is lost and no key is ever made anew.

use std::path::Path;

use clinic_app::audit::view::{AuditRow, ListAudit, Op};
use clinic_app::db::migrate::SCHEMA;
use clinic_app::identity::notice::NoticeKind;
use clinic_app::identity::view::{KeyPlace, Passphrase, StartState};
use clinic_app::{App, AppError, Parts};
use clinic_testkit::clinic::{CHEAP, MONDAY_MORNING};
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TestClinic, TurnedClock};

/// A program in a folder whose keystore is this one.
fn program(folder: &Path, keystore: &MemoryKeystore) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(TurnedClock::at(MONDAY_MORNING)),
        random: Box::new(RepeatingRandom::from_seed(1)),
        keystore: Box::new(keystore.clone()),
        hashing: CHEAP,
    })
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use() {
    let clinic = TestClinic::new();
    let second = program(clinic.folder(), &MemoryKeystore::default());
    assert_eq!(second.start().unwrap_err(), AppError::StoreBusy);
}

#[test]
fn a_store_in_the_keystore_opens_without_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = MemoryKeystore::default();
    let first = program(folder.path(), &keystore);
    assert!(matches!(first.start().unwrap(), StartState::FirstRun { keystore: true, .. }));
    first.create_store(KeyPlace::Keystore).unwrap();
    drop(first);
    assert!(matches!(program(folder.path(), &keystore).start().unwrap(), StartState::NoClinic { .. }));
}

#[test]
fn a_lost_keystore_never_makes_a_new_key_and_the_old_one_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = MemoryKeystore::default();
    program(folder.path(), &keystore).create_store(KeyPlace::Keystore).unwrap();
    let before = std::fs::read(folder.path().join("store.db")).unwrap();

    let emptied = program(folder.path(), &MemoryKeystore::default());
    assert!(matches!(emptied.start().unwrap(), StartState::KeyMissing { .. }));
    assert_eq!(emptied.create_store(KeyPlace::File).unwrap_err(), AppError::WrongState);
    assert_eq!(std::fs::read(folder.path().join("store.db")).unwrap(), before, "left untouched");
    drop(emptied);

    keystore.set_closed(true);
    let shut = program(folder.path(), &keystore);
    assert!(matches!(shut.start().unwrap(), StartState::KeyMissing { .. }));
    keystore.set_closed(false);
    assert!(matches!(shut.start().unwrap(), StartState::NoClinic { .. }), "asked again, it opens");
}

#[test]
fn a_store_whose_key_file_is_gone_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), &MemoryKeystore::default()).create_store(KeyPlace::File).unwrap();
    std::fs::remove_file(folder.path().join("store.key")).unwrap();
    let again = program(folder.path(), &MemoryKeystore::default());
    assert!(matches!(again.start().unwrap(), StartState::KeyMissing { .. }));
}

#[test]
fn a_passphrase_opens_the_store_and_a_wrong_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = |words: &str| Passphrase { passphrase: words.into() };
    let first = program(folder.path(), &MemoryKeystore::default());
    let short = KeyPlace::Passphrase { passphrase: "too short".into() };
    assert!(matches!(first.create_store(short), Err(AppError::Validation { .. })));
    first.create_store(KeyPlace::Passphrase { passphrase: "a red tram crosses".into() }).unwrap();
    drop(first);
    let again = program(folder.path(), &MemoryKeystore::default());
    assert!(matches!(again.start().unwrap(), StartState::NeedsPassphrase { .. }));
    assert_eq!(again.open_store(passphrase("a red bus crosses")).unwrap_err(), AppError::WrongPassphrase);
    assert!(matches!(
        again.open_store(passphrase("a red tram crosses")).unwrap(),
        StartState::NoClinic { .. }
    ));
}

#[test]
fn a_newer_store_is_refused_politely_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), &MemoryKeystore::default()).create_store(KeyPlace::File).unwrap();
    let text = std::fs::read_to_string(folder.path().join("store.key")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    let raw = rusqlite::Connection::open(folder.path().join("store.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"", kept["key"].as_str().unwrap())).unwrap();
    raw.execute_batch(&format!("PRAGMA user_version = {}", SCHEMA + 3)).unwrap();
    drop(raw);
    let found = program(folder.path(), &MemoryKeystore::default()).start().unwrap();
    let StartState::StoreNewer { store, program, .. } = found else { panic!("{found:?}") };
    assert_eq!((store, program), (SCHEMA + 3, SCHEMA));
}

#[test]
fn a_damaged_store_is_reported_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    program(folder.path(), &MemoryKeystore::default()).create_store(KeyPlace::File).unwrap();
    std::fs::write(folder.path().join("store.db"), vec![7_u8; 8192]).unwrap();
    let again = program(folder.path(), &MemoryKeystore::default());
    assert!(matches!(again.start().unwrap(), StartState::Unreadable { .. }));
}

#[test]
fn a_clock_that_was_set_back_is_told_at_the_start() {
    let clinic = TestClinic::new();
    assert_eq!(clinic.app.start().unwrap(), StartState::Ready { clock_back_minutes: None });
    clinic.clock.set_by_minutes(-120);
    let StartState::Ready { clock_back_minutes } = clinic.app.start().unwrap() else { panic!("not ready") };
    assert_eq!(clock_back_minutes, Some(120));
    let newest = newest_entry(&clinic);
    assert_eq!((newest.op, newest.reason.as_str()), (Op::ClockSetBack, "120 min"));
    let told = clinic.app.list_notices(&clinic.admin()).unwrap();
    assert_eq!(told.iter().map(|row| row.kind).collect::<Vec<_>>(), [NoticeKind::ClockSetBack]);
    clinic.clock.wait_minutes(1);
    assert_eq!(clinic.app.start().unwrap(), StartState::Ready { clock_back_minutes: None }, "told once");
}

#[test]
fn a_clock_that_was_set_back_since_the_last_entry_is_told_as_well() {
    let clinic = TestClinic::new();
    clinic.clock.wait_minutes(600);
    clinic.sign_in("fran").unwrap();
    clinic.clock.set_by_minutes(-300);
    assert_eq!(clinic.app.start().unwrap(), StartState::Ready { clock_back_minutes: Some(300) });
}

#[test]
fn a_clock_that_is_set_back_while_the_program_runs_is_told_once() {
    let clinic = TestClinic::new();
    let told = || {
        let rows = clinic.app.list_notices(&clinic.admin()).unwrap();
        rows.iter().filter(|row| row.kind == NoticeKind::ClockSetBack).count()
    };
    clinic.app.watch_clock().unwrap();
    clinic.clock.wait_minutes(600);
    clinic.app.watch_clock().unwrap();
    clinic.clock.set_by_minutes(-4);
    clinic.app.watch_clock().unwrap();
    assert_eq!(told(), 0, "a correction");
    clinic.clock.set_by_minutes(-296);
    for _ in 0..2 {
        clinic.app.watch_clock().unwrap();
    }
    let newest = newest_entry(&clinic);
    assert_eq!((newest.op, newest.reason.as_str()), (Op::ClockSetBack, "300 min"));
    assert_eq!(told(), 1);
    assert_eq!(clinic.app.start().unwrap(), StartState::Ready { clock_back_minutes: None }, "nor again then");
}

fn newest_entry(clinic: &TestClinic) -> AuditRow {
    let request = ListAudit { with_reads: true, size: 1, ..ListAudit::default() };
    clinic.app.list_audit(&clinic.admin(), request).unwrap().rows.remove(0)
}

#[test]
fn nothing_that_was_written_can_be_read_in_the_folder() {
    let clinic = TestClinic::new();
    clinic.add_patient("Canarybird", "Zephyrine", "1988-03-12");
    let mut looked_at = 0;
    for file in std::fs::read_dir(clinic.folder()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for canary in ["Canarybird", "canarybird", "Zephyrine", "SQLite format 3"] {
                let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                assert!(!found, "{canary} lies open in {}", path.display());
            }
            looked_at += 1;
        }
    }
    assert!(looked_at >= 2, "store, key and lock were looked at");
}
