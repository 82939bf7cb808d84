//! An application with an open store in a temporary folder, for the tests of this slice and of the audit log.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use clinic_domain::id::{AccountId, DoctorId};
use clinic_domain::identity::account::AccountDetails;
use clinic_domain::identity::role::Role;
use clinic_domain::messaging::server::{MailServer, Security};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::account::{self, Account};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::Answer;
use crate::fixture::TestApp;
use crate::identity::view::{SessionState, SignIn};
use crate::messaging::Letter;
use crate::messaging::settings::MailSettings;

/// Tuesday, 24 November 2026, 09:00 in Berlin.
pub(crate) const NOW: &str = "2026-11-24T08:00:00Z";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "kvass blurt fjord zwerg";

/// A clinic in Berlin with an administrator `ada`, who is not signed in.
pub(crate) struct Clinic(TestApp);

impl Deref for Clinic {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.0
    }
}

impl DerefMut for Clinic {
    fn deref_mut(&mut self) -> &mut TestApp {
        &mut self.0
    }
}

impl Clinic {
    pub fn new() -> Self {
        let clinic = Self(TestApp::new(NOW, "Europe/Berlin"));
        clinic.account("ada", Role::Admin, None);
        clinic
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
        let hash = self.app.hash_password(&PASSWORD.into()).unwrap();
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

    /// What was written down, oldest first.
    pub fn audit(&self) -> Vec<Entry> {
        self.read(|conn| {
            let mut all = conn.prepare("SELECT body, words FROM audit ORDER BY seq")?;
            let mut rows = all.query([])?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push(Entry::of_row(row)?);
            }
            Ok(entries)
        })
    }

    pub fn ops(&self) -> Vec<Op> {
        self.audit().iter().map(|entry| entry.op).collect()
    }
}

fn rows(conn: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut all = conn.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = all.column_count();
    let text = |row: &Row<'_>| -> rusqlite::Result<String> {
        let values = (0..columns).map(|at| {
            Ok(match row.get_ref(at)? {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(bytes) => hex::encode(bytes),
                other => format!("{other:?}"),
            })
        });
        Ok(values.collect::<rusqlite::Result<Vec<_>>>()?.join("\n"))
    };
    all.query_map([], text)?.collect()
}

impl Clinic {
    /// Sets up how mail leaves the clinic, past the door. Nothing takes it: the letters stay where they are.
    pub fn with_mail(self) -> Self {
        let server = MailServer {
            host: "localhost".into(),
            port: 25,
            security: Security::None,
            user: String::new(),
            from_address: "desk@riverside.example".into(),
            from_name: String::new(),
            reply_to: String::new(),
        };
        let settings = MailSettings { id: Uuid::from_u128(9), server, password_set: None };
        self.write(|conn| settings.save(conn, 1));
        self
    }

    /// The letters that wait for this address, oldest first.
    pub fn letters(&self, recipient: &str) -> Vec<Letter> {
        let letters: Vec<String> = self.read(|conn| {
            let mut letters = conn.prepare(
                "SELECT letter FROM mail WHERE recipient = ?1 AND letter IS NOT NULL ORDER BY rowid",
            )?;
            Ok(letters.query_map([recipient], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        });
        letters.iter().map(|letter| serde_json::from_str(letter).unwrap()).collect()
    }

    /// Every row of every table but the audit log, which is for good: its values one after another, blobs in hexadecimal.
    pub fn dump(&self) -> BTreeMap<String, Vec<String>> {
        self.read(|conn| {
            let mut tables = conn.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'audit'",
            )?;
            let tables = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
            tables.into_iter().map(|table| Ok((table.clone(), rows(conn, &table)?))).collect()
        })
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> u32 {
        self.read(|conn| Ok(conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?))
    }
}
