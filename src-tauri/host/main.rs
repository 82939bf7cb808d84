//! The desktop program: one statement and its allocator, so that every behaviour lives in the library crate and can be
//! tested.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Memory is wiped when it is given back: what somebody typed passes through buffers of the page's requests that know
/// nothing of secrets (K6).
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    clinic_desktop::run(tauri::generate_context!())
}
