//! The recovery key: what opens the store on the day on which the computer has lost its key.

use std::path::Path;

use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::identity::recovery_view::{MakeRecoveryKey, RecoverStore};
use clinic_app::identity::view::{KeyPlace, StartState};
use clinic_app::{Actor, Answer, App, AppError, Parts};
use clinic_domain::id::ActionId;
use clinic_testkit::clinic::{CHEAP, MONDAY_MORNING};
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};

/// A program in a folder whose keystore is this one.
pub(super) fn program(folder: &Path, keystore: &MemoryKeystore) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(TurnedClock::at(MONDAY_MORNING)),
        random: Box::new(RepeatingRandom::from_seed(1)),
        keystore: Box::new(keystore.clone()),
        hashing: CHEAP,
    })
}

/// A clinic whose key is in this place, with its administrator signed in.
pub(super) fn clinic(folder: &Path, keystore: &MemoryKeystore, place: KeyPlace) -> (App, Actor) {
    let app = program(folder, keystore);
    app.create_store(place).unwrap();
    app.set_up_clinic(forms::clinic(ActionId(app.new_id().unwrap()))).unwrap();
    let admin = app.actor().unwrap();
    (app, admin)
}

pub(super) fn make(app: &App, admin: &Actor, password: &str) -> Answer<String> {
    let request = MakeRecoveryKey { password: password.into() };
    app.make_recovery_key(admin, request).map(|made| made.recovery_key.expose().to_owned())
}

pub(super) fn recover(app: &App, recovery_key: &str) -> Answer<StartState> {
    app.recover_store(RecoverStore { recovery_key: recovery_key.into() })
}

pub(super) fn ready(state: Answer<StartState>) -> bool {
    matches!(state, Ok(StartState::Ready { .. }))
}

#[test]
fn a_lost_keystore_is_made_good_by_the_recovery_key_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::Keystore);
    assert_eq!(app.read_recovery_key(&admin).unwrap().made_at, None);
    let recovery_key = make(&app, &admin, forms::PASSWORD).unwrap();
    assert_eq!(app.read_recovery_key(&admin).unwrap().made_at, Some(app.now()));
    drop(app);

    let emptied = MemoryKeystore::default();
    let app = program(folder.path(), &emptied);
    assert!(matches!(app.start().unwrap(), StartState::KeyMissing { .. }));
    let typed = recovery_key.to_lowercase().replace('-', " ");
    assert!(ready(recover(&app, &typed)));
    assert_eq!(recover(&app, &typed).unwrap_err(), AppError::WrongState, "the store is open");
    drop(app);

    let app = program(folder.path(), &emptied);
    assert!(ready(app.start()), "the keystore has the key again");
}

#[test]
fn whatever_was_lost_the_recovery_key_opens_the_store_a_hundred_times() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::Keystore);
    let recovery_key = make(&app, &admin, forms::PASSWORD).unwrap();
    drop(app);
    for turn in 0..100 {
        if turn % 2 == 1 {
            std::fs::remove_file(folder.path().join("store.key")).unwrap();
        }
        let app = program(folder.path(), &MemoryKeystore::default());
        assert!(matches!(app.start().unwrap(), StartState::KeyMissing { .. }));
        assert!(ready(recover(&app, &recovery_key)), "turn {turn}");
    }
}

#[test]
fn without_a_keystore_the_store_opens_and_asks_again_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let keystore = MemoryKeystore::default();
    let (app, admin) = clinic(folder.path(), &keystore, KeyPlace::Keystore);
    let recovery_key = make(&app, &admin, forms::PASSWORD).unwrap();
    drop(app);
    keystore.set_closed(true);
    let app = program(folder.path(), &keystore);
    assert!(ready(recover(&app, &recovery_key)));
    drop(app);
    assert!(matches!(program(folder.path(), &keystore).start().unwrap(), StartState::KeyMissing { .. }));
}

#[test]
fn a_forgotten_passphrase_is_no_loss() {
    let folder = tempfile::tempdir().unwrap();
    let place = KeyPlace::Passphrase { passphrase: "a red tram crosses".into() };
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), place);
    let recovery_key = make(&app, &admin, forms::PASSWORD).unwrap();
    drop(app);
    let app = program(folder.path(), &MemoryKeystore::default());
    assert!(matches!(app.start().unwrap(), StartState::NeedsPassphrase { .. }));
    assert!(ready(recover(&app, &recovery_key)));
}

#[test]
fn a_wrong_recovery_key_opens_nothing_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::Keystore);
    let old = make(&app, &admin, forms::PASSWORD).unwrap();
    let new = make(&app, &admin, forms::PASSWORD).unwrap();
    drop(app);
    let files = || {
        let mut files: Vec<_> = ["store.db", "store.key", "store.recovery"]
            .map(|name| std::fs::read(folder.path().join(name)).unwrap())
            .into();
        files.dedup();
        files
    };
    let before = files();
    let app = program(folder.path(), &MemoryKeystore::default());
    let slip = if new.ends_with('0') { new.replace(&new[33..], "1") } else { format!("{}0", &new[..33]) };
    for typed in ["", "0000", &old, &slip, "0000-0000-0000-0000-0000-0000-0000"] {
        assert_eq!(recover(&app, typed).unwrap_err(), AppError::WrongRecoveryKey, "{typed}");
    }
    assert_eq!(files(), before);
    assert!(ready(recover(&app, &new)));
}

#[test]
fn a_store_without_a_recovery_key_says_so() {
    let folder = tempfile::tempdir().unwrap();
    drop(clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::Keystore));
    let app = program(folder.path(), &MemoryKeystore::default());
    let any = "0000-0000-0000-0000-0000-0000-0000";
    assert_eq!(recover(&app, any).unwrap_err(), AppError::NotFound);
}

#[test]
fn making_one_asks_for_the_password_again_and_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let (app, admin) = clinic(folder.path(), &MemoryKeystore::default(), KeyPlace::Keystore);
    assert_eq!(make(&app, &admin, "not this one at all").unwrap_err(), AppError::WrongCredentials);
    let recovery_key = make(&app, &admin, forms::PASSWORD).unwrap();
    let all = ListAudit { op: Some(Op::MakeRecoveryKey), size: 50, ..ListAudit::default() };
    assert_eq!(app.list_audit(&admin, all).unwrap().total, 1);
    for name in ["store.db", "store.db-wal", "store.key", "store.recovery", "audit.checkpoint"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(&recovery_key) && !text.contains(&recovery_key.replace('-', "")), "{name}");
    }
}
