//! Taking acts back (FD-5). Knows every kind of record that can be undone, and no rule of its own.

mod store;
pub mod undo;
pub mod view;
