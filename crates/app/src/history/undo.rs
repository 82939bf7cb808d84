//! Takes an act back (FD-5).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::history::view::Undo;
use crate::history::view::Undone;

impl App {
    /// Takes an act back (FD-5).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn undo(&self, actor: &Actor, request: Undo) -> Answer<Undone> {
        todo!()
    }
}
