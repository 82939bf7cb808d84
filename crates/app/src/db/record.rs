//! What the write door needs to know about a kind of record, so that it can keep its image from before a change.

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::error::Answer;

/// A kind of record, as views name it when they decide what to load again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// The clinic and its settings.
    Clinic,
    /// The managed list of specialties.
    Specialty,
    /// Kinds of appointment.
    AppointmentType,
    /// Doctors.
    Doctor,
    /// Dated changes to a doctor's schedule.
    DoctorException,
    /// Accounts.
    Account,
    /// Patients.
    Patient,
    /// Appointments.
    Appointment,
    /// Records that were opened in an emergency.
    Emergency,
    /// What the clinic decided about security.
    SecurityPolicy,
    /// How mail leaves the clinic.
    MailSettings,
    /// Pending registrations. No records: they become an account or are gone.
    Registration,
    /// The queue of outbound mail. Its rows are no records: they are worked off, not edited.
    Mail,
}

/// A record that is changed only through the write door. Its serialised form is its image in undo and, field by
/// field, in the audit log.
pub trait Record: Serialize + DeserializeOwned {
    /// Its kind.
    const NOUN: Noun;
    /// Fields that never go into the audit log.
    const HIDDEN: &'static [&'static str] = &[];
    /// Those of them that no image keeps either, so that a secret that was replaced is gone. Records that an undo puts back
    /// have none.
    const SECRET: &'static [&'static str] = &[];

    /// Its id.
    fn id(&self) -> Uuid;

    /// The stored record with its revision.
    ///
    /// # Errors
    /// Faults of the store.
    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>>;

    /// Writes the record and everything derived from it.
    ///
    /// # Errors
    /// Faults of the store, and what its constraints refuse.
    fn save(&self, conn: &Connection, rev: u32) -> Answer<()>;

    /// Removes the record and everything derived from it. Rare: most records are archived or deactivated.
    ///
    /// # Errors
    /// Faults of the store, and what its constraints refuse.
    fn remove(&self, conn: &Connection) -> Answer<()>;
}

/// One record that a transaction changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Change {
    /// Its kind.
    pub noun: Noun,
    /// Its id.
    pub id: Uuid,
}

/// What a transaction changed: broadcast to every open view, each of which decides for itself what to load again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ChangeSet {
    /// The act.
    pub action_id: clinic_domain::id::ActionId,
    /// The records.
    pub changes: Vec<Change>,
}
