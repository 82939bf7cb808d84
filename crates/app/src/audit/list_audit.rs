//! A page of the audit log (AD-6).

use chrono::Timelike;
use chrono_tz::Tz;
use clinic_domain::id::{AccountId, ActionId, PatientId};
use clinic_domain::identity::policy::Action;
use clinic_domain::validation::{FieldError, FieldRule, check_line};
use rusqlite::Connection;

use super::store::{self, Filter, Stored};
use crate::app::{Actor, App};
use crate::audit::view::{AuditPage, AuditRow, ListAudit};
use crate::error::{Answer, AppError};

/// Most rows of one page.
const MOST_ROWS: u32 = 200;
/// Most characters of a query: the store refuses to look for much longer ones.
const LONGEST_QUERY: u32 = 120;

impl App {
    /// A page of the audit log (AD-6), the newest entry first. A row of what was undone names the entry that undid it.
    ///
    /// # Errors
    /// [`AppError::Validation`] for a size that is not 1 to 200, a query of more than 120 characters and days that end
    /// before they begin; [`AppError::Forbidden`]; faults of the store.
    pub fn list_audit(&self, actor: &Actor, request: ListAudit) -> Answer<AuditPage> {
        let found = self.read(actor, Action::ReadAudit, |conn, _| page(conn, &request))?;
        Ok(AuditPage { verified: self.last_verified(), ..found })
    }
}

fn page(conn: &Connection, request: &ListAudit) -> Answer<AuditPage> {
    if !(1..=MOST_ROWS).contains(&request.size) {
        let nearest = request.size.clamp(1, MOST_ROWS);
        let fields = vec![FieldError::new("size", FieldRule::OutOfRange).bound(nearest)];
        return Err(AppError::Validation { fields });
    }
    let filter = filter(conn, request)?;
    let zone = store::zone(conn)?;
    let first = request.page.saturating_mul(request.size);
    let (seqs, total) = store::page(conn, &filter, first, request.size)?;
    let rows =
        seqs.into_iter().map(|seq| Ok(row(seq, store::entry(conn, seq)?, zone))).collect::<Answer<_>>()?;
    Ok(AuditPage { rows, total, head: store::head(conn)?, verified: None })
}

/// Which entries a request means.
///
/// # Errors
/// [`AppError::Validation`] for a query of more than 120 characters and days that end before they begin; faults of the
/// store.
pub(super) fn filter(conn: &Connection, request: &ListAudit) -> Answer<Filter> {
    let query = check_line("query", &request.query, 0, LONGEST_QUERY)
        .map_err(|wrong| AppError::Validation { fields: vec![wrong] })?;
    if let (Some(from), Some(until)) = (request.from, request.until)
        && until < from
    {
        let fields = vec![FieldError::new("until", FieldRule::EndBeforeStart)];
        return Err(AppError::Validation { fields });
    }
    let zone = store::zone(conn)?;
    Ok(Filter {
        between: store::between(request.from, request.until, zone),
        actor: request.actor_id,
        nobody: request.nobody,
        op: request.op,
        patient: request.patient_id,
        with_reads: request.with_reads,
        query: (!query.is_empty()).then_some(query),
    })
}

fn row(seq: u32, stored: Stored, zone: Tz) -> AuditRow {
    let Stored { entry, erased, hash, previous, undone_by } = stored;
    let at = store::at(&entry);
    let local = at.with_timezone(&zone);
    AuditRow {
        seq,
        at,
        date: local.date_naive(),
        second: local.num_seconds_from_midnight(),
        actor_id: entry.actor_id.map(AccountId),
        actor: entry.actor,
        actor_public_id: entry.actor_public_id,
        device: entry.device,
        op: entry.op,
        action_id: entry.action.map(ActionId),
        patient_id: entry.patient_id.map(PatientId),
        patient_public_id: entry.patient_id.and(number_in(&entry.subject)).unwrap_or_default().to_owned(),
        subject: entry.subject,
        erased,
        changes: entry.changes,
        reason: entry.reason,
        previous: hex::encode(previous),
        hash: hex::encode(hash),
        undone_by,
    }
}

