//! The error vocabulary (OP-1): stable codes with their HTTP statuses, and the shape in which the hub answers. The desk
//! writes the codes into its log. No words for people are here, and nothing of a program's inside or of a record.

use chrono::{DateTime, SecondsFormat, Utc};
use clinic_domain::scheduling::refusal::Refusal;
use serde::Serialize;
use serde_json::{Value, json};

/// What kind of error it is. A code never changes its meaning; add new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Fields that cannot be accepted.
    Validation,
    /// Wrong name, password, passphrase or recovery key.
    Authentication,
    /// The policy says no.
    Authorization,
    /// A name or address that another account has.
    UserExists,
    /// There is no such account.
    UserNotFound,
    /// There is no such record, or it is none of this person's business.
    NotFound,
    /// A one-time code that is wrong, used or late.
    Otp,
    /// Nobody is signed in, the session ended, or the desk is locked.
    Session,
    /// The store cannot be read or written.
    Database,
    /// Mail cannot be sent.
    Email,
    /// Too many tries.
    RateLimited,
    /// Settings or set-up do not allow it.
    Configuration,
    /// The record was changed by somebody else, or is no longer in the state that the request was made in.
    Conflict,
    /// Likely the same person is on file already.
    DuplicatePatient,
    /// Another appointment holds the slot.
    SlotTaken,
    /// The patient has another appointment then.
    PatientBusy,
    /// The clinic or the doctor does not work then.
    OutsideHours,
    /// The time lies in the past.
    InPast,
    /// The time does not exist or exists twice, or fits no slot.
    InvalidTime,
    /// The doctor or the patient cannot be booked at all.
    NotBookable,
    /// The appointment cannot take this step, or not yet.
    UnlawfulStatus,
    /// A fault of the program.
    Internal,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::Validation,
        Self::Authentication,
        Self::Authorization,
        Self::UserExists,
        Self::UserNotFound,
        Self::NotFound,
        Self::Otp,
        Self::Session,
        Self::Database,
        Self::Email,
        Self::RateLimited,
        Self::Configuration,
        Self::Conflict,
        Self::DuplicatePatient,
        Self::SlotTaken,
        Self::PatientBusy,
        Self::OutsideHours,
        Self::InPast,
        Self::InvalidTime,
        Self::NotBookable,
        Self::UnlawfulStatus,
        Self::Internal,
    ];

    /// Code, HTTP status (RFC 9110) and a sentence for whoever programs against the hub.
    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Validation => ("VALIDATION_ERROR", 422, "Some fields cannot be accepted."),
            Self::Authentication => ("AUTHENTICATION_ERROR", 401, "Name and secret do not belong together."),
            Self::Authorization => ("AUTHORIZATION_ERROR", 403, "This role may not do that."),
            Self::UserExists => ("USER_EXISTS", 409, "Another account has this name or address."),
            Self::UserNotFound => ("USER_NOT_FOUND", 404, "There is no such account."),
            Self::NotFound => ("NOT_FOUND", 404, "There is no such record."),
            Self::Otp => ("OTP_ERROR", 400, "The one-time code is not accepted."),
            Self::Session => ("SESSION_ERROR", 401, "There is no session."),
            Self::Database => ("DATABASE_ERROR", 500, "The store cannot be read or written."),
            Self::Email => ("EMAIL_ERROR", 503, "Mail cannot be sent."),
            Self::RateLimited => ("RATE_LIMITED", 429, "Too many tries."),
            Self::Configuration => ("CONFIGURATION_ERROR", 500, "The set-up does not allow it."),
            Self::Conflict => ("CONFLICT", 409, "The record is another one than when it was read."),
            Self::DuplicatePatient => ("DUPLICATE_PATIENT", 409, "Likely the same person is on file."),
            Self::SlotTaken => ("SLOT_TAKEN", 409, "Another appointment holds the slot."),
            Self::PatientBusy => ("PATIENT_BUSY", 409, "The patient has another appointment then."),
            Self::OutsideHours => ("OUTSIDE_HOURS", 422, "Nobody works there then."),
            Self::InPast => ("IN_PAST", 422, "The time lies in the past."),
            Self::InvalidTime => ("INVALID_TIME", 422, "The time fits no slot."),
            Self::NotBookable => ("NOT_BOOKABLE", 422, "The doctor or the patient cannot be booked."),
            Self::UnlawfulStatus => ("UNLAWFUL_STATUS", 409, "The appointment cannot take this step."),
            Self::Internal => ("INTERNAL_ERROR", 500, "A fault of the program."),
        }
    }

    /// The code.
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// What the hub answers with. `details` holds facts that the caller sent or may see, such as the names of fields.
    pub fn body(self, at: DateTime<Utc>, details: Value) -> ErrorBody {
        let (code, _, message) = self.row();
        let timestamp = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        ErrorBody { success: false, error: ErrorFacts { code, message, timestamp, details } }
    }
}

