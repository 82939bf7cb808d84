//! Ends own sessions (AU-12).

use clinic_domain::identity::policy::Action;

use super::store_session;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::access_view::{EndSession, SessionRow};

impl App {
    /// The same person, if they may end this: for any session but the one they sit in there has to be a fresh proof (ASVS
    /// 7.5.2). Signing out never asks.
    ///
    /// # Errors
    /// [`AppError::ReauthenticationRequired`].
    pub fn proven_to_end(&self, actor: Actor, request: &EndSession) -> Answer<Actor> {
        if request.id == Some(actor.session) { Ok(actor) } else { self.freshly_proven(actor) }
    }

    /// Ends one of the own sessions, or all but this one; answers with those that are left.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a session that is another's or has ended; faults of the store.
    pub fn end_session(&self, actor: &Actor, request: EndSession) -> Answer<Vec<SessionRow>> {
        let now = self.now();
        let account = actor.person.account;
        // Everybody may; asked all the same, so that there is one table that says so.
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        let entry = crate::db::audit::Entry {
            subject_id: request.id.map(|id| id.0),
            ..actor.entry(Op::EndSession, now)
        };
        self.store()?.keep(Some(&entry), |conn| match request.id {
            Some(id) if store_session::end(conn, id, account, now)? => Ok(()),
            Some(_) => Err(AppError::NotFound),
            None => store_session::end_all_but(conn, account, Some(actor.session), now).map(drop),
        })?;
        self.list_sessions(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::device::Device;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use clinic_domain::id::SessionId;
    use clinic_domain::identity::role::Role;

    /// A session of the same person on another device.
    fn elsewhere(clinic: &Clinic, actor: &Actor) -> SessionId {
        let laptop = Device::another(&clinic.app, "laptop");
        let (account, _) = clinic.load(actor.person.account);
        clinic.app.open_session(&laptop, &account, None).unwrap().session
    }

    fn listed(clinic: &Clinic, actor: &Actor) -> Vec<(String, bool)> {
        let rows = clinic.app.list_sessions(actor).unwrap();
        let mut rows: Vec<_> = rows.into_iter().map(|row| (row.device, row.current)).collect();
        rows.sort();
        rows
    }

    #[test]
    fn one_session_ends_and_the_others_stay() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let laptop = elsewhere(&clinic, &ada);
        assert_eq!(listed(&clinic, &ada), [("laptop".into(), false), ("test desk".into(), true)]);
        clinic.app.end_session(&ada, EndSession { id: Some(laptop) }).unwrap();
        assert_eq!(listed(&clinic, &ada), [("test desk".into(), true)]);
        let again = clinic.app.end_session(&ada, EndSession { id: Some(laptop) });
        assert_eq!(again.unwrap_err(), AppError::NotFound);
        assert_eq!(clinic.ops().iter().filter(|op| **op == Op::EndSession).count(), 1);
    }

    #[test]
    fn ending_another_session_needs_a_fresh_proof_and_signing_out_needs_none() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let laptop = elsewhere(&clinic, &ada);
        let may_end = |id| clinic.app.proven_to_end(ada.clone(), &EndSession { id }).is_ok();
        assert!(may_end(Some(laptop)) && may_end(None) && may_end(Some(ada.session)));
        clinic.wait(5 * 60);
        assert_eq!([Some(laptop), None, Some(ada.session)].map(may_end), [false, false, true]);
    }

    #[test]
    fn all_others_end_and_this_one_stays() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        elsewhere(&clinic, &ada);
        elsewhere(&clinic, &ada);
        let left = clinic.app.end_session(&ada, EndSession { id: None }).unwrap();
        assert_eq!(left.iter().map(|row| row.current).collect::<Vec<_>>(), [true]);
        clinic.app.actor().unwrap();
    }

    #[test]
    fn the_session_of_this_desk_can_be_ended_too() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        clinic.app.end_session(&ada, EndSession { id: Some(ada.session) }).unwrap();
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::NotSignedIn);
    }

    #[test]
    fn nobody_ends_another_persons_session() {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        let laptop = elsewhere(&clinic, &ada);
        clinic.sign_in("noor", PASSWORD).unwrap();
        let noor = clinic.app.actor().unwrap();
        let refusal = clinic.app.end_session(&noor, EndSession { id: Some(laptop) }).unwrap_err();
        assert_eq!(refusal, AppError::NotFound);
        clinic.app.end_session(&noor, EndSession { id: None }).unwrap();
        let live = clinic
            .read(|conn| store_session::list_active(conn, ada.person.account, laptop, clinic.app.now()));
        assert_eq!(live.len(), 1);
    }
}
