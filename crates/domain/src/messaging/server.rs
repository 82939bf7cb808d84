//! How a mail server may be spoken to.

use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::directory::contact::check_email;
use crate::validation::{FieldError, FieldErrors, FieldRule, check_line};

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Encrypted from the first byte (RFC 8314, port 465).
    Tls,
    /// Encrypted before anything is said (RFC 3207, port 587). Without it nothing is sent.
    StartTls,
    /// Not encrypted: only to a server on this computer.
    None,
}

/// A mail server, the account there, and who the mail is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct MailServer {
    /// Name or address of the server.
    pub host: String,
    /// Port, from 1.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// User name of the account; empty when the server asks for none.
    pub user: String,
    /// The sender's address.
    pub from_address: String,
    /// The sender's name; empty for the clinic's.
    pub from_name: String,
    /// Where answers go; empty for the sender's address.
    pub reply_to: String,
}

impl MailServer {
    /// Whether both speak to the same account in the same way: a password that was given for one may go to the other.
    pub fn is_same_account(&self, other: &Self) -> bool {
        (&self.host, self.port, self.security, &self.user)
            == (&other.host, other.port, other.security, &other.user)
    }
}

/// A server as it is to be stored.
///
/// # Errors
/// Every field that cannot be accepted, by its name. `fixed` for `security`: unencrypted only to this computer.
pub fn check_server(typed: &MailServer) -> Result<MailServer, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    let host = errors.take(check_line("host", &typed.host, 1, 253)).to_lowercase();
    if !host.is_empty() && !is_host(&host) {
        errors.add("host", FieldRule::Malformed);
    }
    if typed.port == 0 {
        errors.0.push(FieldError::new("port", FieldRule::OutOfRange).bound(1));
    }
    if typed.security == Security::None && !is_loopback(&host) {
        errors.add("security", FieldRule::Fixed);
    }
    let from_address = errors.take(check_email("from_address", &typed.from_address));
    if from_address.is_empty() && typed.from_address.trim().is_empty() {
        errors.add("from_address", FieldRule::Required);
    }
    let checked = MailServer {
        host,
        port: typed.port,
        security: typed.security,
        user: errors.take(check_line("user", &typed.user, 0, 254)),
        from_address,
        from_name: errors.take(check_line("from_name", &typed.from_name, 0, 80)),
        reply_to: errors.take(check_email("reply_to", &typed.reply_to)),
    };
    errors.into_result(checked)
}

/// Whether a name or an address means this computer. What a name leads to is looked at again before anything is said.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || address(host).is_some_and(|address| address.is_loopback())
}

/// An address, or labels of letters, digits and dashes (RFC 1123, section 2.1).
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner =
            label.len() <= 63 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        inner && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    // All digits and dots is an address or a slip, never a name.
    let numeric = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    address(host).is_some() || (!numeric && host.split('.').all(is_label))
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match bare {
        Some(bare) => bare.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> MailServer {
        MailServer {
            host: " Mail.Northgate.example ".to_owned(),
            port: 587,
            security: Security::StartTls,
            user: "desk@northgate.example".to_owned(),
            from_address: "Desk@northgate.example".to_owned(),
            from_name: "  Northgate   Clinic".to_owned(),
            reply_to: String::new(),
        }
    }

    fn wrong(change: impl FnOnce(&mut MailServer)) -> Vec<(String, FieldRule)> {
        let mut typed = server();
        change(&mut typed);
        check_server(&typed).unwrap_err().into_iter().map(|error| (error.field, error.rule)).collect()
    }

    #[test]
    fn a_server_is_stored_trimmed_and_in_one_spelling() {
        let checked = check_server(&server()).unwrap();
        assert_eq!(checked.host, "mail.northgate.example");
        assert_eq!(
            (checked.from_address.as_str(), checked.from_name.as_str()),
            ("desk@northgate.example", "Northgate Clinic")
        );
        assert_eq!(check_server(&checked).unwrap(), checked);
    }

    #[test]
    fn unencrypted_is_for_this_computer_only() {
        let plain = |host: &str| MailServer { host: host.to_owned(), security: Security::None, ..server() };
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"] {
            assert!(check_server(&plain(host)).is_ok(), "{host}");
        }
        for host in ["mail.example", "10.0.0.7", "localhost.example", "::2", "128.0.0.1"] {
            let errors = check_server(&plain(host)).unwrap_err();
            assert_eq!(errors, [FieldError::new("security", FieldRule::Fixed)], "{host}");
        }
    }

    #[test]
    fn each_bad_field_is_named() {
        let is = |field: &str, rule| vec![(field.to_owned(), rule)];
        for host in [
            "mail example",
            "mail_1.example",
            "-mail.example",
            "a..b",
            "1.2.3",
            "http://mail.example",
            "mail:25",
        ] {
            assert_eq!(
                wrong(|server| server.host = host.to_owned()),
                is("host", FieldRule::Malformed),
                "{host}"
            );
        }
        assert_eq!(wrong(|server| server.host.clear()), is("host", FieldRule::Required));
        assert_eq!(wrong(|server| server.port = 0), is("port", FieldRule::OutOfRange));
        assert_eq!(wrong(|server| server.from_address.clear()), is("from_address", FieldRule::Required));
        assert_eq!(
            wrong(|server| server.from_address = "desk".to_owned()),
            is("from_address", FieldRule::Malformed)
        );
        let injected = "Clinic\r\nBcc: everybody@example.org".to_owned();
        assert_eq!(wrong(|server| server.from_name = injected), is("from_name", FieldRule::BadCharacter));
    }

    #[test]
    fn a_password_belongs_to_one_account_on_one_server() {
        let same = MailServer { from_name: "Other".to_owned(), ..server() };
        assert!(server().is_same_account(&same));
        for other in [
            MailServer { host: "evil.example".to_owned(), ..server() },
            MailServer { port: 25, ..server() },
            MailServer { security: Security::None, ..server() },
            MailServer { user: "other".to_owned(), ..server() },
        ] {
            assert!(!server().is_same_account(&other), "{other:?}");
        }
    }
}
