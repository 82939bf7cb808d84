//! Makes the store of a first run with its key in the chosen place.

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::KeyPlace;
use crate::identity::view::StartState;

impl App {
    /// Makes the store of a first run with its key in the chosen place.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn create_store(&self, request: KeyPlace) -> Answer<StartState> {
        todo!()
    }
}
