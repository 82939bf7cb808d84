//! Somebody else sits down at the desk: whoever was here waits behind the lock, with everything where it was (AU-22).

use super::access_view::SwitchUser;
use super::desk::Present;
use crate::app::App;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

impl App {
    /// Locks the desk for whoever is here and brings somebody to it who waits: the one of this session, else whoever waits
    /// longest. The desk stays locked until that person unlocks it. Where nobody waits, it is free for a sign-in.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nobody waits with this session; faults of the store.
    pub fn switch_user(&self, request: SwitchUser) -> Answer<SessionState> {
        let waiting = self.waiting()?;
        let chosen = match request.session_id {
            Some(id) if waiting.iter().all(|(session, _)| *session != id) => return Err(AppError::NotFound),
            Some(id) => Some(id),
            None => waiting.first().map(|(session, _)| *session),
        };
        self.park_seat()?;
        if let Some(session) = chosen {
            self.bring_seat(session);
        }
        self.session_state()
    }

    /// Locks the desk for whoever is here and frees it for a sign-in.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn free_desk(&self) -> Answer<SessionState> {
        if !matches!(self.present()?, Present::Nobody) {
            self.park_seat()?;
        }
        self.session_state()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Actor;
    use crate::audit::view::Op;
    use crate::identity::access_view::{SetPin, UnlockWithPin};
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::view::{SetAccountActive, Unlock};
    use clinic_domain::identity::role::Role;

    const PIN: &str = "4711";

    fn switch(clinic: &Clinic) -> SessionState {
        clinic.app.switch_user(SwitchUser { session_id: None }).unwrap()
    }

    fn unlock(clinic: &Clinic) -> Actor {
        clinic.app.unlock(Unlock { password: PASSWORD.into() }).unwrap();
        clinic.app.actor().unwrap()
    }

    fn names(state: &SessionState) -> Vec<&str> {
        let (SessionState::SignedOut { waiting, .. } | SessionState::Locked { waiting, .. }) = state else {
            panic!("{state:?}")
        };
        waiting.iter().map(|person| person.name.as_str()).collect()
    }

    /// Ada waits behind the lock and Noor, at the front desk, works.
    fn two() -> (Clinic, Actor, Actor) {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        let ada = clinic.admin();
        assert_eq!(names(&switch(&clinic)), ["ada Test"]);
        clinic.sign_in("noor", PASSWORD).unwrap();
        let noor = clinic.app.actor().unwrap();
        (clinic, ada, noor)
    }

    #[test]
    fn two_people_take_turns_each_in_the_own_session() {
        let (clinic, ada, noor) = two();
        for _ in 0..3 {
            let state = switch(&clinic);
            assert!(matches!(&state, SessionState::Locked { name, .. } if name == "ada Test"), "{state:?}");
            assert_eq!(names(&state), ["noor Test"]);
            assert_eq!(unlock(&clinic), ada);
            switch(&clinic);
            assert_eq!(unlock(&clinic), noor);
        }
    }

    #[test]
    fn each_has_to_unlock_with_what_is_the_own() {
        let (clinic, _, noor) = two();
        clinic.app.set_pin(&noor, SetPin { pin: Some(PIN.into()) }).unwrap();
        switch(&clinic);
        assert_eq!(clinic.app.actor().unwrap_err(), AppError::Locked);
        let by_pin = || clinic.app.unlock_with_pin(UnlockWithPin { pin: PIN.into() });
        assert_eq!(by_pin().unwrap_err(), AppError::WrongState, "it is Noor's, and Ada's turn");
        switch(&clinic);
        assert!(matches!(by_pin().unwrap(), SessionState::SignedIn { me, .. } if me.name == "noor Test"));
        assert_eq!(clinic.app.actor().unwrap(), noor);
    }

    #[test]
    fn the_log_names_whoever_acted() {
        let (clinic, ada, noor) = two();
        switch(&clinic);
        unlock(&clinic);
        let ops = [Op::SignIn, Op::Lock, Op::SignIn, Op::Lock, Op::Unlock];
        assert_eq!(clinic.ops(), ops);
        let actors: Vec<Vec<u8>> = clinic.read(|conn| {
            let mut rows =
                conn.prepare("SELECT actor_id FROM audit WHERE actor_id IS NOT NULL ORDER BY seq")?;
            Ok(rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        });
        let id = |actor: &Actor| actor.person.account.bytes().to_vec();
        assert_eq!(actors, [id(&ada), id(&ada), id(&noor), id(&noor), id(&ada)]);
    }

    #[test]
    fn somebody_can_be_chosen_and_nobody_else() {
        let (clinic, ada, noor) = two();
        let chosen = clinic.app.switch_user(SwitchUser { session_id: Some(ada.session) }).unwrap();
        assert!(matches!(chosen, SessionState::Locked { name, .. } if name == "ada Test"));
        let own = clinic.app.switch_user(SwitchUser { session_id: Some(ada.session) });
        assert_eq!(own.unwrap_err(), AppError::NotFound, "she does not wait, she is here");
        clinic.app.switch_user(SwitchUser { session_id: Some(noor.session) }).unwrap();
        assert_eq!(unlock(&clinic), noor);
    }

    #[test]
    fn who_signs_in_again_waits_no_longer() {
        let (clinic, ada, _) = two();
        clinic.app.free_desk().unwrap();
        clinic.sign_in("ada", PASSWORD).unwrap();
        let again = clinic.app.actor().unwrap();
        assert_ne!(again.session, ada.session);
        assert_eq!(clinic.app.list_sessions(&again).unwrap().len(), 1, "the one that waited has ended");
        assert_eq!(names(&clinic.app.lock().unwrap()), ["noor Test"]);
    }

    #[test]
    fn who_was_deactivated_or_ran_out_waits_no_longer() {
        let (clinic, ada, noor) = two();
        switch(&clinic);
        assert_eq!(unlock(&clinic), ada);
        let request = SetAccountActive {
            id: noor.person.account,
            rev: clinic.load(noor.person.account).1,
            active: false,
        };
        clinic.app.set_account_active(&ada, request).unwrap();
        assert_eq!(names(&clinic.app.lock().unwrap()), [""; 0]);
        assert!(matches!(switch(&clinic), SessionState::SignedOut { .. }));
        clinic.wait(12 * 3600);
        assert_eq!(names(&clinic.app.session_state().unwrap()), [""; 0]);
    }

    #[test]
    fn a_ninth_who_waits_ends_the_session_of_the_first() {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        for n in 0..9 {
            clinic.app.free_desk().unwrap();
            clinic.account(&format!("desk{n}"), Role::FrontDesk, None);
            clinic.sign_in(&format!("desk{n}"), PASSWORD).unwrap();
        }
        let state = clinic.app.free_desk().unwrap();
        assert_eq!(names(&state).len(), 8);
        assert!(!names(&state).contains(&"ada Test"));
        let again = clinic.app.switch_user(SwitchUser { session_id: Some(ada.session) });
        assert_eq!(again.unwrap_err(), AppError::NotFound);
    }

    #[test]
    fn an_empty_desk_stays_empty() {
        let clinic = Clinic::new();
        assert_eq!(names(&switch(&clinic)), [""; 0]);
        assert_eq!(names(&clinic.app.free_desk().unwrap()), [""; 0]);
        assert!(clinic.ops().is_empty());
    }
}
