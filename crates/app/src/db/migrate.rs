//! Brings the schema up to date: forward only, a copy of the store before, a newer schema refused untouched.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::{Answer, AppError};

/// The migrations in their order. A test keeps their hashes: add, never edit.
pub const MIGRATIONS: [&str; 16] = [
    include_str!("../../../../migrations/0001_store.sql"),
    include_str!("../../../../migrations/0002_mail.sql"),
    include_str!("../../../../migrations/0003_devices.sql"),
    include_str!("../../../../migrations/0004_second_factor.sql"),
    include_str!("../../../../migrations/0005_one_time_codes.sql"),
    include_str!("../../../../migrations/0006_security_policy.sql"),
    include_str!("../../../../migrations/0007_registration.sql"),
    include_str!("../../../../migrations/0008_password_standing.sql"),
    include_str!("../../../../migrations/0009_emergency.sql"),
    include_str!("../../../../migrations/0010_second_factor_grace.sql"),
    include_str!("../../../../migrations/0011_recovery_code_hashes.sql"),
    include_str!("../../../../migrations/0012_password_hashing.sql"),
    include_str!("../../../../migrations/0013_front_desk_idle.sql"),
    include_str!("../../../../migrations/0014_audit_words.sql"),
    include_str!("../../../../migrations/0015_audit_filters.sql"),
    include_str!("../../../../migrations/0016_images_without_hashes.sql"),
];

/// The newest schema this program knows.
pub const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Brings the store on this connection up to [`SCHEMA`].
///
/// # Errors
/// [`AppError::StoreNewer`] when a newer program wrote it; faults of the store.
pub fn migrate(conn: &mut Connection, path: &Path) -> Answer<()> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > SCHEMA {
        return Err(AppError::StoreNewer { store: found, program: SCHEMA });
    }
    if found == SCHEMA {
        return Ok(());
    }
    if found > 0 {
        copy_before(conn, path, found)?;
    }
    steps().to_latest(conn).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => AppError::from(err),
        other => AppError::internal(&other),
    })
}

fn steps() -> Migrations<'static> {
    Migrations::new(MIGRATIONS.iter().map(|sql| M::up(sql)).collect())
}

/// Copies the store beside itself as `store.before-<schema>.db`: written whole under another name, then renamed, so
/// that a half copy never looks like a copy. The copy has the same key.
fn copy_before(conn: &Connection, path: &Path, schema: u32) -> Answer<()> {
    let copy = path.with_extension(format!("before-{schema}.db"));
    let part = path.with_extension("part");
    if part.exists() {
        std::fs::remove_file(&part).map_err(|e| AppError::internal(&e))?;
    }
    conn.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    let synced = std::fs::File::open(&part).and_then(|file| file.sync_all());
    synced.and_then(|()| std::fs::rename(&part, &copy)).map_err(|e| AppError::internal(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Store, StoreKey};

    #[test]
    fn the_copy_from_before_is_whole_and_replaces_what_an_interrupted_one_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let key = StoreKey::new([7; 32]);
        let store = Store::open(&path, &key).unwrap();
        store.keep(None, |conn| Ok(conn.execute("INSERT INTO fact VALUES ('canary', 'here')", [])?)).unwrap();
        std::fs::write(path.with_extension("part"), "half a copy").unwrap();
        copy_before(&store.writer(), &path, 1).unwrap();
        let copy = Store::open(&folder.path().join("store.before-1.db"), &key).unwrap();
        let found: String =
            copy.read(|conn| Ok(conn.query_row("SELECT value FROM fact", [], |row| row.get(0))?)).unwrap();
        assert_eq!(found, "here");
        assert!(!path.with_extension("part").exists());
    }

    #[test]
    fn images_from_before_lose_the_hashes_of_passwords_and_nothing_else() {
        let mut conn = Connection::open_in_memory().unwrap();
        steps().to_version(&mut conn, 15).unwrap();
        conn.execute_batch(
            r#"INSERT INTO outbox (q, mid, type, ver, args, action, created_ms, tz) VALUES (1, x'01', 'account.edit', 1, '{}', x'02', 0, 'UTC');
            INSERT INTO undo (q, i, noun, id, pre, post_rev) VALUES
                (1, 0, 'account', x'03', '{"id":"3","password_hash":"$argon2id$v=19$m=8","user_name":"ada"}', 2),
                (1, 1, 'account', x'04', NULL, 1),
                (1, 2, 'patient', x'05', '{"id":"5"}', 2);"#,
        )
        .unwrap();
        steps().to_latest(&mut conn).unwrap();
        let mut select = conn.prepare("SELECT pre FROM undo ORDER BY i").unwrap();
        let images: Vec<Option<String>> =
            select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let expected = [Some(r#"{"id":"3","user_name":"ada"}"#), None, Some(r#"{"id":"5"}"#)];
        assert_eq!(images, expected.map(|it| it.map(str::to_owned)));
    }
}
