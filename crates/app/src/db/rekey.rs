//! Gives an open store another key: everything is written anew under it into a second file, which is looked through and
//! then takes the place of the first in one step. The old pages stay as they are until then, so that a stop at any moment
//! leaves a store that one of the two keys opens (K4). It knows nothing of where keys are kept.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::open::{Access, READERS, ROOT, Store, connect};
use super::store_key::StoreKey;
use crate::error::{Answer, AppError};

impl Store {
    /// Writes the whole store anew under `key`. Whoever reads or writes meanwhile waits: about three seconds for every
    /// hundred megabytes.
    ///
    /// # Errors
    /// [`AppError::StoreFull`]: there must be room for the store once more; [`AppError::StoreUnreadable`] when what was
    /// written is not what was read. The store is as it was, and open.
    pub(crate) fn rekey(&self, key: &StoreKey) -> Answer<()> {
        let mut readers = self.take_readers();
        let mut writer = self.writer();
        let fresh = beside(&self.path, ".new");
        let written =
            keep_root(&writer, &self.root).and_then(|()| write_anew(&writer, &self.path, &fresh, key));
        if written.is_err() {
            discard(&fresh);
            self.give_readers(readers);
            return written;
        }
        // No connection may have the old file open while the new one takes its name: each brings its own journal.
        readers.clear();
        *writer = Connection::open_in_memory()?;
        let swapped = std::fs::rename(&fresh, &self.path).and_then(|()| sync_folder(&self.path));
        let now = if swapped.is_ok() { key } else { &self.key() };
        *writer = connect(&self.path, now, Access::Write)?;
        let anew =
            (0..READERS).map(|_| connect(&self.path, now, Access::Read)).collect::<Answer<Vec<_>>>()?;
        self.set_key(now.clone());
        self.give_readers(anew);
        swapped.map_err(|fault| AppError::internal(&fault))
    }
}

/// What was made with keys derived from the first key of the store stays readable.
fn keep_root(writer: &Connection, root: &StoreKey) -> Answer<()> {
    let root = Zeroizing::new(hex::encode(root.bytes()));
    writer.execute("INSERT OR IGNORE INTO fact (name, value) VALUES (?1, ?2)", [ROOT, root.as_str()])?;
    Ok(())
}

/// A file beside another, with more at the end of its name.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

/// What an earlier attempt left was never in use.
fn discard(fresh: &Path) {
    for file in [fresh.to_owned(), beside(fresh, "-wal"), beside(fresh, "-shm")] {
        let _gone = std::fs::remove_file(file);
    }
}

fn write_anew(writer: &Connection, path: &Path, fresh: &Path, key: &StoreKey) -> Answer<()> {
    discard(fresh);
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let raw = Zeroizing::new(format!("x'{}'", *Zeroizing::new(hex::encode(key.bytes()))));
    writer.execute("ATTACH DATABASE ?1 AS fresh KEY ?2", [&fresh.to_string_lossy(), raw.as_str()])?;
    let exported = export(writer);
    let detached = writer.execute_batch("DETACH DATABASE fresh");
    exported?;
    detached?;
    let copy = connect(fresh, key, Access::Write)?;
    compare(writer, &copy)?;
    copy.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    drop(copy);
    File::open(fresh).and_then(|file| file.sync_all()).map_err(|fault| AppError::internal(&fault))?;
    sync_folder(path).map_err(|fault| AppError::internal(&fault))
}

/// Everything, and the version of the schema, which is not a row.
fn export(writer: &Connection) -> Answer<()> {
    writer.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(()))?;
    let version: i64 = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(writer.execute_batch(&format!("PRAGMA fresh.user_version = {version}"))?)
}

/// Both have the same schema and as many rows in each table, and every page of the copy can be read.
fn compare(writer: &Connection, copy: &Connection) -> Answer<()> {
    let whole: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if whole == "ok" && schema(writer)? == schema(copy)? && rows(writer)? == rows(copy)? {
        return Ok(());
    }
    tracing::error!(whole, "what was written under a new key is not what was read");
    Err(AppError::StoreUnreadable)
}

