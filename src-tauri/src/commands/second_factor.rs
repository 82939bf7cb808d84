//! Adapters of the second factor: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::identity::second_factor_view::{
    FactorCode, ProvenByPassword, RecoveryCodes, ResetSecondFactor, SecondFactorOffer, SecondFactorState,
};
use clinic_app::identity::view::{AccountRow, SessionState};

use crate::request::Request;
use crate::state::Host;

/// Proves the second factor of whoever's password was right a moment ago (AU-18).
#[tauri::command]
#[specta::specta]
pub async fn prove_second_factor(shell: Host<'_>, request: Request<FactorCode>) -> Answer<SessionState> {
    shell.session(move |app| app.prove_second_factor(request.0)).await
}

/// The own second factor.
#[tauri::command]
#[specta::specta]
pub async fn read_second_factor(shell: Host<'_>) -> Answer<SecondFactorState> {
    shell.signed_in(move |app, actor| app.read_second_factor(&actor)).await
}

/// Makes a secret for an authenticator app.
#[tauri::command]
#[specta::specta]
pub async fn begin_second_factor(shell: Host<'_>) -> Answer<SecondFactorOffer> {
    shell.enrolling(move |app, actor| app.begin_second_factor(&app.freshly_proven(actor)?)).await
}

/// Turns the own second factor on.
#[tauri::command]
#[specta::specta]
pub async fn confirm_second_factor(shell: Host<'_>, request: Request<FactorCode>) -> Answer<RecoveryCodes> {
    shell.enrolling(move |app, actor| app.confirm_second_factor(&actor, request.0)).await
}

/// Makes the own recovery codes anew.
#[tauri::command]
#[specta::specta]
pub async fn renew_recovery_codes(
    shell: Host<'_>,
    request: Request<ProvenByPassword>,
) -> Answer<RecoveryCodes> {
    shell.signed_in(move |app, actor| app.renew_recovery_codes(&actor, request.0)).await
}

/// Takes the own second factor away.
#[tauri::command]
#[specta::specta]
pub async fn end_second_factor(
    shell: Host<'_>,
    request: Request<ProvenByPassword>,
) -> Answer<SecondFactorState> {
    shell.signed_in(move |app, actor| app.end_second_factor(&actor, request.0)).await
}

/// Takes away the second factor of somebody who has lost it.
#[tauri::command]
#[specta::specta]
pub async fn reset_second_factor(shell: Host<'_>, request: Request<ResetSecondFactor>) -> Answer<AccountRow> {
    shell.proven(move |app, actor| app.reset_second_factor(&actor, request.0)).await
}
