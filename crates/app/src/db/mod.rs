//! The store: how it is opened, read and written. Knows tables of its own (outbox, undo, act, audit) and no other;
//! what a record is and which rules hold for it belongs to the slices above.

pub mod audit;
pub mod checkpoint;
pub mod door;
mod door_tests;
pub mod fault;
pub mod migrate;
pub mod open;
pub mod record;
mod rekey;
pub mod sql;
mod store_key;
pub mod tx;
pub mod words;

pub use door::Act;
pub use open::Store;
pub use record::{Noun, Record};
pub use store_key::StoreKey;
pub use tx::Tx;
