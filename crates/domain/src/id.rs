//! Typed ids. Every id is a UUIDv7 made by the caller; this module never makes one.

use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The sixteen bytes as the store keeps them.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A person who can sign in.
    AccountId,
    /// One sign-in on one device (AU-11).
    SessionId,
    /// A computer, phone or browser from which somebody signs in (AU-15).
    DeviceId,
    /// A code that was sent by mail, and the flow it counts in (AU-3 to AU-6).
    CodeId,
    /// Somebody who registers and has not proved the address yet (AU-3).
    RegistrationId,
    /// Something that a person is told at the next look at the screen (AU-17).
    NoticeId,
    /// One opening of a record in an emergency.
    EmergencyId,
    /// A doctor: one column of the schedule.
    DoctorId,
    /// A patient of the clinic.
    PatientId,
    /// One appointment, whatever becomes of it.
    AppointmentId,
    /// A kind of appointment; it sets the usual length.
    AppointmentTypeId,
    /// An entry of the managed list of specialties.
    SpecialtyId,
    /// A dated change to a doctor's weekly schedule.
    ExceptionId,
    /// One outbound mail (NO-4).
    MailId,
    /// One act of a person: the unit of undo, one command or several.
    ActionId,
}
