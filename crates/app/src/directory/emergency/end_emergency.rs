//! Closes a record that was opened in an emergency before its time.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::{Action, Ownership};

use super::extend_emergency::about;
use super::record::Emergency;
use super::view::EndEmergency;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Act, sql};
use crate::error::{Answer, AppError};

impl App {
    /// Closes the record again.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an access that is over or another session's; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn end_emergency(&self, actor: &Actor, request: EndEmergency) -> Answer<()> {
        let action_id = ActionId(self.new_id()?);
        let act =
            self.act(Op::EndEmergency, Action::OpenInEmergency, action_id, "emergency.end", &request)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let open = self.open_emergency(tx.conn(), actor)?.filter(|open| open.id == request.id);
            let open = open.ok_or(AppError::NotFound)?;
            about(tx, &open)?;
            let ended = open.opening().ended(sql::instant(sql::ms(tx.now))).ended;
            tx.put(&Emergency { ended, ..open }).map(drop)
        })
    }
}
