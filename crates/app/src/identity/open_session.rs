//! Opens a session on a device: what a full sign-in leads to (AU-11, AU-15).

use clinic_domain::id::SessionId;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::throttle::is_new_device;

use super::account::Account;
use super::device::Device;
use super::notice::{self, NoticeKind};
use super::throttle::Try;
use super::{store_device, store_session};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::error::Answer;
use crate::messaging::{Letter, enqueue};

impl App {
    /// Opens a session of somebody who proved who they are. The device knows them from now on; where it did not and they
    /// have signed in elsewhere before, they are told, and of the staff the administrators as well (AU-17).
    ///
    /// # Errors
    /// Faults of the store.
    pub(super) fn open_session(
        &self,
        device: &Device,
        account: &Account,
        tried: Option<&Try>,
    ) -> Answer<Actor> {
        let (store, now) = (self.store()?, self.now());
        let session = SessionId(self.new_id()?);
        let actor = account.actor(session, &device.name);
        let is_new = store.read(|conn| {
            let trust = store_device::trust(conn, device.id, Some(account.id))?;
            Ok(is_new_device(trust, store_session::had_one(conn, account.id)?))
        })?;
        if is_new {
            // Before the session: it must not be there without this entry.
            store.note(&actor.entry(Op::NewDevice, now))?;
        }
        let told = match account.email.as_deref().filter(|_| is_new) {
            Some(address) => {
                let (name, device) = (account.given_names.clone(), device.name.clone());
                Some(self.mail(address, Letter::NewDevice { name, device, at: now })?)
            }
            None => None,
        };
        store.keep(Some(&actor.entry(Op::SignIn, now)), |conn| {
            store_device::meet(conn, device, account.id, now)?;
            store_session::start(conn, session, account.id, device, now)?;
            if is_new {
                notice::leave(self, conn, account.id, NoticeKind::NewDevice, &device.name, None)?;
                if account.role != Role::Patient {
                    let (kind, about) = (NoticeKind::StaffOnNewDevice, Some(account.id));
                    notice::once_for_administrators(self, conn, kind, &device.name, about)?;
                }
            }
            told.as_ref().map_or(Ok(()), |mail| enqueue(conn, mail))?;
            tried.map_or(Ok(()), |tried| tried.right(conn, now))
        })?;
        Ok(actor)
    }
}
