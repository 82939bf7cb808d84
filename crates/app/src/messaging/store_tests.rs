//! The rows of the queue: what is due when, and what stays of a mail.

use chrono::TimeDelta;
use clinic_domain::id::MailId;
use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::{Failure, MailFault};
use clinic_domain::time::Instant;
use rusqlite::Connection;
use uuid::Uuid;

use super::enqueue::{Mail, enqueue};
use super::fixture::{letters, now};
use super::letter::Letter;
use super::smtp::Smtp;
use super::store;
use crate::db::{Store, StoreKey, sql};
use crate::error::{Answer, AppError};
use crate::fixture::TestApp;

const FAILURE: Failure = Failure { fault: MailFault::RecipientRefused, status: Some(550) };

struct Kept {
    store: Store,
    _folder: tempfile::TempDir,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap();
        Self { store, _folder: folder }
    }

    fn write(&self, run: impl FnOnce(&Connection) -> Answer<()>) {
        self.store.keep(None, run).unwrap();
    }

    /// Puts a letter into the queue and answers with its id.
    fn queue(&self, id: u128, letter: Letter) -> MailId {
        self.queue_to("jo@example.org", id, letter)
    }

    fn queue_to(&self, recipient: &str, id: u128, letter: Letter) -> MailId {
        let mail =
            Mail { id: MailId(Uuid::from_u128(id)), recipient: recipient.into(), letter, created: now() };
        self.write(|conn| enqueue(conn, &mail));
        mail.id
    }

    fn due(&self, at: Instant) -> Vec<MailId> {
        let due = self.store.read(|conn| store::due(conn, at, 100)).unwrap();
        due.into_iter().map(|mail| mail.id).collect()
    }

    fn next(&self) -> Option<Instant> {
        self.store.read(store::next_due).unwrap()
    }

    /// State and whether it can still be read what the mail says.
    fn state(&self, id: MailId) -> (String, bool) {
        let sql = "SELECT state, letter IS NOT NULL FROM mail WHERE id = ?1";
        let read =
            |conn: &Connection| Ok(conn.query_row(sql, [id.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?);
        self.store.read(read).unwrap()
    }
}

fn code(until: Instant) -> Letter {
    Letter::RegistrationCode { code: Secret::from("491 337").disclose(), until }
}

fn notice() -> Letter {
    Letter::AccountCreated { name: "Jo".into(), login: "jo".into(), waits: false }
}

fn in_minutes(minutes: i64) -> Instant {
    now() + TimeDelta::minutes(minutes)
}

#[test]
fn a_mail_that_goes_with_a_change_is_there_only_if_the_change_is() {
    let kept = Kept::new();
    let mail = |id| Mail {
        id: MailId(Uuid::from_u128(id)),
        recipient: "jo@example.org".into(),
        letter: notice(),
        created: now(),
    };
    let broken = kept.store.keep(None, |conn| {
        enqueue(conn, &mail(1))?;
        Err::<(), _>(AppError::NotFound)
    });
    assert_eq!(broken, Err(AppError::NotFound));
    assert_eq!(kept.next(), None);
    kept.write(|conn| enqueue(conn, &mail(2)));
    assert_eq!(kept.due(now()), [mail(2).id]);
}

#[test]
fn a_try_that_never_ended_is_made_again_once_its_time_is_over() {
    let kept = Kept::new();
    let id = kept.queue(1, notice());
    kept.write(|conn| store::claim(conn, id, in_minutes(10)));
    assert_eq!(kept.due(in_minutes(9)), [], "nobody else sends it meanwhile");
    assert_eq!(kept.next(), Some(in_minutes(10)));
    assert_eq!(kept.due(in_minutes(10)), [id]);
}

#[test]
fn the_longest_waiting_mail_goes_first() {
    let kept = Kept::new();
    let ids = [3, 1, 2].map(|id| kept.queue(id, notice()));
    kept.write(|conn| store::put_off(conn, ids[1], FAILURE, 1, in_minutes(-5)));
    assert_eq!(kept.due(now()), [ids[1], ids[2], ids[0]]);
}

#[test]
fn what_a_secret_mail_said_goes_with_its_sending_its_end_or_its_skipping() {
    let kept = Kept::new();
    let ids = [1, 2, 3].map(|id| kept.queue(id, code(in_minutes(10))));
    kept.write(|conn| store::sent(conn, ids[0], "desk@northgate.example", now()));
    kept.write(|conn| store::failed(conn, ids[1], FAILURE, now()));
    assert_eq!(kept.state(ids[0]), ("sent".into(), false));
    assert_eq!(kept.state(ids[1]), ("failed".into(), true));
    assert_eq!(kept.next(), Some(now()), "the third is due");
    kept.write(|conn| store::expire(conn, in_minutes(9)).map(drop));
    assert_eq!(kept.state(ids[1]), ("failed".into(), true));
    kept.write(|conn| store::expire(conn, in_minutes(10)).map(drop));
    assert_eq!(kept.state(ids[1]), ("failed".into(), false));
    assert_eq!(kept.state(ids[2]), ("skipped".into(), false));
    assert_eq!(kept.next(), None);
}

/// T5: a mail that goes nowhere is in as many indexes as one that does.
#[test]
fn what_a_secret_mail_without_an_address_said_stays_until_its_end_as_well() {
    let kept = Kept::new();
    let id = kept.queue_to("", 1, code(in_minutes(10)));
    assert_eq!(kept.state(id), ("skipped".into(), true));
    kept.write(|conn| store::revive(conn, now()));
    assert_eq!((kept.due(in_minutes(9)), kept.next()), (Vec::new(), Some(in_minutes(10))));
    kept.write(|conn| store::expire(conn, in_minutes(10)).map(drop));
    assert_eq!((kept.state(id), kept.next()), (("skipped".into(), false), None));
}

#[test]
fn what_a_notice_said_stays_in_the_log() {
    let kept = Kept::new();
    let ids = [1, 2].map(|id| kept.queue(id, notice()));
    kept.write(|conn| store::sent(conn, ids[0], "desk@northgate.example", now()));
    kept.write(|conn| store::expire(conn, in_minutes(72 * 60)).map(drop));
    assert_eq!(kept.state(ids[0]), ("sent".into(), true));
    assert_eq!(kept.state(ids[1]), ("skipped".into(), true));
}

#[test]
fn a_mail_that_is_on_its_way_does_not_expire() {
    let kept = Kept::new();
    let id = kept.queue(1, code(in_minutes(10)));
    kept.write(|conn| store::claim(conn, id, in_minutes(19)));
    kept.write(|conn| store::expire(conn, in_minutes(11)).map(drop));
    assert_eq!(kept.state(id), ("sending".into(), true));
    kept.write(|conn| store::expire(conn, in_minutes(19)).map(drop));
    assert_eq!(kept.state(id), ("skipped".into(), false));
}

#[test]
fn a_mail_that_this_version_cannot_read_stops_no_other() {
    let kept = Kept::new();
    let ids = [1, 2].map(|id| kept.queue(id, notice()));
    let newer = "UPDATE mail SET letter = '{\"template\":\"of a newer version\"}' WHERE id = ?1";
    kept.write(|conn| Ok(conn.execute(newer, [ids[0].bytes()]).map(drop)?));
    assert_eq!(kept.due(now()), ids);
    let letters = kept.store.read(|conn| store::due(conn, now(), 100)).unwrap();
    assert!(letters[0].letter.is_none() && letters[1].letter.is_some());
}

#[test]
fn what_failed_is_revived_only_while_it_is_of_use() {
    let kept = Kept::new();
    let ids = [kept.queue(1, notice()), kept.queue(2, code(in_minutes(10)))];
    for id in ids {
        kept.write(|conn| store::failed(conn, id, FAILURE, now()));
    }
    kept.write(|conn| store::revive(conn, in_minutes(10)));
    kept.write(|conn| store::try_now(conn, in_minutes(10)));
    assert_eq!(kept.due(in_minutes(10)), [ids[0]]);
}

#[test]
fn what_was_settled_ninety_days_ago_leaves_the_log_and_what_waits_does_not() {
    let kept = Kept::new();
    let ids = [1, 2, 3, 4].map(|id| kept.queue(id, notice()));
    let skipped = kept.queue_to("", 5, notice());
    kept.write(|conn| store::sent(conn, ids[0], "desk@northgate.example", now()));
    kept.write(|conn| store::failed(conn, ids[1], FAILURE, now()));
    kept.write(|conn| store::sent(conn, ids[2], "desk@northgate.example", in_minutes(1)));
    let all = [ids[0], ids[1], ids[2], ids[3], skipped];
    let left = |at: Instant| {
        kept.write(|conn| store::forget_old(conn, at));
        let any = kept.store.read(|conn| store::is_any_old(conn, at)).unwrap();
        let there = all.map(|id| {
            let sql = "SELECT EXISTS (SELECT 1 FROM mail WHERE id = ?1)";
            kept.store.read(|conn| Ok(conn.query_row(sql, [id.bytes()], |row| row.get(0))?)).unwrap()
        });
        (any, there)
    };
    let end = now() + TimeDelta::days(90);
    assert_eq!(left(end - TimeDelta::milliseconds(1)), (false, [true; 5]));
    assert_eq!(left(end), (false, [false, false, true, true, false]));
}

#[test]
fn working_off_the_queue_takes_it_away() {
    let clinic = TestApp::new("2026-11-24T08:00:00Z", "Europe/Berlin");
    clinic.app.queue_mail("", notice()).unwrap();
    let left = |days: u64| {
        clinic.wait(days * 24 * 3600);
        clinic.app.work_mail(&Smtp::default()).unwrap();
        clinic.read(|conn| Ok(conn.query_row("SELECT count(*) FROM mail", [], |row| row.get::<_, u32>(0))?))
    };
    assert_eq!([89, 1].map(left), [1, 0]);
}

#[test]
fn the_queue_is_read_by_its_index_however_long_the_log_is() {
    let kept = Kept::new();
    let plan = |query: &str| {
        kept.store
            .read(|conn| {
                let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {query}"))?;
                let lines = plan.query_map([], |row| row.get::<_, String>(3))?;
                Ok(lines.collect::<rusqlite::Result<Vec<_>>>()?.join("; "))
            })
            .unwrap()
    };
    for query in [store::DUE.replace("?1", "0").replace("?2", "1"), store::NEXT_DUE.to_owned()] {
        let plan = plan(&query);
        assert!(plan.contains("mail_by_due") && !plan.contains("SCAN mail;"), "{plan}");
    }
    let old = plan(&format!("DELETE FROM mail WHERE {}", store::OLD.replace("?1", "0")));
    assert!(old.contains("mail_by_end"), "{old}");
}

#[test]
fn every_kind_of_letter_comes_back_as_it_was() {
    let kept = Kept::new();
    for (id, letter) in (1..).zip(letters()) {
        kept.queue(id, letter);
    }
    let due = kept.store.read(|conn| store::due(conn, now(), 100)).unwrap();
    let back: Vec<_> = due.into_iter().filter_map(|mail| mail.letter).collect();
    assert_eq!(serde_json::to_value(back).unwrap(), serde_json::to_value(letters()).unwrap());
    let stored: Vec<String> = kept
        .store
        .read(|conn| {
            let mut all = conn.prepare("SELECT template FROM mail ORDER BY id")?;
            Ok(all.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap();
    assert_eq!(stored, letters().map(|letter| letter.template().to_owned()));
    assert_eq!(sql::name_of(&MailFault::NoStartTls), "no_start_tls");
}
