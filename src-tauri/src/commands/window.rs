//! Adapters of the shell itself: what a page may ask of the windows.

use clinic_app::Answer;

use crate::state::Host;

/// Opens the second window of this desk, or brings it to the front. Both show the same session.
#[tauri::command]
#[specta::specta]
pub async fn open_window(shell: Host<'_>) -> Answer<()> {
    shell.signed_in(|_, _| Ok(())).await?;
    shell.windows().open_second()
}
