//! Adapters of the security policy: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::identity::security_policy_view::{EditSecurityPolicy, SecurityPolicyView};

use crate::request::Request;
use crate::state::Host;

/// What the clinic decided about security.
#[tauri::command]
#[specta::specta]
pub async fn read_security_policy(shell: Host<'_>) -> Answer<SecurityPolicyView> {
    shell.signed_in(move |app, actor| app.read_security_policy(&actor)).await
}

/// Changes what the clinic decided about security.
#[tauri::command]
#[specta::specta]
pub async fn edit_security_policy(
    shell: Host<'_>,
    request: Request<EditSecurityPolicy>,
) -> Answer<SecurityPolicyView> {
    shell.proven(move |app, actor| app.edit_security_policy(&actor, request.0)).await
}
