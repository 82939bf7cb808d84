//! Takes an act back (FD-5): puts every record it changed back the way it was, in a new act that is written down like
//! any other and can be taken back in turn.

use clinic_domain::id::{ActionId, AppointmentId};
use clinic_domain::identity::policy::{Action, Ownership};
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Done, Image};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::{Noun, Record, Tx};
use crate::directory::record::{Doctor, DoctorException, Patient};
use crate::error::{Answer, AppError};
use crate::history::view::{Undo, Undone};
use crate::scheduling::appointment::Appointment;
use crate::scheduling::restore;

/// The command as the outbox keeps it.
#[derive(Serialize)]
struct Command {
    action_id: ActionId,
}

impl App {
    /// Takes an act back (FD-5): the one that is named, or the session's last one that can be. Only own acts; the act
    /// that does it can be taken back in turn, which does the first one again.
    ///
    /// # Errors
    /// [`AppError::NothingToUndo`]; [`AppError::Stale`] when a record was changed since; [`AppError::Refused`] when the
    /// slot has been taken since; [`AppError::Forbidden`] for another's act; faults of the store.
    pub fn undo(&self, actor: &Actor, request: Undo) -> Answer<Undone> {
        let target = self
            .read(actor, Action::Undo, |conn, _| match request.action_id {
                Some(action) => store::act(conn, action),
                None => store::last(conn, actor.session),
            })?
            .ok_or(AppError::NothingToUndo)?;
        let action_id = ActionId(self.new_id()?);
        let command = Command { action_id: target.action };
        let act = self.act(Op::Undo, Action::Undo, action_id, "history.undo", &command)?;
        self.transact(actor, act, |tx| {
            // Read again inside: the same keys may have been pressed twice.
            let target = store::act(tx.conn(), target.action)?.ok_or(AppError::NothingToUndo)?;
            tx.owned(if target.account == Some(actor.person.account.0) {
                Ownership::Own
            } else {
                Ownership::Other
            })?;
            undo(tx, action_id, target)
        })
    }
}

fn undo(tx: &mut Tx<'_>, action_id: ActionId, target: Done) -> Answer<Undone> {
    let images = store::images(tx.conn(), target.q)?;
    if !target.undoable || images.is_empty() {
        return Err(AppError::NothingToUndo);
    }
    for image in last_of_each(&images) {
        check(tx.conn(), image)?;
    }
    for image in first_of_each(&images) {
        put_back(tx, image)?;
    }
    tx.undoes(target.action.0);
    if let Some(subject) = target.subject_id {
        tx.about(subject, target.subject.clone(), store::patient_of(tx.conn(), target.action)?);
    }
    let appointment = images.iter().find(|image| image.noun == Noun::Appointment);
    let appointment = match appointment {
        Some(image) => restore::as_it_is(tx, AppointmentId(image.id))?,
        None => None,
    };
    Ok(Undone { action_id, op: target.op, subject: target.subject, appointment })
}

/// Of the images of each record, given last one first, that of its last change.
fn last_of_each(images: &[Image]) -> impl Iterator<Item = &Image> {
    let later = |at: usize, id: Uuid| images.iter().take(at).any(|image| image.id == id);
    images.iter().enumerate().filter(move |(at, image)| !later(*at, image.id)).map(|(_, image)| image)
}

/// Of the images of each record, that from before its first change, in the order in which they are put back.
fn first_of_each(images: &[Image]) -> impl Iterator<Item = &Image> {
    let earlier = |at: usize, id: Uuid| images.iter().skip(at + 1).any(|image| image.id == id);
    images.iter().enumerate().filter(move |(at, image)| !earlier(*at, image.id)).map(|(_, image)| image)
}

/// Checks that a record is as the act left it.
fn check(conn: &Connection, image: &Image) -> Answer<()> {
    let now = match image.noun {
        Noun::Appointment => revision::<Appointment>(conn, image.id)?,
        Noun::Patient => revision::<Patient>(conn, image.id)?,
        Noun::Doctor => revision::<Doctor>(conn, image.id)?,
        Noun::DoctorException => revision::<DoctorException>(conn, image.id)?,
        Noun::Clinic | Noun::Specialty | Noun::AppointmentType | Noun::Account => {
            return Err(AppError::NothingToUndo);
        }
    };
    if now == image.post_rev {
        return Ok(());
    }
    Err(AppError::Stale { by: store::last_changed_by(conn, image.id)? })
}

fn revision<R: Record>(conn: &Connection, id: Uuid) -> Answer<Option<u32>> {
    Ok(R::load(conn, id)?.map(|(_, rev)| rev))
}

fn put_back(tx: &mut Tx<'_>, image: &Image) -> Answer<()> {
    match image.noun {
        Noun::Appointment => match record::<Appointment>(image)? {
            Some(before) => restore::put_back(tx, &before),
            None => tx.take::<Appointment>(image.id),
        },
        Noun::Patient => put_or_take::<Patient>(tx, image),
        Noun::Doctor => put_or_take::<Doctor>(tx, image),
        Noun::DoctorException => put_or_take::<DoctorException>(tx, image),
        Noun::Clinic | Noun::Specialty | Noun::AppointmentType | Noun::Account => {
            Err(AppError::NothingToUndo)
        }
    }
}

fn put_or_take<R: Record>(tx: &mut Tx<'_>, image: &Image) -> Answer<()> {
    match record::<R>(image)? {
        Some(before) => tx.put(&before).map(drop),
        None => tx.take::<R>(image.id),
    }
}

fn record<R: Record>(image: &Image) -> Answer<Option<R>> {
    Ok(image.pre.as_deref().map(serde_json::from_str).transpose()?)
}
