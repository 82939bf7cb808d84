//! The record that says how mail leaves the clinic, and where it is kept.

use clinic_domain::messaging::server::MailServer;
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{Noun, Record, sql};
use crate::error::{Answer, AppError};

/// How mail leaves the clinic. A store has one, once somebody has set it up. The password is not in it: images of records
/// go into the history and the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Its id.
    pub id: Uuid,
    /// The server.
    #[serde(flatten)]
    pub server: MailServer,
    /// When the password was given; `None` without one.
    pub password_set: Option<Instant>,
}

/// The settings with their revision, if mail was set up.
///
/// # Errors
/// Faults of the store.
pub(crate) fn find(conn: &Connection) -> Answer<Option<(MailSettings, u32)>> {
    let mut load = conn.prepare_cached("SELECT * FROM mail_settings LIMIT 1")?;
    Ok(load.query_row([], |row| Ok((read(row)?, row.get("rev")?))).optional()?)
}

impl Record for MailSettings {
    const NOUN: Noun = Noun::MailSettings;

    fn id(&self) -> Uuid {
        self.id
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut load = conn.prepare_cached("SELECT * FROM mail_settings WHERE id = ?1")?;
        Ok(load.query_row([id.as_bytes()], |row| Ok((read(row)?, row.get("rev")?))).optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        let server = &self.server;
        conn.prepare_cached(
            "INSERT INTO mail_settings (id, rev, host, port, security, user, from_address, from_name, reply_to, password_ms)
             VALUES (:id, :rev, :host, :port, :security, :user, :from_address, :from_name, :reply_to, :password_ms)
             ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, host = excluded.host, port = excluded.port,
                 security = excluded.security, user = excluded.user, from_address = excluded.from_address,
                 from_name = excluded.from_name, reply_to = excluded.reply_to, password_ms = excluded.password_ms",
        )?
        .execute(named_params! {
            ":id": self.id.as_bytes(),
            ":rev": rev,
            ":host": server.host,
            ":port": server.port,
            ":security": sql::name_of(&server.security),
            ":user": server.user,
            ":from_address": server.from_address,
            ":from_name": server.from_name,
            ":reply_to": server.reply_to,
            ":password_ms": self.password_set.map(sql::ms),
        })?;
        Ok(())
    }

    /// # Errors
    /// Always: once set up, settings are changed, not removed.
    fn remove(&self, _: &Connection) -> Answer<()> {
        Err(AppError::WrongState)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<MailSettings> {
    Ok(MailSettings {
        id: sql::id(row, "id")?,
        server: MailServer {
            host: row.get("host")?,
            port: row.get("port")?,
            security: sql::name(row, "security")?,
            user: row.get("user")?,
            from_address: row.get("from_address")?,
            from_name: row.get("from_name")?,
            reply_to: row.get("reply_to")?,
        },
        password_set: row.get::<_, Option<i64>>("password_ms")?.map(sql::instant),
    })
}
