//! Forms as a person would fill them in, with as little as the rules accept.

use clinic_app::clinic::view::ClinicProfile;
use clinic_app::identity::view::AccountForm;
use clinic_app::setup::view::SetUpClinic;
use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::patient::{ContactChannel, PatientForm, Sex};
use clinic_domain::id::{ActionId, DoctorId};
use clinic_domain::identity::role::Role;
use clinic_domain::scheduling::hours::default_week;

/// The password of every account of a test.
pub const PASSWORD: &str = "kvass blurt fjord zwerg";

/// A patient with a name and a birth date such as `1980-02-29`.
pub fn patient(family_name: &str, given_names: &str, born: &str) -> PatientForm {
    PatientForm {
        family_name: family_name.to_owned(),
        given_names: given_names.to_owned(),
        called: String::new(),
        birth_date: Some(born.parse().unwrap()),
        sex: Sex::Unknown,
        is_pregnant: None,
        phone: String::new(),
        phone_other: String::new(),
        email: String::new(),
        street: String::new(),
        city: String::new(),
        post_code: String::new(),
        language: String::new(),
        channel: ContactChannel::Call,
        emergency_contacts: Vec::new(),
        alerts: Vec::new(),
        doctor_id: None,
        notes: String::new(),
    }
}

/// A doctor with a name and the usual week: Monday to Friday, 09:00 to 17:00.
pub fn doctor(family_name: &str, given_names: &str) -> DoctorForm {
    DoctorForm {
        family_name: family_name.to_owned(),
        given_names: given_names.to_owned(),
        short_name: String::new(),
        specialty_ids: Vec::new(),
        licence_number: String::new(),
        licence_until: None,
        phone: String::new(),
        email: String::new(),
        schedule: default_week(),
    }
}

/// An account with a user name; its e-mail address is `<user name>@example.org`.
pub fn account(user_name: &str, role: Role, doctor_id: Option<DoctorId>) -> AccountForm {
    AccountForm {
        given_names: capital(user_name),
        family_name: "Test".to_owned(),
        email: format!("{user_name}@example.org"),
        user_name: user_name.to_owned(),
        role,
        doctor_id,
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A clinic in New York with the usual week, slots of thirty minutes, and the administrator `ada`.
pub fn clinic(request_id: ActionId) -> SetUpClinic {
    SetUpClinic {
        request_id,
        admin: account("ada", Role::Admin, None),
        password: PASSWORD.into(),
        profile: ClinicProfile {
            name: "Harbour Practice".to_owned(),
            short_name: "Harbour".to_owned(),
            street: String::new(),
            city: String::new(),
            post_code: String::new(),
            phone: String::new(),
            time_zone: "America/New_York".to_owned(),
            language: "en".to_owned(),
            colour: "#0b5c57".to_owned(),
        },
        hours: default_week(),
        slot_minutes: 30,
        doctors: Vec::new(),
        demo: false,
    }
}
