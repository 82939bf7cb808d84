//! The clinic itself: profile, hours, slot length, kinds of appointment and specialties.

pub(crate) mod check;
pub mod edit_clinic;
pub mod read_clinic;
pub mod record;
pub(crate) mod store;
pub mod view;
