//! The least that any Tauri program costs: one window of the size of ours with one line of text, no command, no store.
//! `make bench` starts it in turns with the application.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Empty")
                .inner_size(1440.0, 900.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("tests/bench/window_empty/tauri.conf.json"))
}
