//! The PIN of a session (AU-22): chosen for as long as one is signed in here, kept as a hash in the memory of this process
//! and nowhere else, good for nothing but unlocking.

use clinic_domain::id::SessionId;
use clinic_domain::identity::pin::{TRIES, check_pin};
use clinic_domain::identity::policy::Action;

use super::access_view::{PinState, SetPin, UnlockWithPin};
use super::desk::Present;
use super::hashing;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

/// A PIN as a desk keeps it. Cannot be printed, because it holds a hash.
#[derive(Clone)]
pub(super) struct Pin {
    hash: String,
    /// How many digits it has, so that its last one can send it.
    digits: u8,
    /// Tries that are left.
    tries: u8,
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pin").field("tries", &self.tries).finish_non_exhaustive()
    }
}

impl App {
    /// Whether the own session has a PIN.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn read_pin(&self, actor: &Actor) -> Answer<PinState> {
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        Ok(PinState { set: self.pin_digits(actor.session).is_some() })
    }

    /// Gives the own session a PIN, or takes it away.
    ///
    /// # Errors
    /// [`AppError::Validation`] with the path `pin`; [`AppError::Forbidden`]; faults of the store.
    pub fn set_pin(&self, actor: &Actor, request: SetPin) -> Answer<PinState> {
        self.read(actor, Action::ManageOwnSession, |_, _| Ok(()))?;
        let pin = match &request.pin {
            Some(pin) => {
                check_pin("pin", pin).map_err(|error| AppError::Validation { fields: vec![error] })?;
                let digits = u8::try_from(pin.expose().len()).unwrap_or(u8::MAX);
                Some(Pin { hash: self.hash_password(pin)?, digits, tries: TRIES })
            }
            None => None,
        };
        let op = if pin.is_some() { Op::SetPin } else { Op::RemovePin };
        self.store()?.note(&actor.entry(op, self.now()))?;
        self.with_pin(actor.session, |kept| *kept = pin);
        self.read_pin(actor)
    }

    /// Unlocks the desk with the PIN of the session it was locked in. The password is not proven by it.
    ///
    /// # Errors
    /// [`AppError::PinRefused`], which is written down; [`AppError::WrongState`] where the session has no PIN, or no more;
    /// [`AppError::NotSignedIn`] when it has ended in the meantime; faults of the store.
    pub fn unlock_with_pin(&self, request: UnlockWithPin) -> Answer<SessionState> {
        let actor = match self.present()? {
            Present::Nobody => return Err(AppError::NotSignedIn),
            Present::Here(..) | Present::Held(..) => return self.session_state(),
            Present::Locked(_, actor) => actor,
        };
        // Counted before it is looked at, so that of many at once no more than the tries are.
        let counted = self.with_pin(actor.session, |kept| {
            let pin = kept.as_mut().filter(|pin| pin.tries > 0)?;
            pin.tries -= 1;
            Some(pin.clone())
        });
        let Pin { hash, tries, .. } = counted.flatten().ok_or(AppError::WrongState)?;
        if !hashing::verify(&request.pin, &hash) {
            let op = if tries == 0 { Op::PinClosed } else { Op::UnlockFailed };
            self.store()?.note(&actor.entry(op, self.now()))?;
            return Err(AppError::PinRefused { tries_left: tries });
        }
        self.store()?.note(&actor.entry(Op::UnlockWithPin, self.now()))?;
        self.with_pin(actor.session, |kept| kept.iter_mut().for_each(|pin| pin.tries = TRIES));
        self.touch_seat(actor.session, true);
        self.session_state()
    }

    /// How many digits the PIN of a session has, if one still unlocks.
    pub(super) fn pin_digits(&self, session: SessionId) -> Option<u8> {
        let digits = |kept: &mut Option<Pin>| Some(kept.as_ref().filter(|pin| pin.tries > 0)?.digits);
        self.with_pin(session, digits).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::view::Unlock;

    const PIN: &str = "471108";

    fn set(clinic: &Clinic, actor: &Actor, pin: Option<&str>) -> Answer<PinState> {
        clinic.app.set_pin(actor, SetPin { pin: pin.map(Into::into) })
    }

    fn unlock(clinic: &Clinic, pin: &str) -> Answer<SessionState> {
        clinic.app.unlock_with_pin(UnlockWithPin { pin: pin.into() })
    }

    /// Somebody who has a PIN and has locked the desk.
    fn locked() -> (Clinic, Actor) {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        assert_eq!(set(&clinic, &ada, Some(PIN)).unwrap(), PinState { set: true });
        let state = clinic.app.lock().unwrap();
        assert!(matches!(state, SessionState::Locked { pin: Some(6), .. }), "{state:?}");
        (clinic, ada)
    }

    #[test]
    fn a_pin_unlocks_the_session_it_was_chosen_in() {
        let (clinic, ada) = locked();
        assert!(matches!(unlock(&clinic, PIN).unwrap(), SessionState::SignedIn { .. }));
        assert_eq!(clinic.app.actor().unwrap(), ada);
        assert_eq!(clinic.ops(), [Op::SignIn, Op::SetPin, Op::Lock, Op::UnlockWithPin]);
    }

    #[test]
    fn after_five_wrong_ones_only_the_password_unlocks() {
        let (clinic, _) = locked();
        for left in (0..5).rev() {
            assert_eq!(unlock(&clinic, "4712").unwrap_err(), AppError::PinRefused { tries_left: left });
        }
        assert_eq!(unlock(&clinic, PIN).unwrap_err(), AppError::WrongState);
        let state = clinic.app.session_state().unwrap();
        assert!(matches!(state, SessionState::Locked { pin: None, .. }), "{state:?}");
        assert_eq!(clinic.ops().last(), Some(&Op::PinClosed));
        clinic.app.unlock(Unlock { password: PASSWORD.into() }).unwrap();
        clinic.app.lock().unwrap();
        assert_eq!(unlock(&clinic, PIN).unwrap_err(), AppError::WrongState, "the password revives no PIN");
    }

    #[test]
    fn a_right_pin_gives_the_tries_back() {
        let (clinic, _) = locked();
        for _ in 0..3 {
            for left in [4, 3, 2, 1] {
                assert_eq!(unlock(&clinic, "4712").unwrap_err(), AppError::PinRefused { tries_left: left });
            }
            unlock(&clinic, PIN).unwrap();
            clinic.app.lock().unwrap();
        }
    }

    #[test]
    fn of_fifty_at_once_five_are_looked_at() {
        let (clinic, _) = locked();
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..50).map(|_| scope.spawn(|| unlock(&clinic, "4712"))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap_err()).collect()
        });
        let looked_at = answers.iter().filter(|answer| matches!(answer, AppError::PinRefused { .. }));
        assert_eq!(looked_at.count(), 5);
    }

    #[test]
    fn a_pin_dies_with_its_session_and_opens_none() {
        let (clinic, _) = locked();
        clinic.app.sign_out().unwrap();
        assert_eq!(unlock(&clinic, PIN).unwrap_err(), AppError::NotSignedIn);
        let again = clinic.admin();
        assert_eq!(clinic.app.read_pin(&again).unwrap(), PinState { set: false });
        clinic.app.lock().unwrap();
        assert_eq!(unlock(&clinic, PIN).unwrap_err(), AppError::WrongState);
    }

    #[test]
    fn a_pin_is_no_proof_of_the_password_and_prolongs_no_session() {
        let (clinic, ada) = locked();
        clinic.wait(5 * 60);
        unlock(&clinic, PIN).unwrap();
        assert_eq!(clinic.app.freshly_proven(ada).unwrap_err(), AppError::ReauthenticationRequired);
        clinic.wait(12 * 3600);
        assert_eq!(unlock(&clinic, PIN).unwrap_err(), AppError::NotSignedIn);
    }

    #[test]
    fn a_pin_is_taken_away_and_never_in_the_store() {
        let (clinic, ada) = locked();
        let texts: Vec<String> = clinic.read(|conn| {
            let mut texts =
                conn.prepare("SELECT body || words FROM audit UNION ALL SELECT args FROM outbox")?;
            Ok(texts.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        });
        assert!(!texts.iter().any(|text| text.contains(PIN)));
        unlock(&clinic, PIN).unwrap();
        assert_eq!(set(&clinic, &ada, None).unwrap(), PinState { set: false });
        assert!(matches!(clinic.app.lock().unwrap(), SessionState::Locked { pin: None, .. }));
    }
}
