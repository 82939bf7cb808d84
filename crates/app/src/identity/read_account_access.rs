//! What somebody's account is open on, for an administrator (AU-12, AU-15).

use clinic_domain::id::AccountId;
use clinic_domain::identity::policy::Action;

use super::access_view::AccountAccess;
use super::account::Account;
use super::{store_device, store_session};
use crate::app::{Actor, App};
use crate::db::Record;
use crate::error::{Answer, AppError};

impl App {
    /// The live sessions of somebody and the devices that know them.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`]; faults of the store.
    pub fn read_account_access(&self, actor: &Actor, id: AccountId) -> Answer<AccountAccess> {
        self.read(actor, Action::ManageAccounts, |_, _| Ok(()))?;
        self.access_of(actor, id)
    }

    pub(super) fn access_of(&self, actor: &Actor, id: AccountId) -> Answer<AccountAccess> {
        let (here, now) = (self.this_device()?.id, self.now());
        self.store()?.read(|conn| {
            Account::load(conn, id.0)?.ok_or(AppError::NotFound)?;
            Ok(AccountAccess {
                sessions: store_session::list_active(conn, id, actor.session, now)?,
                devices: store_device::of_account(conn, id, here)?,
            })
        })
    }
}
