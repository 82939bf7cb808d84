//! Closes the store when nobody is signed in at this computer any more (K2): connections and key are gone from memory, and
//! the next sign-in opens it. Where the computer opens the store, it stays open.

use super::closed_desk::ClosedDesk;
use super::demo;
use super::desk::Present;
use super::staff_keys;
use crate::app::App;
use crate::error::Answer;
use crate::identity::view::SessionState;

impl App {
    /// Closes the store where its staff alone opens it and nobody is here: signed in, locked, waiting behind the lock, or on
    /// the way in. One that nobody could open again stays open.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn close_unused(&self) -> Answer<()> {
        let Some(device) = self.staff.secret() else { return Ok(()) };
        let Ok(store) = self.store() else { return Ok(()) };
        let Some(_nobody_enters) = self.staff.close() else { return Ok(()) };
        if self.staff.is_held() || self.is_somebody_here()? {
            return Ok(());
        }
        if staff_keys::people(&self.parts.folder).unwrap_or_default().is_empty() {
            return Ok(());
        }
        if let Err(fault) = self.describe_closed_desk(&store, &device) {
            tracing::warn!(%fault, "what the sign-in screen shows could not be kept");
        }
        self.drop_store();
        Ok(())
    }

    /// What the sign-in screen of a closed store shows; `None` when it is not closed.
    pub(super) fn closed_desk(&self) -> Option<SessionState> {
        let device = self.staff.secret().filter(|_| self.store().is_err())?;
        let desk = ClosedDesk::load(&self.parts.folder, &device);
        let demo_accounts = if desk.is_demo { demo::accounts() } else { Vec::new() };
        let (clinic, waiting) = (desk.clinic, Vec::new());
        Some(SessionState::SignedOut { clinic, mail: false, demo_accounts, waiting, closed: true })
    }

    fn is_somebody_here(&self) -> Answer<bool> {
        Ok(!matches!(self.present()?, Present::Nobody)
            || self.half_way()?.is_some()
            || self.proven()?.is_some()
            || !self.waiting()?.is_empty())
    }
}
