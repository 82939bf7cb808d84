//! The records of patients and doctors. Their serialised form is kept in undo and, field by field, in the audit log:
//! add fields with a default, never rename one.

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::name;
use clinic_domain::directory::patient::{PatientForm, Validation};
use clinic_domain::id::{DoctorId, PatientId};
use clinic_domain::scheduling::hours::Exception;
use clinic_domain::time::Instant;
use serde::{Deserialize, Serialize};

/// A patient (PE-1, PE-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Who.
    pub id: PatientId,
    /// Account number, `PAT` + 8 digits.
    pub public_id: String,
    /// What was typed, checked.
    #[serde(flatten)]
    pub form: PatientForm,
    /// How far the record has been checked.
    pub validation: Validation,
    /// When it was archived.
    pub archived_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
    /// Who changed it last, by name.
    pub changed_by: String,
}

impl Patient {
    /// "Surname, Given".
    pub fn name(&self) -> String {
        name::surname_first(&self.form.family_name, &self.form.given_names)
    }

    /// The subject of an audit entry and a toast: "Surname, Given · PAT12345678".
    pub fn subject(&self) -> String {
        format!("{} · {}", self.name(), self.public_id)
    }
}

/// A doctor (PE-5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doctor {
    /// Who.
    pub id: DoctorId,
    /// Account number, `DOC` + 8 digits.
    pub public_id: String,
    /// What was typed, checked.
    #[serde(flatten)]
    pub form: DoctorForm,
    /// Order of the columns, from 0; two doctors may share a number, their names decide then.
    pub position: u32,
    /// Works here.
    pub active: bool,
}

impl Doctor {
    /// "Dr Given Surname".
    pub fn name(&self) -> String {
        with_title(&self.form.family_name, &self.form.given_names)
    }

    /// The subject of an audit entry and a toast: "Dr Given Surname · DOC12345678".
    pub fn subject(&self) -> String {
        format!("{} · {}", self.name(), self.public_id)
    }
}

/// "Dr Given Surname".
pub(crate) fn with_title(family_name: &str, given_names: &str) -> String {
    format!("Dr {}", name::given_first(family_name, given_names))
}

/// A dated change to a doctor's schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorException {
    /// Whose.
    pub doctor_id: DoctorId,
    /// The change.
    #[serde(flatten)]
    pub exception: Exception,
    /// When it was entered.
    pub entered_at: Instant,
}
