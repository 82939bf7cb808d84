//! Single cases that a person would ask about.

use clinic_domain::id::{AppointmentId, ExceptionId};
use clinic_domain::scheduling::availability::{ClosedKind, closed_spans, free_spans, open_ticks};
use clinic_domain::scheduling::booking::{
    BookingPolicy, Busy, DoctorDay, Standing, WallPlace, decide_reschedule,
};
use clinic_domain::scheduling::hours::{ClosedDay, DayHours, Exception, ExceptionKind, default_week};
use clinic_domain::scheduling::mask::DayClock;
use clinic_domain::scheduling::openings::{Day, Opening, Week, nearest};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::scheduling::status::Status;
use clinic_domain::time::{Days, Fold, Span};
use uuid::Uuid;

use crate::world::{World, date, doctor_id};

fn clinic() -> World {
    let doctor =
        DoctorDay { active: true, licence_until: None, schedule: default_week(), exceptions: vec![] };
    World {
        policy: BookingPolicy {
            zone: chrono_tz::America::New_York,
            slot_minutes: 30,
            longest_minutes: 480,
            clinic_hours: default_week(),
            closed_days: vec![],
        },
        doctors: vec![doctor.clone(), doctor],
        busy: vec![vec![], vec![]],
        patient_busy: vec![],
        patient_archived: false,
        date: date("2026-11-24"),
        now: "2026-11-23T12:00:00Z".parse().unwrap(),
    }
}

fn at(world: &World, start: u16, minutes: u16) -> WallPlace {
    WallPlace { date: world.date, start, minutes, fold: None }
}

#[test]
fn a_refusal_carries_the_facts_a_person_needs() {
    let mut world = clinic();
    let hours = Some(Span::new(540, 1020));
    let refused = |world: &World, start, minutes| world.decide(0, &at(world, start, minutes)).unwrap_err();
    assert_eq!(refused(&world, 540, 485), Refusal::BadLength { longest: 480 });
    assert_eq!(refused(&world, 545, 30), Refusal::NotAligned { slot_minutes: 30 });
    assert_eq!(refused(&world, 540, 32), Refusal::NotAligned { slot_minutes: 5 });
    assert_eq!(refused(&world, 1020, 30), Refusal::ClinicClosed { hours });
    assert_eq!(refused(&world, 990, 45), Refusal::ClinicClosed { hours }, "the end counts as well");

    let lunch = Span::new(720, 780);
    world.doctors[0].schedule.0[1] = DayHours { open: true, hours: Span::new(600, 960), breaks: vec![lunch] };
    assert_eq!(refused(&world, 540, 30), Refusal::OutsideSchedule { hours: Some(Span::new(600, 960)) });
    assert_eq!(refused(&world, 690, 45), Refusal::Break { span: lunch });

    let away = Exception {
        id: ExceptionId(Uuid::nil()),
        kind: ExceptionKind::TimeOff,
        from: world.date,
        until: world.date + Days::new(2),
        span: Some(Span::new(600, 720)),
        reason: "Conference".into(),
    };
    world.doctors[0].exceptions.push(away);
    let off = Refusal::TimeOff {
        span: Some(Span::new(600, 720)),
        until: date("2026-11-26"),
        reason: "Conference".into(),
    };
    assert_eq!(refused(&world, 600, 30), off);

    world.policy.closed_days.push(ClosedDay { date: world.date, span: None, name: "Founders' Day".into() });
    assert_eq!(refused(&world, 600, 30), Refusal::ClosedDay { name: "Founders' Day".into() });
}

#[test]
fn the_running_slot_can_be_booked_until_it_ends() {
    let mut world = clinic();
    let decide = |world: &World| world.decide(0, &at(world, 600, 30)).map(|_| ());
    world.now = "2026-11-24T15:29:59Z".parse().unwrap();
    assert_eq!(decide(&world), Ok(()), "10:29:59 in New York");
    world.now = "2026-11-24T15:30:00Z".parse().unwrap();
    assert_eq!(decide(&world), Err(Refusal::InPast));
}

#[test]
fn extra_hours_open_what_templates_closed_days_and_time_off_close() {
    let mut world = clinic();
    world.date = date("2026-11-28");
    let change = |kind, span| Exception {
        id: ExceptionId(Uuid::nil()),
        kind,
        from: world.date,
        until: world.date,
        span,
        reason: String::new(),
    };
    let (off, extra) =
        (change(ExceptionKind::TimeOff, None), change(ExceptionKind::ExtraHours, Some(Span::new(480, 600))));
    assert_eq!(
        world.decide(0, &at(&world, 540, 30)),
        Err(Refusal::ClinicClosed { hours: None }),
        "a Saturday"
    );
    world.doctors[0].exceptions = vec![off, extra];
    world.policy.closed_days.push(ClosedDay { date: world.date, span: None, name: "Holiday".into() });
    assert!(world.decide(0, &at(&world, 540, 60)).is_ok());
    assert_eq!(
        world.decide(0, &at(&world, 570, 60)),
        Err(Refusal::ClinicClosed { hours: None }),
        "half of it outside"
    );
}

