//! The desktop program: one statement, so that every behaviour lives in the library crate and can be tested.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    clinic_desktop::run(tauri::generate_context!())
}
