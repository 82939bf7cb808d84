//! Pending registrations for administrators (AD-1): a page of them, one sent again, one taken away; and those whose time
//! is over, which go by themselves.

use clinic_domain::directory::name;
use clinic_domain::id::RegistrationId;
use clinic_domain::identity::policy::Action;

use super::registration_view::{ListRegistrations, PendingRegistration, RegistrationBegun, RegistrationPage};
use super::store_registration as store;
use super::{forget_registration, store_one_time_code as codes};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::paging;

impl App {
    /// A page of pending registrations.
    ///
    /// # Errors
    /// [`AppError::Validation`] for an unknown sort and a size that is not 1 to 200; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn list_registrations(&self, actor: &Actor, request: ListRegistrations) -> Answer<RegistrationPage> {
        let now = self.now();
        self.read(actor, Action::ManageAccounts, |conn, _| {
            paging::check(&request.paging, &store::SORTS.map(|(name, _)| name))?;
            let (rows, total) = store::page(conn, &request, now)?;
            Ok(RegistrationPage { rows, total })
        })
    }

    /// Has the code of a pending registration sent again. The one before is good no more.
    ///
    /// # Errors
    /// [`AppError::CodesSpent`]; [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn send_registration(
        &self,
        actor: &Actor,
        request: PendingRegistration,
    ) -> Answer<RegistrationBegun> {
        let entry = self.about(actor, Op::ResendRegistration, request.id)?;
        self.resend_code(&request, entry)
    }

    /// Takes a pending registration away.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn delete_registration(&self, actor: &Actor, request: PendingRegistration) -> Answer<()> {
        let (entry, now) = (self.about(actor, Op::DeleteRegistration, request.id)?, self.now());
        self.store()?.keep(Some(&entry), |conn| {
            match forget_registration::forget(conn, request.id, now)? {
                true => Ok(()),
                false => Err(AppError::NotFound),
            }
        })?;
        self.mail_queue_changed()?;
        self.registrations_changed(request.id)
    }

    /// Takes away the registrations whose time is over with what was kept for them, and whatever is left of codes that
    /// bound nothing any more.
    ///
    /// # Errors
    /// [`AppError::WrongState`] before the store is open; faults of the store.
    pub fn sweep_registrations(&self) -> Answer<()> {
        let (opened, now) = (self.store()?, self.now());
        if opened.read(|conn| codes::is_any_over(conn, now))? {
            opened.keep(None, |conn| codes::forget_over(conn, now))?;
        }
        if !opened.read(|conn| store::over(conn, now))?.is_empty() {
            opened.keep(None, |conn| forget_registration::forget_over(conn, now))?;
            self.mail_queue_changed()?;
            self.registrations_changed(RegistrationId(self.new_id()?))?;
        }
        Ok(())
    }

    /// What is written down about a pending registration.
    fn about(&self, actor: &Actor, op: Op, id: RegistrationId) -> Answer<Entry> {
        let found = self.read(actor, Action::ManageAccounts, |conn, _| store::find(conn, id))?;
        let who = found.ok_or(AppError::NotFound)?.who;
        let subject = name::surname_first(&who.family_name, &who.given_names);
        Ok(Entry { subject_id: Some(id.0), subject, ..actor.entry(op, self.now()) })
    }
}
