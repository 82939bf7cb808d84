//! What the program found at start; opens the store where it can without asking.

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::StartState;

impl App {
    /// What the program found at start; opens the store where it can without asking.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn start(&self) -> Answer<StartState> {
        todo!()
    }
}
