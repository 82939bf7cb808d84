//! The clinic itself: profile, hours, slot length, kinds of appointment and specialties.

pub mod edit_clinic;
pub mod read_clinic;
pub mod view;
