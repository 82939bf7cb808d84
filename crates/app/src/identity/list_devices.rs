//! The devices that know a person (AU-15).

use clinic_domain::identity::policy::Action;

use super::access_view::DeviceRow;
use super::store_device;
use crate::app::{Actor, App};
use crate::error::Answer;

impl App {
    /// The devices that know the signed-in person, the one used last first.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn list_devices(&self, actor: &Actor) -> Answer<Vec<DeviceRow>> {
        let here = self.this_device()?.id;
        self.read(actor, Action::ManageOwnSession, |conn, _| {
            store_device::of_account(conn, actor.person.account, here)
        })
    }
}
