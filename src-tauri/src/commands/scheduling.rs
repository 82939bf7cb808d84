//! Adapters of the scheduling slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::scheduling::view::{
    AppointmentChanged, AppointmentPage, AppointmentView, BookAppointment, ChangeStatus, ListAppointments,
    MonthView, NextFree, Opening, Reschedule, ScheduleView, ViewMonth, ViewSchedule,
};
use clinic_domain::id::AppointmentId;

use crate::request::Request;
use crate::state::Host;

/// Days of the schedule (FD-1).
#[tauri::command]
#[specta::specta]
pub async fn view_schedule(shell: Host<'_>, request: Request<ViewSchedule>) -> Answer<ScheduleView> {
    shell.signed_in(move |app, actor| app.view_schedule(&actor, request.0)).await
}

/// A month as counts (FD-1).
#[tauri::command]
#[specta::specta]
pub async fn view_month(shell: Host<'_>, request: Request<ViewMonth>) -> Answer<MonthView> {
    shell.signed_in(move |app, actor| app.view_month(&actor, request.0)).await
}

/// Everything about one appointment, its history included (AP-6).
#[tauri::command]
#[specta::specta]
pub async fn read_appointment(shell: Host<'_>, request: Request<AppointmentId>) -> Answer<AppointmentView> {
    shell.signed_in(move |app, actor| app.read_appointment(&actor, request.0)).await
}

/// A page of a patient's or doctor's appointments (AP-6).
#[tauri::command]
#[specta::specta]
pub async fn list_appointments(
    shell: Host<'_>,
    request: Request<ListAppointments>,
) -> Answer<AppointmentPage> {
    shell.signed_in(move |app, actor| app.list_appointments(&actor, request.0)).await
}

/// The next free slots over doctors and days (AP-3, FD-4).
#[tauri::command]
#[specta::specta]
pub async fn next_free(shell: Host<'_>, request: Request<NextFree>) -> Answer<Vec<Opening>> {
    shell.signed_in(move |app, actor| app.next_free(&actor, request.0)).await
}

/// Books an appointment (AP-1, AP-2).
#[tauri::command]
#[specta::specta]
pub async fn book(shell: Host<'_>, request: Request<BookAppointment>) -> Answer<AppointmentChanged> {
    shell.signed_in(move |app, actor| app.book(&actor, request.0)).await
}

/// Moves an appointment or changes its length (AP-6).
#[tauri::command]
#[specta::specta]
pub async fn reschedule(shell: Host<'_>, request: Request<Reschedule>) -> Answer<AppointmentChanged> {
    shell.signed_in(move |app, actor| app.reschedule(&actor, request.0)).await
}

/// Takes a step of the life cycle (AP-4).
#[tauri::command]
#[specta::specta]
pub async fn change_status(shell: Host<'_>, request: Request<ChangeStatus>) -> Answer<AppointmentChanged> {
    shell.signed_in(move |app, actor| app.change_status(&actor, request.0)).await
}
