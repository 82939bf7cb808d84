//! Adapters of the directory slice: one line each, no rule and no SQL.

use clinic_app::Answer;
use clinic_app::directory::count_outside_hours::{OutsideHours, PlannedHours};
use clinic_app::directory::view::{
    AddDoctor, AddException, AddPatient, ArchivePatient, DoctorChanged, DoctorPage, DoctorView, DuplicateHit,
    EditDoctor, EditPatient, Found, ListDoctors, ListPatients, PatientChanged, PatientHit, PatientPage,
    PatientView, RemoveException, Search,
};
use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::{DoctorId, PatientId};

use crate::request::Request;
use crate::state::Host;

/// Patients while typing (PE-1, FD-3).
#[tauri::command]
#[specta::specta]
pub async fn search_patients(shell: Host<'_>, request: Request<Search>) -> Answer<Vec<PatientHit>> {
    shell.signed_in(move |app, actor| app.search_patients(&actor, request.0)).await
}

/// A page of patients.
#[tauri::command]
#[specta::specta]
pub async fn list_patients(shell: Host<'_>, request: Request<ListPatients>) -> Answer<PatientPage> {
    shell.signed_in(move |app, actor| app.list_patients(&actor, request.0)).await
}

/// The record of a patient; the reading is written down (TR-4).
#[tauri::command]
#[specta::specta]
pub async fn read_patient(shell: Host<'_>, request: Request<PatientId>) -> Answer<PatientView> {
    shell.signed_in(move |app, actor| app.read_patient(&actor, request.0)).await
}

/// Those who look like the person being added, likeliest first.
#[tauri::command]
#[specta::specta]
pub async fn find_duplicates(shell: Host<'_>, request: Request<PatientForm>) -> Answer<Vec<DuplicateHit>> {
    shell.signed_in(move |app, actor| app.find_duplicates(&actor, request.0)).await
}

/// Adds a patient, unless likely duplicates are there and were not accepted.
#[tauri::command]
#[specta::specta]
pub async fn add_patient(shell: Host<'_>, request: Request<AddPatient>) -> Answer<PatientChanged> {
    shell.signed_in(move |app, actor| app.add_patient(&actor, request.0)).await
}

/// Edits a patient's record.
#[tauri::command]
#[specta::specta]
pub async fn edit_patient(shell: Host<'_>, request: Request<EditPatient>) -> Answer<PatientChanged> {
    shell.signed_in(move |app, actor| app.edit_patient(&actor, request.0)).await
}

/// Archives a patient or brings one back.
#[tauri::command]
#[specta::specta]
pub async fn archive_patient(shell: Host<'_>, request: Request<ArchivePatient>) -> Answer<PatientChanged> {
    shell.signed_in(move |app, actor| app.archive_patient(&actor, request.0)).await
}

/// A page of doctors.
#[tauri::command]
#[specta::specta]
pub async fn list_doctors(shell: Host<'_>, request: Request<ListDoctors>) -> Answer<DoctorPage> {
    shell.signed_in(move |app, actor| app.list_doctors(&actor, request.0)).await
}

/// The record of a doctor.
#[tauri::command]
#[specta::specta]
pub async fn read_doctor(shell: Host<'_>, request: Request<DoctorId>) -> Answer<DoctorView> {
    shell.signed_in(move |app, actor| app.read_doctor(&actor, request.0)).await
}

/// What planned hours would leave outside.
#[tauri::command]
#[specta::specta]
pub async fn count_outside_hours(shell: Host<'_>, request: Request<PlannedHours>) -> Answer<OutsideHours> {
    shell.signed_in(move |app, actor| app.count_outside_hours(&actor, request.0)).await
}

/// Adds a doctor.
#[tauri::command]
#[specta::specta]
pub async fn add_doctor(shell: Host<'_>, request: Request<AddDoctor>) -> Answer<DoctorChanged> {
    shell.signed_in(move |app, actor| app.add_doctor(&actor, request.0)).await
}

/// Edits a doctor's record, or retires the doctor.
#[tauri::command]
#[specta::specta]
pub async fn edit_doctor(shell: Host<'_>, request: Request<EditDoctor>) -> Answer<DoctorChanged> {
    shell.signed_in(move |app, actor| app.edit_doctor(&actor, request.0)).await
}

/// Enters time off or extra hours.
#[tauri::command]
#[specta::specta]
pub async fn add_exception(shell: Host<'_>, request: Request<AddException>) -> Answer<DoctorChanged> {
    shell.signed_in(move |app, actor| app.add_exception(&actor, request.0)).await
}

/// Takes time off or extra hours back.
#[tauri::command]
#[specta::specta]
pub async fn remove_exception(shell: Host<'_>, request: Request<RemoveException>) -> Answer<DoctorChanged> {
    shell.signed_in(move |app, actor| app.remove_exception(&actor, request.0)).await
}

/// Patients, doctors and dates for the command palette (FD-3).
#[tauri::command]
#[specta::specta]
pub async fn find(shell: Host<'_>, request: Request<Search>) -> Answer<Found> {
    shell.signed_in(move |app, actor| app.find(&actor, request.0)).await
}
