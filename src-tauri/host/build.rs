//! Hands the configuration at the root to Tauri's build step, and does nothing else.

fn main() {
    tauri_build::build();
}