/// The patient's number at the end of a subject such as "Surname, Given · PAT12345678": as it stood then, whatever became
/// of the patient.
fn number_in(subject: &str) -> Option<&str> {
    subject.rsplit(" · ").next().filter(|number| number.starts_with("PAT"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::view::Op;
    use crate::history::view::Undo;
    use crate::scheduling::fixture::{Clinic, monday};
    use clinic_domain::identity::role::Role;
    use clinic_domain::time::NaiveDate;

    fn all() -> ListAudit {
        ListAudit { size: 50, ..ListAudit::default() }
    }

    /// A clinic in which Person 1 booked for two patients and undid the second, Jo Müller signed in at half past
    /// midnight the next day, and a record was read.
    fn clinic() -> (Clinic, Actor) {
        let clinic = Clinic::new(1, 2);
        clinic.book(0, 0, monday(), 600).unwrap();
        let second = clinic.book(0, 1, monday(), 660).unwrap();
        clinic.app.undo(&clinic.desk(1), Undo { action_id: Some(second.action_id) }).unwrap();
        clinic.at("2026-11-24T05:30:00Z");
        let mut admin = clinic.desk(9);
        admin.person.role = Role::Admin;
        admin.name = "Jo Müller".to_owned();
        let store = clinic.app.store().unwrap();
        store.note(&admin.entry(Op::SignIn, clinic.app.now())).unwrap();
        let read = crate::db::audit::Entry {
            patient_id: Some(clinic.patients[0].0),
            subject: "Smith0, Jo · PAT00000000".to_owned(),
            ..admin.entry(Op::ReadPatient, clinic.app.now())
        };
        store.note(&read).unwrap();
        (clinic, admin)
    }

    fn listed(clinic: &Clinic, admin: &Actor, request: ListAudit) -> Vec<u32> {
        let page = clinic.app.list_audit(admin, request).unwrap();
        assert_eq!(page.total as usize, page.rows.len(), "the number agrees with the rows");
        page.rows.into_iter().map(|row| row.seq).collect()
    }

    #[test]
    fn the_newest_comes_first_and_reads_only_when_asked_for() {
        let (clinic, admin) = clinic();
        assert_eq!(listed(&clinic, &admin, all()), [4, 3, 2, 1]);
        assert_eq!(listed(&clinic, &admin, ListAudit { with_reads: true, ..all() }), [5, 4, 3, 2, 1]);
        assert_eq!(clinic.app.list_audit(&admin, all()).unwrap().head, 5);
    }

    #[test]
    fn every_filter_narrows_alone_and_with_the_others() {
        let (clinic, admin) = clinic();
        let day = |date| ListAudit { from: Some(date), until: Some(date), ..all() };
        let tuesday = monday().succ_opt().unwrap();
        assert_eq!(listed(&clinic, &admin, day(monday())), [3, 2, 1]);
        assert_eq!(listed(&clinic, &admin, day(tuesday)), [4], "00:30 by the clinic's clock");
        assert_eq!(listed(&clinic, &admin, day(tuesday.succ_opt().unwrap())), [0; 0]);
        assert_eq!(listed(&clinic, &admin, ListAudit { nobody: true, ..all() }), [0; 0]);
        let by = |actor: &Actor| ListAudit { actor_id: Some(actor.person.account), ..all() };
        assert_eq!(listed(&clinic, &admin, by(&admin)), [4]);
        assert_eq!(listed(&clinic, &admin, by(&clinic.desk(1))), [3, 2, 1]);
        let about = ListAudit { patient_id: Some(clinic.patients[0]), ..all() };
        assert_eq!(listed(&clinic, &admin, about.clone()), [1]);
        assert_eq!(listed(&clinic, &admin, ListAudit { with_reads: true, ..about.clone() }), [5, 1]);
        assert_eq!(listed(&clinic, &admin, ListAudit { op: Some(Op::ReadPatient), ..about }), [5]);
        let booked = ListAudit { op: Some(Op::Book), ..by(&clinic.desk(1)) };
        assert_eq!(listed(&clinic, &admin, ListAudit { until: Some(monday()), ..booked.clone() }), [2, 1]);
        assert_eq!(listed(&clinic, &admin, ListAudit { query: "smith1".to_owned(), ..booked }), [2]);
    }

    #[test]
    fn days_include_both_ends_and_either_may_be_open() {
        let (clinic, admin) = clinic();
        let (monday, tuesday) = (monday(), monday().succ_opt().unwrap());
        let days = |from, until| listed(&clinic, &admin, ListAudit { from, until, ..all() });
        assert_eq!(days(Some(monday), Some(tuesday)), [4, 3, 2, 1]);
        assert_eq!(days(Some(tuesday), None), [4]);
        assert_eq!(days(None, Some(monday)), [3, 2, 1]);
        assert_eq!(days(None, monday.pred_opt()), [0; 0]);
        assert_eq!(days(Some(NaiveDate::MIN), Some(NaiveDate::MAX)), [4, 3, 2, 1]);
    }

    #[test]
    fn days_that_end_before_they_begin_are_refused_by_the_name_of_the_field() {
        let (clinic, admin) = clinic();
        let request = ListAudit { from: Some(monday()), until: monday().pred_opt(), ..all() };
        let AppError::Validation { fields } = clinic.app.list_audit(&admin, request).unwrap_err() else {
            panic!("not refused by a field")
        };
        assert_eq!(fields, [FieldError::new("until", FieldRule::EndBeforeStart)]);
    }

    #[test]
    fn what_happened_while_nobody_was_signed_in_is_asked_for_alone() {
        let (clinic, admin) = clinic();
        let failed = crate::db::audit::Entry::of_nobody(Op::SignInFailed, clinic.app.now(), "Desk 3");
        clinic.app.store().unwrap().note(&failed).unwrap();
        let nobody = ListAudit { nobody: true, ..all() };
        assert_eq!(listed(&clinic, &admin, nobody.clone()), [6]);
        assert_eq!(listed(&clinic, &admin, ListAudit { until: Some(monday()), ..nobody.clone() }), [0; 0]);
        let both = ListAudit { actor_id: Some(admin.person.account), ..nobody };
        assert_eq!(listed(&clinic, &admin, both), [0; 0], "every filter narrows");
    }

    #[test]
    fn a_text_is_found_in_names_and_numbers_of_both_sides_and_nowhere_else() {
        let (clinic, admin) = clinic();
        let found = |query: &str| listed(&clinic, &admin, ListAudit { query: query.to_owned(), ..all() });
        assert_eq!(found("SMITH1"), [3, 2]);
        assert_eq!(found("PAT00000000"), [1]);
        assert_eq!(found(" müller "), [4]);
        assert_eq!(found("stf00000001"), [3, 2, 1]);
        assert_eq!(found("desk 1"), [4, 3, 2, 1], "a device is found, too");
        assert_eq!(found("10:00"), [0; 0], "a time is in the changes only");
        assert_eq!(found("%"), [0; 0]);
        assert_eq!(found("sign_in"), [0; 0]);
    }

    #[test]
    fn pages_follow_one_another_without_a_gap() {
        let (clinic, admin) = clinic();
        for query in ["", "o"] {
            let of = |page| ListAudit { page, size: 3, query: query.to_owned(), ..all() };
            let pages = [0, 1, 2].map(|page| clinic.app.list_audit(&admin, of(page)).unwrap());
            let seqs: Vec<Vec<u32>> =
                pages.iter().map(|page| page.rows.iter().map(|row| row.seq).collect()).collect();
            assert_eq!(seqs, [vec![4, 3, 2], vec![1], vec![]], "{query}");
            assert!(pages.iter().all(|page| page.total == 4));
        }
    }

    #[test]
    fn a_row_says_who_what_when_and_what_undid_it() {
        let (clinic, admin) = clinic();
        let rows = clinic.app.list_audit(&admin, all()).unwrap().rows;
        let [signed_in, undo, second, first] = &rows[..] else { panic!("four rows") };
        assert_eq!((signed_in.date, signed_in.second), (monday().succ_opt().unwrap(), 30 * 60));
        assert_eq!((undo.op, undo.undone_by), (Op::Undo, None));
        assert_eq!((second.undone_by, first.undone_by), (Some(undo.seq), None));
        assert_eq!((second.actor.as_str(), second.device.as_str()), ("Person 1", "Desk 1"));
        assert_eq!(second.patient_public_id, "PAT00000001");
        assert!(second.changes.iter().any(|change| change.field == "start" && change.before.is_none()));
        assert_eq!((&second.previous, &undo.previous), (&first.hash, &second.hash));
        assert_eq!(first.previous, "0".repeat(64));
    }

    #[test]
    fn a_page_has_a_size_and_the_log_is_for_administrators() {
        let (clinic, admin) = clinic();
        for size in [0, 201] {
            let refused = clinic.app.list_audit(&admin, ListAudit { size, ..all() }).unwrap_err();
            assert!(matches!(refused, AppError::Validation { fields } if fields[0].field == "size"));
        }
        assert_eq!(clinic.app.list_audit(&clinic.desk(1), all()).unwrap_err(), AppError::Forbidden);
        assert_eq!(listed(&clinic, &admin, ListAudit { op: Some(Op::Denied), ..all() }), [6]);
    }
}
