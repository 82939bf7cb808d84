//! How a person wants the screen.

use clinic_domain::identity::policy::Action;

use super::store_account;
use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::Preferences;

impl App {
    /// Keeps how a person wants the screen. No act: nothing of the clinic changes, and there is nothing to write down.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn set_preferences(&self, actor: &Actor, request: Preferences) -> Answer<Preferences> {
        // Everybody may; asked all the same, so that there is one table that says so.
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        let account = actor.person.account;
        self.store()?.keep(None, |conn| store_account::set_preferences(conn, account, &request))?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use crate::identity::fixture::Clinic;
    use crate::identity::view::{Density, Preferences, SessionState, Theme};

    #[test]
    fn the_screen_is_as_it_was_left_and_nothing_is_written_down() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let written = clinic.ops().len();
        let wanted = Preferences { theme: Theme::Dark, density: Density::Compact, single_letter_keys: false };
        clinic.app.set_preferences(&ada, wanted).unwrap();
        let SessionState::SignedIn { me, .. } = clinic.app.session_state().unwrap() else { panic!() };
        assert_eq!(me.preferences, wanted);
        assert_eq!(clinic.ops().len(), written);
        assert_eq!(clinic.load(ada.person.account).1, 1, "an open form of the account is not stale");
    }
}
