//! Appointments: the schedule as it is seen, and everything that changes it.

pub mod view;
