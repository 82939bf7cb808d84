//! Patients, doctors and dates for the command palette (FD-3).

use crate::app::{Actor, App};
use crate::directory::view::Found;
use crate::directory::view::Search;
use crate::error::Answer;

impl App {
    /// Patients, doctors and dates for the command palette (FD-3).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn find(&self, actor: &Actor, request: Search) -> Answer<Found> {
        todo!()
    }
}
