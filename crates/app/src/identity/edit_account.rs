//! Changes an account.

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::AccountChanged;
use crate::identity::view::EditAccount;

impl App {
    /// Changes an account.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn edit_account(&self, actor: &Actor, request: EditAccount) -> Answer<AccountChanged> {
        todo!()
    }
}
