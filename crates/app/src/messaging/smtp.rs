//! Speaks SMTP (RFC 5321) with one server, step by step, so that what goes wrong has the name of its step. The only
//! place of this crate that opens a connection; it knows nothing of queues and templates.

use std::error::Error as _;
use std::io::ErrorKind;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::{Failure, MailFault, MailStep};
use clinic_domain::messaging::server::{MailServer, Security};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::{Error, response::Response};

use super::compose::Parcel;

/// Longest wait for one answer of the server.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most characters of a server's words that are shown.
const LONGEST_ANSWER: usize = 300;

/// How servers are reached and whom they are trusted by: the certificates of this computer, as its browser does.
#[derive(Default)]
pub struct Smtp {
    also_trusted: Vec<Certificate>,
}

impl Smtp {
    /// Trusts these certificates as well, for tests with a server of their own.
    ///
    /// # Errors
    /// It is no certificate in PEM.
    pub fn trusting(pem: &[u8]) -> Result<Self, Error> {
        Ok(Self { also_trusted: vec![Certificate::from_pem(pem)?] })
    }
}

/// Why it went no further.
#[derive(Debug)]
pub(super) struct Trouble {
    pub step: MailStep,
    pub failure: Failure,
    /// The server's own words; empty when it said nothing.
    pub answer: String,
    /// The server's address; empty when none was found.
    pub peer: String,
}

impl Trouble {
    /// Trouble that the server has no part in.
    pub(super) fn of(step: MailStep, failure: Failure) -> Self {
        Self { step, failure, answer: String::new(), peer: String::new() }
    }

    fn with(step: MailStep, fault: MailFault) -> Self {
        Self::of(step, Failure { fault, status: None })
    }
}

/// A server that is ready to take mail.
pub(super) struct Session {
    connection: SmtpConnection,
    /// What answers there.
    pub peer: String,
    /// Nothing can be sent on it any more.
    pub broken: bool,
}

impl Smtp {
    /// Finds the server, connects, encrypts and signs in.
    pub(super) fn open(&self, server: &MailServer, password: &Secret) -> Result<Session, Trouble> {
        let found = find(server)?;
        let peer = found.first().map(|address| address.ip().to_string()).unwrap_or_default();
        match self.connect(server, &found, password) {
            Ok(connection) => Ok(Session { connection, peer, broken: false }),
            Err(trouble) => Err(Trouble { peer, ..trouble }),
        }
    }

    fn connect(
        &self,
        server: &MailServer,
        found: &[SocketAddr],
        password: &Secret,
    ) -> Result<SmtpConnection, Trouble> {
        let wraps = server.security == Security::Tls;
        let tls = if server.security == Security::None { None } else { Some(self.tls(server)?) };
        let wrapping = tls.as_ref().filter(|_| wraps);
        let hello = ClientId::default();
        let mut connection = SmtpConnection::connect(found, Some(PATIENCE), &hello, wrapping, None)
            .map_err(|error| refused_connection(&error, wraps))?;
        if let Some(tls) = tls.as_ref().filter(|_| !wraps) {
            connection
                .starttls(tls, &hello)
                .map_err(|error| trouble(MailStep::Encrypt, &error, MailFault::NoStartTls))?;
        }
        if !server.user.is_empty() {
            sign_in(&mut connection, server, password)?;
        }
        Ok(connection)
    }

    fn tls(&self, server: &MailServer) -> Result<TlsParameters, Trouble> {
        let trusted = self.also_trusted.iter().cloned();
        trusted
            .fold(TlsParameters::builder(bare(&server.host).to_owned()), |tls, one| {
                tls.add_root_certificate(one)
            })
            .build_rustls()
            .map_err(|error| trouble(MailStep::Encrypt, &error, MailFault::Tls))
    }
}

impl Session {
    /// Hands over one message.
    pub(super) fn send(&mut self, parcel: &Parcel) -> Result<(), Trouble> {
        let sent = self.hand_over(parcel);
        if let Err(trouble) = &sent {
            // Whoever answered with a code goes on listening, once told to forget this message.
            self.broken = trouble.failure.status.is_none() || self.connection.command(Rset).is_err();
        }
        sent
    }

