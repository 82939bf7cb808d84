//! Opens the record of somebody else's patient in an emergency.

use clinic_domain::id::EmergencyId;
use clinic_domain::identity::emergency::{Opening, check_words};
use clinic_domain::identity::policy::{Action, Ownership};
use serde::Serialize;

use super::record::Emergency;
use super::told::tell;
use super::view::{OpenInEmergency, RunningEmergency};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Act, Tx, sql};
use crate::directory::record::Patient;
use crate::directory::whose::whose;
use crate::error::{Answer, AppError};

/// The command as the outbox keeps it.
#[derive(Serialize)]
struct Command<'a> {
    id: EmergencyId,
    #[serde(flatten)]
    request: &'a OpenInEmergency,
}

impl App {
    /// Opens the record of somebody else's patient to this session, to be read for an hour. The reason, the notices and
    /// the entry are in one transaction: without them nothing is open. What the same session opened before closes, since
    /// the screen names one patient only.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::WrongState`] for an own patient, whose record is open anyway;
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn open_in_emergency(&self, actor: &Actor, request: OpenInEmergency) -> Answer<RunningEmergency> {
        let (id, elapsed) = (EmergencyId(self.new_id()?), self.parts.clock.elapsed());
        let command = Command { id, request: &request };
        let act = self.act(
            Op::OpenInEmergency,
            Action::OpenInEmergency,
            request.request_id,
            "emergency.open",
            &command,
        )?;
        let is_new = self.transact(actor, Act { undoable: false, ..act }, |tx| {
            // What somebody opens is their own.
            tx.owned(Ownership::Own)?;
            if tx.earlier(request.request_id)?.is_some() {
                return Ok(false);
            }
            open(self, tx, id, &request).map(|()| true)
        })?;
        if is_new {
            self.emergencies.open(id, elapsed);
        }
        self.running_emergency(actor)?.ok_or(AppError::NotFound)
    }
}

fn open(app: &App, tx: &mut Tx<'_>, id: EmergencyId, request: &OpenInEmergency) -> Answer<()> {
    let words =
        check_words("words", &request.words).map_err(|wrong| AppError::Validation { fields: vec![wrong] })?;
    let (patient, _) = tx.get::<Patient>(request.patient_id.0)?;
    if whose(tx.conn(), tx.actor, patient.id)? == Ownership::Own {
        return Err(AppError::WrongState);
    }
    let now = sql::instant(sql::ms(tx.now));
    if let Some(before) = app.open_emergency(tx.conn(), tx.actor)? {
        let ended = before.opening().ended(now).ended;
        tx.put(&Emergency { ended, ..before })?;
    }
    let Opening { from, until, ended, .. } = Opening::at(now);
    let opened = Emergency {
        id,
        account_id: tx.actor.person.account,
        session_id: tx.actor.session,
        device: tx.actor.device.clone(),
        patient_id: patient.id,
        reason: request.reason,
        words: words.clone(),
        second_reason: None,
        second_words: String::new(),
        from,
        until,
        ended,
        reviewed_at: None,
        reviewed_by: None,
        remark: String::new(),
    };
    tx.put(&opened)?;
    tell(app, tx, &opened, patient.form.doctor_id)?;
    tx.about(id.0, patient.subject(), Some(patient.id.0));
    tx.because(words);
    Ok(())
}