#[test]
fn a_repeated_hour_is_booked_only_when_it_is_said_which() {
    let mut world = clinic();
    world.date = date("2026-11-01");
    let night = DayHours { open: true, hours: Span::new(0, 1440), breaks: vec![] };
    world.policy.clinic_hours.0[6] = night.clone();
    world.doctors[0].schedule.0[6] = night;
    world.now = "2026-10-01T00:00:00Z".parse().unwrap();
    let decide = |fold| {
        world.decide(0, &WallPlace { fold, ..at(&world, 60, 30) }).map(|booked| booked.start.to_rfc3339())
    };
    assert_eq!(decide(None), Err(Refusal::TimeTwice));
    assert_eq!(decide(Some(Fold::Earlier)).as_deref(), Ok("2026-11-01T05:00:00+00:00"));
    assert_eq!(decide(Some(Fold::Later)).as_deref(), Ok("2026-11-01T06:00:00+00:00"));
    world.date = date("2026-03-08");
    let mut march = world.clone();
    march.now = "2026-03-01T00:00:00Z".parse().unwrap();
    assert_eq!(march.decide(0, &at(&march, 150, 30)), Err(Refusal::TimeSkipped));
}

#[test]
fn a_visit_that_runs_late_can_be_made_longer_but_not_moved_into_the_past() {
    let mut world = clinic();
    world.now = "2026-11-24T16:10:00Z".parse().unwrap();
    let start = "2026-11-24T15:15:00Z".parse().unwrap();
    let standing = Standing { id: AppointmentId(Uuid::from_u128(7)), status: Status::Arrived, start };
    let to = |start, minutes| {
        decide_reschedule(&standing, &at(&world, start, minutes), &world.policy, &world.facts(0), world.now)
    };
    assert!(to(615, 75).is_ok(), "10:15 is off the grid and past, but it stays where it is");
    assert_eq!(to(600, 75), Err(Refusal::InPast));
    assert_eq!(to(675, 30), Err(Refusal::NotAligned { slot_minutes: 30 }));
    for status in [Status::InRoom, Status::Completed, Status::Cancelled, Status::NoShow] {
        let standing = Standing { status, ..standing };
        let moved =
            decide_reschedule(&standing, &at(&world, 720, 30), &world.policy, &world.facts(0), world.now);
        assert!(matches!(moved, Err(Refusal::UnlawfulStep { from, .. }) if from == status));
    }
}

#[test]
fn a_patient_who_is_elsewhere_is_named_before_a_taken_slot() {
    let mut world = clinic();
    let busy = |id: u128, doctor, from: &str, to: &str| Busy {
        id: AppointmentId(Uuid::from_u128(id)),
        doctor: doctor_id(doctor),
        start: from.parse().unwrap(),
        end: to.parse().unwrap(),
    };
    world.busy[0].push(busy(1, 0, "2026-11-24T15:15:00Z", "2026-11-24T15:45:00Z"));
    assert_eq!(
        world.decide(0, &at(&world, 600, 30)),
        Err(Refusal::Taken { by: AppointmentId(Uuid::from_u128(1)) })
    );
    assert!(world.decide(0, &at(&world, 600, 15)).is_ok(), "ends as the other begins");
    world.patient_busy.push(busy(2, 1, "2026-11-24T15:00:00Z", "2026-11-24T15:30:00Z"));
    let refusal = Refusal::PatientBusy { by: AppointmentId(Uuid::from_u128(2)), doctor: doctor_id(1) };
    assert_eq!(world.decide(0, &at(&world, 600, 30)), Err(refusal));
    world.patient_archived = true;
    assert_eq!(world.decide(0, &at(&world, 600, 30)), Err(Refusal::PatientArchived));
}

#[test]
fn of_several_in_the_way_the_earliest_is_named() {
    let mut world = clinic();
    let busy = |id: u128, from: &str, to: &str| Busy {
        id: AppointmentId(Uuid::from_u128(id)),
        doctor: doctor_id(0),
        start: from.parse().unwrap(),
        end: to.parse().unwrap(),
    };
    let late = busy(1, "2026-11-24T15:30:00Z", "2026-11-24T16:00:00Z");
    let early = busy(2, "2026-11-24T15:00:00Z", "2026-11-24T15:15:00Z");
    for order in [vec![late, early], vec![early, late]] {
        world.busy[0] = order;
        assert_eq!(world.decide(0, &at(&world, 600, 60)), Err(Refusal::Taken { by: early.id }));
    }
}

