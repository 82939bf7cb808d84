//! What must hold whatever is done in whatever order: nobody is double-booked, what is derived equals what it is
//! derived from, what looks free is free, and undo leads back.

use std::collections::{BTreeMap, BTreeSet};

use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Days, NaiveDate, day_start};
use proptest::prelude::*;
use rusqlite::params;

use super::fixture::{Clinic, monday};
use super::store_weeks::tests::kept_days;
use super::view::{AppointmentBox, ListAppointments, ViewSchedule};
use crate::db::sql;
use crate::error::AppError;
use crate::history::view::Undo;

const DOCTORS: usize = 2;
const PATIENTS: usize = 4;

/// One thing somebody at the desk may do; numbers are taken modulo what there is.
#[derive(Debug, Clone, Copy)]
struct Deed {
    kind: u8,
    which: u8,
    doctor: u8,
    day: u8,
    slot: u8,
    length: u8,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = (0..10u8, any::<u8>(), any::<u8>(), 0..4u8, any::<u8>(), 0..6u8)
        .prop_map(|(kind, which, doctor, day, slot, length)| Deed { kind, which, doctor, day, slot, length });
    prop::collection::vec(deed, 1..40)
}

/// Does it; what is refused changes nothing, which the invariants show.
fn carry_out(clinic: &Clinic, from: NaiveDate, deed: Deed) {
    let patient = usize::from(deed.which) % PATIENTS;
    let date = from + Days::new(u64::from(deed.day));
    let mut place =
        clinic.place(usize::from(deed.doctor) % DOCTORS, date, u16::from(deed.slot) % 48 * 30, 30);
    place.minutes = [15, 30, 30, 45, 60, 90][usize::from(deed.length)];
    place.fold = Some(clinic_domain::time::Fold::Later);
    let seen = seen(clinic, patient, deed.slot);
    let refused = match (deed.kind, seen) {
        (0..=4, _) | (_, None) => {
            let mut request = clinic.request(0, patient, date, 0);
            request.place = place;
            clinic.app.book(&clinic.desk(1), request).err()
        }
        (5..=6, Some(seen)) => clinic.reschedule(&seen, place).err(),
        (_, Some(seen)) => {
            let to = Status::ALL[usize::from(deed.length + deed.day) % Status::ALL.len()];
            clinic.step(&seen, to).err()
        }
    };
    if let Some(error) = refused {
        assert!(matches!(error, AppError::Refused { .. }), "{error:?}");
    }
}

/// One of a patient's appointments.
fn seen(clinic: &Clinic, patient: usize, n: u8) -> Option<AppointmentBox> {
    let request = ListAppointments { patient_id: Some(clinic.patients[patient]), doctor_id: None, page: 0 };
    let mut rows = clinic.app.list_appointments(&clinic.desk(1), request).unwrap().rows;
    (!rows.is_empty()).then(|| rows.swap_remove(usize::from(n) % rows.len()).summary)
}

/// Occupied slots; by doctor and day the mask and how many appointments have each status.
pub(crate) type Derived = (BTreeSet<String>, BTreeMap<(String, i32), ([u8; 40], Vec<u32>)>);

/// The derived tables, computed from the appointments the long way.
pub(crate) fn recomputed(clinic: &Clinic) -> Derived {
    let mut occupied = BTreeSet::new();
    let mut days = BTreeMap::new();
    let rows: Vec<(String, String, i64, i64, i32, String)> = clinic.read(|conn| {
        let sql = "SELECT hex(id), hex(doctor_id), start_ms, end_ms, day, status FROM appointment";
        let mut statement = conn.prepare(sql)?;
        let rows = statement
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    });
    for (id, doctor, start, end, day, status) in rows {
        let (mask, counts): &mut ([u8; 40], Vec<u32>) =
            days.entry((doctor.clone(), day)).or_insert(([0; 40], vec![0; Status::ALL.len()]));
        counts[Status::ALL.iter().position(|other| sql::name_of(other) == status).unwrap()] += 1;
        if ["cancelled", "no_show", "needs_rebooking"].contains(&status.as_str()) {
            continue;
        }
        let midnight = sql::ms(day_start(sql::date(day), chrono_tz::America::New_York));
        for slot in start / 300_000..end / 300_000 {
            assert!(occupied.insert(format!("{doctor} {slot} {id}")));
            let tick = usize::try_from(slot - midnight / 300_000).unwrap();
            mask[tick / 8] |= 1 << (tick % 8);
        }
    }
    (occupied, days)
}

