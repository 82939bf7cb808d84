//! Changes the settings of the clinic.

use clinic_domain::id::{ActionId, AppointmentTypeId};
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::hours::check_closed_days;
use clinic_domain::validation::{FieldError, FieldRule};
use serde_json::json;

use super::record::{AppointmentType, Clinic};
use super::view::{AppointmentTypeForm, ClinicChanged, EditClinic};
use super::{check, store};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Tx;
use crate::error::{Answer, AppError};

impl App {
    /// Changes the settings of the clinic. Appointments that the new hours would not allow stay as they are. The zone
    /// is fixed with the first appointment: local days and what is kept for each of them hang on it.
    ///
    /// # Errors
    /// [`AppError::Validation`] naming each field; [`AppError::Stale`]; [`AppError::Forbidden`]; faults of the store.
    pub fn edit_clinic(&self, actor: &Actor, request: EditClinic) -> Answer<ClinicChanged> {
        let checked = check(request)?;
        let action_id = ActionId(self.new_id()?);
        let new_ids = checked.appointment_types.iter().map(|_| self.new_id()).collect::<Answer<Vec<_>>>()?;
        let command = json!({
            "profile": checked.profile,
            "hours": checked.hours,
            "closed_days": checked.closed_days,
            "slot_minutes": checked.slot_minutes,
            "late_after_minutes": checked.late_after_minutes,
            "types": checked.appointment_types.iter().map(|kind| json!([kind.id, kind.name, kind.minutes]))
                .collect::<Vec<_>>(),
            "new_type_ids": new_ids,
        });
        let act = self.act(Op::EditClinic, Action::EditClinic, action_id, "clinic.edit", &command)?;
        let clinic = self.transact(actor, act, |tx| {
            let (before, rev) = store::load(tx.conn())?;
            if rev != checked.rev {
                return Err(AppError::Stale { by: None });
            }
            let moved = checked.profile.time_zone != before.profile.time_zone;
            if moved && store::has_appointments(tx.conn())? {
                let fields = vec![FieldError::new("profile.time_zone", FieldRule::Fixed)];
                return Err(AppError::Validation { fields });
            }
            tx.about(before.id, checked.profile.name.clone(), None);
            let after = Clinic {
                profile: checked.profile.clone(),
                hours: checked.hours.clone(),
                closed_days: checked.closed_days.clone(),
                slot_minutes: checked.slot_minutes,
                late_after_minutes: checked.late_after_minutes,
                ..before
            };
            tx.put(&after)?;
            let ids = new_ids.iter().copied().map(AppointmentTypeId);
            put_types(tx, &checked.appointment_types, ids)?;
            store::view(tx.conn())
        })?;
        Ok(ClinicChanged { action_id, clinic })
    }
}

/// The request as it is to be stored.
fn check(request: EditClinic) -> Answer<EditClinic> {
    let mut fields = check::hours(&request.hours, request.slot_minutes);
    fields.extend(check_closed_days("closed_days", &request.closed_days));
    fields.extend(check::minutes("late_after_minutes", request.late_after_minutes, 1, 240));
    let profile = check::profile("profile", &request.profile).unwrap_or_else(|wrong| {
        fields.extend(wrong);
        request.profile.clone()
    });
    let appointment_types = check::types(&request.appointment_types).unwrap_or_else(|wrong| {
        fields.extend(wrong);
        Vec::new()
    });
    if !fields.is_empty() {
        return Err(AppError::Validation { fields });
    }
    let mut closed_days = request.closed_days;
    closed_days.sort_by_key(|day| day.date);
    Ok(EditClinic { profile, appointment_types, closed_days, ..request })
}

/// Writes the kinds of appointment that changed, and retires those that were left out.
fn put_types(
    tx: &mut Tx<'_>,
    forms: &[AppointmentTypeForm],
    new_ids: impl Iterator<Item = AppointmentTypeId>,
) -> Answer<()> {
    let known = store::types(tx.conn())?;
    for ((position, form), new_id) in (0u32..).zip(forms).zip(new_ids) {
        let id = form.id.unwrap_or(new_id);
        let before = known.iter().find(|kind| kind.id == id);
        if form.id.is_some() && before.is_none() {
            return Err(AppError::NotFound);
        }
        let after =
            AppointmentType { id, name: form.name.clone(), minutes: form.minutes, position, retired: false };
        if before != Some(&after) {
            tx.put(&after)?;
        }
    }
    let kept = |kind: &AppointmentType| forms.iter().any(|form| form.id == Some(kind.id));
    for kind in known.iter().filter(|kind| !kind.retired && !kept(kind)) {
        tx.put(&AppointmentType { retired: true, ..kind.clone() })?;
    }
    Ok(())
}
