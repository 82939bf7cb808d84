//! Adapters of sessions, devices and wrong passwords: one line each, no rule and no SQL.

use clinic_app::identity::access_view::{
    AccountAccess, ChangePassword, DeviceRow, DismissNotice, EndAccountSession, EndSession,
    ForgetAccountDevice, ForgetDevice, KnownDevice, NoticeRow, PasswordChanged, PinState, Reauthenticate,
    RevokeDevice, SessionRow, SetPin, SwitchUser, UnlockAccount, UnlockWithPin, VerifyAccount,
};
use clinic_app::identity::import_view::{ImportAccounts, ImportPreview, Imported, PreviewImport};
use clinic_app::identity::view::{AccountChanged, AccountRow, SessionState};
use clinic_app::{Answer, App};
use clinic_domain::id::AccountId;

use crate::request::Request;
use crate::state::Host;

/// The own active sessions (AU-12).
#[tauri::command]
#[specta::specta]
pub async fn list_sessions(shell: Host<'_>) -> Answer<Vec<SessionRow>> {
    shell.signed_in(move |app, actor| app.list_sessions(&actor)).await
}

/// Takes the own password as a proof for the next five minutes.
#[tauri::command]
#[specta::specta]
pub async fn reauthenticate(shell: Host<'_>, request: Request<Reauthenticate>) -> Answer<()> {
    shell.held(move |app, actor| app.reauthenticate(&actor, request.0)).await
}

/// Unlocks the desk with the PIN of its session (AU-22).
#[tauri::command]
#[specta::specta]
pub async fn unlock_with_pin(shell: Host<'_>, request: Request<UnlockWithPin>) -> Answer<SessionState> {
    shell.session(move |app| app.unlock_with_pin(request.0)).await
}

/// Locks the desk for whoever is here and brings somebody to it who waits (AU-22).
#[tauri::command]
#[specta::specta]
pub async fn switch_user(shell: Host<'_>, request: Request<SwitchUser>) -> Answer<SessionState> {
    shell.session(move |app| app.switch_user(request.0)).await
}

/// Locks the desk for whoever is here and frees it for a sign-in.
#[tauri::command]
#[specta::specta]
pub async fn free_desk(shell: Host<'_>) -> Answer<SessionState> {
    shell.session(|app| app.free_desk()).await
}

/// Whether the own session has a PIN.
#[tauri::command]
#[specta::specta]
pub async fn read_pin(shell: Host<'_>) -> Answer<PinState> {
    shell.signed_in(move |app, actor| app.read_pin(&actor)).await
}

/// Gives the own session a PIN, or takes it away.
#[tauri::command]
#[specta::specta]
pub async fn set_pin(shell: Host<'_>, request: Request<SetPin>) -> Answer<PinState> {
    shell.proven(move |app, actor| app.set_pin(&actor, request.0)).await
}

/// Ends one of the own sessions, or all others (AU-12).
#[tauri::command]
#[specta::specta]
pub async fn end_session(shell: Host<'_>, request: Request<EndSession>) -> Answer<Vec<SessionRow>> {
    let ended = move |app: &App, actor| app.end_session(&app.proven_to_end(actor, &request.0)?, request.0);
    shell.signed_in(ended).await
}

/// Opens an account that wrong passwords have locked (AU-16).
#[tauri::command]
#[specta::specta]
pub async fn unlock_account(shell: Host<'_>, request: Request<UnlockAccount>) -> Answer<AccountRow> {
    shell.proven(move |app, actor| app.unlock_account(&actor, request.0)).await
}

/// Changes the own password (AU-7).
#[tauri::command]
#[specta::specta]
pub async fn change_password(shell: Host<'_>, request: Request<ChangePassword>) -> Answer<PasswordChanged> {
    shell.signed_in(move |app, actor| app.change_password(&actor, request.0)).await
}

/// The devices that know the signed-in person (AU-15).
#[tauri::command]
#[specta::specta]
pub async fn list_devices(shell: Host<'_>) -> Answer<Vec<DeviceRow>> {
    shell.signed_in(move |app, actor| app.list_devices(&actor)).await
}

/// Forgets one of the own devices: the own sessions there end.
#[tauri::command]
#[specta::specta]
pub async fn forget_device(shell: Host<'_>, request: Request<ForgetDevice>) -> Answer<Vec<DeviceRow>> {
    shell.proven(move |app, actor| app.forget_device(&actor, request.0)).await
}

/// What the signed-in person has not read yet (AU-17).
#[tauri::command]
#[specta::specta]
pub async fn list_notices(shell: Host<'_>) -> Answer<Vec<NoticeRow>> {
    shell.signed_in(move |app, actor| app.list_notices(&actor)).await
}

/// The signed-in person has read a notice.
#[tauri::command]
#[specta::specta]
pub async fn dismiss_notice(shell: Host<'_>, request: Request<DismissNotice>) -> Answer<Vec<NoticeRow>> {
    shell.signed_in(move |app, actor| app.dismiss_notice(&actor, request.0)).await
}

/// What somebody's account is open on.
#[tauri::command]
#[specta::specta]
pub async fn read_account_access(shell: Host<'_>, request: Request<AccountId>) -> Answer<AccountAccess> {
    shell.signed_in(move |app, actor| app.read_account_access(&actor, request.0)).await
}

/// Ends sessions of somebody else (AU-12).
#[tauri::command]
#[specta::specta]
pub async fn end_account_session(
    shell: Host<'_>,
    request: Request<EndAccountSession>,
) -> Answer<AccountAccess> {
    shell.proven(move |app, actor| app.end_account_session(&actor, request.0)).await
}

/// Forgets a device of somebody else.
#[tauri::command]
#[specta::specta]
pub async fn forget_account_device(
    shell: Host<'_>,
    request: Request<ForgetAccountDevice>,
) -> Answer<AccountAccess> {
    shell.proven(move |app, actor| app.forget_account_device(&actor, request.0)).await
}

/// Marks that an administrator made sure who somebody is (AU-23).
#[tauri::command]
#[specta::specta]
pub async fn verify_account(shell: Host<'_>, request: Request<VerifyAccount>) -> Answer<AccountChanged> {
    shell.proven(move |app, actor| app.verify_account(&actor, request.0)).await
}

/// Every device from which somebody signed in (AU-15).
#[tauri::command]
#[specta::specta]
pub async fn list_known_devices(shell: Host<'_>) -> Answer<Vec<KnownDevice>> {
    shell.signed_in(move |app, actor| app.list_known_devices(&actor)).await
}

/// Shuts a device out of every account: trust and sessions end.
#[tauri::command]
#[specta::specta]
pub async fn revoke_device(shell: Host<'_>, request: Request<RevokeDevice>) -> Answer<Vec<KnownDevice>> {
    shell.proven(move |app, actor| app.revoke_device(&actor, request.0)).await
}

/// What would come of a table of accounts from another program (AU-8).
#[tauri::command]
#[specta::specta]
pub async fn preview_import(shell: Host<'_>, request: Request<PreviewImport>) -> Answer<ImportPreview> {
    shell.signed_in(move |app, actor| app.preview_import(&actor, request.0)).await
}

/// Makes the accounts of such a table.
#[tauri::command]
#[specta::specta]
pub async fn import_accounts(shell: Host<'_>, request: Request<ImportAccounts>) -> Answer<Imported> {
    shell.proven(move |app, actor| app.import_accounts(&actor, request.0)).await
}
