//! The one policy table (AU-19): role × action × ownership.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::role::{Actor, Role};

/// Something a signed-in person may want to do. Every use case names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the schedule and single appointments.
    ViewSchedule,
    /// Book an appointment.
    Book,
    /// Move an appointment or change its length.
    Reschedule,
    /// Confirm, arrive, take to a room, mark a no-show, set back a step.
    ChangeStatus,
    /// Complete a visit.
    Complete,
    /// Cancel an appointment.
    Cancel,
    /// Search and list patients.
    FindPatients,
    /// Open a patient's record.
    ReadPatient,
    /// Add a patient.
    AddPatient,
    /// Edit a patient's record.
    EditPatient,
    /// Archive a patient or bring one back.
    ArchivePatient,
    /// List doctors and see their schedules.
    ViewDoctors,
    /// Add, edit or retire a doctor.
    ManageDoctors,
    /// Enter time off or extra hours.
    ManageExceptions,
    /// See the clinic's profile, hours and lists.
    ViewClinic,
    /// Change the clinic's settings.
    EditClinic,
    /// List, make, edit and deactivate accounts.
    ManageAccounts,
    /// List and verify the audit log.
    ReadAudit,
    /// See and end the own sessions, edit the own profile and preferences.
    ManageOwnSession,
    /// Undo an own act.
    Undo,
}

/// Whose the thing is that an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// The person's own: own column, own record, own act; or about nobody in particular.
    Own,
    /// Somebody else's.
    Other,
}

/// How far an action reaches for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Not at all.
    Never,
    /// Own things only.
    Own,
    /// Everybody's.
    All,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Action; 20] = [
        Action::ViewSchedule,
        Action::Book,
        Action::Reschedule,
        Action::ChangeStatus,
        Action::Complete,
        Action::Cancel,
        Action::FindPatients,
        Action::ReadPatient,
        Action::AddPatient,
        Action::EditPatient,
        Action::ArchivePatient,
        Action::ViewDoctors,
        Action::ManageDoctors,
        Action::ManageExceptions,
        Action::ViewClinic,
        Action::EditClinic,
        Action::ManageAccounts,
        Action::ReadAudit,
        Action::ManageOwnSession,
        Action::Undo,
    ];
}

/// The table. Least privilege: a cell is `Never` unless a row of the requirements needs more.
pub const fn reach(role: Role, action: Action) -> Reach {
    use Reach::{All, Never, Own};
    match (action, role) {
        (Action::ManageOwnSession | Action::Undo, _) => Own,
        (_, Role::Patient) => Never,
        (Action::ViewClinic | Action::ViewDoctors, _) => All,
        (Action::ViewSchedule | Action::FindPatients | Action::ReadPatient | Action::AddPatient, _) => All,
        (Action::Book | Action::Reschedule | Action::ChangeStatus | Action::Cancel, Role::Doctor) => Own,
        (Action::Complete, Role::Doctor) => Own,
        (Action::EditPatient, _) => All,
        (Action::ManageExceptions, Role::Doctor) => Own,
        (
            Action::Book
            | Action::Reschedule
            | Action::ChangeStatus
            | Action::Complete
            | Action::Cancel
            | Action::ArchivePatient
            | Action::ManageExceptions,
            Role::Admin | Role::FrontDesk,
        ) => All,
        (
            Action::ManageDoctors | Action::EditClinic | Action::ManageAccounts | Action::ReadAudit,
            Role::Admin,
        ) => All,
        (
            Action::ManageDoctors
            | Action::EditClinic
            | Action::ManageAccounts
            | Action::ReadAudit
            | Action::ArchivePatient,
            Role::FrontDesk | Role::Doctor,
        ) => Never,
    }
}

/// Whether this person may do this to a thing of this ownership.
pub fn allows(actor: &Actor, action: Action, ownership: Ownership) -> bool {
    match reach(actor.role, action) {
        Reach::All => true,
        Reach::Own => ownership == Ownership::Own,
        Reach::Never => false,
    }
}
