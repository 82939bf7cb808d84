//! What trust costs: a token that is checked, a long audit log that is verified and looked through.

use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::db::audit::{Entry, append};
use clinic_app::db::{Store, StoreKey};
use clinic_app::setup::large::Size;
use clinic_domain::id::{AccountId, SessionId};
use clinic_domain::identity::role::Role;
use clinic_domain::time::{Instant, NaiveDate};
use clinic_wire::token::access::{Claims, LIFETIME, Purpose, check, issue};
use clinic_wire::token::keys::KeyRing;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use rusqlite::params;
use rusqlite::types::ValueRef;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Fault;
use crate::floor;
use crate::measure::Program;
use crate::subject::{self, Subject};

/// Entries of the log that is verified.
const ENTRIES: i64 = 1_000_000;
/// The clinic that the log is in: as small as one can be.
const SMALLEST: Size = Size { doctors: 1, patients: 10, appointments: 10 };
/// Entries that are written in one transaction.
const AT_ONCE: i64 = 20_000;
/// Milliseconds from one to the next: a thousand a day.
const APART: i64 = 86_400;
/// Milliseconds of a day on which no clock is turned.
const DAY: i64 = 86_400_000;
/// Rows of a page.
const SHOWN: u32 = 100;
const SEED: [u8; 32] = [7; 32];

/// Checks an access token; the floor checks the one signature in it.
pub fn token<'s>(_: &'s Subject) -> Result<(Program<'s>, Program<'s>), Fault> {
    let now = Instant::from_timestamp(1_795_442_400, 0).ok_or("no time")?;
    let ring = KeyRing::new(Zeroizing::new(SEED), now);
    let claims = Claims {
        id: Uuid::from_u128(3),
        account: AccountId(Uuid::from_u128(1)),
        session: SessionId(Uuid::from_u128(2)),
        role: Role::FrontDesk,
        issued_at: now,
        expires_at: now + LIFETIME,
    };
    let token = issue(&ring, Purpose::Access, &claims)?;
    let text = token.expose();
    let signed = text.rsplit_once('.').map_or(text, |(signed, _)| signed).as_bytes().to_vec();
    let key = SigningKey::from_bytes(&SEED);
    let (public, signature) = (key.verifying_key(), key.sign(&signed));
    let floor = move || Ok(public.verify_strict(&signed, &signature).map_err(|fault| fault.to_string())?);
    let ours = move || {
        std::hint::black_box(check(&ring, Purpose::Access, &token, now)?);
        Ok(())
    };
    Ok((Box::new(floor), Box::new(ours)))
}

/// Verifies a log of a million entries; the floor reads the same rows and hashes each text.
pub fn audit<'s>(_: &'s Subject) -> Result<(Program<'s>, Program<'s>), Fault> {
    let Subject { app, actor, bare, .. } = long_log()?;
    let ours = move || {
        let report = app.verify_audit(&actor)?;
        match (report.broken_at, report.checkpoint_broken) {
            (None, None) if i64::from(report.entries) >= ENTRIES => Ok(()),
            broken => Err(format!("the log does not verify: {broken:?}").into()),
        }
    };
    let floor = move || hash_bodies(&bare);
    Ok((Box::new(floor), Box::new(ours)))
}

/// The first page of a day in the log of a million entries; the floor reads the same rows and counts the same entries.
pub fn day<'s>(_: &'s Subject) -> Result<(Program<'s>, Program<'s>), Fault> {
    let Subject { app, actor, bare, .. } = long_log()?;
    let day = NaiveDate::from_ymd_opt(2026, 11, 20);
    let ours = move || {
        let request =
            ListAudit { from: day, until: day, with_reads: true, size: SHOWN, ..ListAudit::default() };
        let found = app.list_audit(&actor, request)?;
        match (found.rows.len(), i64::from(found.total)) {
            (rows, total) if rows == SHOWN as usize && total == DAY / APART => Ok(()),
            other => Err(format!("not a page of a day: {other:?}").into()),
        }
    };
    let begin = day.and_then(|day| day.and_hms_opt(5, 0, 0)).ok_or("no day")?.and_utc().timestamp_millis();
    let floor = move || {
        floor::read(&bare, |conn| {
            let until = begin + DAY;
            floor::step(conn, COUNT, [params![begin, until]], |_| ())?;
            floor::step(conn, PAGE, [params![begin, until, SHOWN]], |_| ())
        })
    };
    Ok((Box::new(floor), Box::new(ours)))
}

const COUNT: &str = "SELECT count(*) FROM audit WHERE at_ms >= ?1 AND at_ms < ?2";
const PAGE: &str = "SELECT seq, body, hash, words FROM audit WHERE at_ms >= ?1 AND at_ms < ?2
     ORDER BY at_ms DESC, seq DESC LIMIT ?3";

/// A clinic with a log of a million entries.
fn long_log() -> Result<Subject, Fault> {
    let subject = Subject::open(SMALLEST, &mut |_| ())?;
    fill(&subject.bare, &subject::key(&subject.folder)?)?;
    Ok(subject)
}

/// Writes readings of records until there are enough entries.
fn fill(store: &Store, key: &StoreKey) -> Result<(), Fault> {
    let key = key.derive("clinic desk audit chain 1");
    let now = Instant::from_timestamp(1_795_442_400, 0).ok_or("no time")?;
    let mut entry = Entry {
        actor_id: Some(Uuid::from_u128(1)),
        actor: "Ada Bench".to_owned(),
        actor_public_id: "ADM12345678".to_owned(),
        session_id: Some(Uuid::from_u128(2)),
        subject_id: Some(Uuid::from_u128(3)),
        subject: "Smith, Jo · PAT12345678".to_owned(),
        patient_id: Some(Uuid::from_u128(3)),
        ..Entry::of_nobody(Op::ReadPatient, now, "Bench")
    };
    let newest = entry.at_ms;
    let mut there = floor::count(store, "SELECT count(*) FROM audit")?;
    while there < ENTRIES {
        let more = AT_ONCE.min(ENTRIES - there);
        store.keep(None, |conn| {
            (there..there + more).try_for_each(|nth| {
                entry.at_ms = newest - (ENTRIES - nth) * APART;
                append(conn, &key, &entry).map(drop)
            })
        })?;
        there += more;
    }
    Ok(())
}

fn hash_bodies(store: &Store) -> Result<(), Fault> {
    const ALL: &str = "SELECT seq, body, hash, at_ms, op, actor_id, subject_id, patient_id, action, words FROM audit ORDER BY seq";
    let keyed = Hmac::<Sha256>::new_from_slice(&SEED)?;
    floor::read(store, |conn| {
        floor::step(conn, ALL, [()], |value| {
            if let ValueRef::Text(body) = value {
                let mut mac = keyed.clone();
                mac.update(body);
                std::hint::black_box(mac.finalize());
            }
        })
    })
}
