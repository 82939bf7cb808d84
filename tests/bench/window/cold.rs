//! From the start of the process to the first screen painted, and memory then, in turns with an empty window.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};

use crate::figures::spread;
use crate::memory;
use crate::process::{Driver, Screen, program};

/// When the first frame with content was painted, on the clock of the world; not before everything that the page loads
/// at first has come.
const PAINTED: &str = "
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const loaded = performance.getEntriesByType('resource').map((it) => it.responseEnd);
    const shown = document.querySelector('h1, main') !== null && document.readyState === 'complete';
    return paint && shown ? [performance.timeOrigin + paint.startTime, performance.timeOrigin, Math.max(...loaded, 0), paint.startTime] : null;
";

struct Start {
    painted: f64,
    private: f64,
    processes: usize,
}

/// Starts both programs in turns.
pub fn starts(times: usize) {
    let empty = PathBuf::from(std::env::var_os("CLINIC_DESK_EMPTY_WINDOW").expect("run `make bench`"));
    let signing_in = tempfile::tempdir().unwrap();
    crate::prepared::small(signing_in.path());
    let fresh = tempfile::tempdir().unwrap();
    let mut found: [Vec<Start>; 3] = Default::default();
    for _ in 0..times {
        found[0].push(start(&empty, fresh.path()));
        found[1].push(start(&program(), signing_in.path()));
        found[2].push(start(&program(), fresh.path()));
    }
    println!("\n== start, {} runs in turns, the first left out", times - 1);
    let names = ["empty window", "ours, to signing in", "ours, first start, to the key of the store"];
    for (name, starts) in names.iter().zip(&found) {
        let starts = starts.get(1..).unwrap_or_default();
        let times: Vec<f64> = starts.iter().map(|it| it.painted).collect();
        let memory: Vec<f64> = starts.iter().map(|it| it.private).collect();
        let processes = starts.first().map_or(0, |it| it.processes);
        println!(
            "{name:<44} {:>24} ms {:>20} MiB private, {processes} processes",
            spread(&times),
            spread(&memory)
        );
    }
}

fn start(program: &Path, data: &Path) -> Start {
    let screen = Screen::start();
    let home = tempfile::tempdir().unwrap();
    let home_name = home.path().to_string_lossy().into_owned();
    let data = data.to_string_lossy().into_owned();
    // With the session bus of whoever starts this: without one, web views wait for it now and then.
    let environment = [
        ("DISPLAY", screen.name.as_str()),
        ("WAYLAND_DISPLAY", ""),
        ("GDK_BACKEND", "x11"),
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
        ("CLINIC_DESK_DATA", &data),
        ("HOME", &home_name),
        ("XDG_RUNTIME_DIR", &home_name),
        ("NO_AT_BRIDGE", "1"),
        ("TZ", "UTC"),
        ("LC_ALL", "C.UTF-8"),
    ];
    let driver = Driver::start(&environment, Stdio::inherit());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
        let client = ClientBuilder::rustls()
            .unwrap()
            .capabilities(wanted.as_object().unwrap().clone())
            .connect(&driver.url)
            .await
            .unwrap();
        let painted = painted(&client).await;
        let pid = memory::process_with(&home_name, program).unwrap();
        let began = began(pid);
        // What comes after the first frame is part of the memory of an open window.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (private, processes) = memory::private_from(pid);
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        let private = private as f64 / f64::from(1 << 20);
        Start { painted: painted - began, private, processes }
    })
}

async fn painted(client: &Client) -> f64 {
    loop {
        let answer = client.execute(PAINTED, Vec::new()).await.unwrap();
        if let Some(at) = answer.get(0).and_then(Value::as_f64) {
            return at;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// When a process began, in milliseconds on the clock of the world; the kernel keeps it to a hundredth of a second.
fn began(pid: u32) -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    let ticks: f64 = memory::stat(pid).unwrap()[19].parse().unwrap();
    (now - uptime + ticks / 100.0) * 1000.0
}
