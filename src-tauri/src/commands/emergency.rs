//! Adapters of emergency access: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::directory::emergency::view::{
    ClosedRecord, EmergencyPage, EndEmergency, ExtendEmergency, ListEmergencies, OpenInEmergency,
    ReviewEmergency, RunningEmergency,
};
use clinic_domain::id::PatientId;

use crate::request::Request;
use crate::state::Host;

/// Who somebody is whose record is closed to the reader (PE-4).
#[tauri::command]
#[specta::specta]
pub async fn read_closed_record(shell: Host<'_>, request: Request<PatientId>) -> Answer<ClosedRecord> {
    shell.signed_in(move |app, actor| app.read_closed_record(&actor, request.0)).await
}

/// Opens the record of somebody else's patient in an emergency.
#[tauri::command]
#[specta::specta]
pub async fn open_in_emergency(
    shell: Host<'_>,
    request: Request<OpenInEmergency>,
) -> Answer<RunningEmergency> {
    shell.signed_in(move |app, actor| app.open_in_emergency(&actor, request.0)).await
}

/// Prolongs the emergency access of this session, once.
#[tauri::command]
#[specta::specta]
pub async fn extend_emergency(
    shell: Host<'_>,
    request: Request<ExtendEmergency>,
) -> Answer<RunningEmergency> {
    shell.signed_in(move |app, actor| app.extend_emergency(&actor, request.0)).await
}

/// Closes the record that was opened in an emergency.
#[tauri::command]
#[specta::specta]
pub async fn end_emergency(shell: Host<'_>, request: Request<EndEmergency>) -> Answer<()> {
    shell.signed_in(move |app, actor| app.end_emergency(&actor, request.0)).await
}

/// The emergency access that runs in this session, if one does.
#[tauri::command]
#[specta::specta]
pub async fn running_emergency(shell: Host<'_>) -> Answer<Option<RunningEmergency>> {
    shell.signed_in(move |app, actor| app.running_emergency(&actor)).await
}

/// A page of emergency accesses for whoever reviews them.
#[tauri::command]
#[specta::specta]
pub async fn list_emergencies(shell: Host<'_>, request: Request<ListEmergencies>) -> Answer<EmergencyPage> {
    shell.signed_in(move |app, actor| app.list_emergencies(&actor, request.0)).await
}

/// Writes down that an emergency access was looked at.
#[tauri::command]
#[specta::specta]
pub async fn review_emergency(shell: Host<'_>, request: Request<ReviewEmergency>) -> Answer<()> {
    shell.signed_in(move |app, actor| app.review_emergency(&actor, request.0)).await
}
