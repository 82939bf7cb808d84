//! Unlocks the desk for whom it was locked.

use super::desk::Present;
use super::throttle::Whose;
use crate::app::App;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::{SessionState, Unlock};

impl App {
    /// Unlocks the desk with the password of whom it was locked for.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], which is written down and counted; [`AppError::Throttled`] and
    /// [`AppError::PasswordClosed`] after too many of them; [`AppError::NotSignedIn`] when the session has ended in the
    /// meantime; faults of the store.
    pub fn unlock(&self, request: Unlock) -> Answer<SessionState> {
        match self.present()? {
            Present::Nobody => Err(AppError::NotSignedIn),
            Present::Here(..) | Present::Held(..) => self.session_state(),
            Present::Locked(_, actor) => {
                let (device, now) = (self.this_device()?, self.now());
                let tried = self.count_try(&device, Whose::Known(actor.person.account))?;
                if !tried.fits(self.hash_cost()?, &request.password)? {
                    return Err(self.wrong_password(&device, &tried, &actor.entry(Op::UnlockFailed, now)));
                }
                self.store()?.keep(Some(&actor.entry(Op::Unlock, now)), |conn| tried.right(conn, now))?;
                self.touch_seat(actor.session, true);
                self.prove_seat(actor.session);
                self.session_state()
            }
        }
    }
}
