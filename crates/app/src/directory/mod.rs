//! The clinic, its patients and its doctors.

pub mod view;
