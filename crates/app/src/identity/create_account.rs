//! Makes an account with its first password.

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::AccountChanged;
use crate::identity::view::CreateAccount;

impl App {
    /// Makes an account with its first password.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn create_account(&self, actor: &Actor, request: CreateAccount) -> Answer<AccountChanged> {
        todo!()
    }
}
