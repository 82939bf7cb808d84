//! Patients and doctors: their records, the rules for what may be written in them, and how they are found.

pub mod birth;
pub mod contact;
pub mod dates;
pub mod doctor;
pub mod duplicate;
pub mod name;
pub mod patient;
pub mod ranking;
pub mod search;
