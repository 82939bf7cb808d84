//! A migration that was released is never edited: other computers have run it. `migrations.lock` remembers each one.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{none, one};
use crate::repository::{File, files};

const LOCK: &str = "tests/migrations.lock";

fn faults(files: &[File]) -> Vec<String> {
    let lock = files.iter().find(|file| file.path == LOCK).map(|file| file.text.as_str()).unwrap_or_default();
    let locked: BTreeMap<_, _> =
        lock.lines().filter_map(|line| line.split_once("  ")).map(|(hash, name)| (name, hash)).collect();
    let mut faults = Vec::new();
    let mut here = Vec::new();
    for file in files.iter().filter(|file| file.is("migrations/", &[".sql"])) {
        let hash = hex::encode(Sha256::digest(&file.text));
        here.push(file.path.as_str());
        match locked.get(file.path.as_str()) {
            None => faults.push(format!("add to {LOCK}: {hash}  {}", file.path)),
            Some(known) if *known != hash => {
                faults.push(format!(
                    "{} was edited; a released migration never is. Its hash is {hash}",
                    file.path
                ));
            }
            Some(_) => {}
        }
    }
    faults
        .extend(locked.keys().filter(|name| !here.contains(name)).map(|name| format!("{name} was removed")));
    faults
}

#[test]
fn released_migrations_are_as_they_were() {
    none(&faults(&files()));
}

#[test]
fn an_edited_a_new_and_a_removed_migration_are_found() {
    let hash = hex::encode(Sha256::digest("CREATE TABLE a (id);"));
    let lock = File::planted(LOCK, &format!("{hash}  migrations/0001_a.sql\n"));
    let migration = |name: &str, text: &str| File::planted(&format!("migrations/{name}"), text);
    let original = migration("0001_a.sql", "CREATE TABLE a (id);");
    none(&faults(&[lock.clone(), original.clone()]));
    one(&faults(&[lock.clone(), migration("0001_a.sql", "CREATE TABLE a (id, b);")]));
    one(&faults(&[lock.clone(), original, migration("0002_b.sql", "")]));
    one(&faults(&[lock]));
}
