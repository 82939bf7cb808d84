//! Appointments: their life cycle, when a doctor can be booked, and every decision about a booking.

pub mod availability;
pub mod booking;
mod clock;
mod day;
pub mod hours;
pub mod mask;
pub mod openings;
pub mod refusal;
pub mod status;
