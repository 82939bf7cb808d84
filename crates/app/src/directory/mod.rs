//! Patients and doctors: their records, how they are found, who reads them, and the dated changes to a doctor's schedule.

pub mod add_doctor;
pub mod add_exception;
pub mod add_patient;
pub mod archive_patient;
pub mod count_outside_hours;
mod doctor_view;
pub mod edit_doctor;
pub mod edit_patient;
pub mod emergency;
pub mod find;
pub mod find_duplicates;
#[cfg(test)]
mod fixture;
mod keys;
pub mod list_doctors;
pub mod list_patients;
mod patient_view;
#[cfg(test)]
mod population;
pub mod read_doctor;
pub mod read_patient;
pub mod record;
pub mod register_patient;
pub mod remove_exception;
pub(crate) mod schedule_text;
mod search;
pub mod search_patients;
#[cfg(test)]
mod search_tests;
mod short_name;
mod specialties;
mod store_changes;
pub(crate) mod store_columns;
#[cfg(test)]
mod store_counts;
pub(crate) mod store_doctor;
pub(crate) mod store_doctors;
mod store_duplicates;
mod store_list;
mod store_number;
pub(crate) mod store_patient;
mod store_rules;
mod store_search;
mod store_visits;
#[cfg(test)]
mod undo_tests;
pub mod view;
pub(crate) mod whose;
