//! Every device from which somebody signed in, and the way to shut one out of all accounts: a laptop that was lost
//! (AU-15).

use clinic_domain::identity::policy::Action;

use super::access_view::{KnownDevice, RevokeDevice};
use super::store_device;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

impl App {
    /// Every device, the one used last first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn list_known_devices(&self, actor: &Actor) -> Answer<Vec<KnownDevice>> {
        let (here, now) = (self.this_device()?.id, self.now());
        self.read(actor, Action::ManageDevices, |conn, _| store_device::all(conn, here, now))
    }

    /// Takes back that a device knows anybody, and ends every session on it. Whoever does so from that very device keeps
    /// the own session.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`]; faults of the store.
    pub fn revoke_device(&self, actor: &Actor, request: RevokeDevice) -> Answer<Vec<KnownDevice>> {
        let (kept, now) = (self.kept(actor)?, self.now());
        let name = self.read(actor, Action::ManageDevices, |conn, _| store_device::name(conn, request.id))?;
        let name = name.ok_or(AppError::NotFound)?;
        let entry =
            Entry { subject_id: Some(request.id.0), subject: name, ..actor.entry(Op::RevokeDevice, now) };
        self.store()?.keep(Some(&entry), |conn| store_device::forget(conn, request.id, None, &kept, now))?;
        self.list_known_devices(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access_view::{ForgetAccountDevice, ForgetDevice};
    use crate::identity::device::Device;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::store_session;
    use clinic_domain::identity::account::Login;
    use clinic_domain::identity::role::Role;

    struct Lost {
        clinic: Clinic,
        laptop: Device,
        /// Noor on the laptop.
        noor: Actor,
        ada: Actor,
    }

    /// Noor and Ada have both signed in on a laptop; Ada sits at the desk.
    fn lost() -> Lost {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let laptop = Device::another(&clinic.app, "laptop");
        let ada = clinic.admin();
        let open = |id| clinic.app.open_session(&laptop, &clinic.load(id).0, None).unwrap();
        open(ada.person.account);
        let noor = open(noor);
        Lost { clinic, laptop, noor, ada }
    }

    impl Lost {
        fn is_live(&self, actor: &Actor) -> bool {
            self.clinic.read(|conn| store_session::live(conn, actor.session, self.clinic.app.now())).is_some()
        }

        /// What is written down when Noor signs in on the laptop again.
        fn sign_in_on_laptop(&self) -> Vec<Op> {
            let login = Login::parse("noor");
            let (account, tried) =
                self.clinic.app.authenticate(&self.laptop, &login, &PASSWORD.into(), None).unwrap();
            let before = self.clinic.ops().len();
            self.clinic.app.open_session(&self.laptop, &account, Some(&tried)).unwrap();
            self.clinic.ops().split_off(before)
        }
    }

    #[test]
    fn a_device_is_listed_with_whom_it_knows() {
        let Lost { clinic, ada, .. } = lost();
        let devices = clinic.app.list_known_devices(&ada).unwrap();
        let mut shown: Vec<_> = devices
            .iter()
            .map(|device| {
                (device.name.as_str(), device.platform.as_str(), device.people.len(), device.current)
            })
            .collect();
        shown.sort_unstable();
        assert_eq!(shown, [("laptop", "windows", 2, false), ("test desk", std::env::consts::OS, 1, true)]);
        assert_eq!(devices[0].fingerprint.len(), 14);
        assert_ne!(devices[0].fingerprint, devices[1].fingerprint);
    }

    #[test]
    fn a_lost_laptop_is_shut_out_of_every_account_at_once() {
        let lost = lost();
        assert!(lost.is_live(&lost.noor));
        assert_eq!(lost.sign_in_on_laptop(), [Op::SignIn], "it knows her");
        let left = lost.clinic.app.revoke_device(&lost.ada, RevokeDevice { id: lost.laptop.id }).unwrap();
        assert!(!lost.is_live(&lost.noor) && lost.is_live(&lost.ada));
        assert!(left.iter().any(|device| device.name == "laptop" && device.people.is_empty()));
        assert_eq!(lost.clinic.ops().last(), Some(&Op::RevokeDevice));
        assert_eq!(lost.sign_in_on_laptop(), [Op::NewDevice, Op::SignIn], "it is a new one to her");
    }

    #[test]
    fn whoever_revokes_the_own_device_stays_signed_in() {
        let lost = lost();
        let here = lost.clinic.app.this_device().unwrap().id;
        lost.clinic.app.revoke_device(&lost.ada, RevokeDevice { id: here }).unwrap();
        assert_eq!(lost.clinic.app.actor().unwrap(), lost.ada);
        assert_eq!(lost.clinic.app.list_devices(&lost.ada).unwrap().len(), 2);
    }

    #[test]
    fn one_person_forgets_a_device_and_it_still_knows_the_other() {
        let lost = lost();
        let noor = lost.clinic.person(lost.noor.person.account);
        let forget = || lost.clinic.app.forget_device(&noor, ForgetDevice { id: lost.laptop.id });
        assert_eq!(forget().unwrap(), []);
        assert!(!lost.is_live(&lost.noor));
        assert_eq!(forget().unwrap_err(), AppError::NotFound);
        assert_eq!(lost.clinic.app.list_devices(&lost.ada).unwrap().len(), 2);
        let entry = lost.clinic.audit().pop().unwrap();
        assert_eq!((entry.op, entry.reason.as_str()), (Op::ForgetDevice, "laptop"));
    }

    #[test]
    fn an_administrator_sees_and_forgets_somebody_elses_device() {
        let lost = lost();
        let account_id = lost.noor.person.account;
        let seen = lost.clinic.app.read_account_access(&lost.ada, account_id).unwrap();
        assert_eq!((seen.sessions.len(), seen.devices.len()), (1, 1));
        assert!(!seen.sessions[0].current, "it is not the administrator's");
        let request = ForgetAccountDevice { account_id, device_id: lost.laptop.id };
        let left = lost.clinic.app.forget_account_device(&lost.ada, request.clone()).unwrap();
        assert_eq!((left.sessions.len(), left.devices.len()), (0, 0));
        let refusal = lost.clinic.app.forget_account_device(&lost.noor, request).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
    }
}
