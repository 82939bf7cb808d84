//! What the tests of every slice stand on: an application over an open store in a temporary folder, on a computer that
//! does the same in every run. The fixtures of the slices put their people and records into it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::TimeDelta;
use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::{ContactChannel, PatientForm, Sex};
use clinic_domain::id::ActionId;
use clinic_domain::scheduling::hours::default_week;
use clinic_domain::time::Instant;
use rusqlite::Connection;
use uuid::Uuid;

use crate::app::{App, Clock, Parts, Random};
use crate::clinic::record::Clinic;
use crate::clinic::view::ClinicProfile;
use crate::db::{Record, Store, StoreKey};
use crate::error::{Answer, AppError};
use crate::identity::hashing::Cost;
use crate::identity::keystore::Keystore;

/// The wall clock and the monotonic one, turned by hand.
struct ByHand(Mutex<(Instant, Duration)>);

impl ByHand {
    fn hands(&self) -> MutexGuard<'_, (Instant, Duration)> {
        self.0.lock().unwrap()
    }
}

impl Clock for Arc<ByHand> {
    fn now(&self) -> Instant {
        self.hands().0
    }

    fn elapsed(&self) -> Duration {
        self.hands().1
    }

    fn wait_until(&self, elapsed: Duration) {
        let mut hands = self.hands();
        hands.1 = hands.1.max(elapsed);
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

    fn remove(&self, _: &str) -> Answer<()> {
        Err(AppError::NoKeystore)
    }
}

/// The application. A fixture of a slice derefs to it.
pub(crate) struct TestApp {
    pub app: App,
    clock: Arc<ByHand>,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// An application at this instant, whose store holds a clinic in this zone and nothing else.
    pub fn new(now: &str, zone: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ByHand(Mutex::new((now.parse().unwrap(), Duration::ZERO))));
        let app = App::new(Parts {
            folder: folder.path().to_owned(),
            device: "test desk".into(),
            clock: Box::new(Arc::clone(&clock)),
            random: Box::new(Counted(AtomicU64::new(1))),
            keystore: Box::new(NoKeys),
            hashing: Cost { memory_kib: 8, passes: 1 },
        });
        app.use_store(Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap());
        let test = Self { app, clock, _folder: folder };
        test.write(|conn| clinic(zone).save(conn, 1));
        test
    }

    /// Sets the wall clock.
    pub fn at(&self, now: &str) {
        self.clock.hands().0 = now.parse().unwrap();
    }

    /// Lets so many seconds go by on both clocks.
    pub fn wait(&self, seconds: u64) {
        self.turn(seconds.cast_signed(), seconds);
    }

    /// Turns the wall clock and the monotonic one by so many seconds.
    pub fn turn(&self, wall: i64, elapsed: u64) {
        let mut hands = self.clock.hands();
        *hands = (hands.0 + TimeDelta::seconds(wall), hands.1 + Duration::from_secs(elapsed));
    }

    /// A new id of a request.
    pub fn request(&self) -> ActionId {
        ActionId(self.app.new_id().unwrap())
    }

    /// Reads what no use case shows.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().read(read).unwrap()
    }

    /// Changes the store past all rules.
    pub fn write<T>(&self, write: impl FnOnce(&Connection) -> Answer<T>) -> T {
        self.app.store().unwrap().keep(None, write).unwrap()
    }
}

/// Riverside Clinic: the usual week, slots of thirty minutes.
fn clinic(zone: &str) -> Clinic {
    Clinic {
        id: Uuid::from_u128(1),
        profile: ClinicProfile {
            name: "Riverside Clinic".into(),
            short_name: String::new(),
            street: String::new(),
            city: String::new(),
            post_code: String::new(),
            phone: String::new(),
            time_zone: zone.into(),
            language: "en".into(),
            colour: "#0b6e6e".into(),
        },
        hours: default_week(),
        closed_days: Vec::new(),
        slot_minutes: 30,
        late_after_minutes: 15,
        licence_pattern: String::new(),
        is_demo: false,
    }
}

/// A patient with a name and a birth date such as `1980-02-29`, nothing else.
pub(crate) fn person(family_name: &str, given_names: &str, born: &str) -> PatientForm {
    PatientForm {
        family_name: family_name.into(),
        given_names: given_names.into(),
        called: String::new(),
        birth_date: Some(born.parse().unwrap()),
        sex: Sex::Unknown,
        is_pregnant: None,
        phone: String::new(),
        phone_other: String::new(),
        email: String::new(),
        street: String::new(),
        city: String::new(),
        post_code: String::new(),
        language: String::new(),
        channel: ContactChannel::Call,
        emergency_contacts: Vec::new(),
        alerts: Vec::new(),
        doctor_id: None,
        notes: String::new(),
    }
}

/// A doctor with a name and the usual week.
pub(crate) fn physician(family_name: &str, given_names: &str) -> DoctorForm {
    DoctorForm {
        family_name: family_name.into(),
        given_names: given_names.into(),
        short_name: String::new(),
        specialty_ids: Vec::new(),
        licence_number: String::new(),
        licence_until: None,
        phone: String::new(),
        email: String::new(),
        schedule: default_week(),
    }
}
