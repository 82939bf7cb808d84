//! From the start of the process to the first screen, and memory then, in turns with an empty window.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fantoccini::{Client, ClientBuilder};
use serde_json::json;
use tempfile::TempDir;

use crate::figures::{median, spread};
use crate::memory;
use crate::process::{Driver, program};
use crate::screen::Seen;

/// When the first frame with content was painted, on the clock of the world, once the first screen is complete.
const PAINTED: &str = "
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const complete = document.querySelector('h1, main') !== null && document.readyState === 'complete';
    return paint && complete ? performance.timeOrigin + paint.startTime : null;
";

/// One start of a program.
struct Start {
    /// Milliseconds until the first screen is on the display.
    shown: f64,
    /// Milliseconds until the page painted it, perhaps before its window was to be seen.
    painted: f64,
    /// MiB that are no other program's, too.
    private: f64,
}

/// Starts both programs in turns.
pub fn starts(times: usize) {
    let empty = PathBuf::from(std::env::var_os("CLINIC_DESK_EMPTY_WINDOW").expect("run `make bench`"));
    let signing_in = tempfile::tempdir().unwrap();
    crate::prepared::small(signing_in.path());
    let fresh = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // One more window stays open, so that the libraries of all web views are nobody's own, whatever else runs here.
    let other = runtime.block_on(Opened::open(&empty, fresh.path()));
    let mut found: [Vec<Start>; 3] = Default::default();
    for _ in 0..times {
        for (found, (program, data)) in found.iter_mut().zip([
            (&empty, fresh.path()),
            (&program(), signing_in.path()),
            (&program(), fresh.path()),
        ]) {
            found.push(runtime.block_on(async { Opened::open(program, data).await.measured().await }));
        }
    }
    drop(other);
    report(&found.map(|mut starts| starts.split_off(1)));
}

fn report(found: &[Vec<Start>; 3]) {
    let [empty, ..] = found;
    println!("\n== start, {} runs in turns: median (range), against the empty window", empty.len());
    println!("{:<28} {:>27} {:>27} {:>27}", "", "ms to the screen", "ms to the paint", "MiB private");
    let names = ["empty window", "to signing in", "first start, to the key"];
    for (name, starts) in names.iter().zip(found) {
        let column = |of: fn(&Start) -> f64| {
            let values = |starts: &[Start]| starts.iter().map(of).collect::<Vec<f64>>();
            let ratio = median(&values(starts)) / median(&values(empty));
            format!("{:>20} {ratio:>6.2}", spread(&values(starts)))
        };
        println!(
            "{name:<28} {} {} {}",
            column(|it| it.shown),
            column(|it| it.painted),
            column(|it| it.private)
        );
    }
}

/// A program in a window on a display of its own.
struct Opened {
    client: Client,
    pid: u32,
    written: std::thread::JoinHandle<f64>,
    _driver: Driver,
    _seen: Seen,
    _home: TempDir,
}

impl Opened {
    async fn open(program: &Path, data: &Path) -> Self {
        let seen = Seen::start();
        let written = seen.watch();
        let home = tempfile::tempdir().unwrap();
        let home_name = home.path().to_string_lossy().into_owned();
        // With the session bus of whoever starts this: without one, web views wait for it now and then.
        let data = data.to_string_lossy().into_owned();
        let environment = [
            ("DISPLAY", seen.screen.name.as_str()),
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
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
        let mut connection = ClientBuilder::rustls().unwrap();
        let connection = connection.capabilities(wanted.as_object().unwrap().clone()).connect(&driver.url);
        let client = connection.await.unwrap();
        let pid = memory::process_with(&home_name, program).unwrap();
        Self { client, pid, written, _driver: driver, _seen: seen, _home: home }
    }

    async fn measured(self) -> Start {
        let began = began(self.pid);
        let painted = painted(&self.client).await;
        let shown = self.written.join().unwrap();
        // What comes after the first frame is part of the memory of an open window.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (private, _) = memory::private_from(self.pid);
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        let private = private as f64 / f64::from(1 << 20);
        Start { shown: shown - began, painted: painted - began, private }
    }
}

async fn painted(client: &Client) -> f64 {
    loop {
        let answer = client.execute(PAINTED, Vec::new()).await.unwrap();
        if let Some(at) = answer.as_f64() {
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
