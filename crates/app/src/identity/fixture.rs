//! An application with an open store in a temporary folder, for the tests of this slice and of the audit log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clinic_domain::id::{AccountId, ActionId, DoctorId};
use clinic_domain::identity::account::AccountDetails;
use clinic_domain::identity::role::Role;
use clinic_domain::scheduling::hours::default_week;
use clinic_domain::time::Instant;
use rusqlite::Connection;
use uuid::Uuid;

use super::account::{self, Account};
use super::hashing::{self, Cost};
use super::keystore::Keystore;
use crate::app::{Actor, App, Clock, Parts, Random};
use crate::audit::view::Op;
use crate::clinic::record;
use crate::clinic::view::ClinicProfile;
use crate::db::audit::Entry;
use crate::db::{Record, Store, StoreKey};
use crate::error::{Answer, AppError};
use crate::identity::view::{SessionState, SignIn};

/// Tuesday, 24 November 2026, 09:00 in Berlin.
pub(crate) const NOW: &str = "2026-11-24T08:00:00Z";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "kvass blurt fjord zwerg";

/// The wall clock and the monotonic one in seconds, turned by hand.
#[derive(Default)]
struct ByHand(Mutex<(i64, u64)>);

impl Clock for Arc<ByHand> {
    fn now(&self) -> Instant {
        NOW.parse::<Instant>().unwrap() + chrono::TimeDelta::seconds(self.0.lock().unwrap().0)
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.lock().unwrap().1)
    }
}

/// The same bytes in every run (SplitMix64).
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Answer<()> {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

struct NoKeys;

impl Keystore for NoKeys {
    fn available(&self) -> bool {
        false
    }

    fn get(&self, _: &str) -> Answer<Option<zeroize::Zeroizing<Vec<u8>>>> {
        Err(AppError::NoKeystore)
    }

    fn set(&self, _: &str, _: &[u8]) -> Answer<()> {
        Err(AppError::NoKeystore)
    }
}

/// A clinic in Berlin with an administrator `ada`, who is not signed in.
pub(crate) struct Clinic {
    pub app: App,
    clock: Arc<ByHand>,
    _folder: tempfile::TempDir,
}

impl Clinic {
    pub fn new() -> Self {
        let clock = Arc::new(ByHand::default());
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap();
        let app = App::new(Parts {
            folder: folder.path().to_owned(),
            device: "test desk".into(),
            clock: Box::new(Arc::clone(&clock)),
            random: Box::new(Counted(AtomicU64::new(1))),
            keystore: Box::new(NoKeys),
            hashing: Cost { memory_kib: 8, passes: 1 },
        });
        store.keep(None, |conn| some_clinic().save(conn, 1)).unwrap();
        app.use_store(store);
        let clinic = Self { app, clock, _folder: folder };
        clinic.account("ada", Role::Admin, None);
        clinic
    }

    /// Lets so many seconds go by on both clocks.
    pub fn wait(&self, seconds: u64) {
        self.turn(seconds.cast_signed(), seconds);
    }

    /// Turns the wall clock and the monotonic one.
    pub fn turn(&self, wall: i64, elapsed: u64) {
        let mut clock = self.clock.0.lock().unwrap();
        *clock = (clock.0 + wall, clock.1 + elapsed);
    }

    /// An account, written past the door. Its e-mail address is `<name>@example.org`.
    pub fn account(&self, user_name: &str, role: Role, doctor: Option<DoctorId>) -> AccountId {
        let id = AccountId(self.app.new_id().unwrap());
        let details = AccountDetails {
            given_names: user_name.into(),
            family_name: "Test".into(),
            email: format!("{user_name}@example.org"),
            user_name: user_name.into(),
            role,
            doctor,
        };
        let hash = hashing::hash(&self.app.parts, PASSWORD).unwrap();
        let number = self.read(|conn| super::number::free(&self.app, conn, role));
        let account = account::draft(id, number, details, hash, self.app.now());
        self.write(|conn| account.save(conn, 1));
        id
    }

    /// A doctor's row without anything in it.
    pub fn doctor(&self) -> DoctorId {
        let id = DoctorId(self.app.new_id().unwrap());
        self.write(|conn| super::store_account::insert_doctor_for_test(conn, id));
        id
    }

    /// Changes an account past the door.
    pub fn change(&self, id: AccountId, change: impl FnOnce(&mut Account)) {
        let (mut account, rev) = self.load(id);
        change(&mut account);
        self.write(|conn| account.save(conn, rev + 1));
    }

    pub fn load(&self, id: AccountId) -> (Account, u32) {
        self.read(|conn| Account::load(conn, id.0)).unwrap()
    }

    pub fn sign_in(&self, login: &str, password: &str) -> Answer<SessionState> {
        self.app.sign_in(SignIn { login: login.into(), password: password.into() })
    }

    /// Signs in the administrator.
    pub fn admin(&self) -> Actor {
        self.sign_in("ada", PASSWORD).unwrap();
        self.app.actor().unwrap()
    }

    /// Somebody in a session that is not the desk's.
    pub fn person(&self, id: AccountId) -> Actor {
        self.load(id).0.actor(clinic_domain::id::SessionId(self.app.new_id().unwrap()), "elsewhere")
    }

    pub fn request(&self) -> ActionId {
        ActionId(self.app.new_id().unwrap())
    }

    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().read(read).unwrap()
    }

    pub fn write<T>(&self, write: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().keep(None, write).unwrap()
    }

    /// What was written down, oldest first.
    pub fn audit(&self) -> Vec<Entry> {
        let bodies = self.read(|conn| {
            let mut rows = conn.prepare("SELECT body FROM audit ORDER BY seq")?;
            Ok(rows.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
    }

    pub fn ops(&self) -> Vec<Op> {
        self.audit().iter().map(|entry| entry.op).collect()
    }
}

fn some_clinic() -> record::Clinic {
    record::Clinic {
        id: Uuid::from_u128(1),
        profile: ClinicProfile {
            name: "Riverside Clinic".into(),
            short_name: String::new(),
            street: String::new(),
            city: String::new(),
            post_code: String::new(),
            phone: String::new(),
            time_zone: "Europe/Berlin".into(),
            language: "en".into(),
            colour: "#0b6e6e".into(),
        },
        hours: default_week(),
        closed_days: Vec::new(),
        slot_minutes: 30,
        late_after_minutes: 15,
        idle_lock_minutes: 15,
        licence_pattern: String::new(),
        is_demo: false,
    }
}
