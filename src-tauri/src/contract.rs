//! The contract with the interface: every command and event, and the TypeScript generated from them.

use clinic_app::db::record::ChangeSet;
use serde::Serialize;
use specta::Type;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

use crate::commands;

/// Records changed; every open view decides for itself what to load again (AP-8).
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct Changed(pub ChangeSet);

/// The session of this desk changed: locked, unlocked, signed in or out. Ask for it again.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct SessionChanged;

/// All commands and events.
pub fn contract<R: tauri::Runtime>() -> Builder<R> {
    // One shape for both directions: requests name every field, so nothing is optional by accident.
    Builder::<R>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            commands::identity::start,
            commands::identity::create_store,
            commands::identity::open_store,
            commands::setup::set_up_clinic,
            commands::identity::check_password,
            commands::identity::session_state,
            commands::identity::sign_in,
            commands::identity::sign_out,
            commands::identity::lock,
            commands::identity::unlock,
            commands::identity::touch,
            commands::identity::set_preferences,
            commands::identity::edit_profile,
            commands::identity::list_sessions,
            commands::identity::end_session,
            commands::identity::list_accounts,
            commands::identity::create_account,
            commands::identity::edit_account,
            commands::identity::set_account_active,
            commands::clinic::read_clinic,
            commands::clinic::edit_clinic,
            commands::directory::search_patients,
            commands::directory::list_patients,
            commands::directory::read_patient,
            commands::directory::find_duplicates,
            commands::directory::add_patient,
            commands::directory::edit_patient,
            commands::directory::archive_patient,
            commands::directory::list_doctors,
            commands::directory::read_doctor,
            commands::directory::add_doctor,
            commands::directory::edit_doctor,
            commands::directory::add_exception,
            commands::directory::remove_exception,
            commands::directory::find,
            commands::scheduling::view_schedule,
            commands::scheduling::view_month,
            commands::scheduling::read_appointment,
            commands::scheduling::list_appointments,
            commands::scheduling::next_free,
            commands::scheduling::book,
            commands::scheduling::reschedule,
            commands::scheduling::change_status,
            commands::history::undo,
            commands::audit::list_audit,
            commands::audit::verify_audit,
        ])
        .events(collect_events![Changed, SessionChanged])
}

/// The TypeScript of the contract, as `ui/src/lib/backend/contract.ts` holds it.
///
/// # Errors
/// A type that has no TypeScript form.
pub fn typescript() -> Result<String, Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join("clinic-desk-contract.ts");
    contract::<tauri::Wry>().export(specta_typescript::Typescript::default(), &path)?;
    Ok(std::fs::read_to_string(path)?)
}

#[cfg(test)]
mod tests {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/lib/backend/contract.ts");

    #[test]
    fn the_contract_of_the_interface_is_up_to_date() {
        let fresh = super::typescript().unwrap();
        if std::env::var_os("UPDATE_CONTRACT").is_some() {
            std::fs::write(FILE, &fresh).unwrap();
        }
        let stored = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(stored == fresh, "contract.ts is stale: run `make contract` and commit the result");
    }
}
