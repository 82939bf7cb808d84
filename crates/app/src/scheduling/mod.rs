//! Appointments: the schedule as it is seen, and everything that changes it.

pub mod appointment;
pub mod book;
pub mod change_status;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod invariants;
pub mod list_appointments;
pub mod next_free;
#[cfg(test)]
mod plans;
pub mod read_appointment;
mod refuse;
pub mod reschedule;
pub(crate) mod restore;
mod rules;
mod store;
mod store_boxes;
mod store_history;
mod store_weeks;
pub mod view;
mod view_lists;
pub mod view_month;
pub mod view_schedule;
