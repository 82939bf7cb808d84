//! A store that opens for its staff alone (K2): a person's password and this computer together, neither without the other,
//! and nothing in memory while nobody is signed in.

use std::sync::atomic::{AtomicU32, Ordering};

use clinic_app::AppError;
use clinic_app::audit::view::Op;
use clinic_app::identity::access_view::{ChangePassword, SwitchUser};
use clinic_app::identity::keystore::Keystore;
use clinic_app::identity::notice::NoticeKind;
use clinic_app::identity::recovery_view::Protection;
use clinic_app::identity::second_factor_view::FactorCode;
use clinic_app::identity::view::{EditAccount, KeyPlace, Passphrase, SessionState, SignIn, StartState};
use clinic_app::messaging::smtp::Smtp;
use clinic_testkit::{MemoryKeystore, forms};

use super::recovery::{make, ready, recover};
use super::staff_desk::{Desk, FIRST, PASSPHRASE, program};

const OTHER: &str = "glint morrow husk tundra";

fn places() -> [KeyPlace; 3] {
    [KeyPlace::Keystore, KeyPlace::File, KeyPlace::Passphrase { passphrase: PASSPHRASE.into() }]
}

#[test]
fn wherever_the_secret_is_a_sign_in_opens_the_store_and_the_last_sign_out_closes_it() {
    for place in places() {
        let mut desk = Desk::new(place);
        for _ in 0..2 {
            if let StartState::NeedsPassphrase { .. } = desk.restart().unwrap() {
                let wrong = desk.app.open_store(Passphrase { passphrase: "another".into() });
                assert_eq!(wrong, Err(AppError::WrongPassphrase));
                assert!(ready(desk.app.open_store(Passphrase { passphrase: PASSPHRASE.into() })));
            }
            assert!(desk.is_closed());
            let state = desk.app.session_state().unwrap();
            assert!(matches!(state, SessionState::SignedOut { clinic, .. } if clinic == "Harbour Practice"));
            assert!(desk.enters("ada"));
            assert!(desk.app.verify_audit(&desk.admin()).unwrap().broken_at.is_none());
            assert!(matches!(desk.app.sign_out(), Ok(SessionState::SignedOut { closed: true, .. })));
            assert!(desk.enters("ada@example.org") && !desk.is_closed());
        }
    }
}

#[test]
fn a_copy_of_the_folder_on_another_computer_does_not_open_with_the_right_password() {
    let desk = Desk::new(KeyPlace::Keystore);
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(desk.folder.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let before = std::fs::read(copy.path().join("store.db")).unwrap();
    let elsewhere = MemoryKeystore::default();
    let other = program(copy.path(), &elsewhere, &desk.clock, &desk.random);
    assert!(matches!(other.start().unwrap(), StartState::KeyMissing { .. }));
    let request = || SignIn { login: "ada".to_owned(), password: forms::PASSWORD.into() };
    assert_eq!(other.sign_in(request()).unwrap_err(), AppError::WrongState);
    // Not even with a secret of its own in the place of ours.
    let kept: serde_json::Value = serde_json::from_slice(&desk.file("store.key")).unwrap();
    elsewhere.set(kept["secret"]["entry"].as_str().unwrap(), &[9; 32]).unwrap();
    assert!(ready(other.start()));
    assert_eq!(other.sign_in(request()).unwrap_err(), AppError::WrongCredentials);
    assert_eq!(std::fs::read(copy.path().join("store.db")).unwrap(), before);
}

#[test]
fn the_keystore_without_a_password_opens_nothing() {
    let desk = Desk::new(KeyPlace::Keystore);
    let kept: serde_json::Value = serde_json::from_slice(&desk.file("store.key")).unwrap();
    let entry = kept["secret"]["entry"].as_str().unwrap().to_owned();
    let secret = desk.keystore.get(&entry).unwrap().unwrap();
    assert_eq!(desk.keystore.entries(), 1, "the key from before is forgotten");
    let Desk { folder, app, .. } = desk;
    drop(app);
    // The secret of the computer is no key of the store.
    let conn = rusqlite::Connection::open(folder.path().join("store.db")).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(&*secret))).unwrap();
    assert!(conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)).is_err());
}