/// The derived tables as the store keeps them.
pub(crate) fn kept(clinic: &Clinic) -> Derived {
    clinic.read(|conn| {
        let occupied = conn
            .prepare("SELECT hex(doctor_id) || ' ' || slot || ' ' || hex(appointment_id) FROM occupancy")?
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok((occupied, kept_days(conn)?))
    })
}

/// Days around both changes of the clocks, and an ordinary week; all open around the clock.
fn clinic_around(period: u8) -> (Clinic, NaiveDate) {
    let clinic = Clinic::new(DOCTORS, PATIENTS + 1);
    clinic.open_always();
    let from = match period {
        0 => monday(),
        1 => {
            clinic.at("2026-10-30T14:00:00Z");
            NaiveDate::from_ymd_opt(2026, 10, 30).unwrap()
        }
        _ => {
            clinic.at("2027-03-12T14:00:00Z");
            NaiveDate::from_ymd_opt(2027, 3, 12).unwrap()
        }
    };
    (clinic, from)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_derived_equals_what_it_is_derived_from(period in 0..3u8, deeds in deeds()) {
        let (clinic, from) = clinic_around(period);
        for deed in deeds {
            carry_out(&clinic, from, deed);
            if deed.kind == 9 {
                drop(clinic.app.undo(&clinic.desk(1), Undo { action_id: None }));
            }
        }
        prop_assert_eq!(kept(&clinic), recomputed(&clinic));
    }

    #[test]
    fn undoing_everything_leads_back_to_where_it_began(period in 0..3u8, before in deeds(), after in deeds()) {
        let (clinic, from) = clinic_around(period);
        for deed in before {
            carry_out(&clinic, from, deed);
        }
        let acts = |clinic: &Clinic| -> u32 {
            clinic.read(|c| Ok(c.query_row("SELECT count(*) FROM act", [], |r| r.get(0))?))
        };
        let (image, done) = (clinic.image(), acts(&clinic));
        for deed in after {
            carry_out(&clinic, from, deed);
        }
        let end = clinic.image();
        let mut undone = Vec::new();
        for _ in done..acts(&clinic) {
            undone.push(clinic.app.undo(&clinic.desk(1), Undo { action_id: None }).unwrap().action_id);
        }
        prop_assert_eq!(clinic.image(), image);
        // And forward again, by undoing the undos.
        for action_id in undone.into_iter().rev() {
            clinic.app.undo(&clinic.desk(1), Undo { action_id: Some(action_id) }).unwrap();
        }
        prop_assert_eq!(clinic.image(), end);
    }

    #[test]
    fn what_is_shown_as_free_is_what_a_booking_accepts(
        period in 0..3u8,
        hours in (0..20u16, 1..12u16, 0..3u16),
        time_off in (0..2u64, 0..40u16, 1..8u16),
        deeds in deeds(),
        sample in prop::collection::vec((0..2usize, 0..288u16), 12),
    ) {
        let (clinic, from) = clinic_around(period);
        for deed in deeds {
            carry_out(&clinic, from, deed);
        }
        // The hours change after the bookings, so that some bookings lie outside of them.
        clinic.open_between(hours.0 * 60 + hours.2 * 5, (hours.0 + hours.1) * 60);
        clinic.time_off(0, from + Days::new(time_off.0), time_off.1 * 30, (time_off.1 + time_off.2) * 30);
        let guest = PATIENTS;
        for day in 0..4 {
            let date = from + Days::new(day);
            let request = ViewSchedule { from: date, days: 1, doctor_ids: Vec::new() };
            let view = clinic.app.view_schedule(&clinic.desk(1), request).unwrap();
            for (doctor, column) in view.columns.iter().enumerate() {
                let free: BTreeSet<u16> = column
                    .free
                    .iter()
                    .flat_map(|span| (span.start..span.end).step_by(30).filter(|at| at + 30 <= span.end))
                    .collect();
                for start in free.iter().step_by(5) {
                    prop_assert_eq!(clinic.tries(doctor, guest, date, *start), None, "{} {}", date, start);
                }
                for start in sample.iter().filter(|s| s.0 == doctor).map(|s| s.1 * 5).filter(|s| !free.contains(s)) {
                    prop_assert!(clinic.tries(doctor, guest, date, start).is_some(), "{} {}", date, start);
                }
            }
        }
    }
}

