//! Adapters of the history slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::history::view::{Undo, Undone};

use crate::request::Request;
use crate::state::Host;

/// Takes an act back (FD-5).
#[tauri::command]
#[specta::specta]
pub async fn undo(shell: Host<'_>, request: Request<Undo>) -> Answer<Undone> {
    shell.signed_in(move |app, actor| app.undo(&actor, request.0)).await
}
