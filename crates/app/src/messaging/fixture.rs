//! A clinic without a store and one letter of each kind, for the tests of this slice.

use clinic_domain::identity::secret::Secret;
use clinic_domain::scheduling::hours::default_week;
use clinic_domain::time::Instant;
use uuid::Uuid;

use super::letter::Letter;
use crate::clinic::record::Clinic;
use crate::clinic::view::ClinicProfile;

/// Monday 23 November 2026, 09:00 in New York.
pub(super) fn now() -> Instant {
    "2026-11-23T14:00:00Z".parse().unwrap()
}

/// A clinic in New York.
pub(super) fn clinic() -> Clinic {
    Clinic {
        id: Uuid::from_u128(1),
        profile: ClinicProfile {
            name: "Northgate & Sons".into(),
            short_name: "Northgate".into(),
            street: "3 Northgate Plaza".into(),
            city: "Northgate".into(),
            post_code: "10463".into(),
            phone: "+15550100100".into(),
            time_zone: "America/New_York".into(),
            language: "en".into(),
            colour: "#0b5c57".into(),
        },
        hours: default_week(),
        closed_days: Vec::new(),
        slot_minutes: 30,
        late_after_minutes: 15,
        licence_pattern: String::new(),
        is_demo: false,
    }
}

/// One letter of each kind.
pub(super) fn letters() -> [Letter; 8] {
    let (name, device) = ("Ada O'Hara".to_owned(), "Desk <1>".to_owned());
    let (until, at, link_until) = (now(), now(), now());
    let code = || Secret::from("491 337").disclose();
    let link = || Secret::from("0f1e2d3c".repeat(8)).disclose();
    [
        Letter::RegistrationCode { code: code(), until },
        Letter::ResetCode { name: name.clone(), code: code(), until, link: link(), link_until },
        Letter::ResetLink { name: name.clone(), link: link(), until },
        Letter::AlreadyRegistered { name: name.clone() },
        Letter::AccountCreated { name: name.clone(), login: "ada".into(), waits: true },
        Letter::NewDevice { name: name.clone(), device: device.clone(), at },
        Letter::PasswordChanged { name: name.clone(), device, at },
        Letter::Test { name },
    ]
}