#[test]
fn neither_names_nor_keys_nor_the_clinic_can_be_read_in_the_files() {
    let desk = Desk::new(KeyPlace::Keystore);
    // Long enough that random bytes do not spell it.
    desk.add("noorvandijk");
    assert!(desk.begins("noorvandijk"));
    desk.app.sign_out().unwrap();
    desk.sign_in("zephyrine", "canary of a password").unwrap_err();
    let mut looked_at = 0;
    for file in std::fs::read_dir(desk.folder.path()).unwrap().map(Result::unwrap) {
        let bytes = std::fs::read(file.path()).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for canary in ["noorvandijk", "zephyrine", "canary", "harbour", "example.org", "\"key\""] {
            assert!(!text.contains(canary), "{canary} lies open in {:?}", file.file_name());
        }
        looked_at += 1;
    }
    assert!(looked_at >= 4, "store, keys, desk and lock were looked at");
}

#[test]
fn whoever_has_not_signed_in_since_opens_nothing_until_they_do_once() {
    let mut desk = Desk::new(KeyPlace::File);
    desk.add("noor");
    assert_eq!(desk.openers(), [("Test, Noor".to_owned(), false), ("Test, Ada".to_owned(), true)]);
    desk.app.sign_out().unwrap();
    assert_eq!(desk.sign_in("noor", forms::PASSWORD).unwrap_err(), AppError::WrongCredentials);
    assert!(desk.is_closed());
    assert_eq!(
        desk.sign_in("noor", FIRST).unwrap_err(),
        AppError::WrongCredentials,
        "somebody else knows it"
    );
    assert!(desk.enters("ada") && desk.begins("noor") && desk.enters("ada"));
    assert!(desk.openers().iter().all(|(_, opens)| *opens));
    desk.restart().unwrap();
    assert!(desk.is_closed() && desk.enters("noor"));
}

#[test]
fn who_was_deactivated_opens_nothing_and_is_answered_as_nobody_is() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    desk.add("noor");
    assert!(desk.begins("noor") && desk.enters("ada"));
    let stolen = desk.file("store.key");
    assert_eq!(desk.people(), 2);
    desk.set_active("noor", false);
    assert_eq!(desk.people(), 1, "hers is gone at once");
    assert_eq!(desk.openers(), [("Test, Ada".to_owned(), true)]);
    desk.restart().unwrap();
    for login in ["noor", "nobody", "noor@example.org"] {
        assert_eq!(desk.sign_in(login, forms::PASSWORD).unwrap_err(), AppError::WrongCredentials, "{login}");
        assert!(desk.is_closed());
    }
    // Even whoever put the old file back is not let in, and the store closes again.
    std::fs::write(desk.folder.path().join("store.key"), stolen).unwrap();
    desk.restart().unwrap();
    assert_eq!(desk.sign_in("noor", forms::PASSWORD).unwrap_err(), AppError::WrongCredentials);
    assert!(desk.is_closed());
    assert_eq!(desk.app.actor(), Err(AppError::NotSignedIn));
    assert!(desk.enters("ada"));
}

#[test]
fn after_a_change_of_password_the_new_one_opens_and_the_old_one_does_not() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    let request =
        ChangePassword { current: forms::PASSWORD.into(), password: OTHER.into(), end_others: true };
    desk.app.change_password(&desk.admin(), request).unwrap();
    desk.restart().unwrap();
    assert_eq!(desk.sign_in("ada", forms::PASSWORD).unwrap_err(), AppError::WrongCredentials);
    assert!(desk.is_closed());
    assert!(matches!(desk.sign_in("ada", OTHER), Ok(SessionState::SignedIn { .. })));
    assert_eq!(desk.people(), 1);
}

