//! The demo clinic (AD-12): twenty doctors, one hundred patients, more than three hundred appointments around today.
//! Everything is invented; the store is marked for good.

mod calendar;
pub(super) mod dice;
mod doctors;
mod people;
