//! Makes the message that goes over the wire (RFC 5322, RFC 2046) out of a letter and the settings. Whatever somebody
//! typed is one line before it becomes a header, and encoded where it is not plain.

use std::time::SystemTime;

use clinic_domain::id::MailId;
use clinic_domain::messaging::delivery::{Failure, MailFault};
use clinic_domain::messaging::server::MailServer;
use clinic_domain::time::Instant;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};

use super::letter::Letter;
use super::template::{self, Words};
use crate::clinic::record::Clinic;

/// A mail that is about to go out.
pub(super) struct Outgoing<'a> {
    /// Becomes the Message-ID, so that a mail that arrives twice is the same one.
    pub id: MailId,
    /// When it was written.
    pub created: Instant,
    /// The recipient's address.
    pub recipient: &'a str,
    /// What it says; `None` when that cannot be read any more.
    pub letter: Option<&'a Letter>,
}

/// What the server is given.
pub(super) struct Parcel {
    pub from: Address,
    pub to: Address,
    pub message: Vec<u8>,
}

/// Puts a mail into words and bytes.
///
/// # Errors
/// A failure for good: what cannot be written down now could not be in an hour either.
pub(super) fn compose(mail: &Outgoing<'_>, server: &MailServer, clinic: &Clinic) -> Result<Parcel, Failure> {
    let for_good = |fault| Failure { fault, status: Some(550) };
    let to: Address = mail.recipient.parse().map_err(|_| for_good(MailFault::RecipientRefused))?;
    let from: Address = server.from_address.parse().map_err(|_| for_good(MailFault::SenderRefused))?;
    let unprintable = for_good(MailFault::ContentRefused);
    let letter = mail.letter.ok_or(unprintable)?;
    let words = template::render(letter, clinic).map_err(|_| unprintable)?;
    let sender = if server.from_name.is_empty() { &clinic.profile.name } else { &server.from_name };
    let addressed = Message::builder().from(mailbox(sender, &from)).to(mailbox(letter.name(), &to));
    let addressed = match server.reply_to.parse::<Address>() {
        Ok(answers) => addressed.reply_to(Mailbox::new(None, answers)),
        Err(_) => addressed,
    };
    let id = mail.id.0.simple();
    let message = addressed
        .message_id(Some(format!("<{id}@{}>", from.domain())))
        .date(SystemTime::from(mail.created))
        .subject(&words.subject)
        // Answering machines do not answer this (RFC 3834, section 5).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(parts(words, &id.to_string()))
        .map_err(|_| unprintable)?;
    Ok(Parcel { from, to, message: message.formatted() })
}

fn parts(words: Words, id: &str) -> MultiPart {
    MultiPart::alternative()
        .boundary(format!("{id}=_part"))
        .singlepart(SinglePart::plain(words.text))
        .singlepart(SinglePart::html(words.html))
}

fn mailbox(name: &str, address: &Address) -> Mailbox {
    let name = template::one_line(name);
    Mailbox::new((!name.is_empty()).then_some(name), address.clone())
}
