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
    /// See every device and shut one out of all accounts.
    ManageDevices,
    /// List and verify the audit log.
    ReadAudit,
    /// See and end the own sessions, edit the own profile and preferences.
    ManageOwnSession,
    /// Undo an own act.
    Undo,
    /// Open the record of somebody else's patient in an emergency, and close it again.
    OpenInEmergency,
    /// See who opened what in an emergency, and write down that it was looked at.
    ReviewEmergencies,
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
    pub const ALL: [Action; 23] = [
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
        Action::ManageDevices,
        Action::ReadAudit,
        Action::ManageOwnSession,
        Action::Undo,
        Action::OpenInEmergency,
        Action::ReviewEmergencies,
    ];
}

/// The table. Least privilege: a cell is `Never` unless a row of the requirements needs more. Written out without a
/// wildcard over actions, so that a new action does not compile until somebody has decided who may do it.
///
/// A doctor sees the own schedule by default; seeing a colleague's is what covering for one another needs, changing it
/// is not. Everybody is found, for who is not found is entered twice; the record is open to the patient's own doctors
/// (PE-4) and, for an hour and with a reason, to one in an emergency. The front desk and administrators, who read every
/// record, have no use for that. Patients have no desk: they may end their own sessions and nothing else.
pub const fn reach(role: Role, action: Action) -> Reach {
    use Reach::{All, Never, Own};
    match (action, role) {
        (Action::ManageOwnSession, _) => Own,
        (_, Role::Patient) => Never,
        (Action::Undo, Role::Admin | Role::FrontDesk | Role::Doctor) => Own,
        (
            Action::ViewClinic
            | Action::ViewDoctors
            | Action::ViewSchedule
            | Action::FindPatients
            | Action::AddPatient,
            Role::Admin | Role::FrontDesk | Role::Doctor,
        ) => All,
        (Action::ReadPatient | Action::EditPatient, Role::Admin | Role::FrontDesk) => All,
        (Action::ReadPatient | Action::EditPatient | Action::OpenInEmergency, Role::Doctor) => Own,
        (Action::OpenInEmergency, Role::Admin | Role::FrontDesk) => Never,
        (
            Action::Book
            | Action::Reschedule
            | Action::ChangeStatus
            | Action::Complete
            | Action::Cancel
            | Action::ManageExceptions,
            Role::Admin | Role::FrontDesk,
        ) => All,
        (
            Action::Book
            | Action::Reschedule
            | Action::ChangeStatus
            | Action::Complete
            | Action::Cancel
            | Action::ManageExceptions,
            Role::Doctor,
        ) => Own,
        (Action::ArchivePatient, Role::Admin | Role::FrontDesk) => All,
        (Action::ArchivePatient, Role::Doctor) => Never,
        (
            Action::ManageDoctors
            | Action::EditClinic
            | Action::ManageAccounts
            | Action::ManageDevices
            | Action::ReadAudit
            | Action::ReviewEmergencies,
            Role::Admin,
        ) => All,
        (
            Action::ManageDoctors
            | Action::EditClinic
            | Action::ManageAccounts
            | Action::ManageDevices
            | Action::ReadAudit
            | Action::ReviewEmergencies,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{AccountId, DoctorId};
    use std::collections::HashSet;
    use uuid::Uuid;

    fn actor(role: Role) -> Actor {
        let doctor = (role == Role::Doctor).then(|| DoctorId(Uuid::from_u128(2)));
        Actor { account: AccountId(Uuid::from_u128(1)), role, doctor }
    }

    /// The table a second time, as rows: admin, front desk, doctor, patient. `A` all, `O` own, `-` never.
    const MATRIX: [(Action, &str); 23] = [
        (Action::ViewSchedule, "AAA-"),
        (Action::Book, "AAO-"),
        (Action::Reschedule, "AAO-"),
        (Action::ChangeStatus, "AAO-"),
        (Action::Complete, "AAO-"),
        (Action::Cancel, "AAO-"),
        (Action::FindPatients, "AAA-"),
        (Action::ReadPatient, "AAO-"),
        (Action::AddPatient, "AAA-"),
        (Action::EditPatient, "AAO-"),
        (Action::ArchivePatient, "AA--"),
        (Action::ViewDoctors, "AAA-"),
        (Action::ManageDoctors, "A---"),
        (Action::ManageExceptions, "AAO-"),
        (Action::ViewClinic, "AAA-"),
        (Action::EditClinic, "A---"),
        (Action::ManageAccounts, "A---"),
        (Action::ManageDevices, "A---"),
        (Action::ReadAudit, "A---"),
        (Action::ManageOwnSession, "OOOO"),
        (Action::Undo, "OOO-"),
        (Action::OpenInEmergency, "--O-"),
        (Action::ReviewEmergencies, "A---"),
    ];

    #[test]
    fn every_cell_is_as_agreed() {
        for (action, row) in MATRIX {
            for (role, cell) in Role::ALL.into_iter().zip(row.chars()) {
                let (own, other) = match cell {
                    'A' => (true, true),
                    'O' => (true, false),
                    _ => (false, false),
                };
                let may = |ownership| allows(&actor(role), action, ownership);
                assert_eq!((may(Ownership::Own), may(Ownership::Other)), (own, other), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn the_matrix_and_the_list_hold_every_action_once() {
        let listed: HashSet<_> = Action::ALL.into_iter().collect();
        let tested: HashSet<_> = MATRIX.into_iter().map(|(action, _)| action).collect();
        assert_eq!(listed.len(), Action::ALL.len(), "no action twice");
        assert_eq!(listed, tested);
    }

    #[test]
    fn nobody_may_do_to_others_what_they_may_not_do_to_their_own() {
        for action in Action::ALL {
            for role in Role::ALL {
                let may = |ownership| allows(&actor(role), action, ownership);
                assert!(may(Ownership::Own) || !may(Ownership::Other), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn an_administrator_may_do_whatever_anybody_may_and_needs_no_emergency() {
        assert_eq!(reach(Role::Admin, Action::ReadPatient), Reach::All);
        for action in Action::ALL.into_iter().filter(|action| *action != Action::OpenInEmergency) {
            for role in Role::ALL {
                for ownership in [Ownership::Own, Ownership::Other] {
                    assert!(
                        !allows(&actor(role), action, ownership)
                            || allows(&actor(Role::Admin), action, ownership)
                    );
                }
            }
        }
    }
}
