//! What the clinic decides about security: read and changed (AU-9, AU-16, AU-18, AU-22).

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::security_policy::check_security_policy;
use clinic_domain::validation::FieldError;
use serde_json::json;

use super::security_policy_view::{EditSecurityPolicy, SecurityPolicyView};
use super::store_security_policy::{self as store, ClinicSecurity};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::store as clinic;
use crate::db::Act;
use crate::error::{Answer, AppError};

impl App {
    /// The security policy of the clinic, and who has a second factor.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; faults of the store.
    pub fn read_security_policy(&self, actor: &Actor) -> Answer<SecurityPolicyView> {
        self.read(actor, Action::EditClinic, |conn, _| view(conn))
    }

    /// Changes the security policy. It holds from the next command on: who must have a second factor and has none gets
    /// no further than setting one up once the days of grace are over. Sessions that are open keep the end they began with.
    ///
    /// # Errors
    /// [`AppError::Validation`] with paths `form.<field>`; [`AppError::Stale`]; [`AppError::Forbidden`]; faults of the
    /// store.
    pub fn edit_security_policy(
        &self,
        actor: &Actor,
        request: EditSecurityPolicy,
    ) -> Answer<SecurityPolicyView> {
        let policy = check_security_policy(&request.form).map_err(|wrong| AppError::Validation {
            fields: wrong
                .into_iter()
                .map(|error| FieldError { field: format!("form.{}", error.field), ..error })
                .collect(),
        })?;
        let action_id = ActionId(self.new_id()?);
        let command = json!({ "policy": policy });
        let act =
            self.act(Op::EditSecurityPolicy, Action::EditClinic, action_id, "security.edit", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            if store::load(tx.conn())?.1 != request.rev {
                return Err(AppError::Stale { by: None });
            }
            let clinic = clinic::load(tx.conn())?.0;
            tx.about(clinic.id, clinic.profile.name, None);
            let before = store::demanded_since(tx.conn())?;
            tx.put(&ClinicSecurity::decided(clinic.id, policy, &before, tx.now))?;
            view(tx.conn())
        })
    }
}

fn view(conn: &rusqlite::Connection) -> Answer<SecurityPolicyView> {
    let (policy, rev) = store::load(conn)?;
    Ok(SecurityPolicyView { rev, policy, factors: store::factors(conn)? })
}