    fn hand_over(&mut self, Parcel { from, to, message }: &Parcel) -> Result<(), Trouble> {
        let mut options = Vec::new();
        if ![from, to].iter().all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
            // A server that does not know RFC 6531 refuses what it cannot write down.
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let failure = Failure { fault: MailFault::RecipientRefused, status: Some(553) };
                return Err(Trouble::of(MailStep::Send, failure));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let named = |step: Result<Response, Error>, fault| {
            step.map(drop).map_err(|error| trouble(MailStep::Send, &error, fault))
        };
        let connection = &mut self.connection;
        named(connection.command(Mail::new(Some(from.clone()), options)), MailFault::SenderRefused)?;
        named(connection.command(Rcpt::new(to.clone(), Vec::new())), MailFault::RecipientRefused)?;
        named(connection.command(Data), MailFault::ContentRefused)?;
        named(connection.message(message), MailFault::ContentRefused)
    }

    /// Says good-bye.
    pub(super) fn close(mut self) {
        if !self.broken {
            // It took everything; how it says good-bye is of no interest.
            let _ = self.connection.quit();
        }
    }
}

/// The addresses behind the server's name: for a way without encryption only those of this computer.
fn find(server: &MailServer) -> Result<Vec<SocketAddr>, Trouble> {
    let found: Vec<_> = (bare(&server.host), server.port)
        .to_socket_addrs()
        .map_err(|_| Trouble::with(MailStep::Find, MailFault::Unresolved))?
        .collect();
    if found.is_empty() {
        return Err(Trouble::with(MailStep::Find, MailFault::Unresolved));
    }
    if server.security == Security::None && !found.iter().all(|address| address.ip().is_loopback()) {
        return Err(Trouble::with(MailStep::Connect, MailFault::Insecure));
    }
    Ok(found)
}

/// An address of version 6 without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

fn sign_in(connection: &mut SmtpConnection, server: &MailServer, password: &Secret) -> Result<(), Trouble> {
    let credentials = Credentials::new(server.user.clone(), password.expose().to_owned());
    match connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials) {
        Ok(_) => Ok(()),
        Err(error) if error.is_client() => Err(trouble(MailStep::SignIn, &error, MailFault::NoLogin)),
        Err(error) => Err(trouble(MailStep::SignIn, &error, MailFault::LoginRefused)),
    }
}

/// Connecting and, where it wraps everything, encrypting is one call.
fn refused_connection(error: &Error, wraps: bool) -> Trouble {
    let handshake = wraps && io_kind(error) == Some(ErrorKind::InvalidData);
    let step = if handshake { MailStep::Encrypt } else { MailStep::Connect };
    trouble(step, error, if handshake { MailFault::Tls } else { MailFault::NotServing })
}

/// What a fault means at a step: `answered` when the server said no there, and otherwise what became of the connection.
fn trouble(step: MailStep, error: &Error, answered: MailFault) -> Trouble {
    let status = error.status().map(u16::from);
    let fault = match io_kind(error) {
        Some(ErrorKind::ConnectionRefused) => MailFault::Refused,
        Some(ErrorKind::InvalidData) if step == MailStep::Encrypt => MailFault::Tls,
        Some(ErrorKind::InvalidData) => MailFault::NotServing,
        Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
            MailFault::Disconnected
        }
        Some(ErrorKind::UnexpectedEof) => MailFault::Disconnected,
        Some(_) => MailFault::NoAnswer,
        // Half an answer is all that came before the connection ended.
        None if error.is_response() && step != MailStep::Connect => MailFault::Disconnected,
        None => answered,
    };
    let said = if status.is_some() { error.source().map(ToString::to_string) } else { None };
    let shown =
        said.unwrap_or_default().chars().filter(|letter| !letter.is_control()).take(LONGEST_ANSWER).collect();
    Trouble { answer: shown, ..Trouble::of(step, Failure { fault, status }) }
}

/// What the operating system or the encryption said, wherever in the chain it is.
fn io_kind(error: &Error) -> Option<ErrorKind> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        source = inner.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped_at(host: &str, security: Security) -> Option<MailFault> {
        let server = MailServer {
            host: host.to_owned(),
            port: 9,
            security,
            user: String::new(),
            from_address: "desk@northgate.example".to_owned(),
            from_name: String::new(),
            reply_to: String::new(),
        };
        find(&server).err().map(|trouble| trouble.failure.fault)
    }

    /// Whatever the settings let through: a name may lead somewhere else tomorrow.
    #[test]
    fn without_encryption_nothing_leaves_this_computer() {
        for away in ["192.0.2.1", "[2001:db8::1]"] {
            assert_eq!(stopped_at(away, Security::None), Some(MailFault::Insecure), "{away}");
            assert_eq!(stopped_at(away, Security::Tls), None, "{away}");
        }
        for here in ["localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(stopped_at(here, Security::None), None, "{here}");
        }
    }
}
