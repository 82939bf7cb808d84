//! Opens the store: one function, the settings that were measured, and every one of them read back.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

use super::store_key::StoreKey;
use crate::error::{Answer, AppError};

/// Connections that read at the same time.
pub(super) const READERS: usize = 3;
/// A store up to this size is looked through when it is opened, which takes up to a twentieth of a second.
const CHECKED_BYTES: u64 = 8 << 20;
/// The oldest bundled SQLite that is free of the WAL-reset fault.
const LEAST_SQLITE: i32 = 3_051_003;

/// An open store: one connection that writes, a few that read.
pub struct Store {
    pub(super) path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    reader_back: Condvar,
    key: Mutex<StoreKey>,
    pub(super) root: StoreKey,
    pub(crate) audit_key: Zeroizing<[u8; 32]>,
    /// When the end of the audit chain was last named outside the store since it was opened; 0 for not yet.
    pub(super) named_ms: AtomicI64,
}

impl Store {
    /// Opens or makes the store at `path` and brings its schema up to date, after a copy where one is due.
    ///
    /// # Errors
    /// [`AppError::StoreNewer`], [`AppError::StoreUnreadable`], [`AppError::StoreReadOnly`], [`AppError::StoreFull`].
    pub fn open(path: &Path, key: &StoreKey) -> Answer<Self> {
        let mut writer = connect(path, key, Access::Write)?;
        check(&writer, path)?;
        super::migrate::migrate(&mut writer, path)?;
        let root = root(&writer, key)?;
        let readers = (0..READERS).map(|_| connect(path, key, Access::Read)).collect::<Answer<Vec<_>>>()?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(readers),
            reader_back: Condvar::new(),
            key: Mutex::new(key.clone()),
            audit_key: Zeroizing::new(root.derive("clinic desk audit chain 1")),
            root,
            named_ms: AtomicI64::new(0),
        })
    }

    /// Where the store lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key that its pages are encrypted with, for wrapping it anew.
    pub(crate) fn key(&self) -> StoreKey {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_key(&self, key: StoreKey) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// A key of the store for a purpose. It stays the same when the pages get another key.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        self.root.derive(purpose)
    }

    /// Reads on one of the reading connections, inside one read transaction, so that a batch sees one state.
    ///
    /// # Errors
    /// Whatever `read` answers, and faults of the store.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Answer<T>) -> Answer<T> {
        let mut reader = self.borrow_reader();
        let tx = reader.conn()?.transaction()?;
        let value = read(&tx)?;
        tx.commit()?;
        Ok(value)
    }

    /// The writing connection, for the write door alone.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All reading connections, once nobody uses one; whoever wants to read waits until they are back.
    pub(super) fn take_readers(&self) -> Vec<Connection> {
        let mut readers = self.lock_readers();
        while readers.len() < READERS {
            readers = self.reader_back.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::take(&mut *readers)
    }

    pub(super) fn give_readers(&self, readers: Vec<Connection>) {
        self.lock_readers().extend(readers);
        self.reader_back.notify_all();
    }

    fn borrow_reader(&self) -> Borrowed<'_> {
        let mut readers = self.lock_readers();
        loop {
            if let Some(conn) = readers.pop() {
                return Borrowed { store: self, conn: Some(conn) };
            }
            readers = self.reader_back.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock_readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reading connection that goes back whatever happens: one that a panic took along would be missing for good.
struct Borrowed<'s> {
    store: &'s Store,
    conn: Option<Connection>,
}

impl Borrowed<'_> {
    fn conn(&mut self) -> Answer<&mut Connection> {
        self.conn.as_mut().ok_or(AppError::WrongState)
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.store.lock_readers().extend(self.conn.take());
        self.store.reader_back.notify_one();
    }
}

/// Name of the fact that holds the first key of the store, once it has had another.
pub(super) const ROOT: &str = "root_key";

