//! A page of accounts.

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::AccountPage;
use crate::identity::view::ListAccounts;

impl App {
    /// A page of accounts.
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn list_accounts(&self, actor: &Actor, request: ListAccounts) -> Answer<AccountPage> {
        todo!()
    }
}
