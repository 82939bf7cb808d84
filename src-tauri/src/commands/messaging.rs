//! Adapters of the messaging slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::messaging::smtp::Smtp;
use clinic_app::messaging::view::{EditMail, MailView, TestMail, TestReport};

use crate::request::Request;
use crate::state::Host;

/// How mail leaves the clinic, and what waits to leave (NO-4).
#[tauri::command]
#[specta::specta]
pub async fn read_mail(shell: Host<'_>) -> Answer<MailView> {
    shell.signed_in(move |app, actor| app.read_mail(&actor)).await
}

/// Says how mail leaves the clinic (AD-8).
#[tauri::command]
#[specta::specta]
pub async fn edit_mail(shell: Host<'_>, request: Request<EditMail>) -> Answer<MailView> {
    shell.proven(move |app, actor| app.edit_mail(&actor, request.0)).await
}

/// Sends a test mail by what was typed, and says how far it came.
#[tauri::command]
#[specta::specta]
pub async fn send_test_mail(shell: Host<'_>, request: Request<TestMail>) -> Answer<TestReport> {
    shell.signed_in(move |app, actor| app.send_test_mail(&actor, request.0, &Smtp::default())).await
}

/// Tries at once what waits, and once more what failed.
#[tauri::command]
#[specta::specta]
pub async fn retry_mail(shell: Host<'_>) -> Answer<MailView> {
    shell.signed_in(move |app, actor| app.retry_mail(&actor)).await
}