#[test]
fn another_name_opens_and_the_one_before_does_not() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    desk.add("noor");
    assert!(desk.begins("noor") && desk.enters("ada"));
    let row = desk.account("noor");
    let mut form = row.form.clone();
    form.user_name = "abadi".to_owned();
    desk.app.edit_account(&desk.admin(), EditAccount { id: row.id, rev: row.rev, form }).unwrap();
    desk.restart().unwrap();
    assert_eq!(desk.sign_in("noor", forms::PASSWORD).unwrap_err(), AppError::WrongCredentials);
    assert!(desk.enters("abadi"));
}

#[test]
fn the_store_stays_open_while_somebody_is_here_or_waits_behind_the_lock() {
    let desk = Desk::new(KeyPlace::Keystore);
    desk.add("noor");
    desk.app.lock().unwrap();
    assert!(!desk.is_closed());
    desk.app.free_desk().unwrap();
    assert!(!desk.is_closed(), "ada waits");
    assert!(desk.begins("noor"));
    desk.app.sign_out().unwrap();
    assert!(!desk.is_closed(), "ada still waits");
    desk.app.switch_user(SwitchUser { session_id: None }).unwrap();
    desk.app.sign_out().unwrap();
    assert!(desk.is_closed());
    // And where the session has run out.
    assert!(desk.enters("noor"));
    desk.clock.wait_minutes(12 * 60);
    desk.app.close_unused().unwrap();
    assert!(desk.is_closed());
}

#[test]
fn nothing_in_the_background_fails_while_the_store_is_closed() {
    let desk = Desk::new(KeyPlace::Keystore);
    desk.app.sign_out().unwrap();
    desk.app.close_unused().unwrap();
    assert_eq!(
        desk.app.sweep_registrations(),
        Err(AppError::WrongState),
        "what the background knows as closed"
    );
    assert_eq!(desk.app.work_mail(&Smtp::default()).err(), Some(AppError::WrongState));
    assert_eq!(desk.app.start(), Ok(StartState::Ready { clock_back_minutes: None }));
}

#[test]
fn of_fifty_guesses_at_once_four_are_looked_at_and_a_restart_gives_none_back() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    desk.restart().unwrap();
    for login in ["ada", "nobody"] {
        let (looked_at, waited) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for n in 0..50 {
                let (desk, looked_at, waited) = (&desk, &looked_at, &waited);
                scope.spawn(move || match desk.sign_in(login, &format!("guess {n}")).unwrap_err() {
                    AppError::WrongCredentials => looked_at.fetch_add(1, Ordering::SeqCst),
                    AppError::Throttled { wait_seconds: 1 } => waited.fetch_add(1, Ordering::SeqCst),
                    other => panic!("{other:?}"),
                });
            }
        });
        assert_eq!((looked_at.into_inner(), waited.into_inner()), (4, 46), "{login}");
        desk.restart().unwrap();
        let right = desk.sign_in(login, forms::PASSWORD).unwrap_err();
        assert_eq!(right, AppError::Throttled { wait_seconds: 1 }, "{login}");
        assert!(desk.is_closed());
    }
    desk.clock.wait_minutes(1);
    assert!(desk.enters("ada"));
    assert_eq!(desk.count(Op::SignInFailed), 2, "one entry for each name that was tried");
    // What is right gives the counter back.
    for _ in 0..3 {
        desk.app.sign_out().unwrap();
        for _ in 0..3 {
            assert_eq!(desk.sign_in("ada", "a slip").unwrap_err(), AppError::WrongCredentials);
        }
        assert!(desk.enters("ada"));
    }
}

