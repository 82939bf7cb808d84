//! Adapters of registration: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::directory::register_patient::RegisterPatient;
use clinic_app::identity::registration_view::{
    ConfirmRegistration, ListRegistrations, PendingRegistration, Register, Registered, RegistrationBegun,
    RegistrationPage,
};

use crate::request::Request;
use crate::state::Host;

/// Begins to register as a patient or a doctor (AU-3).
#[tauri::command]
#[specta::specta]
pub async fn register(shell: Host<'_>, request: Request<Register>) -> Answer<RegistrationBegun> {
    shell.open(move |app| app.register(request.0)).await
}

/// Proves the address of a registration, which becomes an account.
#[tauri::command]
#[specta::specta]
pub async fn confirm_registration(
    shell: Host<'_>,
    request: Request<ConfirmRegistration>,
) -> Answer<Registered> {
    shell.open(move |app| app.confirm_registration(request.0)).await
}

/// Has the code of the own registration sent again (AU-4).
#[tauri::command]
#[specta::specta]
pub async fn resend_registration(
    shell: Host<'_>,
    request: Request<PendingRegistration>,
) -> Answer<RegistrationBegun> {
    shell.open(move |app| app.resend_registration(request.0)).await
}

/// A page of pending registrations (AD-1).
#[tauri::command]
#[specta::specta]
pub async fn list_registrations(
    shell: Host<'_>,
    request: Request<ListRegistrations>,
) -> Answer<RegistrationPage> {
    shell.signed_in(move |app, actor| app.list_registrations(&actor, request.0)).await
}

/// Has the code of a pending registration sent again (AD-1).
#[tauri::command]
#[specta::specta]
pub async fn send_registration(
    shell: Host<'_>,
    request: Request<PendingRegistration>,
) -> Answer<RegistrationBegun> {
    shell.signed_in(move |app, actor| app.send_registration(&actor, request.0)).await
}

/// Takes a pending registration away (AD-1).
#[tauri::command]
#[specta::specta]
pub async fn delete_registration(shell: Host<'_>, request: Request<PendingRegistration>) -> Answer<()> {
    shell.signed_in(move |app, actor| app.delete_registration(&actor, request.0)).await
}

/// Begins an account for a patient who stands at the desk.
#[tauri::command]
#[specta::specta]
pub async fn register_patient(
    shell: Host<'_>,
    request: Request<RegisterPatient>,
) -> Answer<RegistrationBegun> {
    shell.signed_in(move |app, actor| app.register_patient(&actor, request.0)).await
}
