//! What somebody typed about the mail server, checked, with the password that may go there.

use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::server::{MailServer, check_server};
use clinic_domain::validation::{FieldError, FieldRule};

use super::settings::MailSettings;
use crate::error::{Answer, AppError};

/// Most characters of a password.
const LONGEST_PASSWORD: usize = 1_024;

/// The password that goes with a server.
pub(super) enum Password {
    /// None: the server asks for none.
    None,
    /// The one that is kept.
    Saved,
    /// The one that was typed.
    Typed(Secret),
}

/// The server as it is to be used, and its password. One that is kept goes only where it was given for: whoever may
/// change the settings could otherwise have it sent to a server of their own.
///
/// # Errors
/// [`AppError::Validation`] with paths `form.<field>` and `password`.
pub(super) fn check(
    typed: &MailServer,
    password: Secret,
    saved: Option<&MailSettings>,
) -> Answer<(MailServer, Password)> {
    let mut fields = Vec::new();
    let server = check_server(typed).unwrap_or_else(|wrong| {
        fields.extend(
            wrong.into_iter().map(|error| FieldError { field: format!("form.{}", error.field), ..error }),
        );
        typed.clone()
    });
    let is_kept =
        saved.is_some_and(|saved| saved.password_set.is_some() && saved.server.is_same_account(&server));
    let password = if server.user.is_empty() {
        Password::None
    } else if !password.expose().is_empty() {
        let letters = password.expose();
        if letters.chars().count() > LONGEST_PASSWORD {
            fields.push(FieldError::new("password", FieldRule::TooLong).bound(LONGEST_PASSWORD as u32));
        } else if letters.chars().any(char::is_control) {
            fields.push(FieldError::new("password", FieldRule::BadCharacter));
        }
        Password::Typed(password)
    } else {
        if !is_kept {
            fields.push(FieldError::new("password", FieldRule::Required));
        }
        Password::Saved
    };
    if fields.is_empty() { Ok((server, password)) } else { Err(AppError::Validation { fields }) }
}