/// The secret from which the keys for other purposes come: the first key that the store ever had, so that the audit
/// chain and whatever else was made with it outlive a change of the key.
fn root(conn: &Connection, key: &StoreKey) -> Answer<StoreKey> {
    let kept = conn
        .query_row("SELECT value FROM fact WHERE name = ?1", [ROOT], |row| row.get(0).map(Zeroizing::new))
        .optional()?;
    let Some(kept): Option<Zeroizing<String>> = kept else { return Ok(key.clone()) };
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(kept.as_str(), &mut *bytes).map_err(|_| AppError::StoreUnreadable)?;
    Ok(StoreKey::new(*bytes))
}

/// What a connection may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// The settings of the design, as name and the value that reading it back must give.
const SETTINGS: [(&str, &str, &str); 9] = [
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("mmap_size", "0", "0"),
    ("temp_store", "MEMORY", "2"),
];

/// Looks through a small store for damage. A large one is not looked through, since that would take longer than opening
/// may: every page carries its own code anyway, and a damaged one is refused when it is read.
fn check(conn: &Connection, path: &Path) -> Answer<()> {
    if std::fs::metadata(path).is_ok_and(|meta| meta.len() > CHECKED_BYTES) {
        return Ok(());
    }
    let found: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    tracing::error!(found, "the store is damaged");
    Err(AppError::StoreUnreadable)
}

/// Waits until the cipher can be used. SQLite calls itself ready a moment before it begins to set up SQLCipher, so that
/// whoever opens a store while another thread opens the first one of the process would find no cipher ("SQL logic
/// error").
fn ready_cipher() {
    static READY: Once = Once::new();
    READY.call_once(|| drop(Connection::open_in_memory()));
}

pub(super) fn connect(path: &Path, key: &StoreKey, access: Access) -> Answer<Connection> {
    if rusqlite::version_number() < LEAST_SQLITE {
        return Err(AppError::StoreUnreadable);
    }
    ready_cipher();
    // Readers open for writing as well: a WAL store needs its index written even to be read.
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    let raw = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", *Zeroizing::new(hex::encode(key.bytes()))));
    // What SQLCipher would print is told by the answer.
    conn.execute_batch("PRAGMA cipher_log = off")?;
    conn.execute_batch(&raw)?;
    // The first read tells whether the key is right; SQLCipher answers "not a database" when it is not.
    conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    for (name, value, expected) in SETTINGS {
        set(&conn, name, value, expected)?;
    }
    conn.execute_batch("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 1000;")?;
    // Prepared statements keep their plan when bound values change; 1.2 to 3.2 times faster on ranges.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(128);
    if access == Access::Read {
        set(&conn, "query_only", "ON", "1")?;
    }
    Ok(conn)
}