#[test]
fn a_hundred_lost_and_damaged_files_make_no_key_anew_and_the_recovery_key_opens_the_store() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    let recovery_key = make(&desk.app, &desk.admin(), forms::PASSWORD).unwrap();
    let path = desk.folder.path().join("store.key");
    for turn in 0..100_usize {
        let mut kept = desk.file("store.key");
        match turn % 4 {
            0 => desk.keystore.forget(),
            1 => std::fs::remove_file(&path).unwrap(),
            2 => {
                kept.truncate(turn * 7919 % kept.len());
                std::fs::write(&path, kept).unwrap();
            }
            _ => {
                let text = String::from_utf8(kept).unwrap();
                std::fs::write(&path, text.replace("\"sealed\": \"", "\"sealed\": \"0")).unwrap();
            }
        }
        let found = desk.restart().unwrap();
        match turn % 4 {
            3 => assert_eq!(desk.sign_in("ada", forms::PASSWORD).unwrap_err(), AppError::WrongCredentials),
            _ => assert!(matches!(found, StartState::KeyMissing { .. }), "turn {turn}: {found:?}"),
        }
        assert!(ready(recover(&desk.app, &recovery_key)), "turn {turn}");
        assert!(!desk.is_closed(), "somebody is to sign in");
        desk.clock.wait_minutes(20);
        assert!(desk.enters("ada"), "turn {turn}");
        desk.app.sign_out().unwrap();
        assert!(desk.is_closed() && desk.enters("ada"), "turn {turn}: for the staff alone, as before");
    }
}

#[test]
fn the_administrators_are_told_until_there_is_a_recovery_key() {
    let desk = Desk::new(KeyPlace::Keystore);
    let told = || {
        let rows = desk.app.list_notices(&desk.admin()).unwrap();
        rows.iter().filter(|row| row.kind == NoticeKind::NoRecoveryKey).count()
    };
    assert_eq!(told(), 1);
    desk.protect(Protection::Staff).unwrap();
    assert_eq!(told(), 1, "once");
    make(&desk.app, &desk.admin(), forms::PASSWORD).unwrap();
    assert_eq!(told(), 0);
    desk.protect(Protection::Staff).unwrap();
    assert_eq!(told(), 1, "the one that was made opens nothing any more");
}

#[test]
fn a_right_password_without_its_code_lets_nobody_in_and_the_store_closes_again() {
    let desk = Desk::new(KeyPlace::Keystore);
    let offer = desk.app.begin_second_factor(&desk.admin()).unwrap();
    let secret = totp_rs::Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
    let phone = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    let code = || phone.generate(desk.app.now().timestamp().unsigned_abs()).to_string();
    desk.app.confirm_second_factor(&desk.admin(), FactorCode { code: code().into() }).unwrap();
    desk.app.sign_out().unwrap();
    assert!(matches!(desk.sign_in("ada", forms::PASSWORD), Ok(SessionState::SecondStep { .. })));
    assert!(!desk.is_closed());
    desk.clock.wait_minutes(5);
    assert!(desk.is_closed(), "nobody came");
    assert!(matches!(desk.sign_in("ada", forms::PASSWORD), Ok(SessionState::SecondStep { .. })));
    let state = desk.app.prove_second_factor(FactorCode { code: code().into() });
    assert!(matches!(state, Ok(SessionState::SignedIn { .. })), "{state:?}");
    assert!(!desk.is_closed());
}

#[test]
fn it_can_be_turned_off_again_and_both_are_written_down() {
    for place in places() {
        let mut desk = Desk::before(place);
        assert_eq!(desk.openers(), []);
        desk.protect(Protection::Staff).unwrap();
        desk.protect(Protection::Staff).unwrap();
        desk.protect(Protection::Computer).unwrap();
        desk.app.sign_out().unwrap();
        assert!(!desk.is_closed(), "this computer opens it");
        if let StartState::NeedsPassphrase { .. } = desk.restart().unwrap() {
            assert!(ready(desk.app.open_store(Passphrase { passphrase: PASSPHRASE.into() })));
        }
        assert!(!desk.is_closed() && desk.enters("ada"));
        for op in [Op::TurnOnStaffKeys, Op::ChangeStoreKey, Op::TurnOffStaffKeys] {
            assert_eq!(desk.count(op), 1);
        }
    }
}

#[test]
fn an_old_file_opens_nothing_after_the_key_has_changed() {
    let mut desk = Desk::new(KeyPlace::Keystore);
    let old = desk.file("store.key");
    desk.protect(Protection::Staff).unwrap();
    std::fs::write(desk.folder.path().join("store.key"), old).unwrap();
    desk.restart().unwrap();
    assert_eq!(desk.sign_in("ada", forms::PASSWORD).unwrap_err(), AppError::StoreUnreadable);
}
