//! The first run (AU-20) and invented data (AD-12): the only slice that writes to every other one at once.

mod check;
pub mod demo;
pub mod large;
pub mod set_up_clinic;
pub mod view;
