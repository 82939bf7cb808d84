//! Takes away the second factor of somebody who has lost it (AU-18).

use clinic_domain::identity::policy::Action;

use super::account::Account;
use super::notice::{self, NoticeKind};
use super::second_factor_view::ResetSecondFactor;
use super::{store_accounts, store_second_factor};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::identity::view::AccountRow;

impl App {
    /// Takes away the second factor of an account and tells the person at the next look at the screen. An administrator
    /// makes sure first who it is that asks. Where there is none there is nothing to do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`]; faults of the store.
    pub fn reset_second_factor(&self, actor: &Actor, request: ResetSecondFactor) -> Answer<AccountRow> {
        let (id, now) = (request.id, self.now());
        let (account, factor) = self.read(actor, Action::ManageAccounts, |conn, _| {
            let (account, _) = Account::load(conn, id.0)?.ok_or(AppError::NotFound)?;
            Ok((account, store_second_factor::load(conn, id)?))
        })?;
        if factor.is_some() {
            let entry = Entry {
                subject_id: Some(id.0),
                subject: account.subject(),
                ..actor.entry(Op::ResetSecondFactor, now)
            };
            self.store()?.keep(Some(&entry), |conn| {
                store_second_factor::remove(conn, id)?;
                notice::leave(self, conn, id, NoticeKind::SecondFactorReset, &actor.device, None).map(drop)
            })?;
        }
        self.store()?.read(|conn| store_accounts::row(conn, id, now))
    }
}