fn set(conn: &Connection, name: &str, value: &str, expected: &str) -> Answer<()> {
    conn.execute_batch(&format!("PRAGMA {name} = {value}"))?;
    let got = conn.query_row(&format!("PRAGMA {name}"), [], |row| {
        row.get::<_, rusqlite::types::Value>(0).map(|value| match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            _ => String::new(),
        })
    })?;
    if got == expected {
        return Ok(());
    }
    tracing::error!(setting = name, got, expected, "the store refuses a setting");
    Err(if name == "journal_mode" { AppError::StoreReadOnly } else { AppError::StoreUnreadable })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> StoreKey {
        StoreKey::new([7; 32])
    }

    fn folder_with_store() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let store = Store::open(&path, &key()).unwrap();
        store
            .keep(None, |conn| Ok(conn.execute("INSERT INTO fact VALUES ('canary', 'Zephyrine')", [])?))
            .unwrap();
        (folder, path)
    }

    fn canary(store: &Store) -> Answer<String> {
        store.read(|conn| {
            Ok(conn.query_row("SELECT value FROM fact WHERE name = 'canary'", [], |row| row.get(0))?)
        })
    }

    #[test]
    fn every_connection_has_every_setting() {
        let (_folder, path) = folder_with_store();
        for access in [Access::Read, Access::Write] {
            let conn = connect(&path, &key(), access).unwrap();
            for (name, _, expected) in SETTINGS {
                set(&conn, name, expected, expected).unwrap();
            }
            assert!(conn.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG).unwrap());
            let cache: i64 = conn.query_row("PRAGMA cache_size", [], |row| row.get(0)).unwrap();
            assert_eq!(cache, -65536);
        }
    }

    #[test]
    fn a_setting_that_does_not_hold_is_refused() {
        ready_cipher();
        let conn = Connection::open_in_memory().unwrap();
        assert_eq!(set(&conn, "journal_mode", "WAL", "wal"), Err(AppError::StoreReadOnly));
        assert_eq!(set(&conn, "synchronous", "FULL", "0"), Err(AppError::StoreUnreadable));
    }

    #[test]
    fn what_is_written_is_nowhere_in_clear_and_opens_with_its_key_only() {
        let (folder, path) = folder_with_store();
        let before = std::fs::read(&path).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(9).any(|found| found == b"Zephyrine"));
        }
        let wrong = Store::open(&path, &StoreKey::new([8; 32]));
        assert_eq!(wrong.err(), Some(AppError::StoreUnreadable));
        assert_eq!(std::fs::read(&path).unwrap(), before, "left untouched");
        assert_eq!(canary(&Store::open(&path, &key()).unwrap()).unwrap(), "Zephyrine");
    }

    #[test]
    fn a_store_of_a_newer_program_is_left_untouched() {
        let (_folder, path) = folder_with_store();
        connect(&path, &key(), Access::Write).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        let before = std::fs::read(&path).unwrap();
        let newer = AppError::StoreNewer { store: 99, program: crate::db::migrate::SCHEMA };
        assert_eq!(Store::open(&path, &key()).err(), Some(newer));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_folder_that_is_not_there_is_one_that_cannot_be_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gone").join("store.db");
        assert_eq!(Store::open(&path, &key()).err(), Some(AppError::StoreReadOnly));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed_before_anything_is_shown() {
        let (folder, path) = folder_with_store();
        let whole = std::fs::read(&path).unwrap();
        let damaged_path = folder.path().join("damaged.db");
        for n in 0..40 {
            let mut damaged = whole.clone();
            let at = n * 7919 % damaged.len();
            damaged[at] ^= 1 << (n % 8);
            std::fs::write(&damaged_path, &damaged).unwrap();
            let opened = Store::open(&damaged_path, &key());
            assert_eq!(opened.err(), Some(AppError::StoreUnreadable), "byte {at}");
        }
    }

    #[test]
    fn a_panic_while_reading_takes_no_connection_along() {
        let (_folder, path) = folder_with_store();
        let store = Store::open(&path, &key()).unwrap();
        for _ in 0..=READERS {
            let read =
                std::panic::AssertUnwindSafe(|| store.read(|_| -> Answer<()> { panic!("a planted fault") }));
            assert!(std::panic::catch_unwind(read).is_err());
        }
        assert_eq!(canary(&store).unwrap(), "Zephyrine");
    }

    #[test]
    fn reading_cannot_write_and_sees_one_state() {
        let (_folder, path) = folder_with_store();
        let store = Store::open(&path, &key()).unwrap();
        let refused = store.read(|conn| Ok(conn.execute("DELETE FROM fact", [])?));
        assert_eq!(refused, Err(AppError::StoreReadOnly));
        let count =
            |conn: &Connection| Ok(conn.query_row("SELECT count(*) FROM fact", [], |row| row.get(0))?);
        let (before, after): (i64, i64) = store
            .read(|conn| {
                let before = count(conn)?;
                store.keep(None, |conn| Ok(conn.execute("INSERT INTO fact VALUES ('new', '')", [])?))?;
                Ok((before, count(conn)?))
            })
            .unwrap();
        assert_eq!(before, after);
        assert_eq!(store.read(count).unwrap(), before + 1);
    }
}
