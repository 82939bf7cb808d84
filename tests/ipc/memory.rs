//! Behind a lock no secret that was typed is in the memory of the program (S9, K6; ASVS 14.3.1): a process of its own signs in
//! as it is told, through the page's own way in, and everything it may write to is searched each time it is locked. It has the
//! program's allocator, and no web view, whose memory is not ours.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use clinic_app::identity::reset_view::ResetPassword;
use clinic_app::identity::view::{CreateAccount, SignIn};
use clinic_domain::identity::role::Role;
use clinic_testkit::forms::{self, PASSWORD};
use serde_json::{Value, json};

use super::page::Page;

const CHILD: &str = "CLINIC_TEST_MEMORY";
const NAME: &str = "ipc::memory::signs_in_and_locks_as_it_is_told";
/// What stands before each answer of the process.
const ANSWER: &str = "answer ";

/// People with a password of their own, and how many of them have a PIN, too: ten secrets and ten locks in a round.
const PEOPLE: usize = 8;
const PINS: [&str; 2] = ["80417295", "83950612"];
const ROUNDS: usize = 10;

fn name(nth: usize) -> String {
    format!("person{nth}")
}

/// A long password, of which the later part is looked for: memory that was given back unwiped keeps that in any case.
fn password(nth: usize) -> String {
    format!("gravel tundra meadow oboe {}", tail(nth))
}

fn tail(nth: usize) -> String {
    format!("~kiln{nth} quartz{nth} vole{nth}")
}

/// What is looked for: each begins with a byte that is rare.
fn secrets() -> Vec<String> {
    (0..PEOPLE).map(tail).chain(PINS.map(Into::into)).collect()
}

/// The process.
struct Program {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Program {
    fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]).env(CHILD, "1");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, to, from: BufReader::new(from) }
    }

    /// Tells it to call a command; it must be answered with no error.
    fn call(&mut self, command: &str, request: &Value) {
        let sent = if request.is_null() { json!({}) } else { json!({ "request": request }) };
        let answer = self.tell(&json!({ "call": command, "sent": sent }));
        assert_eq!(answer, "ok", "{command}");
    }

    fn tell(&mut self, what: &Value) -> String {
        writeln!(self.to, "{what}").unwrap();
        let mut line = String::new();
        while !line.contains(ANSWER) {
            line.clear();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the process has ended");
        }
        line.split(ANSWER).nth(1).unwrap().trim().to_owned()
    }

    /// Which secrets are in its memory, each with where.
    fn found(&self) -> Vec<String> {
        let process = format!("/proc/{}", self.child.id());
        let maps = std::fs::read_to_string(format!("{process}/maps")).unwrap();
        let memory = File::open(format!("{process}/mem")).unwrap();
        let mut found = Vec::new();
        for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|it| it.starts_with("rw")))
        {
            let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
            let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
            let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
            // What is mapped to no memory cannot be read, and holds nothing.
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                found.extend(secrets_in(&bytes).into_iter().map(|secret| format!("{secret} in {line}")));
            }
        }
        found
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.kill().is_err() || self.child.wait().is_err() {
            eprintln!("process {} may still be there", self.child.id());
        }
    }
}

/// Secrets in a piece of memory. Only where their first byte is, is anything compared.
fn secrets_in(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for first in [b'~', b'8'] {
        let wanted: Vec<_> = secrets().into_iter().filter(|it| it.as_bytes()[0] == first).collect();
        let mut rest = bytes;
        while rest.skip_until(first).unwrap() > 0 {
            found.extend(wanted.iter().filter(|it| rest.starts_with(&it.as_bytes()[1..])).cloned());
        }
    }
    found
}

#[test]
fn signs_in_and_locks_as_it_is_told() {
    // Only when it is started by the test below; otherwise there is nothing to do.
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let page = Page::of("fran");
    for nth in 0..PEOPLE {
        add(&page, &name(nth));
    }
    page.app.sign_out().unwrap();
    let mut held = Vec::new();
    // Past the buffer that the standard library keeps for the whole life of a process.
    let mut told = File::open("/dev/stdin").unwrap();
    while let Some(mut what) = next_line(&mut told) {
        if what["hold"].is_array() {
            held.push(what["hold"].take());
        } else if what["forget"] == true {
            held.clear();
        } else {
            let sent = what["sent"].take();
            let answer = page.call(what["call"].as_str().unwrap(), sent);
            say(answer.err().as_ref().and_then(|error| error["code"].as_str()).unwrap_or("ok"));
            continue;
        }
        say("ok");
    }
}

/// Somebody at the front desk, with a password that all have.
fn add(page: &Page, name: &str) {
    let form = forms::account(name, Role::FrontDesk, None);
    let request = CreateAccount { request_id: page.clinic.request(), form, password: None };
    let password = page.app.create_account(&page.clinic.admin(), request).unwrap().first_password.unwrap();
    page.app.sign_in(SignIn { login: name.to_owned(), password: password.expose().into() }).unwrap();
    page.app.replace_password(ResetPassword { password: PASSWORD.into() }).unwrap();
}

fn say(what: &str) {
    println!("{ANSWER}{what}");
    std::io::stdout().flush().unwrap();
}

/// One line, read byte by byte into memory that is wiped.
fn next_line(from: &mut File) -> Option<Value> {
    let (mut line, mut byte) = (Vec::with_capacity(4096), [0]);
    while from.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
        line.push(byte[0]);
    }
    serde_json::from_slice(&line).ok()
}

#[test]
fn behind_a_hundred_locks_no_secret_is_in_the_memory_of_the_program() {
    let mut program = Program::start();
    assert_eq!(program.tell(&json!({ "hold": [] })), "ok");
    for nth in 0..PEOPLE {
        program.call("sign_in", &json!({ "login": name(nth), "password": PASSWORD }));
        let change = json!({ "current": PASSWORD, "password": password(nth), "end_others": true });
        program.call("change_password", &change);
        program.call("sign_out", &Value::Null);
    }
    the_search_finds_what_is_held(&mut program);
    let mut locks = 0;
    let mut found = Vec::new();
    let mut lock = |program: &mut Program| {
        program.call("lock", &Value::Null);
        locks += 1;
        found.extend(program.found().into_iter().map(|it| format!("lock {locks}: {it}")));
    };
    for _ in 0..ROUNDS {
        for nth in 0..PEOPLE {
            program.call("sign_in", &json!({ "login": name(nth), "password": password(nth) }));
            if let Some(pin) = PINS.get(nth) {
                program.call("set_pin", &json!({ "pin": pin }));
                lock(&mut program);
                program.call("unlock_with_pin", &json!({ "pin": pin }));
            }
            lock(&mut program);
            program.call("unlock", &json!({ "password": password(nth) }));
            program.call("sign_out", &Value::Null);
        }
    }
    assert_eq!(locks, 100);
    assert!(found.is_empty(), "{} traces\n{}", found.len(), found.join("\n"));
    println!("{locks} locks, {} secrets, none found", secrets().len());
}

/// Whether the search finds at all: what is kept, and no longer when it is not.
fn the_search_finds_what_is_held(program: &mut Program) {
    program.tell(&json!({ "hold": secrets() }));
    let found = program.found();
    for secret in secrets() {
        assert!(found.iter().any(|it| it.starts_with(&secret)), "{secret} is held and not found");
    }
    program.tell(&json!({ "forget": true }));
    assert_eq!(program.found(), [""; 0], "forgotten");
}
