//! Commands as a page calls them, on Tauri's mock runtime: no window, but the same way in.

use std::sync::Arc;

use clinic_app::identity::hashing::Cost;
use clinic_app::{App, Parts};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tauri::{Manager, WebviewWindow, WebviewWindowBuilder};

use crate::state::{Shell, Windows};
use crate::{computer, contract};

/// No windows, and a folder for files that goes when the page goes.
struct NoWindows(tempfile::TempDir);

impl Windows for NoWindows {
    fn session_changed(&self, _: &App) {}

    fn open_second(&self) -> clinic_app::Answer<()> {
        Ok(())
    }

    fn export_folder(&self) -> clinic_app::Answer<std::path::PathBuf> {
        Ok(self.0.path().to_owned())
    }
}

struct NoKeystore;

impl clinic_app::identity::keystore::Keystore for NoKeystore {
    fn available(&self) -> bool {
        false
    }

    fn get(&self, _: &str) -> clinic_app::Answer<Option<zeroize::Zeroizing<Vec<u8>>>> {
        Err(clinic_app::AppError::NoKeystore)
    }

    fn set(&self, _: &str, _: &[u8]) -> clinic_app::Answer<()> {
        Err(clinic_app::AppError::NoKeystore)
    }

    fn remove(&self, _: &str) -> clinic_app::Answer<()> {
        Err(clinic_app::AppError::NoKeystore)
    }
}

struct Page {
    window: WebviewWindow<MockRuntime>,
    _app: tauri::App<MockRuntime>,
    _folder: tempfile::TempDir,
}

impl Page {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shell = Shell {
            app: Arc::new(App::new(Parts {
                folder: folder.path().to_owned(),
                device: "test desk".to_owned(),
                clock: Box::new(computer::Clocks::new()),
                random: Box::new(computer::OsRandom),
                keystore: Box::new(NoKeystore),
                hashing: Cost { memory_kib: 8, passes: 1 },
            })),
            first: Arc::default(),
            windows: Box::new(NoWindows(tempfile::tempdir().unwrap())),
        };
        let contract = contract::contract::<MockRuntime>();
        let app = mock_builder()
            .invoke_handler(contract.invoke_handler())
            .build(mock_context(noop_assets()))
            .unwrap();
        app.manage(shell);
        let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default()).build().unwrap();
        Self { window, _app: app, _folder: folder }
    }

    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.window, request).map(|body| body.deserialize().unwrap())
    }
}

#[test]
fn nobody_signed_in_means_no_answer() {
    let page = Page::open();
    assert_eq!(page.call("read_clinic", json!({})).unwrap_err()["code"], "not_signed_in");
    assert_eq!(page.call("open_window", json!({})).unwrap_err()["code"], "not_signed_in");
}

#[test]
fn a_request_without_its_form_is_refused_with_a_code_and_a_field() {
    let page = Page::open();
    for request in [
        Value::Null,
        json!(7),
        json!({ "login": 7, "password": "" }),
        json!({ "login": "", "password": "", "role": "admin" }),
    ] {
        let error = page.call("sign_in", json!({ "request": request })).unwrap_err();
        assert_eq!(error["code"], "validation", "{error}");
        assert!(error["fields"][0]["field"].is_string(), "{error}");
    }
}
