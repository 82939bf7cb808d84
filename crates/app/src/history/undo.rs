//! Takes an act back (FD-5): puts every record it changed back the way it was, in a new act that is written down like
//! any other and can be taken back in turn.

use std::collections::{HashMap, HashSet};

use clinic_domain::id::{ActionId, AppointmentId};
use clinic_domain::identity::policy::{Action, Ownership};
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Done, Image};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::record::{AppointmentType, Clinic, Specialty};
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
        check(tx.conn(), &target, image)?;
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
    let mut seen = HashSet::new();
    images.iter().filter(move |image| seen.insert(image.id))
}

/// Of the images of each record, that from before its first change, in the order in which they are put back.
fn first_of_each(images: &[Image]) -> impl Iterator<Item = &Image> {
    let firsts: HashMap<Uuid, usize> = images.iter().enumerate().map(|(at, image)| (image.id, at)).collect();
    images
        .iter()
        .enumerate()
        .filter(move |(at, image)| firsts.get(&image.id) == Some(at))
        .map(|(_, image)| image)
}

/// Checks that a record is as the act left it: not touched since, or touched and put back by the same session, which is
/// what several undos in a row do.
fn check(conn: &Connection, target: &Done, image: &Image) -> Answer<()> {
    let now = match image.noun {
        Noun::Appointment => current::<Appointment>(conn, image.id)?,
        Noun::Patient => current::<Patient>(conn, image.id)?,
        Noun::Doctor => current::<Doctor>(conn, image.id)?,
        Noun::DoctorException => current::<DoctorException>(conn, image.id)?,
        Noun::Clinic => current::<Clinic>(conn, image.id)?,
        Noun::Specialty => current::<Specialty>(conn, image.id)?,
        Noun::AppointmentType => current::<AppointmentType>(conn, image.id)?,
        // Who may sign in and how, where mail goes, and what was read in an emergency is no matter of Ctrl+Z.
        Noun::Account
        | Noun::SecurityPolicy
        | Noun::MailSettings
        | Noun::Mail
        | Noun::Registration
        | Noun::Emergency => return Err(AppError::NothingToUndo),
    };
    let untouched = now.as_ref().map(|(rev, _)| *rev) == image.post_rev;
    if untouched || (now.is_some() && store::left_by(conn, target, image)? == now.map(|(_, record)| record)) {
        return Ok(());
    }
    Err(AppError::Stale { by: store::last_changed_by(conn, image.id)? })
}

