//! Who sits at this desk: the one session of this process, and whether it is locked. In memory only.

use std::time::Duration;

use crate::app::Actor;

/// The state of this desk.
#[derive(Debug, Default)]
pub struct Desk {
    /// Who is signed in, locked or not.
    pub(crate) actor: Option<Actor>,
    /// Locked: nothing but unlocking and signing out.
    pub(crate) locked: bool,
    /// When the last touch was, by the monotonic clock.
    pub(crate) last_touch: Duration,
}

impl crate::App {
    /// Who acts at this desk now. Every command of a signed-in person passes here: an ended session, a deactivated
    /// account or an idle desk is noticed before anything is done.
    ///
    /// # Errors
    /// [`crate::AppError::NotSignedIn`], [`crate::AppError::Locked`].
    pub fn actor(&self) -> crate::Answer<Actor> {
        todo!()
    }
}
