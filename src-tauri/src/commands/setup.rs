//! Adapters of the setup slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::identity::view::SessionState;
use clinic_app::setup::view::SetUpClinic;

use crate::request::Request;
use crate::state::Host;

/// Sets up the clinic and its first administrator, and signs that person in (AU-20).
#[tauri::command]
#[specta::specta]
pub async fn set_up_clinic(shell: Host<'_>, request: Request<SetUpClinic>) -> Answer<SessionState> {
    shell.session(move |app| app.set_up_clinic(request.0)).await
}
