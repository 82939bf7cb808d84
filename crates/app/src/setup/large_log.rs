//! An audit log as long as one likes, for measuring how it is listed and verified (AD-12, TR-4). Not a command.

use chrono::TimeDelta;
use uuid::Uuid;

use super::demo::dice::Dice;
use crate::app::{Actor, App};
use crate::audit::view::{FieldChange, Op};
use crate::db::audit::{Entry, append};
use crate::error::Answer;

/// Entries written in one transaction.
const CHUNK: usize = 20_000;
/// What an administrator finds in a log: mostly bookings and steps, many reads, some sign-ins.
const OPS: [Op; 10] = [
    Op::Book,
    Op::Book,
    Op::Confirm,
    Op::Arrive,
    Op::TakeToRoom,
    Op::Complete,
    Op::Reschedule,
    Op::ReadPatient,
    Op::ReadPatient,
    Op::SignIn,
];
/// Patients that the entries are about.
const PATIENTS: usize = 20_000;

impl App {
    /// Adds so many invented entries by this person, one a minute up to now. `told` hears what was written, in words for
    /// a terminal.
    ///
    /// # Errors
    /// [`crate::AppError::WrongState`] when no store is open; faults of the store.
    pub fn generate_log(
        &self,
        actor: &Actor,
        entries: usize,
        seed: u64,
        mut told: impl FnMut(&str),
    ) -> Answer<()> {
        let store = self.store()?;
        let mut dice = Dice::new(seed);
        let mut written = 0;
        while written < entries {
            let until = entries.min(written + CHUNK);
            let head = store.keep(None, |conn| {
                let mut head = None;
                for n in written..until {
                    let ago = TimeDelta::minutes((entries - n) as i64);
                    head = Some(append(conn, &store.audit_key, &entry(&mut dice, actor, self.now() - ago))?);
                }
                Ok(head)
            })?;
            if let Some(head) = head {
                store.checkpoint(&head);
            }
            written = until;
            told(&format!("{written} entries"));
        }
        Ok(())
    }
}

fn entry(dice: &mut Dice, actor: &Actor, at: clinic_domain::time::Instant) -> Entry {
    let op = *dice.pick(&OPS).unwrap_or(&Op::SignIn);
    let plain = actor.entry(op, at);
    if op == Op::SignIn {
        return plain;
    }
    let n = dice.below(PATIENTS);
    let change = |field: &str, before: Option<&str>, after: &str| FieldChange {
        field: field.to_owned(),
        before: before.map(str::to_owned),
        after: Some(after.to_owned()),
    };
    let ms = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Entry {
        action: Some(dice.id(ms)),
        subject_id: Some(dice.id(ms)),
        subject: format!("Person{n}, Jo · PAT{n:08}"),
        patient_id: Some(Uuid::from_u128(n as u128 + 1)),
        changes: match op {
            Op::ReadPatient => Vec::new(),
            Op::Book => vec![
                change("start", None, &at.to_rfc3339()),
                change("end", None, &(at + TimeDelta::minutes(30)).to_rfc3339()),
                change("status", None, "scheduled"),
                change("reason", None, "Yearly check-up"),
            ],
            _ => vec![change("status", Some("scheduled"), "confirmed")],
        },
        ..plain
    }
}
