//! Changes the own profile (AU-21).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::EditProfile;
use crate::identity::view::Me;

impl App {
    /// Changes the own profile (AU-21).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn edit_profile(&self, actor: &Actor, request: EditProfile) -> Answer<Me> {
        todo!()
    }
}
