//! The notices for whoever is signed in (AU-15, AU-17).

use clinic_domain::identity::policy::Action;

use super::access_view::{DismissNotice, NoticeRow};
use super::notice;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

impl App {
    /// What this person has not read yet, the latest first.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn list_notices(&self, actor: &Actor) -> Answer<Vec<NoticeRow>> {
        self.read(actor, Action::ManageOwnSession, |conn, _| notice::unread(conn, actor.person.account))
    }

    /// Somebody has read a notice; answers with those that are left.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a notice that is another's or was read; faults of the store.
    pub fn dismiss_notice(&self, actor: &Actor, request: DismissNotice) -> Answer<Vec<NoticeRow>> {
        let now = self.now();
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        let entry = Entry { subject_id: Some(request.id.0), ..actor.entry(Op::ReadNotice, now) };
        self.store()?.keep(Some(&entry), |conn| {
            match notice::read(conn, request.id, actor.person.account, now)? {
                true => Ok(()),
                false => Err(AppError::NotFound),
            }
        })?;
        self.list_notices(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::device::Device;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::notice::NoticeKind;
    use clinic_domain::identity::role::Role;

    #[test]
    fn the_administrators_hear_once_of_somebody_of_the_staff_on_new_devices() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let zoe = clinic.account("zoe", Role::Admin, None);
        let bea = clinic.account("bea", Role::Patient, None);
        for who in [noor, bea] {
            let account = clinic.load(who).0;
            for device in ["desk one", "phone", "tablet"] {
                clinic.app.open_session(&Device::another(&clinic.app, device), &account, None).unwrap();
            }
        }
        let told = |who| {
            let rows = clinic.app.list_notices(&clinic.person(who)).unwrap();
            rows.into_iter()
                .map(|row| (row.kind, row.device, row.about.map(|about| about.id)))
                .collect::<Vec<_>>()
        };
        let once = [(NoticeKind::StaffOnNewDevice, "phone".to_owned(), Some(noor))];
        let ada = clinic.admin();
        assert_eq!(told(ada.person.account), once, "until it is read");
        assert_eq!(told(zoe), once, "of the staff and of no patient");
        assert_eq!(told(noor).len(), 2, "her own");
        let account = clinic.load(zoe).0;
        for device in ["desk one", "phone"] {
            clinic.app.open_session(&Device::another(&clinic.app, device), &account, None).unwrap();
        }
        let own = told(zoe).iter().filter(|(_, _, about)| *about == Some(zoe)).count();
        assert_eq!((own, told(ada.person.account).len()), (0, 2), "nobody is told twice of themselves");
    }

    #[test]
    fn a_sign_in_from_a_new_device_is_told_to_that_person_and_to_nobody_else() {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        assert_eq!(clinic.app.list_notices(&ada).unwrap(), [], "the first device of all is none to tell of");
        let phone = Device::another(&clinic.app, "phone");
        let (account, _) = clinic.load(ada.person.account);
        clinic.app.open_session(&phone, &account, None).unwrap();
        clinic.app.open_session(&phone, &account, None).unwrap();
        let told = clinic.app.list_notices(&ada).unwrap();
        assert_eq!(told.len(), 1, "once");
        assert_eq!((told[0].kind, told[0].device.as_str()), (NoticeKind::NewDevice, "phone"));
        assert_eq!(clinic.ops().iter().filter(|op| **op == Op::NewDevice).count(), 1);
        clinic.sign_in("noor", PASSWORD).unwrap();
        let noor = clinic.app.actor().unwrap();
        assert_eq!(clinic.app.list_notices(&noor).unwrap(), []);
        let refusal = clinic.app.dismiss_notice(&noor, DismissNotice { id: told[0].id }).unwrap_err();
        assert_eq!(refusal, AppError::NotFound);
        assert_eq!(clinic.app.dismiss_notice(&ada, DismissNotice { id: told[0].id }).unwrap(), []);
        let letters: Vec<String> = clinic.read(|conn| {
            let mut letters = conn.prepare("SELECT template FROM mail")?;
            Ok(letters.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        });
        assert_eq!(letters, ["new_device"]);
    }
}
