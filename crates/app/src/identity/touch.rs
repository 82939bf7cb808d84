//! Somebody is at the desk: starts the idle time anew.

use crate::app::App;
use crate::error::Answer;

impl App {
    /// Somebody is at the desk: starts the idle time anew.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn touch(&self) -> Answer<()> {
        todo!()
    }
}
