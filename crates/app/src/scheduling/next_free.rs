//! The next free slots over doctors and days (AP-3, FD-4).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::NextFree;
use crate::scheduling::view::Opening;

impl App {
    /// The next free slots over doctors and days (AP-3, FD-4).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn next_free(&self, actor: &Actor, request: NextFree) -> Answer<Vec<Opening>> {
        todo!()
    }
}
