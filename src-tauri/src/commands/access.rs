//! Adapters of sessions, devices and wrong passwords: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::identity::access_view::{EndSession, SessionRow, UnlockAccount};
use clinic_app::identity::view::AccountRow;

use crate::request::Request;
use crate::state::Host;

/// The own active sessions (AU-12).
#[tauri::command]
#[specta::specta]
pub async fn list_sessions(shell: Host<'_>) -> Answer<Vec<SessionRow>> {
    shell.signed_in(move |app, actor| app.list_sessions(&actor)).await
}

/// Ends one of the own sessions, or all others (AU-12).
#[tauri::command]
#[specta::specta]
pub async fn end_session(shell: Host<'_>, request: Request<EndSession>) -> Answer<Vec<SessionRow>> {
    shell.signed_in(move |app, actor| app.end_session(&actor, request.0)).await
}

/// Opens an account that wrong passwords have locked (AU-16).
#[tauri::command]
#[specta::specta]
pub async fn unlock_account(shell: Host<'_>, request: Request<UnlockAccount>) -> Answer<AccountRow> {
    shell.signed_in(move |app, actor| app.unlock_account(&actor, request.0)).await
}
