//! What becomes of a mail that could not be handed over: tried again with growing distance, or given up.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::time::Instant;

/// How long the log says of a mail that was sent, failed or was skipped, to whom it was: long enough to answer "I never got
/// it", not longer.
pub const LOG_KEPT: TimeDelta = TimeDelta::days(90);

/// What a mail has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Waits for its next try.
    Queued,
    /// Is being handed over.
    Sending,
    /// The server has taken it.
    Sent,
    /// The server has refused it for good.
    Failed,
    /// Was not sent, and will not be; the fault says why.
    Skipped,
}

/// The step at which a mail did not get further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MailFault {
    /// There are no settings yet.
    NotSetUp,
    /// The keystore does not give out the password.
    NoPassword,
    /// The server's name leads to no address.
    Unresolved,
    /// Nothing listens there.
    Refused,
    /// No answer in time, or no way there: also a computer without a network.
    NoAnswer,
    /// Unencrypted, and not on this computer.
    Insecure,
    /// The server does not offer STARTTLS.
    NoStartTls,
    /// No encrypted connection: mostly a certificate that is not trusted or is for another name.
    Tls,
    /// Whatever answers does not speak SMTP, or has no time for anybody.
    NotServing,
    /// The server offers no way to sign in that is known here.
    NoLogin,
    /// The server does not accept the user or the password.
    LoginRefused,
    /// The server does not accept the sender's address.
    SenderRefused,
    /// The server does not accept the recipient's address.
    RecipientRefused,
    /// The server does not accept what the mail says.
    ContentRefused,
    /// The connection broke off.
    Disconnected,
    /// There is no address to send to.
    NoAddress,
    /// It was of no more use before it could be sent.
    Expired,
}

/// The way of a mail to its server, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MailStep {
    /// The server's name leads to an address.
    Find,
    /// Something that speaks SMTP answers there.
    Connect,
    /// The connection is encrypted.
    Encrypt,
    /// The server accepts user and password.
    SignIn,
    /// The server takes the mail.
    Send,
}

/// One try that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// The step.
    pub fault: MailFault,
    /// The server's code (RFC 5321, section 4.2.1), where it answered with one.
    pub status: Option<u16>,
}

/// What to do after a try that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again then.
    TryAt(Instant),
    /// The server will never take this one.
    GiveUp,
}

/// Minutes between tries; the last one stays (RFC 5321, section 4.5.4.1, asks for at least 30 in the long run).
const BACK_OFF: [i64; 4] = [1, 5, 15, 60];

/// Decides after try number `tries`, from 1. `jitter` is random and makes the wait up to a fifth longer, so that the
/// desks of a clinic do not all come back in the same second. Bounded by `expires`: at that moment the mail is looked
/// at once more and found to be of no more use.
///
/// Only what the server says about this one mail is for good. A refused password or sender is a matter of the settings,
/// which somebody may put right while the mail waits.
pub fn decide_next(failure: Failure, tries: u32, now: Instant, expires: Instant, jitter: u8) -> Next {
    let about_this_mail = matches!(failure.fault, MailFault::RecipientRefused | MailFault::ContentRefused);
    if about_this_mail && failure.status.is_some_and(|status| status >= 500) {
        return Next::GiveUp;
    }
    let nth = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX).min(BACK_OFF.len() - 1);
    let seconds = BACK_OFF[nth] * 60;
    let longer = seconds * i64::from(jitter) / (5 * i64::from(u8::MAX));
    Next::TryAt((now + TimeDelta::seconds(seconds + longer)).min(expires))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NO_ANSWER: Failure = Failure { fault: MailFault::NoAnswer, status: None };

    fn minutes(tries: u32, jitter: u8) -> i64 {
        let now = Instant::default();
        match decide_next(NO_ANSWER, tries, now, now + TimeDelta::days(3), jitter) {
            Next::TryAt(at) => (at - now).num_minutes(),
            Next::GiveUp => panic!("nobody refused it"),
        }
    }

    #[test]
    fn tries_grow_apart_up_to_an_hour() {
        assert_eq!([1, 2, 3, 4, 5, 900].map(|tries| minutes(tries, 0)), [1, 5, 15, 60, 60, 60]);
        assert_eq!(minutes(4, u8::MAX), 72);
    }

    #[test]
    fn only_what_is_said_about_the_mail_itself_is_for_good() {
        let now = Instant::default();
        let next =
            |fault, status| decide_next(Failure { fault, status }, 1, now, now + TimeDelta::days(1), 0);
        for fault in [MailFault::RecipientRefused, MailFault::ContentRefused] {
            assert_eq!(next(fault, Some(550)), Next::GiveUp, "{fault:?}");
            assert_ne!(next(fault, Some(451)), Next::GiveUp, "{fault:?}");
            assert_ne!(next(fault, None), Next::GiveUp, "{fault:?}");
        }
        for fault in [MailFault::LoginRefused, MailFault::SenderRefused, MailFault::NotServing] {
            assert_ne!(next(fault, Some(554)), Next::GiveUp, "{fault:?}");
        }
    }

    proptest! {
        #[test]
        fn the_next_try_is_later_and_never_behind_the_end(tries in 0_u32.., left in 1_i64..10_000, jitter: u8) {
            let now = Instant::default();
            let expires = now + TimeDelta::minutes(left);
            let Next::TryAt(at) = decide_next(NO_ANSWER, tries, now, expires, jitter) else { panic!() };
            prop_assert!(now < at && at <= expires);
        }
    }
}
