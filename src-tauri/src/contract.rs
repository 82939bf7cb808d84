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

/// There is a new notice for whoever is signed in. Ask for all of them again.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct Noticed;

/// Every command. A list, and no function: it only grows.
macro_rules! every_command {
    () => {
        collect_commands![
            commands::identity::start,
            commands::identity::create_store,
            commands::identity::open_store,
            commands::identity::recover_store,
            commands::second_factor::prove_second_factor,
            commands::second_factor::read_second_factor,
            commands::second_factor::begin_second_factor,
            commands::second_factor::confirm_second_factor,
            commands::second_factor::renew_recovery_codes,
            commands::second_factor::end_second_factor,
            commands::second_factor::reset_second_factor,
            commands::reset::ask_reset,
            commands::reset::prove_reset,
            commands::reset::reset_password,
            commands::reset::replace_password,
            commands::reset::send_reset,
            commands::registration::register,
            commands::registration::confirm_registration,
            commands::registration::resend_registration,
            commands::registration::list_registrations,
            commands::registration::send_registration,
            commands::registration::delete_registration,
            commands::registration::register_patient,
            commands::identity::read_recovery_key,
            commands::identity::make_recovery_key,
            commands::identity::change_store_key,
            commands::setup::set_up_clinic,
            commands::identity::check_password,
            commands::identity::session_state,
            commands::identity::sign_in,
            commands::identity::sign_out,
            commands::identity::lock,
            commands::identity::unlock,
            commands::identity::touch,
            commands::access::unlock_with_pin,
            commands::access::switch_user,
            commands::access::free_desk,
            commands::access::read_pin,
            commands::access::set_pin,
            commands::access::reauthenticate,
            commands::identity::set_preferences,
            commands::identity::edit_profile,
            commands::access::list_sessions,
            commands::access::end_session,
            commands::identity::list_accounts,
            commands::identity::create_account,
            commands::access::preview_import,
            commands::access::import_accounts,
            commands::identity::edit_account,
            commands::identity::set_account_active,
            commands::identity::delete_account,
            commands::access::unlock_account,
            commands::access::change_password,
            commands::access::list_devices,
            commands::access::forget_device,
            commands::access::list_notices,
            commands::access::dismiss_notice,
            commands::access::read_account_access,
            commands::access::end_account_session,
            commands::access::forget_account_device,
            commands::access::verify_account,
            commands::access::list_known_devices,
            commands::access::revoke_device,
            commands::security::read_security_policy,
            commands::security::edit_security_policy,
            commands::clinic::read_clinic,
            commands::clinic::edit_clinic,
            commands::messaging::read_mail,
            commands::messaging::edit_mail,
            commands::messaging::send_test_mail,
            commands::messaging::retry_mail,
            commands::directory::search_patients,
            commands::directory::list_patients,
            commands::directory::read_patient,
            commands::emergency::read_closed_record,
            commands::emergency::open_in_emergency,
            commands::emergency::extend_emergency,
            commands::emergency::end_emergency,
            commands::emergency::running_emergency,
            commands::emergency::list_emergencies,
            commands::emergency::review_emergency,
            commands::directory::find_duplicates,
            commands::directory::add_patient,
            commands::directory::edit_patient,
            commands::directory::archive_patient,
            commands::directory::list_doctors,
            commands::directory::read_doctor,
            commands::directory::count_outside_hours,
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
            commands::audit::compare_audit,
            commands::audit::export_audit,
            commands::window::open_window,
        ]
    };
}

/// All commands and events.
pub fn contract<R: tauri::Runtime>() -> Builder<R> {
    // One shape for both directions: requests name every field, so nothing is optional by accident.
    Builder::<R>::new().disable_serde_phases().commands(every_command!()).events(collect_events![
        Changed,
        SessionChanged,
        Noticed
    ])
}

/// The TypeScript of the contract, as `ui/src/lib/backend/contract.ts` holds it.
///
/// # Errors
/// A type that has no TypeScript form; a folder for temporary files that cannot be written to.
pub fn typescript() -> Result<String, Box<dyn std::error::Error>> {
    // The generator only writes files; the name is this process's own, since tests run side by side.
    let path = std::env::temp_dir().join(format!("clinic-desk-contract-{}.ts", std::process::id()));
    contract::<tauri::Wry>().export(specta_typescript::Typescript::default(), &path)?;
    let text = std::fs::read_to_string(&path)?;
    std::fs::remove_file(&path)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/lib/backend/contract.ts");

    /// Commands of the shell itself, which no use case stands behind.
    const OF_THE_SHELL: [&str; 1] = ["open_window"];

    static FRESH: LazyLock<String> = LazyLock::new(|| super::typescript().unwrap());

    /// What stands in double quotes directly behind `before`.
    fn quoted<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
    }

    fn registered() -> BTreeSet<&'static str> {
        quoted(&FRESH, "__TAURI_INVOKE(\"").collect()
    }

    #[test]
    fn the_contract_of_the_interface_is_up_to_date() {
        if std::env::var_os("UPDATE_CONTRACT").is_some() {
            std::fs::write(FILE, &*FRESH).unwrap();
        }
        let stored = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(stored == *FRESH, "contract.ts is stale: run `make contract` and commit the result");
    }

    #[test]
    fn every_command_of_the_contract_is_registered_and_no_other() {
        let declared =
            clinic_app::contract::COMMANDS.iter().map(|(name, _)| *name).chain(OF_THE_SHELL).collect();
        assert_eq!(registered(), declared);
    }

    #[test]
    fn windows_may_call_the_registered_commands_and_no_other() {
        let list = include_str!("../permissions/desk.toml");
        let allowed =
            list.lines().filter_map(|line| line.strip_prefix("    \"")?.strip_suffix("\",")).collect();
        assert_eq!(registered(), allowed);
    }
}