impl From<&Refusal> for ErrorKind {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::InPast => Self::InPast,
            Refusal::TimeSkipped
            | Refusal::TimeTwice
            | Refusal::NotAligned { .. }
            | Refusal::BadLength { .. } => Self::InvalidTime,
            Refusal::ClinicClosed { .. }
            | Refusal::ClosedDay { .. }
            | Refusal::OutsideSchedule { .. }
            | Refusal::Break { .. }
            | Refusal::TimeOff { .. } => Self::OutsideHours,
            Refusal::DoctorInactive | Refusal::LicenceEnded { .. } | Refusal::PatientArchived => {
                Self::NotBookable
            }
            Refusal::Taken { .. } => Self::SlotTaken,
            Refusal::PatientBusy { .. } => Self::PatientBusy,
            Refusal::UnlawfulStep { .. } | Refusal::TooEarly => Self::UnlawfulStatus,
        }
    }
}

/// An error as it crosses: `{success, error: {code, message, timestamp, details}}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorBody {
    success: bool,
    error: ErrorFacts,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct ErrorFacts {
    code: &'static str,
    message: &'static str,
    timestamp: String,
    details: Value,
}

impl ErrorBody {
    /// Adds the number under which the hub logged the request.
    pub fn with_request(mut self, id: uuid::Uuid) -> Self {
        if !self.error.details.is_object() {
            self.error.details = json!({});
        }
        self.error.details["request_id"] = json!(id);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_codes_of_the_vocabulary_have_their_statuses() {
        let rows = [
            (ErrorKind::Validation, "VALIDATION_ERROR", 422),
            (ErrorKind::Authentication, "AUTHENTICATION_ERROR", 401),
            (ErrorKind::Authorization, "AUTHORIZATION_ERROR", 403),
            (ErrorKind::UserExists, "USER_EXISTS", 409),
            (ErrorKind::UserNotFound, "USER_NOT_FOUND", 404),
            (ErrorKind::Otp, "OTP_ERROR", 400),
            (ErrorKind::Session, "SESSION_ERROR", 401),
            (ErrorKind::Database, "DATABASE_ERROR", 500),
            (ErrorKind::Email, "EMAIL_ERROR", 503),
            (ErrorKind::RateLimited, "RATE_LIMITED", 429),
            (ErrorKind::Configuration, "CONFIGURATION_ERROR", 500),
        ];
        for (kind, code, status) in rows {
            assert_eq!((kind.code(), kind.status()), (code, status));
        }
    }

    #[test]
    fn every_code_is_one_kinds_and_every_status_an_error() {
        let codes: BTreeSet<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
        assert!(ErrorKind::ALL.iter().all(|kind| (400..600).contains(&kind.status())));
    }

    #[test]
    fn an_error_has_one_shape() {
        let at = "2026-11-24T15:42:00.5Z".parse().unwrap();
        let id = uuid::Uuid::from_u128(7);
        let body = ErrorKind::RateLimited.body(at, json!({ "wait_seconds": 30 })).with_request(id);
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            json!({ "success": false, "error": { "code": "RATE_LIMITED", "message": "Too many tries.",
                "timestamp": "2026-11-24T15:42:00.500Z",
                "details": { "wait_seconds": 30, "request_id": "00000000-0000-0000-0000-000000000007" } } })
        );
        let bare = serde_json::to_value(ErrorKind::Internal.body(at, Value::Null).with_request(id)).unwrap();
        assert_eq!(bare["error"]["details"], json!({ "request_id": id }));
    }

    #[test]
    fn a_refusal_keeps_its_rule_and_loses_the_rest() {
        let closed = Refusal::ClosedDay { name: "Thanksgiving".to_owned() };
        assert_eq!(ErrorKind::from(&closed), ErrorKind::OutsideHours);
        let by = clinic_domain::id::AppointmentId(uuid::Uuid::from_u128(9));
        assert_eq!(ErrorKind::from(&Refusal::Taken { by }).code(), "SLOT_TAKEN");
        assert_eq!(ErrorKind::from(&Refusal::TooEarly).status(), 409);
    }
}