fn schema(conn: &Connection) -> Answer<Vec<String>> {
    let mut found = conn.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql")?;
    Ok(found.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

fn rows(conn: &Connection) -> Answer<Vec<(String, i64)>> {
    let mut tables = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let count = |name: String| {
        let rows = conn.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
        Ok((name, rows))
    };
    names.into_iter().map(count).collect()
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old() -> StoreKey {
        StoreKey::new([7; 32])
    }

    fn new() -> StoreKey {
        StoreKey::new([8; 32])
    }

    fn store() -> (tempfile::TempDir, PathBuf, Store) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let store = Store::open(&path, &old()).unwrap();
        write(&store, "before");
        (folder, path, store)
    }

    fn write(store: &Store, name: &str) {
        store.keep(None, |conn| Ok(conn.execute("INSERT INTO fact VALUES (?1, '')", [name])?)).unwrap();
    }

    fn has(store: &Store, name: &str) -> bool {
        let count = "SELECT count(*) FROM fact WHERE name = ?1";
        store.read(|conn| Ok(conn.query_row(count, [name], |row| row.get::<_, i64>(0))?)).unwrap() == 1
    }

    #[test]
    fn a_store_with_a_new_key_goes_on_and_opens_with_that_key_only() {
        let (folder, path, store) = store();
        let derived = store.derive("a purpose");
        store.rekey(&new()).unwrap();
        assert_eq!(store.key().bytes(), new().bytes());
        write(&store, "after");
        assert!(has(&store, "before") && has(&store, "after"));
        drop(store);
        assert_eq!(Store::open(&path, &old()).err(), Some(AppError::StoreUnreadable));
        let again = Store::open(&path, &new()).unwrap();
        assert!(has(&again, "before") && has(&again, "after"));
        assert_eq!(again.derive("a purpose"), derived, "what was made with it can still be read");
        let files: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert!(files.iter().all(|name| !name.to_string_lossy().contains(".new")), "{files:?}");
    }

    #[test]
    fn the_key_changes_again_and_again() {
        let (_folder, path, store) = store();
        let derived = store.derive("a purpose");
        for n in 1..=5 {
            store.rekey(&StoreKey::new([n; 32])).unwrap();
        }
        drop(store);
        let again = Store::open(&path, &StoreKey::new([5; 32])).unwrap();
        assert!(has(&again, "before"));
        assert_eq!(again.derive("a purpose"), derived);
    }

    #[test]
    fn what_an_interrupted_change_left_behind_is_in_nobodys_way() {
        let (_folder, path, store) = store();
        std::fs::write(beside(&path, ".new"), "half a store").unwrap();
        store.rekey(&new()).unwrap();
        assert!(has(&store, "before"));
    }

    #[test]
    fn nothing_that_is_written_meanwhile_is_lost() {
        let (_folder, path, store) = store();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let store = &store;
                scope.spawn(move || (0..25).for_each(|n| write(store, &format!("{writer} {n}"))));
            }
            scope.spawn(|| (0..200).for_each(|_| assert!(has(&store, "before"))));
            for n in 1..=4 {
                store.rekey(&StoreKey::new([n; 32])).unwrap();
            }
        });
        drop(store);
        let again = Store::open(&path, &StoreKey::new([4; 32])).unwrap();
        let written = (0..4).flat_map(|writer| (0..25).map(move |n| format!("{writer} {n}")));
        assert_eq!(written.filter(|name| has(&again, name)).count(), 100);
    }

    #[test]
    fn a_copy_that_lacks_a_row_is_not_taken() {
        let (folder, _path, store) = store();
        let other = Store::open(&folder.path().join("other.db"), &old()).unwrap();
        assert_eq!(compare(&store.writer(), &other.writer()), Err(AppError::StoreUnreadable));
    }
}
