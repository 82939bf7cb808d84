//! Emergency access (HIPAA 164.312(a)(2)(ii)): a doctor opens the record of somebody else's patient with a reason, for an
//! hour; the patient's doctor and the administrators are told, and an administrator reviews it. It lets nobody change
//! anything.

pub mod end_emergency;
mod ends;
pub mod extend_emergency;
#[cfg(test)]
mod fixture;
pub mod list_emergencies;
pub mod open_in_emergency;
pub mod read_closed_record;
mod record;
pub mod review_emergency;
pub mod running_emergency;
mod store;
#[cfg(test)]
mod tests;
mod told;
pub mod view;

pub use ends::Ends;
pub(crate) use record::Emergency;
