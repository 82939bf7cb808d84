//! What a mail can say: one variant for each template in `templates/`, with what it is filled in with.

use chrono::TimeDelta;
use clinic_domain::identity::secret::Disclosed;
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};

/// A notice is still of use so long after what it tells of.
const NOTICE_LIFETIME: TimeDelta = TimeDelta::hours(72);

/// A mail before it is put into words. `name` is the recipient's as it greets: "Ada" or "Ada Byron".
#[derive(Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum Letter {
    /// A code that proves the address of somebody who registers (AU-3). Secret. Greets nobody: whoever registers could
    /// write to a stranger in the name of the clinic.
    RegistrationCode {
        /// The code as it is typed in.
        code: Disclosed,
        /// When it stops being good.
        until: Instant,
    },
    /// Two codes that let a forgotten password be replaced: six digits for the screen that asked for them, and a long
    /// one for any other. Secret.
    ResetCode {
        /// Recipient.
        name: String,
        /// The six digits as they are typed in.
        code: Disclosed,
        /// When they stop being good.
        until: Instant,
        /// The long code as it is pasted.
        link: Disclosed,
        /// When that stops being good.
        link_until: Instant,
    },
    /// The long code alone, for somebody who did not ask for it at a screen. Secret.
    ResetLink {
        /// Recipient.
        name: String,
        /// The long code as it is pasted.
        link: Disclosed,
        /// When it stops being good.
        until: Instant,
    },
    /// Somebody registers with an address that is an account's already. Told to nobody else.
    AlreadyRegistered {
        /// Recipient.
        name: String,
    },
    /// An account was made for the recipient. Holds no password.
    AccountCreated {
        /// Recipient.
        name: String,
        /// An administrator makes sure first who it is.
        waits: bool,
        /// What to sign in with: number, address or user name.
        login: String,
    },
    /// The account was signed in to on a device for the first time.
    NewDevice {
        /// Recipient.
        name: String,
        /// The device.
        device: String,
        /// When.
        at: Instant,
    },
    /// The password of the account is another one.
    PasswordChanged {
        /// Recipient.
        name: String,
        /// On which device.
        device: String,
        /// When.
        at: Instant,
    },
    /// Shows an administrator that the settings work.
    Test {
        /// Recipient.
        name: String,
    },
}

impl Letter {
    /// Name of the template, which is also the kind of the message in the log.
    pub fn template(&self) -> &'static str {
        match self {
            Self::RegistrationCode { .. } => "registration_code",
            Self::ResetCode { .. } => "reset_code",
            Self::ResetLink { .. } => "reset_link",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::AccountCreated { .. } => "account_created",
            Self::NewDevice { .. } => "new_device",
            Self::PasswordChanged { .. } => "password_changed",
            Self::Test { .. } => "test",
        }
    }

    /// The recipient's name; empty where nobody is greeted.
    pub fn name(&self) -> &str {
        match self {
            Self::RegistrationCode { .. } => "",
            Self::ResetCode { name, .. }
            | Self::ResetLink { name, .. }
            | Self::AlreadyRegistered { name }
            | Self::AccountCreated { name, .. }
            | Self::NewDevice { name, .. }
            | Self::PasswordChanged { name, .. }
            | Self::Test { name } => name,
        }
    }

    /// Whoever reads it could act as the recipient: it is wiped once it was sent or is of no more use.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::RegistrationCode { .. } | Self::ResetCode { .. } | Self::ResetLink { .. })
    }

    /// When it is of no more use: a code with its end, a notice after three days, a trial at once.
    pub fn expires(&self, now: Instant) -> Instant {
        match self {
            Self::RegistrationCode { until, .. } | Self::ResetLink { until, .. } => *until,
            Self::ResetCode { link_until, .. } => *link_until,
            Self::AlreadyRegistered { .. }
            | Self::AccountCreated { .. }
            | Self::NewDevice { .. }
            | Self::PasswordChanged { .. } => now + NOTICE_LIFETIME,
            Self::Test { .. } => now,
        }
    }
}

/// Its kind only: codes and names have no place in a log.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.template())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinic_domain::identity::secret::Secret;

    #[test]
    fn a_letter_is_stored_under_the_name_of_its_template_and_printed_without_what_it_says() {
        let until = Instant::default();
        let [code, link] = ["491 337", "0f1e"].map(|text| Secret::from(text).disclose());
        let letter = Letter::ResetCode { name: "Ada".into(), code, until, link, link_until: until };
        let stored = serde_json::to_value(&letter).unwrap();
        assert_eq!(stored["template"], letter.template());
        let back: Letter = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(back).unwrap(), stored);
        assert_eq!(format!("{letter:?}"), "reset_code");
    }
}
