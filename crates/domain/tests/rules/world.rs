//! A clinic, its doctors and their bookings around a day, made up at random or by hand.

use chrono::TimeDelta;
use chrono_tz::Tz;
use clinic_domain::id::{AppointmentId, DoctorId, ExceptionId};
use clinic_domain::scheduling::booking::{
    Booked, BookingFacts, BookingPolicy, Busy, DoctorDay, WallPlace, decide_booking,
};
use clinic_domain::scheduling::hours::{
    ClosedDay, DayHours, Exception, ExceptionKind, SLOT_LENGTHS, WeeklyHours,
};
use clinic_domain::scheduling::mask::{DayClock, DayMask};
use clinic_domain::scheduling::refusal::Refusal;
use clinic_domain::time::{Days, Fold, Instant, NaiveDate, Span};
use proptest::prelude::*;
use uuid::Uuid;

/// A clinic, a doctor and their bookings around a day.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) policy: BookingPolicy,
    pub(crate) doctors: Vec<DoctorDay>,
    pub(crate) busy: Vec<Vec<Busy>>,
    pub(crate) patient_busy: Vec<Busy>,
    pub(crate) patient_archived: bool,
    pub(crate) date: NaiveDate,
    pub(crate) now: Instant,
}

impl World {
    pub(crate) fn facts(&self, doctor: usize) -> BookingFacts<'_> {
        BookingFacts {
            doctor: &self.doctors[doctor],
            doctor_busy: &self.busy[doctor],
            patient_busy: &self.patient_busy,
            patient_archived: self.patient_archived,
        }
    }

    /// The same without what only concerns a patient: what free time is about.
    pub(crate) fn without_patient(mut self) -> Self {
        self.patient_busy.clear();
        self.patient_archived = false;
        self
    }

    pub(crate) fn booked(&self, doctor: usize, clock: &DayClock) -> DayMask {
        clock.mask_of(self.busy[doctor].iter().map(|busy| (busy.start, busy.end)))
    }

    pub(crate) fn decide(&self, doctor: usize, place: &WallPlace) -> Result<Booked, Refusal> {
        decide_booking(place, &self.policy, &self.facts(doctor), self.now)
    }
}

