//! The first run (AU-20) and invented data (AD-12): the only slice that writes to every other one at once.

pub mod set_up_clinic;
pub mod view;
