//! A real mail server on this computer, for whatever sends mail: it takes what comes and tells what it took.
//!
//! `Postbox::start()` is all that a journey needs: enter [`Postbox::server`] in the settings and wait for
//! [`Postbox::next`]. What an address begins with says what becomes of a mail (see `postbox.py`).

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use clinic_domain::messaging::server::{MailServer, Security};
use serde_json::Value;

/// The system's own interpreter: the package of the mail server is made for it.
const PYTHON: &str = "/usr/bin/python3";
/// Longest wait for a mail that is on its way.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// Sender of the envelope.
    pub from: String,
    /// The one recipient of the envelope.
    pub to: String,
    /// Whether it came encrypted.
    pub encrypted: bool,
    /// Who had signed in to send it; empty for nobody.
    pub user: String,
    /// Every header, in its order.
    pub headers: Vec<(String, String)>,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

impl Received {
    /// The one header of this name.
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(header, _)| header == name);
        let value = found.next().map(|(_, value)| value.as_str()).unwrap_or_default();
        assert!(found.next().is_none(), "{name} twice");
        value
    }

    /// The subject.
    pub fn subject(&self) -> &str {
        self.header("Subject")
    }

    /// The six digits of a code, as they are typed.
    pub fn code(&self) -> String {
        let is_code =
            |line: &&str| line.len() == 7 && line.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
        self.text.lines().map(str::trim).find(is_code).expect("six digits").replace(' ', "")
    }

    /// A long code, if there is one.
    pub fn long_code(&self) -> Option<String> {
        let is_long = |line: &&str| line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.text.lines().map(str::trim).find(is_long).map(ToOwned::to_owned)
    }

    fn read(line: &str) -> Self {
        let told: Value = serde_json::from_str(line).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let headers = told["headers"].as_array().unwrap().iter();
        Self {
            from: text(&told["from"]),
            to: text(&told["to"][0]),
            encrypted: told["encrypted"].as_bool().unwrap(),
            user: text(&told["user"]),
            headers: headers.map(|header| (text(&header[0]), text(&header[1]))).collect(),
            text: text(&told["text"]),
            html: text(&told["html"]),
        }
    }
}

/// How the server shall be.
#[derive(Debug, Default, Clone)]
pub struct Options {
    /// Refuses every connection until it is opened.
    pub down: bool,
    /// With a certificate: encrypted from the first byte, or by STARTTLS.
    pub certificate: Option<(Certificate, Security)>,
    /// User and password that it asks for.
    pub login: Option<(&'static str, &'static str)>,
}

/// A running server.
pub struct Postbox {
    child: Child,
    lines: Receiver<String>,
    server: MailServer,
}

impl Postbox {
    /// One that takes everything, unencrypted, from whoever asks.
    pub fn start() -> Self {
        Self::with(&Options::default())
    }

    /// One that is not there yet: its port is held and refuses every connection until [`Postbox::open`].
    pub fn down() -> Self {
        Self::with(&Options { down: true, ..Options::default() })
    }

    /// One with these options.
    pub fn with(options: &Options) -> Self {
        let mut command = Command::new(PYTHON);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("mail/postbox.py"));
        command.args(options.down.then_some("--down"));
        let mut security = Security::None;
        if let Some((certificate, wanted)) = &options.certificate {
            security = *wanted;
            let name = if security == Security::Tls { "tls" } else { "start_tls" };
            command.args(["--security", name]);
            command.arg("--certificate").arg(&certificate.file).arg("--key").arg(&certificate.key);
        }
        if let Some((user, password)) = options.login {
            command.args(["--user", user, "--password", password]);
        }
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("`make setup` installs the mail server of the tests");
        let output = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let first = lines.recv_timeout(PATIENCE).expect("the mail server of the tests starts");
        let port = first.strip_prefix("port ").unwrap().parse().unwrap();
        let user = options.login.map(|(user, _)| user.to_owned()).unwrap_or_default();
        let postbox = Self { child, lines, server: server(port, security, user) };
        if !options.down {
            postbox.wait_until_up();
        }
        postbox
    }

    /// Lets connections in from now on.
    pub fn open(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"up\n").unwrap();
        self.wait_until_up();
    }

    fn wait_until_up(&self) {
        assert_eq!(
            self.lines.recv_timeout(PATIENCE).as_deref(),
            Ok("up"),
            "the mail server of the tests listens"
        );
    }

    /// What to enter in the settings to send through it.
    pub fn server(&self) -> MailServer {
        self.server.clone()
    }

    /// The next mail, as soon as it has arrived.
    pub fn next(&self) -> Received {
        Received::read(&self.lines.recv_timeout(PATIENCE).expect("a mail arrives"))
    }

    /// What has arrived and was not looked at. Whoever sent it has had its answer before.
    pub fn rest(&self) -> Vec<Received> {
        self.lines.try_iter().map(|line| Received::read(&line)).collect()
    }
}

impl Drop for Postbox {
    fn drop(&mut self) {
        // Whether it still runs or not, it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server on this computer as the settings take it.
pub fn server(port: u16, security: Security, user: String) -> MailServer {
    MailServer {
        host: "localhost".to_owned(),
        port,
        security,
        user,
        from_address: "desk@northgate.example".to_owned(),
        from_name: String::new(),
        reply_to: String::new(),
    }
}

/// A certificate for a name, and who has signed it.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate.
    pub file: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// The authority that has signed it, as a client trusts it.
    pub authority: Vec<u8>,
}

impl Certificate {
    /// One for this name, signed by an authority of its own that nobody knows.
    pub fn of(name: &str, folder: &Path) -> Self {
        let at = |file: &str| folder.join(file);
        let subject = ["-subj", "/CN=Test authority"];
        openssl(
            folder,
            &[&NEW_KEY[..], &["ca.key", "-x509", "-days", "2", "-out", "ca.pem"], &subject].concat(),
        );
        let subject = format!("/CN={name}");
        openssl(folder, &[&NEW_KEY[..], &["server.key", "-out", "server.csr", "-subj", &subject]].concat());
        let names = format!("subjectAltName=DNS:{name}\nbasicConstraints=CA:FALSE\n");
        std::fs::write(at("names.txt"), names).unwrap();
        let sign = ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2"];
        let into = ["-CAcreateserial", "-extfile", "names.txt", "-out", "server.pem"];
        openssl(folder, &[&sign[..], &into].concat());
        let authority = std::fs::read(at("ca.pem")).unwrap();
        Self { file: at("server.pem"), key: at("server.key"), authority }
    }

    /// One that has signed itself.
    pub fn self_signed(name: &str, folder: &Path) -> Self {
        let subject = format!("/CN={name}");
        let names = format!("subjectAltName=DNS:{name}");
        let rest =
            ["own.key", "-x509", "-days", "2", "-out", "own.pem", "-subj", &subject, "-addext", &names];
        openssl(folder, &[&NEW_KEY[..], &rest].concat());
        Self { file: folder.join("own.pem"), key: folder.join("own.key"), authority: Vec::new() }
    }
}

const NEW_KEY: [&str; 7] =
    ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"];

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
