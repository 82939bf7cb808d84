//! Sets up the clinic and its first administrator, and signs that person in (AU-20).

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;
use crate::setup::view::SetUpClinic;

impl App {
    /// Sets up the clinic and its first administrator, and signs that person in (AU-20).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn set_up_clinic(&self, request: SetUpClinic) -> Answer<SessionState> {
        todo!()
    }
}
