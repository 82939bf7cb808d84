//! The record of an account. Its serialised form is kept in undo and, field by field, in the audit log: add fields with
//! a default, never rename one.

use clinic_domain::directory::name;
use clinic_domain::id::{AccountId, DoctorId, PatientId, SessionId};
use clinic_domain::identity::account::AccountDetails;
use clinic_domain::identity::duty::Standing;
use clinic_domain::identity::role::{self, Role};
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};

use crate::app::Actor;
use crate::identity::view::{AccountForm, Density, Preferences, Theme};

/// A person who can sign in (AU-1). Cannot be printed, because it holds a hash.
#[derive(Clone, Serialize, Deserialize)]
pub struct Account {
    /// Who.
    pub id: AccountId,
    /// Account number: three letters for the role and eight digits.
    pub public_id: String,
    /// Role.
    pub role: Role,
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address in lower case; unique.
    pub email: Option<String>,
    /// User name in lower case; unique.
    pub user_name: Option<String>,
    /// The doctor this account belongs to.
    pub doctor_id: Option<DoctorId>,
    /// The record of the patient whose account it is.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// PHC string.
    pub password_hash: String,
    /// How long that password is good.
    #[serde(default)]
    pub password_standing: Standing,
    /// How this person wants the screen.
    pub preferences: Preferences,
    /// May sign in.
    pub active: bool,
    /// When an administrator made sure who it is and that the e-mail address is theirs (AU-23).
    #[serde(default)]
    pub verified_at: Option<Instant>,
    /// Since when it is in its role and may sign in.
    #[serde(default)]
    pub in_role_since: Instant,
    /// When it was made.
    pub created_at: Instant,
}

/// How the screen looks until somebody says otherwise.
pub(crate) const FIRST_PREFERENCES: Preferences =
    Preferences { theme: Theme::System, density: Density::Normal, single_letter_keys: true };

/// A new account from details that were checked. To be written with `Tx::put`.
pub(crate) fn draft(
    id: AccountId,
    public_id: String,
    details: AccountDetails,
    password_hash: String,
    now: Instant,
) -> Account {
    Account {
        id,
        public_id,
        role: details.role,
        given_names: details.given_names,
        family_name: details.family_name,
        email: some(details.email),
        user_name: some(details.user_name),
        doctor_id: details.doctor,
        patient_id: None,
        password_hash,
        password_standing: Standing::Lasting,
        preferences: FIRST_PREFERENCES,
        active: true,
        verified_at: None,
        in_role_since: now,
        created_at: now,
    }
}

impl Account {
    /// The same account with other details. Nobody has made sure of another e-mail address yet.
    pub(crate) fn with(self, details: AccountDetails) -> Self {
        let same_address = self.email.as_deref().unwrap_or_default() == details.email;
        Self {
            verified_at: self.verified_at.filter(|_| same_address),
            role: details.role,
            given_names: details.given_names,
            family_name: details.family_name,
            email: some(details.email),
            user_name: some(details.user_name),
            doctor_id: details.doctor,
            ..self
        }
    }

    /// "Surname, Given".
    pub fn name(&self) -> String {
        name::surname_first(&self.family_name, &self.given_names)
    }

    /// The subject of an audit entry and a toast: "Surname, Given · STF12345678".
    pub fn subject(&self) -> String {
        format!("{} · {}", self.name(), self.public_id)
    }

    /// What may be edited.
    pub fn form(&self) -> AccountForm {
        AccountForm {
            given_names: self.given_names.clone(),
            family_name: self.family_name.clone(),
            email: self.email.clone().unwrap_or_default(),
            user_name: self.user_name.clone().unwrap_or_default(),
            role: self.role,
            doctor_id: self.doctor_id,
        }
    }

    /// This person in a session.
    pub(crate) fn actor(&self, session: SessionId, device: &str) -> Actor {
        Actor {
            person: role::Actor { account: self.id, role: self.role, doctor: self.doctor_id },
            session,
            name: name::given_first(&self.family_name, &self.given_names),
            public_id: self.public_id.clone(),
            device: device.to_owned(),
        }
    }
}

/// The form as the domain checks it.
pub(crate) fn details(form: &AccountForm) -> AccountDetails {
    AccountDetails {
        given_names: form.given_names.clone(),
        family_name: form.family_name.clone(),
        email: form.email.clone(),
        user_name: form.user_name.clone(),
        role: form.role,
        doctor: form.doctor_id,
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
