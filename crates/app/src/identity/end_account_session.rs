//! Ends sessions of somebody else (AU-12).

use clinic_domain::identity::policy::Action;

use super::access_view::{AccountAccess, EndAccountSession};
use super::account::Account;
use super::store_session;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Record;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

impl App {
    /// Ends one session of an account, or all of them, but never the one from which this is asked.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for a session that is not the account's or has ended; faults of
    /// the store.
    pub fn end_account_session(&self, actor: &Actor, request: EndAccountSession) -> Answer<AccountAccess> {
        let (id, now) = (request.account_id, self.now());
        let account = self.read(actor, Action::ManageAccounts, |conn, _| Account::load(conn, id.0))?;
        let (account, _) = account.ok_or(AppError::NotFound)?;
        let entry =
            Entry { subject_id: Some(id.0), subject: account.subject(), ..actor.entry(Op::EndSession, now) };
        self.store()?.keep(Some(&entry), |conn| match request.session_id {
            Some(session) if session == actor.session => Err(AppError::NotFound),
            Some(session) if store_session::end(conn, session, id, now)? => Ok(()),
            Some(_) => Err(AppError::NotFound),
            None => store_session::end_all_but(conn, id, Some(actor.session), now).map(drop),
        })?;
        self.access_of(actor, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::device::Device;
    use crate::identity::fixture::Clinic;
    use clinic_domain::identity::role::Role;

    #[test]
    fn an_administrator_ends_one_session_or_all_of_somebody() {
        let clinic = Clinic::new();
        let noor = clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        let open = |name: &str| {
            let device = Device::another(&clinic.app, name);
            clinic.app.open_session(&device, &clinic.load(noor).0, None).unwrap()
        };
        let [first, ..] = ["laptop", "phone", "desk 2"].map(open);
        let end = |account_id, session_id| {
            clinic.app.end_account_session(&ada, EndAccountSession { account_id, session_id })
        };
        assert_eq!(end(noor, Some(first.session)).unwrap().sessions.len(), 2);
        assert_eq!(end(noor, Some(first.session)).unwrap_err(), AppError::NotFound, "it has ended");
        assert_eq!(end(noor, Some(ada.session)).unwrap_err(), AppError::NotFound, "it is another's");
        assert_eq!(end(noor, None).unwrap().sessions.len(), 0);
        assert_eq!(end(ada.person.account, None).unwrap().sessions.len(), 1, "the own one stays");
        let entry = clinic.audit().pop().unwrap();
        assert_eq!((entry.op, entry.actor.as_str()), (Op::EndSession, "ada Test"));
        let refusal = clinic
            .app
            .end_account_session(&first, EndAccountSession { account_id: noor, session_id: None })
            .unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
    }
}