#[test]
fn raw_sql_cannot_double_book() {
    let clinic = Clinic::new(1, 2);
    let held = clinic.book(0, 0, monday(), 600).unwrap().appointment;
    let other = clinic.book(0, 1, monday(), 660).unwrap().appointment;
    let before = clinic.image();
    let store = clinic.app.store().unwrap();
    let columns = "rev, doctor_id, patient_id, start_ms, end_ms, day, zone, status, reason, cancel_note, room, created_ms,
        created_by";
    for verb in ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"] {
        let sql = format!(
            "{verb} INTO appointment (id, {columns}) SELECT randomblob(16), 1, doctor_id, patient_id, start_ms + 1200000,
                 end_ms + 1200000, day, zone, 'scheduled', '', '', '', 0, '' FROM appointment WHERE id = ?1"
        );
        let error = store.keep(None, |conn| Ok(conn.execute(&sql, [held.id.bytes()])?)).unwrap_err();
        assert!(matches!(error, AppError::Internal { .. }), "{verb}: {error:?}");
        assert_eq!(clinic.image(), before, "{verb}");
    }
    for verb in ["UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"] {
        let sql = format!(
            "{verb} appointment SET start_ms = (SELECT start_ms FROM appointment WHERE id = ?1),
                 end_ms = (SELECT end_ms FROM appointment WHERE id = ?1) WHERE id = ?2"
        );
        let answer =
            store.keep(None, |conn| Ok(conn.execute(&sql, params![held.id.bytes(), other.id.bytes()])?));
        assert!(answer.is_err(), "{verb}");
        assert_eq!(clinic.image(), before, "{verb}");
    }
    let direct = "INSERT INTO occupancy SELECT doctor_id, slot, randomblob(16) FROM occupancy LIMIT 1";
    assert!(store.keep(None, |conn| Ok(conn.execute(direct, [])?)).is_err());
    assert_eq!(clinic.image(), before);
}

#[test]
fn sixty_four_desks_that_fight_for_fifty_slots_win_each_of_them_once() {
    const DESKS: usize = 64;
    const TRIES: usize = 10_000;
    const SLOTS: usize = 50;
    const DOCTORS: usize = 5;
    const FIGHTERS: usize = 200;
    let clinic = Clinic::new(DOCTORS, FIGHTERS);
    let winners = std::sync::Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for desk in 0..DESKS {
            let (clinic, winners) = (&clinic, &winners);
            scope.spawn(move || {
                let actor = clinic.desk(u8::try_from(desk).unwrap() + 1);
                for n in 0..TRIES {
                    // Every desk begins elsewhere and goes on from there.
                    let slot = (n + desk * 11) % SLOTS;
                    let start = 540 + u16::try_from(slot / DOCTORS).unwrap() * 30;
                    let request = clinic.request(slot % DOCTORS, (n * 13 + desk) % FIGHTERS, monday(), start);
                    match clinic.app.book(&actor, request) {
                        Ok(_) => *winners.lock().unwrap().entry(slot).or_insert(0) += 1,
                        Err(AppError::Refused { .. }) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
            });
        }
    });
    assert_eq!(winners.into_inner().unwrap(), (0..SLOTS).map(|slot| (slot, 1)).collect::<BTreeMap<_, _>>());
    let stored: u32 = clinic.read(|c| Ok(c.query_row("SELECT count(*) FROM appointment", [], |r| r.get(0))?));
    assert_eq!(stored, 50);
    assert_eq!(kept(&clinic), recomputed(&clinic));
}
