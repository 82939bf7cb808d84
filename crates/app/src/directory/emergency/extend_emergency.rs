//! Gives an emergency access more time, once, for a second reason.

use clinic_domain::id::ActionId;
use clinic_domain::identity::emergency::check_words;
use clinic_domain::identity::policy::{Action, Ownership};

use super::record::Emergency;
use super::view::{ExtendEmergency, RunningEmergency};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Act, Tx};
use crate::directory::record::Patient;
use crate::error::{Answer, AppError};

impl App {
    /// Prolongs the emergency access that runs in this session by another hour.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::WrongState`] the second time; [`AppError::NotFound`] for one that is over or
    /// another session's; [`AppError::Forbidden`]; faults of the store.
    pub fn extend_emergency(&self, actor: &Actor, request: ExtendEmergency) -> Answer<RunningEmergency> {
        let action_id = ActionId(self.new_id()?);
        let act =
            self.act(Op::ExtendEmergency, Action::OpenInEmergency, action_id, "emergency.extend", &request)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let words = check_words("words", &request.words)
                .map_err(|wrong| AppError::Validation { fields: vec![wrong] })?;
            let open = self.open_emergency(tx.conn(), actor)?.filter(|open| open.id == request.id);
            let open = open.ok_or(AppError::NotFound)?;
            let until = open.opening().extended(tx.now).ok_or(AppError::WrongState)?.until;
            about(tx, &open)?;
            tx.because(words.clone());
            tx.put(&Emergency { until, second_reason: Some(request.reason), second_words: words, ..open })
        })?;
        self.emergencies.extend(request.id);
        self.running_emergency(actor)?.ok_or(AppError::NotFound)
    }
}

/// Names the access, and the patient in words.
///
/// # Errors
/// [`AppError::NotFound`]; faults of the store.
pub(super) fn about(tx: &mut Tx<'_>, one: &Emergency) -> Answer<()> {
    let (patient, _) = tx.get::<Patient>(one.patient_id.0)?;
    tx.about(one.id.0, patient.subject(), Some(patient.id.0));
    Ok(())
}
