//! Appointments: the schedule as it is seen, and everything that changes it.

pub mod appointment;
pub mod book;
pub mod change_status;
pub mod list_appointments;
pub mod next_free;
pub mod read_appointment;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod plans;
mod refuse;
pub mod reschedule;
pub(crate) mod restore;
mod rules;
mod store;
mod store_boxes;
mod store_days;
mod store_history;
pub mod view;
pub mod view_month;
pub mod view_schedule;
