//! Programs that a test starts and that end with it, whatever happens.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::repository::root;

/// How long a program may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program with everything that it started; all of it ends when this is dropped.
pub struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        Self(
            command
                .process_group(0)
                .spawn()
                .unwrap_or_else(|error| panic!("{name}: {error}; run `make setup`")),
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The group, because the driver starts the application, and that starts the processes of its web view.
        let group = format!("-{}", self.0.id());
        let ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        if ended.is_err() || self.0.wait().is_err() {
            eprintln!("process group {group} may still be there");
        }
    }
}

/// A display that nobody sees, 1440 by 900.
pub struct Screen {
    _server: Running,
    /// As in DISPLAY.
    pub name: String,
}

impl Screen {
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// A display with more options.
    pub fn with(options: &[&str]) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(options);
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
        let mut server = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { _server: server, name: format!(":{}", number.trim()) }
    }

    /// Writes a picture of the whole screen. The driver's own pictures may never come back under a virtual display.
    pub fn picture(&self, file: &Path) {
        let taken =
            Command::new("import").args(["-display", &self.name, "-window", "root"]).arg(file).status();
        assert!(taken.is_ok_and(|status| status.success()), "no picture of the screen");
    }
}

/// WebKit's driver, which will start the application with this environment.
pub struct Driver {
    _server: Running,
    pub url: String,
}

impl Driver {
    /// What it and everything that it starts say on their standard error goes to `said`.
    pub fn start(environment: &[(&str, &str)], said: Stdio) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).envs(environment.iter().copied());
        let server = Running::start(command.stdin(Stdio::null()).stderr(said));
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < deadline, "the driver does not answer");
            std::thread::yield_now();
        }
        Self { _server: server, url: format!("http://127.0.0.1:{port}") }
    }
}

/// The application, built from what is here now. It lies beside this test, wherever cargo builds.
pub fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build).clone()
}

fn build() -> PathBuf {
    assert!(root().join("ui/dist/index.html").exists(), "the interface is not built; run `make setup`");
    let here = std::env::current_exe().unwrap();
    let profile = here.ancestors().nth(2).unwrap().to_owned();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--quiet", "--bin", "clinic-desk", "--target-dir"]);
    cargo.arg(profile.parent().unwrap()).current_dir(root());
    // What cargo told this test about itself would make it build everything anew.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "LD_LIBRARY_PATH"
        {
            cargo.env_remove(&*name);
        }
    }
    assert!(cargo.status().unwrap().success(), "the application does not build");
    profile.join("clinic-desk")
}
