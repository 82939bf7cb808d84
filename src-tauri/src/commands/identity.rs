//! Adapters of the identity slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::identity::access_view::DeleteAccount;
use clinic_app::identity::access_view::{AccountCreated, CheckPassword, PasswordReport};
use clinic_app::identity::recovery_view::{
    ChangeStoreKey, MakeRecoveryKey, NewRecoveryKey, RecoverStore, RecoveryKeyState,
};
use clinic_app::identity::view::{
    AccountChanged, AccountPage, CreateAccount, EditAccount, EditProfile, KeyPlace, ListAccounts, Me,
    Passphrase, Preferences, SessionState, SetAccountActive, SignIn, StartState, Unlock,
};

use crate::request::Request;
use crate::state::Host;

/// What the program found at start; opens the store where it can without asking.
#[tauri::command]
#[specta::specta]
pub async fn start(shell: Host<'_>) -> Answer<StartState> {
    shell.start().await
}

/// Makes the store of a first run with its key in the chosen place.
#[tauri::command]
#[specta::specta]
pub async fn create_store(shell: Host<'_>, request: Request<KeyPlace>) -> Answer<StartState> {
    shell.open(move |app| app.create_store(request.0)).await
}

/// Opens the store with its passphrase.
#[tauri::command]
#[specta::specta]
pub async fn open_store(shell: Host<'_>, request: Request<Passphrase>) -> Answer<StartState> {
    shell.open(move |app| app.open_store(request.0)).await
}

/// Opens the store with its recovery key.
#[tauri::command]
#[specta::specta]
pub async fn recover_store(shell: Host<'_>, request: Request<RecoverStore>) -> Answer<StartState> {
    shell.open(move |app| app.recover_store(request.0)).await
}

/// Whether the store has a recovery key.
#[tauri::command]
#[specta::specta]
pub async fn read_recovery_key(shell: Host<'_>) -> Answer<RecoveryKeyState> {
    shell.signed_in(move |app, actor| app.read_recovery_key(&actor)).await
}

/// Makes the recovery key of the store anew.
#[tauri::command]
#[specta::specta]
pub async fn make_recovery_key(shell: Host<'_>, request: Request<MakeRecoveryKey>) -> Answer<NewRecoveryKey> {
    shell.signed_in(move |app, actor| app.make_recovery_key(&actor, request.0)).await
}

/// Gives the store another key (K4).
#[tauri::command]
#[specta::specta]
pub async fn change_store_key(shell: Host<'_>, request: Request<ChangeStoreKey>) -> Answer<()> {
    shell.signed_in(move |app, actor| app.change_store_key(&actor, request.0)).await
}

/// How strong a password is (AU-9). Keeps nothing.
#[tauri::command]
#[specta::specta]
pub async fn check_password(shell: Host<'_>, request: Request<CheckPassword>) -> Answer<PasswordReport> {
    shell.open(move |app| app.check_password(request.0)).await
}

/// Who is signed in here.
#[tauri::command]
#[specta::specta]
pub async fn session_state(shell: Host<'_>) -> Answer<SessionState> {
    shell.open(move |app| app.session_state()).await
}

/// Signs in with account number, e-mail address or user name (AU-2).
#[tauri::command]
#[specta::specta]
pub async fn sign_in(shell: Host<'_>, request: Request<SignIn>) -> Answer<SessionState> {
    shell.session(move |app| app.sign_in(request.0)).await
}

/// Ends the session of this desk (AU-12).
#[tauri::command]
#[specta::specta]
pub async fn sign_out(shell: Host<'_>) -> Answer<SessionState> {
    shell.session(move |app| app.sign_out()).await
}

/// Locks the desk on demand (AU-22).
#[tauri::command]
#[specta::specta]
pub async fn lock(shell: Host<'_>) -> Answer<SessionState> {
    shell.session(move |app| app.lock()).await
}

/// Unlocks the desk for whom it was locked.
#[tauri::command]
#[specta::specta]
pub async fn unlock(shell: Host<'_>, request: Request<Unlock>) -> Answer<SessionState> {
    shell.session(move |app| app.unlock(request.0)).await
}

/// Somebody is at the desk: starts the idle time anew.
#[tauri::command]
#[specta::specta]
pub async fn touch(shell: Host<'_>) -> Answer<()> {
    shell.open(move |app| app.touch()).await
}

/// How the signed-in person wants the screen.
#[tauri::command]
#[specta::specta]
pub async fn set_preferences(shell: Host<'_>, request: Request<Preferences>) -> Answer<Preferences> {
    shell.signed_in(move |app, actor| app.set_preferences(&actor, request.0)).await
}

/// Changes the own profile (AU-21).
#[tauri::command]
#[specta::specta]
pub async fn edit_profile(shell: Host<'_>, request: Request<EditProfile>) -> Answer<Me> {
    shell.signed_in(move |app, actor| app.edit_profile(&actor, request.0)).await
}

/// A page of accounts.
#[tauri::command]
#[specta::specta]
pub async fn list_accounts(shell: Host<'_>, request: Request<ListAccounts>) -> Answer<AccountPage> {
    shell.signed_in(move |app, actor| app.list_accounts(&actor, request.0)).await
}

/// Makes an account with its first password.
#[tauri::command]
#[specta::specta]
pub async fn create_account(shell: Host<'_>, request: Request<CreateAccount>) -> Answer<AccountCreated> {
    shell.proven(move |app, actor| app.create_account(&actor, request.0)).await
}

/// Changes an account.
#[tauri::command]
#[specta::specta]
pub async fn edit_account(shell: Host<'_>, request: Request<EditAccount>) -> Answer<AccountChanged> {
    shell.proven(move |app, actor| app.edit_account(&actor, request.0)).await
}

/// Deactivates an account, which ends its sessions, or activates it again (AU-23).
#[tauri::command]
#[specta::specta]
pub async fn set_account_active(
    shell: Host<'_>,
    request: Request<SetAccountActive>,
) -> Answer<AccountChanged> {
    shell.proven(move |app, actor| app.set_account_active(&actor, request.0)).await
}

/// Deletes an account to which nobody ever signed in (AD-4).
#[tauri::command]
#[specta::specta]
pub async fn delete_account(shell: Host<'_>, request: Request<DeleteAccount>) -> Answer<()> {
    shell.proven(move |app, actor| app.delete_account(&actor, request.0)).await
}