#[test]
fn a_day_says_why_each_part_of_it_is_closed() {
    let mut world = clinic();
    world.doctors[0].schedule.0[1] =
        DayHours { open: true, hours: Span::new(600, 960), breaks: vec![Span::new(720, 780)] };
    world.doctors[0].exceptions.push(Exception {
        id: ExceptionId(Uuid::nil()),
        kind: ExceptionKind::TimeOff,
        from: world.date,
        until: world.date,
        span: Some(Span::new(900, 1000)),
        reason: "School run".into(),
    });
    let clock = DayClock::new(world.date, world.policy.zone);
    let is_away = |world: &World| {
        Week::new(&world.policy, &world.doctors[0]).is_away(&Day::new(world.date, &world.policy, world.now))
    };
    let parts = |world: &World| {
        let closed = closed_spans(&clock, &world.policy, &world.doctors[0]);
        closed.into_iter().map(|c| (c.span.start, c.span.end, c.kind, c.words)).collect::<Vec<_>>()
    };
    use ClosedKind::{Break, ClinicClosed, OutsideSchedule, TimeOff};
    let expected = [
        (0, 540, ClinicClosed, ""),
        (540, 600, OutsideSchedule, ""),
        (720, 780, Break, ""),
        (900, 960, TimeOff, "School run"),
        (960, 1020, OutsideSchedule, ""),
        (1020, 1440, ClinicClosed, ""),
    ];
    assert_eq!(parts(&world), expected.map(|(from, to, kind, words)| (from, to, kind, words.to_owned())));
    assert!(!is_away(&world));

    world.doctors[0].exceptions[0].span = None;
    assert!(is_away(&world));
    world.policy.closed_days.push(ClosedDay { date: world.date, span: None, name: "Holiday".into() });
    assert_eq!(parts(&world), [(0, 1440, ClinicClosed, "Holiday".to_owned())]);
    assert!(!is_away(&world), "the clinic is closed anyway");
}

#[test]
fn a_gap_that_no_slot_begins_in_is_not_shown_as_free() {
    let mut world = clinic();
    let busy = |from: &str, to: &str| Busy {
        id: AppointmentId(Uuid::nil()),
        doctor: doctor_id(0),
        start: from.parse().unwrap(),
        end: to.parse().unwrap(),
    };
    world.busy[0] = vec![
        busy("2026-11-24T14:00:00Z", "2026-11-24T14:45:00Z"),
        busy("2026-11-24T15:00:00Z", "2026-11-24T15:45:00Z"),
    ];
    let clock = DayClock::new(world.date, world.policy.zone);
    let open = open_ticks(&clock, &world.policy, &world.doctors[0]);
    let free = free_spans(&clock, open.and_not(world.booked(0, &clock)), 30);
    assert_eq!(free, [Span::new(660, 1020)], "neither 9:45 to 10:00 nor 10:45 to 11:00");
}

#[test]
fn the_nearest_openings_lie_on_both_sides_of_the_wanted_time() {
    let opening = |date_text, start| Opening {
        doctor: doctor_id(0),
        date: date(date_text),
        start,
        fold: None,
        minutes: 30,
    };
    let day = "2026-11-24";
    let all = vec![
        opening("2026-11-23", 1410),
        opening(day, 540),
        opening(day, 570),
        opening(day, 630),
        opening(day, 900),
    ];
    let near = nearest(all, date(day), 600, 3);
    assert_eq!(near.iter().map(|o| o.start).collect::<Vec<_>>(), [570, 630, 540]);
}

#[test]
fn where_the_clocks_skip_half_an_hour_a_longer_visit_reaches_the_next_slot() {
    let mut world = clinic();
    world.date = date("2026-10-04");
    world.policy.zone = chrono_tz::Australia::Lord_Howe;
    world.policy.slot_minutes = 60;
    let night = DayHours { open: true, hours: Span::new(0, 1440), breaks: vec![] };
    world.policy.clinic_hours.0[6] = night.clone();
    world.doctors[0].schedule.0[6] = night;
    world.now = "2026-10-01T00:00:00Z".parse().unwrap();
    let end = |minutes| world.decide(0, &at(&world, 60, minutes)).map(|booked| booked.end.to_rfc3339());
    assert_eq!(end(60).as_deref(), Ok("2026-10-03T15:30:00+00:00"), "01:00 to 02:00, which is 02:30");
    assert_eq!(end(90).as_deref(), Ok("2026-10-03T16:00:00+00:00"), "to 03:00, the next slot");
}