pub(crate) fn doctor_id(index: usize) -> DoctorId {
    DoctorId(Uuid::from_u128(index as u128 + 1))
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Days on which the clocks move, the days around them, and an ordinary one.
pub(crate) fn days() -> impl Strategy<Value = (Tz, NaiveDate)> {
    let moving = [
        ("America/New_York", "2026-11-24"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Europe/London", "2026-03-29"),
        ("Europe/London", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Africa/Casablanca", "2026-02-15"),
        ("Africa/Casablanca", "2026-03-22"),
        ("America/Sao_Paulo", "2017-10-15"),
        ("America/Sao_Paulo", "2018-02-17"),
    ];
    (prop::sample::select(moving.to_vec()), 0u64..3)
        .prop_map(|((zone, day), back)| (zone.parse().unwrap(), date(day) - Days::new(back / 2)))
}

pub(crate) fn span(from: u16, to: u16) -> impl Strategy<Value = Span> {
    (from / 5..to / 5, 1u16..=120)
        .prop_map(move |(start, ticks)| Span::new(start * 5, (start + ticks).min(to / 5) * 5))
}

pub(crate) fn day_hours() -> impl Strategy<Value = DayHours> {
    let hours =
        prop_oneof![3 => Just(Span::new(0, 1440)), 3 => Just(Span::new(540, 1020)), 4 => span(0, 1440)];
    (prop::bool::weighted(0.9), hours, prop::collection::vec(span(0, 1440), 0..3)).prop_map(
        |(open, hours, breaks)| {
            let breaks = breaks
                .into_iter()
                .filter(|b| hours.contains(*b))
                .map(|b| Span::new(b.start, b.end.min(b.start + 60)));
            DayHours { open, hours, breaks: breaks.collect() }
        },
    )
}

pub(crate) fn week() -> impl Strategy<Value = WeeklyHours> {
    prop::collection::vec(day_hours(), 7).prop_map(WeeklyHours)
}

pub(crate) fn part() -> impl Strategy<Value = Option<Span>> {
    prop_oneof![1 => Just(None), 4 => span(0, 1440).prop_map(Some)]
}

pub(crate) fn exceptions(day: NaiveDate) -> impl Strategy<Value = Vec<Exception>> {
    let change =
        (any::<bool>(), 0u64..3, 0u64..3, part()).prop_map(move |(off, before, after, span)| Exception {
            id: ExceptionId(Uuid::nil()),
            kind: if off { ExceptionKind::TimeOff } else { ExceptionKind::ExtraHours },
            from: day - Days::new(before),
            until: day + Days::new(after) - Days::new(1),
            span,
            reason: "r".into(),
        });
    prop::collection::vec(change, 0..3)
}

pub(crate) fn doctor(day: NaiveDate) -> impl Strategy<Value = DoctorDay> {
    let licence = prop_oneof![6 => Just(None), 1 => Just(Some(day)), 1 => Just(day.pred_opt())];
    (prop::bool::weighted(0.95), licence, week(), exceptions(day)).prop_map(
        |(active, licence_until, schedule, exceptions)| DoctorDay {
            active,
            licence_until,
            schedule,
            exceptions,
        },
    )
}

/// Bookings as the store holds them: on the five-minute grid of instants.
pub(crate) fn bookings(day: NaiveDate) -> impl Strategy<Value = Vec<Busy>> {
    let booking = (-200i64..800, 1i64..30, any::<u16>(), 0usize..2);
    prop::collection::vec(booking, 0..10).prop_map(move |list| {
        let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
        list.into_iter()
            .map(|(start, ticks, id, doctor)| Busy {
                id: AppointmentId(Uuid::from_u128(id.into())),
                doctor: doctor_id(doctor),
                start: midnight + TimeDelta::minutes(start * 5),
                end: midnight + TimeDelta::minutes((start + ticks) * 5),
            })
            .collect()
    })
}

prop_compose! {
    pub(crate) fn world()(at in days())(
        clinic_hours in week(),
        closed in prop::collection::vec((0u64..3, part()), 0..2),
        doctors in prop::collection::vec(doctor(at.1), 2),
        busy in prop::collection::vec(bookings(at.1), 2),
        patient_busy in bookings(at.1),
        patient_archived in prop::bool::weighted(0.1),
        slot_minutes in prop::sample::select(SLOT_LENGTHS.to_vec()),
        longest_minutes in prop_oneof![6 => Just(480u16), 1 => Just(120)],
        now in prop_oneof![3 => Just(-3000i64), 2 => -600i64..2400],
        seconds in 0i64..60,
        nanoseconds in prop::sample::select(vec![0i64, 1, 999_999_999]),
        at in Just(at),
    ) -> World {
        let (zone, date) = at;
        let closed_days = closed
            .into_iter()
            .map(|(days, span)| ClosedDay { date: date + Days::new(days), span, name: "n".into() })
            .collect();
        let now = date.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(now) + TimeDelta::seconds(seconds) + TimeDelta::nanoseconds(nanoseconds);
        let policy = BookingPolicy { zone, slot_minutes, longest_minutes, clinic_hours, closed_days };
        World { policy, doctors, busy, patient_busy: patient_busy.into_iter().take(4).collect(), patient_archived, date, now }
    }
}

pub(crate) fn place() -> impl Strategy<Value = (u16, u16, Option<Fold>)> {
    let start = prop_oneof![6 => (0u16..24).prop_map(|n| n * 60), 3 => (0u16..48).prop_map(|n| n * 30), 2 => (0u16..288).prop_map(|n| n * 5), 1 => 0u16..1500];
    let minutes = prop_oneof![6 => (1u16..20).prop_map(|n| n * 5), 1 => 0u16..700];
    (start, minutes, prop::sample::select(vec![None, Some(Fold::Earlier), Some(Fold::Later)]))
}
