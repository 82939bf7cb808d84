//! Deactivates an account, which ends its sessions, or activates it again (AU-23).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::AccountChanged;
use crate::identity::view::SetAccountActive;

impl App {
    /// Deactivates an account, which ends its sessions, or activates it again (AU-23).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn set_account_active(&self, actor: &Actor, request: SetAccountActive) -> Answer<AccountChanged> {
        todo!()
    }
}
