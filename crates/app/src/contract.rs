//! The one list of commands: each name with what the policy is asked for before it runs. The shell's adapters and the
//! generated TypeScript are compared with it; a command without a row here fails the build of the tests.

use clinic_domain::identity::policy::Action;

/// Who may call a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody at the desk, signed in or not.
    Open,
    /// Whoever the policy lets do this.
    Policy(Action),
}

/// Every command.
pub const COMMANDS: [(&str, Access); 54] = [
    ("start", Access::Open),
    ("create_store", Access::Open),
    ("open_store", Access::Open),
    ("recover_store", Access::Open),
    ("set_up_clinic", Access::Open),
    ("check_password", Access::Open),
    ("session_state", Access::Open),
    ("sign_in", Access::Open),
    ("sign_out", Access::Open),
    ("lock", Access::Open),
    ("unlock", Access::Open),
    ("touch", Access::Open),
    ("set_preferences", Access::Policy(Action::ManageOwnSession)),
    ("edit_profile", Access::Policy(Action::ManageOwnSession)),
    ("list_sessions", Access::Policy(Action::ManageOwnSession)),
    ("end_session", Access::Policy(Action::ManageOwnSession)),
    ("list_accounts", Access::Policy(Action::ManageAccounts)),
    ("create_account", Access::Policy(Action::ManageAccounts)),
    ("edit_account", Access::Policy(Action::ManageAccounts)),
    ("set_account_active", Access::Policy(Action::ManageAccounts)),
    ("unlock_account", Access::Policy(Action::ManageAccounts)),
    ("read_recovery_key", Access::Policy(Action::EditClinic)),
    ("make_recovery_key", Access::Policy(Action::EditClinic)),
    ("read_clinic", Access::Policy(Action::ViewClinic)),
    ("edit_clinic", Access::Policy(Action::EditClinic)),
    ("read_mail", Access::Policy(Action::EditClinic)),
    ("edit_mail", Access::Policy(Action::EditClinic)),
    ("send_test_mail", Access::Policy(Action::EditClinic)),
    ("retry_mail", Access::Policy(Action::EditClinic)),
    ("search_patients", Access::Policy(Action::FindPatients)),
    ("list_patients", Access::Policy(Action::FindPatients)),
    ("read_patient", Access::Policy(Action::ReadPatient)),
    ("find_duplicates", Access::Policy(Action::AddPatient)),
    ("add_patient", Access::Policy(Action::AddPatient)),
    ("edit_patient", Access::Policy(Action::EditPatient)),
    ("archive_patient", Access::Policy(Action::ArchivePatient)),
    ("list_doctors", Access::Policy(Action::ViewDoctors)),
    ("read_doctor", Access::Policy(Action::ViewDoctors)),
    ("add_doctor", Access::Policy(Action::ManageDoctors)),
    ("edit_doctor", Access::Policy(Action::ManageDoctors)),
    ("add_exception", Access::Policy(Action::ManageExceptions)),
    ("remove_exception", Access::Policy(Action::ManageExceptions)),
    ("find", Access::Policy(Action::FindPatients)),
    ("view_schedule", Access::Policy(Action::ViewSchedule)),
    ("view_month", Access::Policy(Action::ViewSchedule)),
    ("read_appointment", Access::Policy(Action::ViewSchedule)),
    ("list_appointments", Access::Policy(Action::ViewSchedule)),
    ("next_free", Access::Policy(Action::ViewSchedule)),
    ("book", Access::Policy(Action::Book)),
    ("reschedule", Access::Policy(Action::Reschedule)),
    ("change_status", Access::Policy(Action::ChangeStatus)),
    ("undo", Access::Policy(Action::Undo)),
    ("list_audit", Access::Policy(Action::ReadAudit)),
    ("verify_audit", Access::Policy(Action::ReadAudit)),
];
