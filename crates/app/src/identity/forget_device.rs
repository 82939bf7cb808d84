//! Takes back that a device knows a person, and ends what is open there (AU-15).

use clinic_domain::id::{AccountId, DeviceId};
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::throttle::Trust;

use super::access_view::{AccountAccess, DeviceRow, ForgetAccountDevice, ForgetDevice};
use super::account::Account;
use super::store_device::{self, Kept};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

impl App {
    /// Forgets one of the own devices: the own sessions there end, and the next sign-in there counts as one from an
    /// unknown device. On the device of this very session, the session and what it proves stay.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a device that does not know this person; faults of the store.
    pub fn forget_device(&self, actor: &Actor, request: ForgetDevice) -> Answer<Vec<DeviceRow>> {
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        self.forget_for(actor, actor.person.account, request.id)?;
        self.list_devices(actor)
    }

    /// The same for somebody else's account, by an administrator.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`]; faults of the store.
    pub fn forget_account_device(
        &self,
        actor: &Actor,
        request: ForgetAccountDevice,
    ) -> Answer<AccountAccess> {
        self.read(actor, Action::ManageAccounts, |_, _| Ok(()))?;
        self.forget_for(actor, request.account_id, request.device_id)?;
        self.access_of(actor, request.account_id)
    }

    fn forget_for(&self, actor: &Actor, account: AccountId, device: DeviceId) -> Answer<()> {
        let (kept, now) = (self.kept(actor)?, self.now());
        let store = self.store()?;
        let found =
            store.read(|conn| Ok((Account::load(conn, account.0)?, store_device::name(conn, device)?)))?;
        let (Some((account, _)), Some(name)) = found else { return Err(AppError::NotFound) };
        if store.read(|conn| store_device::trust(conn, device, Some(account.id)))? == Trust::Untrusted {
            return Err(AppError::NotFound);
        }
        let entry = Entry {
            subject_id: Some(account.id.0),
            subject: account.subject(),
            reason: name,
            ..actor.entry(Op::ForgetDevice, now)
        };
        store.keep(Some(&entry), |conn| store_device::forget(conn, device, Some(account.id), &kept, now))
    }

    /// What nobody takes away from themselves by mistake: the session and the device they act from.
    pub(super) fn kept(&self, actor: &Actor) -> Answer<Kept> {
        let device = self.this_device()?.id;
        Ok(Kept { account: actor.person.account, session: actor.session, device })
    }
}
