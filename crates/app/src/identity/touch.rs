//! Somebody is at the desk: starts the idle time anew.

use super::desk::Present;
use super::store_session;
use crate::app::App;
use crate::error::Answer;

impl App {
    /// Somebody is at the desk: starts the idle time anew. A locked or empty desk stays as it is.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn touch(&self) -> Answer<()> {
        let (Present::Here(_, actor) | Present::Held(_, actor, _)) = self.present()? else {
            return Ok(());
        };
        self.touch_seat(actor.session, false);
        let (store, now) = (self.store()?, self.now());
        // Asked on a reading connection first: this comes with every key and nearly always has nothing to write.
        if store.read(|conn| store_session::is_touch_due(conn, actor.session, now))? {
            store.keep(None, |conn| store_session::touch(conn, actor.session, now))?;
        }
        Ok(())
    }
}
