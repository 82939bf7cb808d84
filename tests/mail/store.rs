//! What the store of a clinic holds about mails, read past the application.

use clinic_app::db::{Store, StoreKey};
use clinic_app::identity::keystore::Keystore;
use clinic_testkit::TestClinic;
use rusqlite::types::ValueRef;
use serde_json::Value;

/// Whether any row about mail, the history or the audit log says this in whatever column.
pub fn said(clinic: &TestClinic, words: &str) -> bool {
    let tables = ["mail", "mail_settings", "mail_password", "outbox", "undo", "audit", "fact"];
    tables.iter().any(|table| rows(clinic, table).iter().any(|value| value.contains(words)))
}

/// Every value of a table as text.
fn rows(clinic: &TestClinic, table: &str) -> Vec<String> {
    let place = std::fs::read(clinic.folder().join("store.key")).unwrap();
    let place: Value = serde_json::from_slice(&place).unwrap();
    let key = clinic.keystore.get(place["entry"].as_str().unwrap()).unwrap().unwrap();
    let key = StoreKey::new(key.as_slice().try_into().unwrap());
    let store = Store::open(&clinic.folder().join("store.db"), &key).unwrap();
    store
        .read(|conn| {
            let mut all = conn.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = all.column_count();
            let rows = all.query_map([], |row| {
                (0..columns).map(|nth| Ok(text(row.get_ref(nth)?))).collect::<Result<Vec<_>, _>>()
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?.concat())
        })
        .unwrap()
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}
