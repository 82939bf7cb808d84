//! What crosses the network between a desk and the hub: records, tokens, errors and their versions, no transport and no storage.
//!
//! A desk without a hub writes the same records into its outbox, so that nothing changes when one is added.

pub mod audit_file;
pub mod error;
pub mod token;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An intent of a person: type, version and arguments, time and new ids included. Commands are never rewritten once
/// stored; a new shape gets a new version and the handlers of older ones stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// UUIDv7 of this command, never reused: what makes sending it twice harmless.
    pub mid: Uuid,
    /// Noun and verb, for example `appointment.book`.
    pub kind: String,
    /// Version of the arguments' shape, from 1.
    pub version: u32,
    /// The arguments.
    pub args: serde_json::Value,
}

impl Command {
    /// A command of the first version of its kind.
    ///
    /// # Errors
    /// Arguments that have no JSON form.
    pub fn first(mid: Uuid, kind: &str, args: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self { mid, kind: kind.to_owned(), version: 1, args: serde_json::to_value(args)? })
    }
}
