//! The windows of the desk. Each shows the interface that is embedded in the program, goes nowhere else, opens nothing,
//! and becomes visible with its first frame.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use tauri::http::Response;
use tauri::http::header::CONTENT_TYPE;
use tauri::utils::config::BackgroundThrottlingPolicy;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::state::Shell;

/// Label of the window that opens at start.
pub const MAIN: &str = "main";
/// Label of the one more window that can be opened.
pub const SECOND: &str = "second";

/// Title until the clinic is known.
pub const TITLE: &str = "Clinic Desk";

/// Shown at the latest after this time, in case the page never says that it has loaded.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens the window with this label, or brings it to the front.
///
/// # Errors
/// The window system refuses.
pub fn open<R: Runtime>(app: &AppHandle<R>, label: &str) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(label) {
        return raise(&window);
    }
    let handle = app.clone();
    let window = WebviewWindowBuilder::new(app, label, WebviewUrl::default())
        .title(TITLE)
        .inner_size(1440.0, 900.0)
        .min_inner_size(1024.0, 640.0)
        .prevent_overflow()
        .visible(false)
        .incognito(!automated())
        .data_directory(page_folder(app)?)
        .devtools(cfg!(debug_assertions))
        .browser_extensions_enabled(false)
        .general_autofill_enabled(false)
        .background_throttling(BackgroundThrottlingPolicy::Disabled)
        .on_navigation(is_own)
        .on_web_resource_request(move |_, answer| tell_first(&handle, answer))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, page| {
            if page.event() == PageLoadEvent::Finished {
                show(&window);
            }
        })
        .build()?;
    adjust(&window)?;
    std::thread::spawn(move || {
        std::thread::sleep(PATIENCE);
        show(&window);
    });
    Ok(())
}

/// Puts what was found at start into the page that opens first.
fn tell_first<R: Runtime>(app: &AppHandle<R>, answer: &mut Response<Cow<'static, [u8]>>) {
    let kind = answer.headers().get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let Some(shell) = app.try_state::<Shell>().filter(|_| is_page) {
        shell.first.put_into(&shell.app, answer.body_mut());
    }
}

/// What no option of Tauri's says to WebKit: what the page complains about goes to the terminal, where whoever drives the
/// window reads it.
#[cfg(target_os = "linux")]
fn adjust<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt, WebViewExt};
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_enable_write_console_messages_to_stdout(automated());
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn adjust<R: Runtime>(_: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}

/// Where the web view keeps what it keeps even for a page that keeps nothing. Elsewhere when the folder of the store
/// cannot be written to, so that there is a window to say so.
fn page_folder<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<PathBuf> {
    let folder = app.path().app_local_data_dir()?.join("webview");
    match std::fs::create_dir_all(&folder) {
        Ok(()) => Ok(folder),
        Err(_) => Ok(app.path().temp_dir()?.join(format!("clinic-desk-{}", std::process::id()))),
    }
}

/// Brings the first window there is to the front: somebody started the program again.
pub fn raise_any<R: Runtime>(app: &AppHandle<R>) {
    let window = app.get_webview_window(MAIN).or_else(|| app.get_webview_window(SECOND));
    if let Some(Err(error)) = window.map(|window| raise(&window)) {
        tracing::warn!(%error, "the window could not be raised");
    }
}

/// Whether somebody works in one of the windows.
pub fn in_front<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.webview_windows().values().any(|window| window.is_focused().unwrap_or(false))
}

/// Writes the clinic's name into the title of every window.
pub fn name_clinic<R: Runtime>(app: &AppHandle<R>, clinic: &str) {
    let title = if clinic.is_empty() { TITLE.to_owned() } else { format!("{clinic} – {TITLE}") };
    for window in app.webview_windows().values() {
        if window.title().is_ok_and(|now| now == title) {
            continue;
        }
        if let Err(error) = window.set_title(&title) {
            tracing::warn!(%error, "the title could not be set");
        }
    }
}

fn raise<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    window.show()?;
    window.unminimize()?;
    window.set_focus()
}

fn show<R: Runtime>(window: &WebviewWindow<R>) {
    if window.is_visible().unwrap_or(false) {
        return;
    }
    if let Err(error) = window.show() {
        tracing::error!(%error, "the window could not be shown");
    }
}

/// Whether a page belongs to the program itself. Everything else is refused, whoever asks (W6).
fn is_own(url: &Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // How the same thing is called on Windows, where web views know no schemes of their own.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        "about" => url.as_str() == "about:blank",
        _ => false,
    };
    if !own {
        tracing::warn!(scheme = url.scheme(), "a navigation was refused");
    }
    own && url.port().is_none() && url.username().is_empty()
}

/// Whether a test drives the window. Release builds cannot be driven: a page that keeps nothing is out of a driver's
/// reach.
fn automated() -> bool {
    cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(url: &str) -> bool {
        url.parse::<Url>().is_ok_and(|url| is_own(&url))
    }

    #[test]
    fn the_embedded_interface_is_its_own() {
        for url in [
            "tauri://localhost",
            "tauri://localhost/",
            "tauri://localhost/index.html#/schedule",
            "about:blank",
        ] {
            assert!(own(url), "{url}");
        }
    }

    #[test]
    fn two_hundred_hostile_addresses_go_nowhere() {
        let schemes = [
            "http",
            "https",
            "file",
            "ftp",
            "smb",
            "ws",
            "wss",
            "data",
            "javascript",
            "blob",
            "ipc",
            "asset",
            "mailto",
            "tauri",
            "view-source",
            "about",
            "chrome",
            "resource",
            "vbscript",
            "intent",
        ];
        let rests = [
            "//evil.example/",
            "//localhost.evil.example/",
            "//localhost@evil.example/",
            "//tauri.localhost.evil.example/",
            "//xn--lcalhost-54a/",
            "//127.0.0.1/",
            "//localhost:8080/",
            "text/html,<script>1</script>",
            "alert(1)",
            "///etc/passwd",
        ];
        let mut tried = 0;
        for scheme in schemes {
            for rest in rests {
                tried += 1;
                let url = format!("{scheme}:{rest}");
                assert!(!own(&url), "{url}");
            }
        }
        assert_eq!(tried, 200);
    }
}
