//! Which kind of the error vocabulary an error of a use case is (OP-1). The one place where the two meet.

use clinic_domain::validation::{FieldError, FieldRule};
use clinic_wire::error::ErrorKind;

use crate::error::AppError;

impl AppError {
    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Validation { fields } if fields.iter().any(names_somebody_else) => ErrorKind::UserExists,
            Self::Validation { .. } => ErrorKind::Validation,
            Self::Refused { refusal, .. } => refusal.into(),
            Self::Duplicates { .. } => ErrorKind::DuplicatePatient,
            Self::NotSignedIn | Self::Locked => ErrorKind::Session,
            Self::Forbidden | Self::SecondFactorDemanded | Self::NewPasswordDemanded => {
                ErrorKind::Authorization
            }
            Self::WrongCredentials
            | Self::WrongPassphrase
            | Self::WrongRecoveryKey
            | Self::PinRefused { .. }
            | Self::ReauthenticationRequired => ErrorKind::Authentication,
            Self::Throttled { .. } | Self::PasswordClosed | Self::CodesSpent { .. } => ErrorKind::RateLimited,
            Self::CodeRefused { .. } | Self::MailCodeRefused { .. } => ErrorKind::Otp,
            Self::NotFound => ErrorKind::NotFound,
            Self::Stale { .. } | Self::NothingToUndo | Self::LastAdministrator | Self::AccountInUse => {
                ErrorKind::Conflict
            }
            Self::WrongState | Self::NoKeystore => ErrorKind::Configuration,
            Self::MailNotSetUp => ErrorKind::Email,
            Self::StoreFull
            | Self::StoreReadOnly
            | Self::StoreNewer { .. }
            | Self::StoreUnreadable
            | Self::StoreBusy => ErrorKind::Database,
            Self::Internal { .. } => ErrorKind::Internal,
        }
    }
}

/// Whether the field is what an account is known by, and another account has it.
fn names_somebody_else(field: &FieldError) -> bool {
    field.rule == FieldRule::Taken && ["email", "user_name"].iter().any(|name| field.field.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_that_cannot_leave_is_a_fault_of_mail() {
        assert_eq!(AppError::MailNotSetUp.kind().code(), "EMAIL_ERROR");
    }

    #[test]
    fn a_taken_name_is_told_from_a_wrong_one() {
        let of = |field, rule| AppError::Validation { fields: vec![FieldError::new(field, rule)] }.kind();
        assert_eq!(of("form.email", FieldRule::Taken), ErrorKind::UserExists);
        assert_eq!(of("form.email", FieldRule::Malformed), ErrorKind::Validation);
        assert_eq!(of("form.short_name", FieldRule::Taken), ErrorKind::Validation);
    }
}
