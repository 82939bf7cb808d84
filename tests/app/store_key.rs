//! The store gets another key: the old one opens nothing any more, everything is still there, and a stop in the middle
//! leaves a store that opens.

use std::path::Path;

use clinic_app::identity::keystore::Keystore;
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection, StoreKeyPlace};
use clinic_app::identity::view::{KeyPlace, Passphrase, StartState};
use clinic_app::{Actor, Answer, App, AppError};
use clinic_testkit::{MemoryKeystore, forms};

use super::recovery::{clinic, make, program, ready, recover};

const PASSPHRASE: &str = "a red tram crosses the bridge";

fn change(app: &App, admin: &Actor, passphrase: &str) -> Answer<()> {
    let (password, passphrase) = (forms::PASSWORD.into(), passphrase.into());
    let protection = Protection::Computer;
    app.change_store_key(admin, ChangeStoreKey { protection, password, passphrase })
}

fn copy(from: &Path, to: &Path, name: &str) {
    std::fs::copy(from.join(name), to.join(name)).unwrap();
}

#[test]
fn a_copy_of_the_old_key_opens_nothing_that_is_written_after_the_change() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::File);
    let stolen = tempfile::tempdir().unwrap();
    copy(folder.path(), stolen.path(), "store.key");
    change(&app, &admin, "").unwrap();
    assert!(app.verify_audit(&admin).unwrap().broken_at.is_none(), "the chain goes on");
    drop(app);
    copy(folder.path(), stolen.path(), "store.db");
    let thief = program(stolen.path(), &MemoryKeystore::default());
    assert!(matches!(thief.start().unwrap(), StartState::Unreadable { .. }));
    assert!(ready(program(folder.path(), &MemoryKeystore::default()).start()));
}

#[test]
fn the_keystore_keeps_the_new_key_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = MemoryKeystore::default();
    let (app, admin) = clinic(folder.path(), &keystore, KeyPlace::Keystore);
    assert_eq!(app.read_recovery_key(&admin).unwrap().place, StoreKeyPlace::Keystore);
    for _ in 0..3 {
        change(&app, &admin, "").unwrap();
        assert_eq!(keystore.entries(), 1);
    }
    drop(app);
    assert!(ready(program(folder.path(), &keystore).start()));
}

#[test]
fn a_keystore_that_is_closed_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = MemoryKeystore::default();
    let (app, admin) = clinic(folder.path(), &keystore, KeyPlace::Keystore);
    keystore.set_closed(true);
    assert_eq!(change(&app, &admin, ""), Err(AppError::NoKeystore));
    keystore.set_closed(false);
    drop(app);
    assert!(ready(program(folder.path(), &keystore).start()));
}

#[test]
fn the_passphrase_stays_and_has_to_be_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let place = KeyPlace::Passphrase { passphrase: PASSPHRASE.into() };
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), place);
    assert_eq!(change(&app, &admin, "another passphrase"), Err(AppError::WrongPassphrase));
    change(&app, &admin, PASSPHRASE).unwrap();
    drop(app);
    let app = program(folder.path(), &MemoryKeystore::default());
    assert!(matches!(app.start().unwrap(), StartState::NeedsPassphrase { .. }));
    assert!(ready(app.open_store(Passphrase { passphrase: PASSPHRASE.into() })));
}

#[test]
fn the_old_recovery_key_opens_nothing_and_a_new_one_can_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::Keystore);
    let old = make(&app, &admin, forms::PASSWORD).unwrap();
    change(&app, &admin, "").unwrap();
    assert_eq!(app.read_recovery_key(&admin).unwrap().made_at, None);
    let new = make(&app, &admin, forms::PASSWORD).unwrap();
    drop(app);
    let app = program(folder.path(), &MemoryKeystore::default());
    assert_eq!(recover(&app, &old).unwrap_err(), AppError::WrongRecoveryKey);
    assert!(ready(recover(&app, &new)));
}

#[test]
fn who_does_not_know_the_password_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::File);
    let before = std::fs::read(folder.path().join("store.key")).unwrap();
    let password = "not this one".into();
    let request = ChangeStoreKey { protection: Protection::Computer, password, passphrase: "".into() };
    assert_eq!(app.change_store_key(&admin, request), Err(AppError::WrongCredentials));
    assert_eq!(std::fs::read(folder.path().join("store.key")).unwrap(), before);
}

fn places() -> [KeyPlace; 3] {
    [KeyPlace::File, KeyPlace::Keystore, KeyPlace::Passphrase { passphrase: PASSPHRASE.into() }]
}

/// Starts the program twice: the store opens, and nothing is left of the change.
fn opens(folder: &Path, keystore: &MemoryKeystore) {
    for _ in 0..2 {
        let app = program(folder, keystore);
        let state = match app.start() {
            Ok(StartState::NeedsPassphrase { .. }) => {
                app.open_store(Passphrase { passphrase: PASSPHRASE.into() })
            }
            state => state,
        };
        assert!(ready(state));
        assert!(!folder.join("store.key.next").exists());
    }
}

#[test]
fn a_change_that_was_cut_off_before_the_store_had_the_key_leaves_the_key_before() {
    for (place, same) in places().into_iter().zip(places()) {
        let keystore = MemoryKeystore::default();
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        drop(clinic(folder.path(), &keystore, place));
        drop(clinic(other.path(), &keystore, same));
        std::fs::rename(other.path().join("store.key"), folder.path().join("store.key.next")).unwrap();
        opens(folder.path(), &keystore);
    }
}

#[test]
fn a_change_that_was_cut_off_after_the_store_had_the_key_is_finished_at_the_next_start() {
    for place in places() {
        let keystore = MemoryKeystore::default();
        let folder = tempfile::tempdir().unwrap();
        let (app, admin) = clinic(folder.path(), &keystore, place);
        let (now, next) = (folder.path().join("store.key"), folder.path().join("store.key.next"));
        let before = std::fs::read(&now).unwrap();
        let kept: serde_json::Value = serde_json::from_slice(&before).unwrap();
        let entry = kept["entry"].as_str().map(|name| (name, keystore.get(name).unwrap().unwrap()));
        change(&app, &admin, PASSPHRASE).unwrap();
        drop(app);
        std::fs::copy(&now, &next).unwrap();
        std::fs::write(&now, &before).unwrap();
        if let Some((name, key)) = &entry {
            keystore.set(name, key).unwrap();
        }
        opens(folder.path(), &keystore);
        assert_eq!(keystore.entries(), usize::from(entry.is_some()));
    }
}
