//! How strong a password is (AU-9). Keeps nothing.

use crate::app::App;
use crate::error::Answer;
use crate::identity::view::CheckPassword;
use crate::identity::view::PasswordReport;

impl App {
    /// How strong a password is (AU-9). Keeps nothing.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn check_password(&self, request: CheckPassword) -> Answer<PasswordReport> {
        todo!()
    }
}
