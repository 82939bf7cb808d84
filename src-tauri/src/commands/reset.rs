//! Adapters of a forgotten password: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::identity::reset_view::{
    AskReset, CodeAsked, ProveReset, ResetPassword, ResetSent, SendReset,
};
use clinic_app::identity::view::SessionState;

use crate::request::Request;
use crate::state::Host;

/// Asks for a way to a new password (AU-5, AU-6).
#[tauri::command]
#[specta::specta]
pub async fn ask_reset(shell: Host<'_>, request: Request<AskReset>) -> Answer<CodeAsked> {
    shell.open(move |app| app.ask_reset(request.0)).await
}

/// Proves with a code from the mail that the password is one's own.
#[tauri::command]
#[specta::specta]
pub async fn prove_reset(shell: Host<'_>, request: Request<ProveReset>) -> Answer<SessionState> {
    shell.session(move |app| app.prove_reset(request.0)).await
}

/// Chooses another password, after the proof.
#[tauri::command]
#[specta::specta]
pub async fn reset_password(shell: Host<'_>, request: Request<ResetPassword>) -> Answer<SessionState> {
    shell.session(move |app| app.reset_password(request.0)).await
}

/// Replaces a password that is good for nothing else (ASVS 6.4.1).
#[tauri::command]
#[specta::specta]
pub async fn replace_password(shell: Host<'_>, request: Request<ResetPassword>) -> Answer<SessionState> {
    shell.session(move |app| app.replace_password(request.0)).await
}

/// Has a long code sent to somebody (ASVS 6.4.6).
#[tauri::command]
#[specta::specta]
pub async fn send_reset(shell: Host<'_>, request: Request<SendReset>) -> Answer<ResetSent> {
    shell.proven(move |app, actor| app.send_reset(&actor, request.0)).await
}
