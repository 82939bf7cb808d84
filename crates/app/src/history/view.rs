//! What the interface sends and reads to take an act back.

use clinic_domain::id::ActionId;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::scheduling::view::AppointmentBox;

/// Undoes an act.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// Which act; `None` takes the person's last one that can be undone.
    pub action_id: Option<ActionId>,
}

/// What was undone.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Undone {
    /// The act that undid it; it can be undone in turn.
    pub action_id: ActionId,
    /// What had been done.
    pub op: crate::audit::view::Op,
    /// Whom or what it was about, for the toast.
    pub subject: String,
    /// The appointment as it is now, if it was about one that still exists.
    pub appointment: Option<AppointmentBox>,
}
