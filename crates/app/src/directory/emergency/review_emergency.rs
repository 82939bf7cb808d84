//! An administrator has looked at an emergency access.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use clinic_domain::validation::check_lines;

use super::extend_emergency::about;
use super::record::Emergency;
use super::store;
use super::view::ReviewEmergency;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Act, sql};
use crate::error::{Answer, AppError};

impl App {
    /// Writes down that an emergency access was looked at, with a remark or without. Once, and after it is over: what is
    /// read later would be looked at by nobody. No proof of who is there is asked for: it gives nobody anything.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::WrongState`] while it is open; [`AppError::Stale`] when somebody was faster;
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn review_emergency(&self, actor: &Actor, request: ReviewEmergency) -> Answer<()> {
        let action_id = ActionId(self.new_id()?);
        let act = self.act(
            Op::ReviewEmergency,
            Action::ReviewEmergencies,
            action_id,
            "emergency.review",
            &request,
        )?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            let remark = check_lines("remark", &request.remark, 0, 500)
                .map_err(|wrong| AppError::Validation { fields: vec![wrong] })?;
            let (one, _) = tx.get::<Emergency>(request.id.0)?;
            if one.reviewed_at.is_some() {
                return Err(AppError::Stale { by: store::reviewed_by(tx.conn(), one.id)? });
            }
            if one.opening().is_open(tx.now) {
                return Err(AppError::WrongState);
            }
            about(tx, &one)?;
            tx.because(remark.clone());
            let (reviewed_at, reviewed_by) =
                (Some(sql::instant(sql::ms(tx.now))), Some(actor.person.account));
            tx.put(&Emergency { reviewed_at, reviewed_by, remark, ..one }).map(drop)
        })
    }
}