/// A record's revision and its image.
fn current<R: Record>(conn: &Connection, id: Uuid) -> Answer<Option<(u32, String)>> {
    let found = R::load(conn, id)?;
    found.map(|(record, rev)| Ok((rev, serde_json::to_value(record)?.to_string()))).transpose()
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
        Noun::Clinic => put_or_take::<Clinic>(tx, image),
        Noun::Specialty => put_or_take::<Specialty>(tx, image),
        Noun::AppointmentType => put_or_take::<AppointmentType>(tx, image),
        Noun::Account
        | Noun::SecurityPolicy
        | Noun::MailSettings
        | Noun::Mail
        | Noun::Registration
        | Noun::Emergency => Err(AppError::NothingToUndo),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::scheduling::refusal::Refusal;
    use clinic_domain::scheduling::status::Status;

    const LAST: Undo = Undo { action_id: None };

    fn this(action: ActionId) -> Undo {
        Undo { action_id: Some(action) }
    }

    #[test]
    fn what_was_done_is_undone_from_the_last_to_the_first() {
        let clinic = Clinic::new(2, 1);
        let desk = clinic.desk(1);
        let mut images = vec![clinic.image()];
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        images.push(clinic.image());
        let moved = clinic.reschedule(&booked.appointment, clinic.place(1, monday(), 660, 30)).unwrap();
        images.push(clinic.image());
        clinic.step(&moved.appointment, Status::Cancelled).unwrap();
        let ops: Vec<Op> = std::iter::from_fn(|| {
            let undone = clinic.app.undo(&desk, LAST).ok()?;
            assert_eq!(Some(clinic.image()), images.pop());
            assert_eq!(undone.subject, "Smith0, Jo · PAT00000000");
            Some(undone.op)
        })
        .collect();
        assert_eq!(ops, [Op::Cancel, Op::Reschedule, Op::Book]);
        assert_eq!(clinic.app.undo(&desk, LAST).unwrap_err(), AppError::NothingToUndo);
    }

    #[test]
    fn an_undo_can_be_undone_and_ctrl_z_then_takes_the_act_back_again() {
        let clinic = Clinic::new(1, 1);
        let desk = clinic.desk(1);
        let before = clinic.image();
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let after = clinic.image();
        let undone = clinic.app.undo(&desk, this(booked.action_id)).unwrap();
        assert!(undone.appointment.is_none());
        let redone = clinic.app.undo(&desk, this(undone.action_id)).unwrap();
        assert_eq!(redone.appointment.unwrap().id, booked.appointment.id);
        assert_eq!(clinic.image(), after);
        let again = clinic.app.undo(&desk, LAST).unwrap();
        assert_eq!(clinic.image(), before);
        assert_eq!(clinic.app.undo(&desk, LAST).unwrap_err(), AppError::NothingToUndo);
        clinic.app.undo(&desk, this(again.action_id)).unwrap();
        assert_eq!(clinic.image(), after);
    }

    #[test]
    fn the_same_act_is_undone_once() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        clinic.app.undo(&clinic.desk(1), this(booked.action_id)).unwrap();
        let again = clinic.app.undo(&clinic.desk(1), this(booked.action_id)).unwrap_err();
        assert_eq!(again, AppError::NothingToUndo);
    }

    #[test]
    fn only_own_acts_are_undone() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let other = clinic.app.undo(&clinic.desk(2), this(booked.action_id)).unwrap_err();
        assert_eq!(other, AppError::Forbidden);
        assert_eq!(clinic.app.undo(&clinic.desk(2), LAST).unwrap_err(), AppError::NothingToUndo);
    }

    #[test]
    fn what_somebody_changed_since_is_not_undone() {
        let clinic = Clinic::new(1, 1);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        let confirm = crate::scheduling::fixture::step(&booked.appointment, Status::Confirmed);
        clinic.app.change_status(&clinic.desk(2), confirm).unwrap();
        let before = clinic.image();
        let stale = clinic.app.undo(&clinic.desk(1), LAST).unwrap_err();
        assert_eq!(stale, AppError::Stale { by: Some("Person 2".into()) });
        assert_eq!(clinic.image(), before);
    }

    #[test]
    fn a_cancellation_is_not_undone_into_a_slot_that_somebody_else_has_now() {
        let clinic = Clinic::new(1, 2);
        let booked = clinic.book(0, 0, monday(), 600).unwrap();
        clinic.step(&booked.appointment, Status::Cancelled).unwrap();
        let request = clinic.request(0, 1, monday(), 600);
        let other = clinic.app.book(&clinic.desk(2), request).unwrap();
        let AppError::Refused { refusal, holder, .. } = clinic.app.undo(&clinic.desk(1), LAST).unwrap_err()
        else {
            panic!("undone");
        };
        assert_eq!(refusal, Refusal::Taken { by: other.appointment.id });
        assert_eq!(holder.unwrap().booked_by, "Person 2");
    }

    #[test]
    fn of_several_changes_to_one_record_the_first_image_is_put_back_and_the_last_compared() {
        let image = |id: u8, rev| Image {
            noun: Noun::Appointment,
            id: Uuid::from_bytes([id; 16]),
            pre: None,
            post_rev: Some(rev),
        };
        // Last one first: record 1 was changed to revision 2, record 2 to 5, record 1 to 3.
        let images = [image(1, 3), image(2, 5), image(1, 2)];
        let revs = |images: Vec<&Image>| images.iter().filter_map(|i| i.post_rev).collect::<Vec<_>>();
        assert_eq!(revs(last_of_each(&images).collect()), [3, 5]);
        assert_eq!(revs(first_of_each(&images).collect()), [5, 2]);
    }

    #[test]
    fn an_undo_is_written_down_with_its_patient_and_its_changes() {
        let clinic = Clinic::new(1, 1);
        clinic.book(0, 0, monday(), 600).unwrap();
        clinic.app.undo(&clinic.desk(1), LAST).unwrap();
        let (op, patient, body): (String, Option<[u8; 16]>, String) = clinic.read(|c| {
            Ok(c.query_row("SELECT op, patient_id, body || words FROM audit ORDER BY seq DESC", [], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })?)
        });
        assert_eq!((op.as_str(), patient.as_ref()), ("undo", Some(clinic.patients[0].bytes())));
        assert!(body.contains("2026-11-23T10:00:00-05:00"), "{body}");
    }
}
