//! The device that somebody sits at (AU-15). Whoever signs in does so from one; which one is always an argument, so that
//! the same rules hold for people at other devices.

use clinic_domain::id::DeviceId;
use rusqlite::OptionalExtension;

use crate::app::App;
use crate::error::{Answer, AppError};

/// Id of this device, as a fact of its store.
const FACT: &str = "device_id";

/// A device as it presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    /// Which one.
    pub id: DeviceId,
    /// How people call it.
    pub name: String,
    /// Its operating system: `linux`, `macos`, `windows`.
    pub platform: &'static str,
}

impl App {
    /// This computer. Its id is made once and stays with the store.
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn this_device(&self) -> Answer<Device> {
        let store = self.store()?;
        let found = store.read(|conn| {
            let mut query = conn.prepare_cached("SELECT value FROM fact WHERE name = ?1")?;
            Ok(query.query_row([FACT], |row| row.get::<_, String>(0)).optional()?)
        })?;
        let id = match found {
            Some(id) => id,
            None => {
                let id = self.new_id()?.to_string();
                store.keep(None, |conn| {
                    // Another window may have been faster.
                    conn.execute("INSERT OR IGNORE INTO fact (name, value) VALUES (?1, ?2)", [FACT, &id])?;
                    Ok(conn.query_row("SELECT value FROM fact WHERE name = ?1", [FACT], |row| row.get(0))?)
                })?
            }
        };
        let id = id.parse().map(DeviceId).map_err(|fault: uuid::Error| AppError::internal(&fault))?;
        Ok(Device { id, name: self.parts.device.clone(), platform: std::env::consts::OS })
    }
}

#[cfg(test)]
impl Device {
    /// One that nobody has signed in on.
    pub(super) fn another(app: &App, name: &str) -> Self {
        Self { id: DeviceId(app.new_id().unwrap()), name: name.into(), platform: "windows" }
    }
}
