//! Says how mail leaves the clinic.

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use serde_json::json;
use uuid::Uuid;

use super::form::{self, Password};
use super::password::Kept;
use super::settings::MailSettings;
use super::view::{EditMail, MailView, PasswordPlace};
use super::{password, read_mail, settings, store};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};

impl App {
    /// Says how mail leaves the clinic. What waits is tried at once: it may have waited for this.
    ///
    /// # Errors
    /// [`AppError::Validation`] with paths `form.<field>` and `password`; [`AppError::Stale`]; [`AppError::Forbidden`];
    /// faults of the store.
    pub fn edit_mail(&self, actor: &Actor, request: EditMail) -> Answer<MailView> {
        let saved = self.read(actor, Action::EditClinic, |conn, _| settings::find(conn))?;
        if saved.as_ref().map_or(0, |(_, rev)| *rev) != request.rev {
            return Err(AppError::Stale { by: None });
        }
        let saved = saved.map(|(settings, _)| settings);
        let (server, chosen) = form::check(&request.form, request.password, saved.as_ref())?;
        let id = match &saved {
            Some(settings) => settings.id,
            None => self.new_id()?,
        };
        let kept = self.keep_mail_password(id, &chosen)?;
        let action_id = ActionId(self.new_id()?);
        // The command that goes into the outbox holds no secret either.
        let act =
            self.act(Op::EditMail, Action::EditClinic, action_id, "mail.edit", &json!({ "server": server }))?;
        let (view, was) = self.transact(actor, Act { undoable: false, ..act }, |tx| {
            let before = settings::find(tx.conn())?;
            if before.as_ref().map_or(0, |(_, rev)| *rev) != request.rev {
                return Err(AppError::Stale { by: None });
            }
            let password_set = match &chosen {
                Password::None => None,
                Password::Saved => before.and_then(|(settings, _)| settings.password_set),
                Password::Typed(_) => Some(tx.now),
            };
            tx.about(id, server.host.clone(), None);
            tx.put(&MailSettings { id, server, password_set })?;
            let was = password::place(tx.conn())?;
            if !matches!(chosen, Password::Saved) {
                password::write(tx.conn(), kept.as_ref())?;
            }
            store::try_now(tx.conn(), tx.now)?;
            Ok((read_mail::view(tx.conn(), tx.now)?, was))
        })?;
        if was == Some(PasswordPlace::Keystore) && view.password.is_none() {
            password::forget(self, id);
        }
        Ok(view)
    }

    fn keep_mail_password(&self, settings: Uuid, chosen: &Password) -> Answer<Option<Kept>> {
        match chosen {
            Password::Typed(typed) => password::keep(self, settings, typed).map(Some),
            Password::None | Password::Saved => Ok(None),
        }
    }
}
