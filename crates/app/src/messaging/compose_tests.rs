//! Messages as bytes: no header that was not meant, whatever was typed.

use clinic_domain::id::MailId;
use clinic_domain::messaging::delivery::MailFault;
use clinic_domain::messaging::server::{MailServer, Security};
use proptest::prelude::*;
use uuid::Uuid;

use super::compose::{Outgoing, compose};
use super::fixture::{clinic, now};
use super::letter::Letter;

const HEADERS: [&str; 9] = [
    "From",
    "To",
    "Reply-To",
    "Message-ID",
    "Date",
    "Subject",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

fn server() -> MailServer {
    MailServer {
        host: "localhost".into(),
        port: 25,
        security: Security::None,
        user: String::new(),
        from_address: "desk@northgate.example".into(),
        from_name: String::new(),
        reply_to: "front@northgate.example".into(),
    }
}

fn message(recipient: &str, letter: &Letter, server: &MailServer) -> Result<String, MailFault> {
    let id = MailId(Uuid::from_u128(7));
    let outgoing = Outgoing { id, created: now(), recipient, letter: Some(letter) };
    let parcel = compose(&outgoing, server, &clinic()).map_err(|failure| failure.fault)?;
    Ok(String::from_utf8(parcel.message).unwrap())
}

/// Names of the headers of the message itself.
fn headers(message: &str) -> Vec<&str> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let begins = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    begins.map(|line| line.split_once(':').unwrap().0).collect()
}

#[test]
fn a_message_is_the_same_each_time_it_is_made() {
    let letter = Letter::Test { name: "Ada".into() };
    let first = message("ada@example.org", &letter, &server()).unwrap();
    assert_eq!(first, message("ada@example.org", &letter, &server()).unwrap());
    assert!(
        first.contains("Message-ID: <00000000000000000000000000000007@northgate.example>\r\n"),
        "{first}"
    );
    assert_eq!(headers(&first), HEADERS);
}

#[test]
fn what_is_no_address_is_refused_for_good() {
    let letter = Letter::Test { name: "Ada".into() };
    for bad in
        ["", "ada", "ada@", "a@b@c", "ada@example.org\r\nBcc: x@y.example", "ada@example.org>,<x@y.example"]
    {
        assert_eq!(message(bad, &letter, &server()), Err(MailFault::RecipientRefused), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn no_text_begins_a_header(
        name in "(\\PC|\r|\n|\u{0}|:){0,40}",
        sender in "(\\PC|\r\nBcc: x@example.org|\r|\n){0,40}",
    ) {
        let letter = Letter::NewDevice { name: name.clone(), device: name, at: now() };
        let server = MailServer { from_name: sender, ..server() };
        let made = message("ada@example.org", &letter, &server).unwrap();
        prop_assert_eq!(headers(&made), HEADERS);
    }
}
