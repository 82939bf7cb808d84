//! The desktop shell: the only crate that knows Tauri. It holds windows and the way from a command to a use case; no
//! rule, no SQL and no words live here.

pub mod commands;
pub mod contract;
pub mod state;
