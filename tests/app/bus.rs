//! A message bus for tests, apart from the desktop's.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A bus of its own, gone when dropped. It starts no services of this computer.
pub struct Bus {
    daemon: Child,
    /// Where it listens.
    pub address: String,
}

impl Bus {
    /// Starts one.
    pub fn start() -> Self {
        let mut command = Command::new("dbus-daemon");
        let config = concat!("--config-file=", env!("CARGO_MANIFEST_DIR"), "/../scripts/bus.conf");
        command.args([config, "--nofork", "--print-address"]);
        let mut daemon = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ended = self.daemon.kill().and_then(|()| self.daemon.wait());
    }
}
