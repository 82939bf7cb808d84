//! How the signed-in person wants the screen.

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::Preferences;

impl App {
    /// How the signed-in person wants the screen.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn set_preferences(&self, actor: &Actor, request: Preferences) -> Answer<Preferences> {
        todo!()
    }
}
