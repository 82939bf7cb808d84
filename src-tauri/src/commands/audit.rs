//! Adapters of the audit slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::audit::view::{
    AuditPage, AuditReport, CompareAudit, ComparedAudit, ExportAudit, ExportedAudit, ListAudit,
};

use crate::request::Request;
use crate::state::Host;

/// A page of the audit log (AD-6).
#[tauri::command]
#[specta::specta]
pub async fn list_audit(shell: Host<'_>, request: Request<ListAudit>) -> Answer<AuditPage> {
    shell.signed_in(move |app, actor| app.list_audit(&actor, request.0)).await
}

/// Recomputes the audit chain (TR-4).
#[tauri::command]
#[specta::specta]
pub async fn verify_audit(shell: Host<'_>) -> Answer<AuditReport> {
    shell.signed_in(move |app, actor| app.verify_audit(&actor)).await
}

/// Compares the log with a code that was noted outside this computer (TR-4).
#[tauri::command]
#[specta::specta]
pub async fn compare_audit(shell: Host<'_>, request: Request<CompareAudit>) -> Answer<ComparedAudit> {
    shell.signed_in(move |app, actor| app.compare_audit(&actor, request.0)).await
}

/// Writes the log, or a part of it, into a file for somebody else (AD-6, TR-4).
#[tauri::command]
#[specta::specta]
pub async fn export_audit(shell: Host<'_>, request: Request<ExportAudit>) -> Answer<ExportedAudit> {
    let folder = shell.windows().export_folder()?;
    shell.proven(move |app, actor| app.export_audit(&actor, &request.0, &folder)).await
}
