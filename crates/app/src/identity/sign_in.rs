//! Signs in with account number, e-mail address or user name (AU-2).

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;
use crate::identity::view::SignIn;

impl App {
    /// Signs in with account number, e-mail address or user name (AU-2).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn sign_in(&self, request: SignIn) -> Answer<SessionState> {
        todo!()
    }
}
