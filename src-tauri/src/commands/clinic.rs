//! Adapters of the clinic slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::clinic::view::{ClinicChanged, ClinicView, EditClinic};

use crate::request::Request;
use crate::state::Host;

/// The clinic and its settings.
#[tauri::command]
#[specta::specta]
pub async fn read_clinic(shell: Host<'_>) -> Answer<ClinicView> {
    shell.signed_in(move |app, actor| app.read_clinic(&actor)).await
}

/// Changes the settings of the clinic.
#[tauri::command]
#[specta::specta]
pub async fn edit_clinic(shell: Host<'_>, request: Request<EditClinic>) -> Answer<ClinicChanged> {
    shell.signed_in(move |app, actor| app.edit_clinic(&actor, request.0)).await
}
