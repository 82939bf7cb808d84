//! Unlocks the desk for whom it was locked.

use super::desk::Present;
use super::hashing;
use crate::app::App;
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::{SessionState, Unlock};

impl App {
    /// Unlocks the desk with the password of whom it was locked for.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], which is written down; [`AppError::NotSignedIn`] when the session has ended in
    /// the meantime; faults of the store.
    pub fn unlock(&self, request: Unlock) -> Answer<SessionState> {
        let password = zeroize::Zeroizing::new(request.password);
        match self.present()? {
            Present::Nobody => Err(AppError::NotSignedIn),
            Present::Here(..) => self.session_state(),
            Present::Locked(account, actor) => {
                let op = match hashing::verify(&password, &account.password_hash) {
                    true => Op::Unlock,
                    false => Op::UnlockFailed,
                };
                self.store()?.note(&actor.entry(op, self.now()))?;
                if op == Op::UnlockFailed {
                    return Err(AppError::WrongCredentials);
                }
                self.touch_seat(actor.session, true);
                self.session_state()
            }
        }
    }
}
